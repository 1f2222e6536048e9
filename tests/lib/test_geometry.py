"""The transform, areas, canonical form and faults, with the systems of the world alone."""

import ast
import math
import threading
import tomllib
import warnings
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj.transformer import TransformerGroup
from shapely import MultiPolygon, Point, Polygon, box

from landgis.lib import canonical_forms, geodesics, geometry

PACKAGE = Path(geometry.__file__).parents[1]
# What the pipelines of lib/crs.toml must reproduce: (EPSG's operation, its target, a place).
WORLD = {
    2154: ("RGF93 v1 to WGS 84 (1)", 4326, (652469.0, 6862035.0)),
    2272: ("NAD83 to WGS 84 (1)", 4326, (2_694_000.0, 236_000.0)),
    3857: ("Pseudo-Mercator", 4326, (11_919_000.0, 1_158_000.0)),
    28992: ("Amersfoort to ETRS89 (8)", 4258, (120_700.723, 487_525.502)),
    31370: ("BD72 to ETRS89 (2)", 4258, (156_000.0, 196_500.0)),
    32648: ("UTM zone 48N", 4326, (727_000.0, 1_145_000.0)),
    32733: ("UTM zone 33S", 4326, (400_000.0, 6_500_000.0)),
}


def ring(x=0.0, y=0.0, size=1.0):
    return box(x, y, x + size, y + size)


# --- The register


@pytest.mark.parametrize(
    "text",
    [
        *(5899, np.int64(5899), "5899", " EPSG:5899 ", "epsg:5899", "urn:ogc:def:crs:EPSG::5899"),
        *("urn:ogc:def:crs:EPSG:9.9:5899", "http://www.opengis.net/def/crs/EPSG/0/5899"),
    ],
)
def test_an_srid_is_read_however_it_is_written(text):
    assert geometry.parse_srid(text) == 5899


@pytest.mark.parametrize("text", ["CRS84", "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84"])
def test_crs84_is_longitude_latitude(text):
    assert geometry.parse_srid(text) == 4326


@pytest.mark.parametrize(
    "text",
    ["", "VN-2000", "ESRI:102100", "EPSG:", "-5899", 0, -1, True, None, 5899.0, "5899.5", "١"],
)
def test_what_is_no_srid_says_what_to_write(text):
    with pytest.raises(ValueError, match=r'write its EPSG number, as in 5899 or "EPSG:5899"'):
        geometry.parse_srid(text)


def test_an_unknown_crs_says_so():
    with pytest.raises(geometry.UnknownCRS, match=r"^EPSG:9999 is refused: no system of places") as caught:
        geometry.to_wgs84(Point(0, 0), "EPSG:9999")
    assert caught.value.srid == 9999


def test_every_registered_pipeline_can_be_built_and_undone():
    for srid in geometry.known_srids():
        system = geometry.crs(srid)
        assert geometry._transformer(system.pipeline).has_inverse, srid
        assert system.in_degrees == (srid in (4171, 4258, 4269, 4326, 4756)), srid


def test_the_file_of_the_world_holds_no_country_and_all_utm_zones():
    written = tomllib.loads((PACKAGE / "lib" / "crs.toml").read_text("utf-8"))
    assert {int(srid) for srid in written["crs"]} == {*(4326, 4258, 4269, 4171, 3857, 2154, 2272, 31370, 28992)}
    known = set(geometry.known_srids())
    assert {*range(32601, 32661), *range(32701, 32761)} <= known
    assert not {32600, 32661, 32700, 32761} & known
    assert geometry.crs(32648).name == "WGS 84 / UTM zone 48N"


def test_a_crs_file_registers_once_and_only_whole(tmp_path):
    good = '[crs.999001]\nname = "Here"\npipeline = "+proj=noop"\n'
    (tmp_path / "one.toml").write_text(good)
    geometry.register_crs_file(tmp_path / "one.toml")
    geometry.register_crs_file(tmp_path / "one.toml")
    assert geometry.crs(999001).name == "Here"

    new = '[crs.999002]\nname = "New"\npipeline = "+proj=noop"\n'
    (tmp_path / "two.toml").write_text(new + good.replace("Here", "There"))
    with pytest.raises(ValueError, match="999001 is already registered with another definition"):
        geometry.register_crs_file(tmp_path / "two.toml")
    with pytest.raises(geometry.UnknownCRS):
        geometry.crs(999002)
    del geometry._known[999001]


