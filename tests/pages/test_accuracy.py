"""How exact a boundary is, and its area: by the rule of the survey, and never by a number without a source."""

import datetime
import math
from typing import Any

import pytest
import shapely
from django.utils import translation

from landgis.catalog import registry, tolerances
from landgis.catalog.subject import PublicState, Subject
from landgis.lib import geometry
from landgis.pages import accuracy

SRID = 5899
DAY = datetime.date(2018, 6, 1)


def square(side: float, *, points: int = 1) -> Any:
    """A square of so many metres with so many points on each side, in degrees."""
    corners = [(0, 0), (side, 0), (side, side), (0, side)]
    ring = [
        (x + (to_x - x) * k / points + 430_000, y + (to_y - y) * k / points + 1_150_000)
        for (x, y), (to_x, to_y) in zip(corners, [*corners[1:], corners[0]], strict=True)
        for k in range(points)
    ]
    return geometry.to_wgs84(shapely.MultiPolygon([shapely.Polygon(ring)]), SRID)


def parcel(boundary: Any = None, **values: Any) -> Subject:
    row = {"ref": "a", "legal_srid": SRID, "map_scale": 500, "land_use": "ODT", "surveyed_on": DAY, **values}
    return Subject(registry.get("parcels"), row, PublicState(), boundary or square(20))


@pytest.mark.parametrize("points", [1, 8])
def test_the_error_of_a_square_is_that_of_its_corners(points: int) -> None:
    """m √(Σ d²/8), the four diagonals each being a √2: m a. Points on the straight sides add nothing."""
    found = accuracy.standard_error_m2(square(20, points=points), SRID, 0.07)
    assert math.isclose(found, 0.07 * 20, rel_tol=1e-3)


def test_holes_count_as_well() -> None:
    outer, hole = shapely.get_parts(square(40))[0].exterior, shapely.get_parts(square(20))[0].exterior
    holed = shapely.MultiPolygon([shapely.Polygon(outer, [hole])])
    found = accuracy.standard_error_m2(holed, SRID, 0.07)
    assert math.isclose(found, 0.07 * math.hypot(40, 20), rel_tol=1e-2)


def test_a_boundary_by_the_rule_says_metres_scale_and_rule() -> None:
    with translation.override("vi"):
        text = accuracy.of_boundary(parcel())
        assert text.startswith("±0,07 m:") and "1:500" in text and "khoản 4 Điều 7 Thông tư 25/2014/TT-BTNMT" in text
        assert accuracy.of_area(parcel()).startswith("±1,4 m² nếu mỗi đỉnh lệch ±0,07 m")
    with translation.override("en"):
        text = accuracy.of_boundary(parcel(map_scale=2000, land_use="CLN"))
        assert text.startswith("±0.45 m:") and "1:2,000" in text and "Circular 25/2014/TT-BTNMT, article 7(4)" in text


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"surveyed_on": datetime.date(2009, 3, 12)}, "12/03/2009"),
        ({"surveyed_on": datetime.date(2025, 2, 1)}, "01/02/2025"),
        ({"map_scale": 1500}, "1:1.500"),
        ({"surveyed_on": None}, "không nêu đủ"),
        ({"map_scale": None}, "không nêu đủ"),
    ],
)
def test_what_no_rule_at_hand_says_is_not_known(values: dict[str, Any], told: str) -> None:
    with translation.override("vi"):
        text = accuracy.of_boundary(parcel(**values))
        assert text.startswith("Chưa rõ") and told in text and "±" not in text
        assert accuracy.of_area(parcel(**values)) == ""


def test_where_the_file_names_no_scale_nothing_is_known() -> None:
    plot = Subject(registry.get("public-land"), {"ref": "a", "legal_srid": SRID}, PublicState(), square(20))
    with translation.override("en"):
        assert "is not known" in accuracy.of_boundary(plot)
    assert accuracy.of_area(plot) == ""


def test_the_rule_holds_on_its_days_alone() -> None:
    first, last, day = datetime.date(2014, 7, 5), datetime.date(2025, 1, 14), datetime.timedelta(days=1)
    assert tolerances.by_rule(500, "ODT", first) and tolerances.by_rule(500, "ODT", last)
    assert tolerances.by_rule(500, "ODT", first - day) is tolerances.by_rule(500, "ODT", last + day) is None
