"""What the checks of places find in a file."""

import contextlib
import datetime
import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.management import call_command
from django.test import Client

from tests import clocks

pytestmark = pytest.mark.usefixtures("empty_world")


def a_unit(ref: str, **values: Any) -> dict[str, Any]:
    return {"unit_ref": ref, "code": ref[:5], "name": f"Xã {ref}", "kind": "XA", "is_current": 1, **values}


def written(path: Path, units: list[dict[str, Any]]) -> Path:
    shape = shapely.geometry.mapping(shapely.box(107.1, 10.5, 107.11, 10.51))
    features = [{"type": "Feature", "properties": unit, "geometry": shape} for unit in units]
    file = path / "units.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return file


def load(path: Path, units: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The report of a dry run of `load`."""
    with contextlib.suppress(SystemExit):
        call_command("load", written(path, units), dataset="admin-units", json=True)
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


@pytest.mark.parametrize(
    ("values", "is_odd"),
    [
        ({"is_current": 1, "valid_to": "31/12/2024"}, True),
        ({"is_current": 1, "valid_from": "01/01/2090"}, True),
        ({"is_current": 0, "valid_from": "01/01/2024", "valid_to": "31/12/2090"}, True),
        ({"is_current": 1, "valid_from": "01/01/2024", "valid_to": "31/12/2090"}, False),
        ({"is_current": 0, "valid_from": "01/01/2024"}, False),  # when it ended is not known
        ({"is_current": 0, "valid_to": "31/12/2024"}, False),
    ],
)
def test_what_is_said_of_today_is_held_against_the_days(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], values: dict[str, Any], is_odd: bool
) -> None:
    report = load(tmp_path, [a_unit("10001-a", **values)], capsys)
    assert found(report) == ({"unit-in-effect": ["10001-a"]} if is_odd else {})
    assert not report["stopped"]


def test_a_last_day_that_has_passed_is_told_although_nobody_reported_it(tmp_path: Path, client: Client) -> None:
    unit = a_unit("10001-a", valid_from="01/07/2025", valid_to="31/12/2090")
    call_command("load", written(tmp_path, [unit]), dataset="admin-units", commit=True, verbosity=0)

    def told_on(day: str) -> str:
        with clocks.stopped_at(datetime.datetime.fromisoformat(f"{day}T12:00:00+07:00")):
            return client.get("/en/places/10001-a/").content.decode()

    assert "It is to be in effect from 1 Jul 2025." in told_on("2025-06-30")
    last = told_on("2090-12-31")
    assert "It is to be in effect" not in last and "It was to last" not in last
    afterwards = told_on("2091-01-01")
    assert "It was to last until 31 Dec 2090. The office has not reported yet what became of it." in afterwards