@pytest.mark.parametrize(
    "text",
    [
        '[crs.999003]\nname = "x"\n',
        '[crs.999003]\nname = "x"\npipeline = "EPSG:4326"\n',
        '[crs.999003]\nname = "x"\npipeline = "+proj=noop"\nunit = 1.0\n',
        '[crs.999003]\nname = "x"\npipeline = "+proj=noop"\nunit_m = -1.0\n',
        '[crs.999003]\nname = "x"\npipeline = "+proj=noop"\narea = "plane"\n',
        '[crs.Paris]\nname = "x"\npipeline = "+proj=noop"\n',
        '[refused.999003]\nreason = "x"\n',
    ],
)
def test_a_wrong_crs_file_is_named(tmp_path, text):
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"wrong\.toml"):
        geometry.register_crs_file(path)
    assert 999003 not in geometry.known_srids()


# --- The transform


@pytest.mark.parametrize("srid", WORLD)
def test_the_pipelines_are_those_of_epsg(srid):
    """By the operation's name, which is stable; PROJ's preference among them is not."""
    name, target, place = WORLD[srid]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of grid files that are not installed
        group = TransformerGroup(srid, target, always_xy=True)
    (theirs,) = [each for each in group.transformers if name in each.description]
    ours = geometry.to_wgs84(Point(place), srid)
    assert geometry_distance(ours, Point(theirs.transform(*place))) < 0.001


def test_the_reference_point_of_the_netherlands_is_where_the_kadaster_puts_it():
    """Amersfoort's tower: RD 155000 463000 is 52.15517230 N 5.38720358 E by the full procedure."""
    tower = geometry.to_wgs84(Point(155_000, 463_000), 28992)
    assert geometry_distance(tower, Point(5.38720358, 52.15517230)) < 0.25


def test_a_us_survey_foot_is_not_a_foot():
    west, east = geometry.to_wgs84([Point(2_694_000, 236_000), Point(2_695_000, 236_000)], 2272)
    assert geometry_distance(west, east) == pytest.approx(1000 * 1200 / 3937, rel=1e-4)
    assert geometry.crs(2272).unit_m == 1200 / 3937


def test_shapes_and_missing_ones_pass_through():
    rows = np.array([ring(), None, Polygon(), Point(1, 2)], dtype=object)
    moved = geometry.to_wgs84(rows, 32648)
    assert moved.shape == (4,) and moved[1] is None and moved[2].is_empty
    assert geometry.to_wgs84(None, 32648) is None
    assert isinstance(geometry.to_wgs84(ring(), 32648), Polygon)
    assert geometry.to_wgs84([], 32648).shape == (0,)
    assert rows[0].equals_exact(ring(), 0), "the input is not changed"


def test_the_answer_is_flat_and_degrees_are_exact():
    solid = shapely.from_wkt("POLYGON ZM ((107.1 10.4 5 6, 107.2 10.4 5 6, 107.2 10.5 5 6, 107.1 10.4 5 6))")
    flat = geometry.to_wgs84(solid, 4326)
    assert not flat.has_z and not flat.has_m
    assert shapely.to_wkb(flat) == shapely.to_wkb(shapely.force_2d(solid))


@pytest.mark.filterwarnings("ignore:invalid value encountered")  # shapely, of the NaN
def test_a_vertex_without_a_place_is_infinite_and_does_not_stop_the_others():
    rows = [ring(500_000, 0), Polygon([(1e30, 0), (1, 0), (1, 1), (1e30, 0)])]
    rows.append(Polygon([(0, 0), (1, math.nan), (1, 1), (0, 0)]))
    moved = geometry.to_wgs84(rows, 32648)
    assert [fault[0] for fault in canonical_forms.out_of_world(moved)] == [1, 2]
    assert list(geometry.to_wgs84(rows[2], 4326).exterior.coords)[1] == (math.inf, math.inf)
    assert canonical_forms.out_of_world(moved)[0] == (1, "geometry-out-of-world", {"x": None, "y": None})


