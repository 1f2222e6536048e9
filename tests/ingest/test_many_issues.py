"""However many issues a file has, as many findings are held at a time."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from landgis.changes.issues import Finding
from landgis.changes.spool import FindingSpool
from landgis.ingest import records
from tests.ingest.test_load import codes, load, write, zone

PART = 10


@pytest.fixture
def new_objects() -> Iterator[None]:
    """What was there before is not counted: a million objects, once for each finding."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("empty_world", "new_objects")
@pytest.mark.parametrize("rows", [40, pytest.param(200, marks=pytest.mark.prove)])
def test_findings_do_not_gather(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    held, append = [], FindingSpool.append

    def counted(spool: FindingSpool, finding: Finding) -> None:
        append(spool, finding)
        held.append(sum(type(one) is Finding for one in gc.get_objects()))

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
