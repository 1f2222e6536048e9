"""What nobody foresaw is an issue of the row at which it happens, and no error of the server."""

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from landgis.ingest import boundaries, values
from tests.ingest.test_load import codes, load, write, zone

pytestmark = pytest.mark.usefixtures("empty_world")


def failing(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, fails: Any) -> None:
    real = getattr(where, name)

    def instead(*args: Any, **named: Any) -> Any:
        fails(*args)
        return real(*args, **named)

    monkeypatch.setattr(where, name, instead)


def test_a_geometry_that_breaks_the_reading_is_named_by_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_batch: Any, _kind: Any, rows: list[int], *_more: Any) -> None:
        if 3 in rows:
            raise NotImplementedError("secret of row 3")

    failing(monkeypatch, boundaries, "columns", fails)
    path = write(tmp_path / "a.geojson", *(zone(code, at) for at, code in enumerate("ABCDE")))
    report = load(path)
    assert (report["status"], codes(report), report["rows"]) == (1, {"row-unreadable": 1}, 5)
    [example] = report["issues"][0]["examples"]
    assert example["row"] == 3 and "NotImplementedError" in example["message"] and "secret" not in str(report)
    assert load(path, leave_out=True)["add"] == 4


def test_so_is_a_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(column: list[Any], *_more: Any) -> None:
        if "Vùng C" in column:
            raise ZeroDivisionError

    failing(monkeypatch, values, "read_column", fails)
    report = load(write(tmp_path / "a.geojson", *(zone(code, at) for at, code in enumerate("ABCDE"))))
    rows = {group["code"]: [example["row"] for example in group["examples"]] for group in report["issues"]}
    assert rows["row-unreadable"] == [3]


def test_a_database_that_fails_is_no_row_s_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: Any) -> None:
        raise OperationalError

    failing(monkeypatch, values, "refs", fails)
    with pytest.raises(OperationalError):
        load(write(tmp_path / "a.geojson", zone("A", 0)))


def test_a_closed_line_of_one_point_is_an_issue_of_its_row(tmp_path: Path) -> None:
    lines = []
    for at, code in enumerate("ABC"):
        drawn = zone(code, at)
        if code == "B":
            drawn["geometry"] = {"type": "LineString", "coordinates": [[107.24, 10.645]] * 4}
        lines.append(drawn)
    report = load(write(tmp_path / "a.geojson", *lines))
    assert codes(report) == {"geometry-kind": 1} and report["issues"][0]["examples"][0]["row"] == 2
    assert report["repairs"] == 0
