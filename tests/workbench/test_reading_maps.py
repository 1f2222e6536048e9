"""Readings of coordinates are drawn by the server, whatever they are."""

from typing import Any

import pytest

from landgis.workbench import reading_maps

HERE = [[107.22 + 0.001 * n, 10.64] for n in range(5)]


def reading(points: list[list[float]], srid: int = 5899, **more: Any) -> dict[str, Any]:
    plain = {
        "srid": srid,
        "fix": "",
        "name": "VN-2000",
        "cause": "",
        "because": ["office"],
        "metres": "0.0",
        "places": [],
    }
    return plain | {"points": points} | more


@pytest.fixture(autouse=True)
def no_areas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_maps.areas, "in_force", lambda: None)


@pytest.mark.parametrize("off", [(0.25, 0.0), (0.002, 0.0), (0.0, -1.0)])
def test_each_reading_lies_in_the_drawing_and_as_far_off_as_it_is(off: tuple[float, float]) -> None:
    there = [[x + off[0], y + off[1]] for x, y in HERE]
    drawing = reading_maps.drawn([reading(HERE), reading(there, 5898)])
    assert drawing is not None
    dots = [dot for mark in drawing["marks"] for dot in mark["dots"]]
    assert [mark["letter"] for mark in drawing["marks"]] == ["A", "B"]
    assert all(0 < x < reading_maps.WIDTH and 0 < y < reading_maps.HEIGHT for x, y in dots)
    first, second = (mark["dots"][0] for mark in drawing["marks"])
    assert (second[0] > first[0]) == (off[0] > 0) and (second[1] > first[1]) == (off[1] < 0)


def test_what_leads_to_another_part_of_the_world_is_told_and_not_drawn() -> None:
    drawing = reading_maps.drawn([reading(HERE), reading([[-45.2, -12.3]]), reading([])])
    assert drawing is not None
    assert (drawing["undrawn"], [mark["letter"] for mark in drawing["marks"]]) == ("B", ["A"])
    assert reading_maps.drawn([reading([])]) is None


def test_only_what_more_speaks_for_is_the_main_one() -> None:
    readings = [reading(HERE), reading(HERE, 5898, because=["published"], metres="27354")]
    assert [one["is_main"] for one in reading_maps.listed(readings, True)] == [True, False]
    assert [one["is_main"] for one in reading_maps.listed(readings, False)] == [False, False]
