"""Areas divided and joined: nothing of the ground is lost, doubled or left over, whatever their form."""

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landgis.lib import divisions, geometry, millimetres
from landgis.lib.divisions import NotDivided

SRID = 5899  # VN-2000 / TM-3 107-45
EAST, NORTH = 440_400.0, 1_162_000.0


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.Polygon(
        [(EAST + x, NORTH + y) for x, y in [(west, south), (east, south), (east, north), (west, north)]]
    )


def at(*corners: tuple[float, float]) -> list[tuple[float, float]]:
    return [(EAST + x, NORTH + y) for x, y in corners]


FIELD = box(0, 0, 40, 25)


@st.composite
def fields(draw: st.DrawFn) -> shapely.Polygon:
    """Ground seen whole from its middle, its corners on the grid; some with a hole there."""
    count = draw(st.integers(3, 14))
    reach = draw(st.lists(st.integers(5_000, 60_000), min_size=count, max_size=count))
    turns = np.arange(count) * 2 * np.pi / count
    corners = np.round(np.column_stack([np.cos(turns), np.sin(turns)]) * np.array(reach)[:, None]) / 1000
    hole = [at((-0.5, -0.5), (-0.5, 0.5), (0.5, 0.5), (0.5, -0.5))] if draw(st.booleans()) and count > 5 else []
    field = shapely.Polygon(corners + [EAST, NORTH], hole)
    return field if field.is_valid else shapely.Polygon(field.exterior)


def unless(codes: set[str], divide: Callable[[], list]) -> list:
    """What it is divided into; nothing where that is refused for one of these reasons."""
    try:
        return divide()
    except NotDivided as refused:
        if refused.why not in codes:
            raise
        return []


def assert_same(one: shapely.Geometry, other: shapely.Geometry) -> None:
    assert shapely.symmetric_difference(one, other).area < 1e-6, one


def whole(parts: list, field: shapely.Geometry) -> None:
    """Together the parts are the field: nothing wider than a thousandth of the grid is lost or doubled."""
    assert all(one.is_valid and not one.is_empty for one in parts)
    assert abs(sum(one.area for one in parts) - field.area) <= min(0.01, 1e-6 * field.area)
    assert millimetres.differing_m2(parts, [field], SRID) == 0
    ground = shapely.symmetric_difference(shapely.union_all(parts), field)
    assert shapely.buffer(ground, -2e-6).is_empty


@settings(max_examples=25, deadline=None)
@given(fields(), st.integers(0, 359), st.integers(-4_000, 4_000))
def test_a_line_loses_and_doubles_nothing(field: shapely.Polygon, turn: int, off: int) -> None:
    along = np.array([np.cos(np.radians(turn)), np.sin(np.radians(turn))])
    middle = np.array([EAST, NORTH]) + np.array([-along[1], along[0]]) * off / 1000
    line = [tuple(middle - 100 * along), tuple(middle + 100 * along)]
    parts = unless({"too-narrow", "line-touches", "line-misses"}, lambda: divisions.by_line(field, line, SRID))
    assert len(parts) != 1
    if parts:
        whole(parts, field)


@pytest.mark.prove
@settings(max_examples=3_000, deadline=None)
@given(fields(), st.integers(0, 359), st.integers(-4_000, 4_000), st.floats(0.05, 0.95))
def test_thousands_of_divisions(field: shapely.Polygon, turn: int, off: int, share: float) -> None:
    test_a_line_loses_and_doubles_nothing.hypothesis.inner_test(field, turn, off)
    test_a_wished_area_is_met.hypothesis.inner_test(field, turn % 14, share)


@settings(max_examples=25, deadline=None)
@given(fields(), st.integers(0, 13), st.floats(0.05, 0.95))
def test_a_wished_area_is_met(field: shapely.Polygon, side: int, share: float) -> None:
    sides = divisions.sides(field)
    wished = round(field.area * share, 1)
    codes, one = {"in-pieces", "too-narrow", "area-beyond"}, sides[side % len(sides)]
    parts = unless(codes, lambda: divisions.by_area(field, one, wished, SRID))
    if parts:
        assert abs(parts[0].area - wished) <= 0.01
        whole(parts, field)


@settings(max_examples=20, deadline=None)
@given(fields(), st.integers(0, 359))
def test_what_was_divided_is_joined_again(field: shapely.Polygon, turn: int) -> None:
    along = np.array([np.cos(np.radians(turn)), np.sin(np.radians(turn))]) * 100
    middle = np.array([EAST + 0.111, NORTH + 0.222])
    line = [tuple(middle - along), tuple(middle + along)]
    parts = unless({"too-narrow", "line-touches", "line-misses"}, lambda: divisions.by_line(field, line, SRID))
    if not parts:
        return
    again = divisions.joined(parts, SRID)
    assert again.geom_type == "Polygon" and again.is_valid
    assert millimetres.differing_m2([again], [field], SRID) == 0


