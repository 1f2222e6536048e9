"""What the checks of places find in a file."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.management import call_command

pytestmark = pytest.mark.usefixtures("empty_world")


def a_unit(ref: str, **values: Any) -> dict[str, Any]:
    return {"unit_ref": ref, "code": ref[:5], "name": f"Xã {ref}", "kind": "XA", "is_current": 1, **values}


def load(path: Path, units: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The report of a dry run of `load`."""
    shape = shapely.geometry.mapping(shapely.box(107.1, 10.5, 107.11, 10.51))
    features = [{"type": "Feature", "properties": unit, "geometry": shape} for unit in units]
    file = path / "units.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    with contextlib.suppress(SystemExit):
        call_command("load", file, dataset="admin-units", json=True)
    return json.loads(capsys.readouterr().out)


def found(report: dict[str, Any]) -> dict[str, list[str]]:
    return {group["code"]: [example["ref"] for example in group["examples"]] for group in report["issues"]}


def test_successors_of_the_same_file_are_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    units = [a_unit("10001-a", successors="10001-b 10002-b"), a_unit("10001-b"), a_unit("10002-b")]
    report = load(tmp_path, units, capsys)
    assert found(report) == {} and report["add"] == 3


def test_a_unit_that_nobody_knows_is_a_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = load(tmp_path, [a_unit("10001-a", successors="10009-b", predecessors="10008-a")], capsys)
    assert found(report) == {"unit-unknown": ["10001-a", "10001-a"]}
    assert not report["stopped"]


def test_a_unit_that_ends_before_it_begins_stops(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unit = a_unit("10001-a", valid_from="2025-01-01", valid_to="31/12/2024")
    report = load(tmp_path, [unit], capsys)
    assert found(report) == {"period-reversed": ["10001-a"]}
    assert report["stopped"]
