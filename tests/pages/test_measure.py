"""Measures of what a reader draws: those of the one transform, and wrong questions named."""

import pytest
from django.test import Client
from pyproj import Geod

# Điểm of domain vectors in EPSG:5899: a square of 100 m at Bà Rịa, and its corners in degrees.
from shapely import Polygon, box, get_coordinates

from landgis.lib import geometry

SQUARE = box(436_300, 1_160_700, 436_400, 1_160_800)
CORNERS = get_coordinates(geometry.to_wgs84(SQUARE, 5899))[:-1]


def asked(points: str, **more: object) -> dict:
    response = Client().get("/measure.json", {"points": points, **more})
    assert response.status_code == 200
    return response.json()


def text(corners: object) -> str:
    return ";".join(f"{x:.9f},{y:.9f}" for x, y in corners)


def test_a_square_of_the_cadastre_measures_what_it_is() -> None:
    found = asked(text(CORNERS), closed=1)
    [plane] = found["planes"]
    assert plane["srid"] == 5899
    assert plane["area_m2"] == pytest.approx(10_000, abs=0.02)
    assert plane["length_m"] == pytest.approx(400, abs=0.002)
    area, length = Geod(ellps="WGS84").geometry_area_perimeter(Polygon(CORNERS))
    assert found["area_m2"] == pytest.approx(abs(area), abs=0.01)
    assert found["length_m"] == pytest.approx(length, abs=0.001)
    assert found["area_m2"] != pytest.approx(10_000, abs=0.5), "the plane is smaller than the ground"
    assert not found["crosses_itself"]


def test_a_line_has_a_length_and_no_area() -> None:
    found = asked(text(CORNERS[:2]))
    assert found["planes"][0]["length_m"] == pytest.approx(100, abs=0.002)
    assert found["area_m2"] is None


def test_an_area_that_crosses_itself_says_so() -> None:
    assert asked(text(CORNERS[[0, 2, 1, 3]]), closed=1)["crosses_itself"]


@pytest.mark.parametrize("points", ["", "107,10", "107,10;x,y", "107;10", "107,10;200,10", ";".join(["1,1"] * 501)])
def test_a_wrong_question_is_named(points: str) -> None:
    response = Client().get("/measure.json", {"points": points})
    assert response.status_code == 400
    assert b"points" in response.content