def test_a_distance_is_measured_square_to_the_side() -> None:
    south = divisions.sides(FIELD)[0]
    near, rest = divisions.by_distance(FIELD, south, 10, SRID)
    assert near.equals(box(0, 0, 40, 10)) and rest.equals(box(0, 10, 40, 25))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (at((50, 0), (50, 25)), "line-misses"),
        (at((-5, 5), (5, -5)), "line-touches"),  # only the corner
        (at((0, 30), (40, 25), (60, 30)), "line-touches"),
        (at((-5, 10), (20, 10)), "line-ends-inside"),
        (at((-5, 24.9999), (45, 24.9999)), "line-touches"),
        (at((-5, 24.997), (45, 24.997)), "too-narrow"),
        (at((1, 1)), "line-short"),
        (at((1, 1), (1.0001, 1)), "line-short"),
    ],
)
def test_a_line_that_divides_nothing_says_why(line: list[tuple[float, float]], why: str) -> None:
    with pytest.raises(NotDivided) as refused:
        divisions.by_line(FIELD, line, SRID)
    assert refused.value.why == why


def test_a_line_that_falls_a_little_short_reaches_the_outline() -> None:
    line = at((20, 0.04), (20, 24.97))
    with pytest.raises(NotDivided):
        divisions.by_line(FIELD, line, SRID)
    west, east = divisions.by_line(FIELD, line, SRID, reach_m=0.07)
    assert west.equals(box(0, 0, 20, 25)) and east.equals(box(20, 0, 40, 25))


def test_a_bent_line_keeps_its_corners_on_the_grid() -> None:
    parts = divisions.by_line(FIELD, at((10, -1), (12.3456, 9), (10, 26)), SRID)
    assert (EAST + 12.346, NORTH + 9) in [tuple(xy) for xy in np.round(shapely.get_coordinates(parts[0]), 6).tolist()]
    whole(parts, FIELD)


def test_holes_and_several_parts() -> None:
    ring = shapely.difference(FIELD, box(10, 10, 20, 20))
    apart = shapely.multipolygons([ring, box(100, 0, 110, 10)])
    parts = divisions.by_line(apart, at((15, -1), (15, 26)), SRID)
    assert [shapely.get_num_geometries(one) for one in parts] in ([1, 2], [2, 1])
    whole(parts, apart)
    near, rest = divisions.by_area(apart, divisions.sides(apart)[0], 100, SRID)
    assert abs(near.area - 100) < 0.01 and shapely.get_num_geometries(rest) == 2
    with pytest.raises(NotDivided, match="in-pieces"):  # the hole would part it
        divisions.by_distance(shapely.difference(FIELD, box(-1, 10, 20, 15)), divisions.sides(FIELD)[1], 30, SRID)


def test_a_line_through_corners_divides_there() -> None:
    parts = divisions.by_line(FIELD, at((0, 0), (40, 25)), SRID)
    assert [len(shapely.get_coordinates(one)) for one in parts] == [4, 4]


def test_what_does_not_touch_is_not_joined_and_a_slit_is_closed() -> None:
    with pytest.raises(NotDivided, match="apart"):
        divisions.joined([FIELD, box(41, 0, 60, 25)], SRID)
    with pytest.raises(NotDivided, match="apart"):  # a corner is no neighbourhood
        divisions.joined([FIELD, box(40, 25, 60, 30)], SRID)
    for off in (0.0004, -0.0004):  # between them lies a slit, or they overlap
        near = shapely.transform(box(40, 0, 60, 25), lambda xy, off=off: xy + [off, 0])
        assert_same(divisions.joined([FIELD, near], SRID), box(0, 0, 60 + off, 25))


def test_a_corner_that_only_one_of_two_neighbours_has_moves_no_side_when_they_are_joined() -> None:
    """From a soak: on the grid the spike that is left beside the corner crossed the side, and all corners were rounded."""
    wedge = shapely.Polygon(
        at((18.333395, 24.844255), (16.560104, 19.756234), (17.485714, 19.499837), (18.562605, 19.771713))
    )
    beside = shapely.Polygon(
        at(
            (10, 20),
            (10, 1),
            (25.2, 0.6),
            (25.1, 39.8),
            (17.655689, 39.841061),
            (18.562605, 19.771713),
            (17.485714, 19.499837),
        )
    )
    before = geometry.to_wgs84(np.array([wedge, beside], dtype=object), SRID)
    (child,) = divisions.with_corners_of([divisions.joined([wedge, beside], SRID)], list(before), SRID)
    assert abs(geometry.from_wgs84(child, SRID).area - wedge.area - beside.area) < 0.0005
    degrees = {tuple(xy) for xy in shapely.get_coordinates(before).tolist()}
    assert {tuple(xy) for xy in shapely.get_coordinates(child).tolist()} <= degrees


def test_where_degrees_are_the_unit_no_length_is_meant() -> None:
    side = divisions.Side((107.0, 10.5), (107.1, 10.5))
    with pytest.raises(NotDivided, match="no-plane"):
        divisions.by_area(shapely.box(107, 10.5, 107.1, 10.6), side, 10, 4326)


def test_corners_that_were_there_stay_just_where_they_were() -> None:
    before = geometry.to_wgs84(shapely.transform(FIELD, lambda xy: xy + 0.00037), SRID)
    plane = geometry.from_wgs84(before, SRID)
    parts = divisions.by_line(plane, at((20, -1), (20, 26)), SRID)
    after = divisions.with_corners_of(parts, [before], SRID)
    there = {tuple(xy) for xy in shapely.get_coordinates(before).tolist()}
    assert there <= {tuple(xy) for one in after for xy in shapely.get_coordinates(one).tolist()}
    assert millimetres.differing_m2(millimetres.on_grid(after, SRID), millimetres.on_grid([before], SRID), SRID) == 0
