"""Tiles of shapes that are kept in their units: the same features at the same places as those cut for their reader, and sound."""

from itertools import pairwise
from typing import Any

import mapbox_vector_tile
import pytest
import shapely
from psycopg import sql

from landgis.catalog import drawn, published, registry
from landgis.catalog.queries import fetch
from landgis.lib.filters import ALL
from landgis.tiles import kept_shapes, queries
from tests.budgets.test_tile_sizes import fullest

PARCELS = registry.get("parcels")
HALF_A_UNIT = 2**0.5 / 2 + 1e-6  # in both directions
REACH = shapely.box(-64, -64, 4096 + 64, 4096 + 64)

pytestmark = pytest.mark.usefixtures("world")


def features(body: bytes) -> list[dict[str, Any]]:
    layers = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True}).values()
    return [one for layer in layers for one in layer["features"]]


def wanted(z: int, x: int, y: int) -> dict[str, shapely.Geometry]:
    """Of each feature in a tile what is drawn of it, in units of the tile and not cut off."""
    query = sql.SQL(
        "SELECT ref, ST_AsBinary(ST_TransScale({drawn}, -ST_XMin(b.tile), -ST_YMax(b.tile),"
        " 4096 / (ST_XMax(b.tile) - ST_XMin(b.tile)), -4096 / (ST_YMax(b.tile) - ST_YMin(b.tile)))) AS shape"
        " FROM {rows}, (SELECT ST_TileEnvelope({z}, {x}, {y}) AS tile, ST_TileEnvelope({z}, {x}, {y}, margin => 64 / 4096.0) AS box) b"
        " WHERE shape && b.box"
    ).format(
        drawn=drawn.shape_sql(PARCELS, z),
        rows=published.tile_table(PARCELS),
        z=sql.Literal(z),
        x=sql.Literal(x),
        y=sql.Literal(y),
    )
    return {row["ref"]: shapely.from_wkb(bytes(row["shape"])) for row in fetch(query, [])}


@pytest.mark.parametrize("zoom", drawn.kept_zooms(PARCELS))
def test_each_feature_is_there_once_and_where_it_lies(zoom: int) -> None:
    for x, y in fullest(PARCELS, zoom):
        there = wanted(zoom, x, y)
        found = features(kept_shapes.features(PARCELS, zoom, x, y)[0])
        assert sorted(one["properties"]["ref"] for one in found) == sorted(there)
        for one in found:
            shape, true = shapely.geometry.shape(one["geometry"]), there[one["properties"]["ref"]]
            assert shape.intersection(REACH).difference(true.buffer(HALF_A_UNIT)).is_empty
            lost = true.intersection(REACH).difference(shape)  # a spike without width is nothing to look at
            assert lost.area <= true.length * HALF_A_UNIT


@pytest.mark.parametrize("zoom", drawn.kept_zooms(PARCELS))
def test_shapes_are_sound(zoom: int) -> None:
    """No corner twice, outer rings clockwise as they are seen, nothing that crosses itself."""
    for x, y in fullest(PARCELS, zoom):
        for one in features(kept_shapes.features(PARCELS, zoom, x, y)[0]):
            shape = shapely.geometry.shape(one["geometry"])
            assert shape.is_valid and not shape.is_empty
            for part in shapely.get_parts(shape):
                if part.geom_type == "Polygon":
                    corners = list(part.exterior.coords)
                    assert part.exterior.is_ccw  # y runs downwards
                    assert all(a != b for a, b in pairwise(corners))


def test_names_are_those_that_are_worked_out_for_a_reader() -> None:
    zoom = PARCELS.map.tiles.maxzoom
    for x, y in fullest(PARCELS, zoom):
        names = kept_shapes.features(PARCELS, zoom, x, y)[1]
        assert names and names == queries._labels(PARCELS, zoom, x, y, ALL, None)