def test_the_same_bytes_alone_in_any_batch_and_in_any_thread():
    rng = np.random.default_rng(20261)
    corners = np.column_stack([rng.uniform(1e5, 9e5, 400), rng.uniform(0, 3e6, 400)])
    rows = np.array([ring(x, y, 30) for x, y in corners], dtype=object)
    whole = shapely.to_wkb(geometry.to_wgs84(rows, 32648)).tolist()
    assert [shapely.to_wkb(geometry.to_wgs84(row, 32648)) for row in rows] == whole
    shuffled = rng.permutation(400)
    assert shapely.to_wkb(geometry.to_wgs84(rows[shuffled], 32648)).tolist() == [whole[at] for at in shuffled]

    answers = []
    threads = [threading.Thread(target=lambda: answers.append(geometry.to_wgs84(rows, 32648))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert all(shapely.to_wkb(answer).tolist() == whole for answer in answers)


def test_nothing_in_landgis_lets_proj_choose():
    """Neither pyproj's from_crs nor geopandas' to_crs: see the top of lib/geometry.py."""
    calls = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("from_crs", "to_crs")
    ]
    assert calls == []


# --- Areas


def test_areas_are_planar_in_metres_and_in_feet():
    square = ring(2_694_000, 236_000, 100)
    assert geometry.area_m2(square, 2154) == 10_000
    assert geometry.area_m2(square, 2272) == pytest.approx(10_000 * (1200 / 3937) ** 2, rel=1e-12)


def test_areas_are_geodesic_in_degrees_and_in_mercator():
    square = ring(107.0, 10.0, 0.001)
    degrees = geometry.area_m2(square, 4326)
    # A cell between two parallels; its straight edges are geodesics, 1e-9 off here.
    assert degrees == pytest.approx(cell_area(10.0, 10.001, 0.001), rel=1e-6)
    mercator = geometry.from_wgs84(square, 3857)
    assert geometry.area_m2(mercator, 3857) == pytest.approx(degrees, rel=1e-9)
    assert mercator.area > 1.03 * degrees, "which is why 3857 is not measured in"


def test_holes_count_less_and_missing_rows_are_nan():
    shell, hole = ring(0, 0, 3), ring(1, 1, 1)
    holed = Polygon(shell.exterior.coords, [hole.exterior.coords])
    two = MultiPolygon([holed, ring(5, 5, 1)])
    turned = shapely.reverse(holed)
    areas = geometry.area_m2([shell, hole, holed, two, turned, None, Polygon()], 4326)
    assert areas[2] == pytest.approx(areas[0] - areas[1])
    assert areas[3] == pytest.approx(areas[2] + geometry.area_m2(ring(5, 5, 1), 4326))
    assert areas[4] == pytest.approx(areas[2])
    assert math.isnan(areas[5]) and areas[6] == 0
    assert math.isnan(geometry.area_m2([None], 2154)[0])
    assert geometry.area_m2([], 4326).shape == (0,)


def test_the_world_ends_at_85_degrees():
    rows = [ring(0, 84), ring(0, 84.5), ring(-180, -85), ring(180, 0), None, Polygon()]
    found = canonical_forms.out_of_world(rows)
    assert [(row, code) for row, code, _ in found] == [
        (1, "geometry-out-of-world"),
        (3, "geometry-out-of-world"),
    ]
    assert found[0][2]["y"] == 85.5 and found[1][2]["x"] == 181.0


# --- What the tests measure with


def geometry_distance(one: Point, other: Point) -> float:
    """Metres between two places in degrees."""
    return geodesics._GEOD.line_length([one.x, other.x], [one.y, other.y])


def cell_area(south: float, north: float, width: float) -> float:
    """Area of a graticule cell on the WGS 84 ellipsoid in m2 by the closed formula; degrees in."""
    a, f = 6378137.0, 1 / 298.257223563
    e = math.sqrt(f * (2 - f))

    def zone(latitude: float) -> float:
        s = math.sin(math.radians(latitude))
        return s / (1 - (e * s) ** 2) + math.atanh(e * s) / e

    return math.radians(width) * (a * (1 - f)) ** 2 / 2 * (zone(north) - zone(south))
