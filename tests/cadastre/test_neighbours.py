"""A file of parcels whose neighbours leave a sliver, or overlap: told by the tolerance of the scale of their map."""

from typing import Any

import pytest
import shapely

from tests.cadastre.conftest import EAST, NORTH, SIDE, parcel


def reaching(number: int, by: float, **values: Any) -> dict[str, Any]:
    """The parcel of that number in the first row, that many metres longer to the north."""
    west = EAST + number * SIDE
    return parcel(number, shape=shapely.box(west, NORTH, west + SIDE, NORTH + SIDE + by), **values)


@pytest.mark.parametrize(
    ("by", "values", "code"),
    [
        (-0.2, {"map_scale": 500}, "gap"),
        (-0.2, {"map_scale": 1000}, "gap"),
        (-0.2, {"map_scale": 1000, "land_use": "CLN"}, ""),  # farmland: one and a half times as much
        (-0.2, {"map_scale": 2000}, ""),
        (-0.04, {}, ""),
        (-3.0, {"map_scale": 500}, ""),  # a path
        (0.2, {"map_scale": 500}, "overlap"),
        (0.2, {"map_scale": 2000}, ""),
    ],
)
def test_neighbours_are_compared_by_the_scale_of_their_map(
    places_world: str, load: Any, by: float, values: dict[str, Any], code: str
) -> None:
    rows = [reaching(1, by, **values), *(parcel(number, **values) for number in (0, 2, 10, 11, 12))]
    found = [(row, one) for row, one in load(rows) if one != "area-difference"]
    assert found == ([(5, code)] if code else [])
