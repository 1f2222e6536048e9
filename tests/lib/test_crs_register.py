"""Systems that nobody registered are read by PROJ's ways: written out, without grids, and chosen for where the data lie."""

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from landgis.lib import geometry

# Each with a place where its data may lie.
PLACES = {
    3148: (107.2, 10.6),
    2044: (105.3, 10.7),
    31983: (-45.2, -12.3),
    27700: (-1.0, 51.0),
    23030: (-3.7, 40.4),
    26715: (-93.0, 33.0),
    2263: (-74.0, 40.6),
    28404: (20.0, 54.0),
    21781: (7.4, 46.9),
    27572: (2.0, 48.0),
    3943: (3.0, 43.0),
    25832: (9.0, 50.0),
    6344: (-93.0, 33.0),
}


@pytest.mark.parametrize("srid", PLACES)
def test_a_system_of_the_register_is_read_and_undone(srid: int) -> None:
    lon, lat = PLACES[srid]
    system, place = geometry.crs(srid), shapely.Point(lon, lat)
    assert system.pipeline.startswith("+proj=") and "grids=" not in system.pipeline
    there = geometry.from_wgs84(place, srid)
    assert geometry.to_wgs84(there, srid).distance(place) < 5e-8  # heights are left out both ways: 5 mm
    bounds = (lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01)
    ways = geometry.operations(srid, bounds)
    every = {one.code for one in geometry.operations(srid)}
    assert {one.code for one in ways} <= every  # what was chosen for a file is found again
    if ways[0].code:
        # PROJ's own answer there, as far as it needs no grid.
        theirs = Transformer.from_pipeline(ways[0].pipeline).transform(there.x, there.y)
        assert np.allclose(theirs, (lon, lat), atol=0.002) and ways[0].accuracy_m > 0


def test_the_datums_that_are_registered_come_first() -> None:
    """A State Plane system of NAD83 takes the null shift that is registered for NAD83, not one of PROJ's."""
    assert [one.code for one in geometry.operations(2263)] == [""]
    assert geometry.operations(5899) == ()
    pennsylvania = geometry.from_wgs84(shapely.Point(-77.0, 40.2), 2272)
    assert geometry.crs(2271).unit_m == pytest.approx(1200 / 3937)
    assert geometry.to_wgs84(pennsylvania, 2272).distance(shapely.Point(-77.0, 40.2)) < 1e-9


def test_several_ways_are_listed_and_much_worse_ones_are_not() -> None:
    assert len(geometry.operations(28404, (20.0, 54.0, 20.1, 54.1))) == 2  # 3 m and 4.5 m, not 999 m
    assert [one.accuracy_m for one in geometry.operations(27700, (-1.0, 51.0, -0.9, 51.1))] == [2.0]  # not 21 m


@pytest.mark.parametrize(
    ("srid", "area", "unit"),
    [(27572, "planar", 1.0), (3395, "geodesic", 1.0), (4807, "geodesic", 1.0), (4267, "geodesic", 0.0)],
)
def test_a_plane_measures_areas_only_where_it_keeps_them(srid: int, area: str, unit: float) -> None:
    system = geometry.crs(srid)
    assert (system.area, system.unit_m) == (area, unit)


@pytest.mark.parametrize(("srid", "why"), [(99999, "number"), (5773, "number"), (4978, "number"), (6959, "withdrawn")])
def test_what_cannot_be_read_says_why(srid: int, why: str) -> None:
    with pytest.raises(geometry.UnknownCRS) as caught:
        geometry.crs(srid)
    assert (caught.value.srid, caught.value.why) == (srid, why)


def test_what_needs_a_grid_alone_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from landgis.lib import crs_register

    monkeypatch.setattr(crs_register, "_grids", lambda one: ["a.tif"])
    with pytest.raises(geometry.UnknownCRS, match=r"OSGB36 / British National Grid.*need grid files \(a\.tif\)"):
        geometry._of_register.__wrapped__(27700)


def test_a_zone_beside_that_of_its_shift_is_read_by_it() -> None:
    """HN-72 zone 19: the only way of its datum was made for the waters west of it."""
    place = shapely.Point(109.2, 13.8)
    there = geometry.from_wgs84(place, 2045)
    assert [one.code for one in geometry.operations(2045)] == ["1544"]
    assert there.x == pytest.approx(19_305_000, abs=1000)
    assert geometry.to_wgs84(there, 2045).distance(place) < 5e-8
