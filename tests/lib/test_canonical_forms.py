"""The forms in which areas, lines and points are stored, and their faults."""

import math

import numpy as np
import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon

from landgis.lib import canonical_forms
from tests.lib.test_geometry import ring

# --- Canonical form


def test_the_canonical_form():
    clockwise = shapely.from_wkt("POLYGON Z ((0 0 9, 0 9 9, 9 9 9, 9 0 9, 0 0 9), (1 1 9, 2 1 9, 2 2 9, 1 2 9, 1 1 9))")
    both = MultiPolygon([ring(0, 0), ring(1, 0)])  # parts that touch are not merged
    rows = canonical_forms.AREA.canonical([clockwise, both, None, Polygon()])
    assert [None if row is None else row.geom_type for row in rows] == [
        "MultiPolygon",
        "MultiPolygon",
        None,
        "MultiPolygon",
    ]
    assert rows[0].wkt == ("MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1)))")
    assert len(rows[1].geoms) == 2 and rows[3].wkt == "MULTIPOLYGON EMPTY"
    assert shapely.to_wkb(canonical_forms.AREA.canonical(rows)).tolist() == shapely.to_wkb(rows).tolist()


def test_the_canonical_form_repairs_nothing():
    bow = Polygon([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)])
    doubled = Polygon([(0, 0), (1, 0), (1, 0), (1, 1), (0, 0)])
    rows = canonical_forms.AREA.canonical([bow, doubled])
    assert not rows[0].is_valid and len(rows[1].geoms[0].exterior.coords) == 5


def test_the_canonical_form_of_areas_is_only_for_polygons():
    with pytest.raises(ValueError, match="row 1 is a Point, not a Polygon"):
        canonical_forms.AREA.canonical([ring(), Point(0, 0)])


# --- Faults


@pytest.mark.filterwarnings("ignore:invalid value encountered")  # shapely, of the NaN
def test_faults_name_the_row_the_kind_and_the_place():
    bow = Polygon([(500_000, 0), (500_010, 10), (500_010, 0), (500_000, 10), (500_000, 0)])
    rows = [
        ring(),
        None,
        Polygon(),
        Point(1, 1),
        bow,
        Polygon([(0, 0), (1, math.nan), (1, 1), (0, 0)]),
        MultiPolygon([ring(), ring(5, 5)]),
        Polygon([(math.inf, 0), (1, 0), (1, 1), (math.inf, 0)]),
        shapely.from_wkt("LINESTRING (0 0, 1 1, 1 0, 0 1)"),
    ]
    assert canonical_forms.AREA.faults(rows) == [
        (1, "geometry-missing", {}),
        (2, "geometry-empty", {}),
        (3, "geometry-kind", {"kind": "Point"}),
        (4, "geometry-invalid", {"reason": "Self-intersection", "x": 500_005.0, "y": 5.0}),
        (5, "geometry-not-finite", {}),
        (7, "geometry-not-finite", {}),
        (8, "geometry-kind", {"kind": "LineString"}),
    ]
    assert canonical_forms.AREA.faults(np.array(rows[:1], dtype=object)) == [] == canonical_forms.AREA.faults([])


def test_a_hole_outside_its_shell_is_a_fault_with_its_place():
    holed = Polygon(ring(0, 0).exterior.coords, [ring(5, 5).exterior.coords])
    ((row, code, params),) = canonical_forms.AREA.faults([holed])
    assert (row, code, params["reason"]) == (0, "geometry-invalid", "Hole lies outside shell")
    assert Point(params["x"], params["y"]).distance(ring(5, 5)) == 0


def test_a_single_geometry_is_not_a_list_of_rows():
    with pytest.raises(ValueError, match="expected a list"):
        canonical_forms.AREA.faults(ring())


# --- Lines and points


def test_lines_are_stored_as_drawn():
    deep = shapely.from_wkt("LINESTRING Z (0 0 5, 1 1 5, 1 0 5, 0 1 5)")  # which crosses itself
    two = shapely.from_wkt("MULTILINESTRING ((0 0, 1 0), (3 0, 2 0))")
    rows = canonical_forms.LINE.canonical([deep, two, None, LineString()])
    assert [None if row is None else row.wkt for row in rows] == [
        "MULTILINESTRING ((0 0, 1 1, 1 0, 0 1))",
        two.wkt,
        None,
        "MULTILINESTRING EMPTY",
    ]
    assert canonical_forms.LINE.faults(rows[:2]) == []
    assert canonical_forms.LINE.measured(rows[:2], 2154).tolist() == pytest.approx([1 + 2 * math.sqrt(2), 2])


@pytest.mark.filterwarnings("ignore:invalid value encountered")  # shapely, of the NaN
def test_faults_of_lines():
    rows = [
        None,
        LineString(),
        Point(1, 1),
        ring(),
        LineString([(1, 1), (1, 1)]),
        shapely.from_wkt("MULTILINESTRING ((0 0, 1 0), (3 0, 3 0))"),
        LineString([(0, 0), (1, math.nan)]),
        LineString([(0, 0), (0, 0), (1, 1)]),
    ]
    assert canonical_forms.LINE.faults(rows) == [
        (0, "geometry-missing", {}),
        (1, "geometry-empty", {}),
        (2, "geometry-kind", {"kind": "Point"}),
        (3, "geometry-kind", {"kind": "Polygon"}),
        (4, "geometry-no-length", {}),
        (5, "geometry-no-length", {}),
        (6, "geometry-not-finite", {}),
    ]


def test_points_are_stored_one_a_row():
    rows = canonical_forms.POINT.canonical(
        [shapely.from_wkt("POINT Z (1 2 3)"), shapely.MultiPoint([(4, 5)]), None, Point()]
    )
    assert [None if row is None else row.wkt for row in rows] == ["POINT (1 2)", "POINT (4 5)", None, "POINT EMPTY"]
    faulty = [Point(1, 1), shapely.MultiPoint([(0, 0), (1, 1)]), LineString([(0, 0), (1, 1)]), Point(), None]
    assert canonical_forms.POINT.faults(faulty) == [
        (1, "geometry-kind", {"kind": "MultiPoint"}),
        (2, "geometry-kind", {"kind": "LineString"}),
        (3, "geometry-empty", {}),
        (4, "geometry-missing", {}),
    ]
    with pytest.raises(ValueError, match="row 1 is a MultiPoint, not a Point"):
        canonical_forms.POINT.canonical(faulty)
