"""However many issues a file has, as many findings are held at a time."""

import weakref
from pathlib import Path
from typing import Any

import pytest

from landgis.changes.issues import Finding
from landgis.changes.spool import FindingSpool
from landgis.ingest import records
from tests.ingest.test_load import codes, load, write, zone

PART = 10


@pytest.mark.usefixtures("empty_world")
@pytest.mark.parametrize("rows", [40, pytest.param(200, marks=pytest.mark.prove)])
def test_findings_do_not_gather(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    made: list[weakref.ref[Finding]] = []
    held: list[int] = []
    begin, append = Finding.__init__, FindingSpool.append

    def noted(finding: Finding, *said: Any, **more: Any) -> None:
        begin(finding, *said, **more)
        made.append(weakref.ref(finding))

    def counted(spool: FindingSpool, finding: Finding) -> None:
        append(spool, finding)
        held.append(sum(one() is not None for one in made))

    monkeypatch.setattr(Finding, "__init__", noted)
    monkeypatch.setattr(FindingSpool, "append", counted)
    monkeypatch.setattr(records, "PART_ROWS", PART)
    zones = [zone(f"Z-{at}", at, land_use="???", plan_name=None) for at in range(rows)]
    report = load(write(tmp_path / "a.geojson", *zones))
    assert codes(report) == {"code-unknown": rows, "value-missing": rows}
    assert len(held) >= 2 * rows and 0 < max(held) <= min(held) + PART


def test_what_was_met_comes_back_as_it_was() -> None:
    met = [
        Finding("geometry-invalid", row=3, params={"reason": "Đ\n", "x": 1.5, "y": None}),
        Finding("x", ref="A", field="name"),
    ]
    with FindingSpool(met[:1]) as spool:
        spool.append(met[1])
        assert list(spool) == met == list(spool)
