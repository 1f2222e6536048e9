"""How large a tile may be before it is compressed, of every dataset at every zoom: where most of it lies."""

import heapq
from typing import Any

import mapbox_vector_tile
import pytest
from psycopg import sql

from landgis.catalog import published, queries, registry
from landgis.catalog.dataset import Dataset
from landgis.lib.filters import ALL, Equals, Filter
from landgis.lib.webmap import EQUATOR_M
from landgis.pages.maps import drawn_datasets
from landgis.tiles.queries import HEAPED_TO, tile

KB = 1000
LARGEST = 250 * KB
DATASETS = [dataset.name for dataset in drawn_datasets(registry.all_datasets())]

pytestmark = pytest.mark.usefixtures("world")


def in_tiles(dataset: Dataset, zoom: int) -> sql.Composed:
    """SELECT of the tiles of a zoom: how many features and corners of them lie in each."""
    return sql.SQL(
        "SELECT floor((ST_X(place) + {half}) / {side})::int AS x, floor(({half} - ST_Y(place)) / {side})::int AS y,"
        " count(*) AS features, sum(ST_NPoints(shape)) AS corners FROM {rows} GROUP BY 1, 2"
    ).format(
        half=sql.Literal(EQUATOR_M / 2), side=sql.Literal(EQUATOR_M / 2**zoom), rows=published.tile_rows_now(dataset)
    )


def fullest(dataset: Dataset, zoom: int) -> set[tuple[int, int]]:
    """The tiles that hold most corners, and those that hold most features."""
    found = queries.fetch(in_tiles(dataset, zoom), [])
    most = [heapq.nlargest(2, found, key=lambda one, by=by: one[by]) for by in ("features", "corners")]
    return {(one["x"], one["y"]) for some in most for one in some}


@pytest.mark.parametrize("name", DATASETS)
def test_no_tile_is_too_large(name: str) -> None:
    dataset = registry.get(name)
    plan = dataset.map.tiles
    sizes = {
        (zoom, x, y): len(tile(dataset, zoom, x, y))
        for zoom in range(plan.lowest, plan.maxzoom + 1)
        for x, y in fullest(dataset, zoom)
    }
    assert sizes and max(sizes.values()) <= LARGEST, max(sizes.items(), key=lambda one: one[1])


def here(feature: dict[str, Any]) -> bool:
    """Of what lies on an edge the tile that begins there has it."""
    x, y = feature["geometry"]["coordinates"]
    return 0 <= x < 4096 and 0 < y <= 4096


@pytest.mark.parametrize("zoom", range(6, 11))
def test_plots_are_each_drawn_or_counted_once(zoom: int) -> None:
    """Points of several and features of their own are all plots together: none is left out, and none is there twice."""
    dataset = registry.get("public-land")
    found = [one for x, y in around(dataset, zoom) for one in features(dataset, zoom, x, y)]
    several = [one["properties"] for one in found if "number" in one["properties"] and here(one)]
    alone = {one["properties"]["ref"] for one in found if "number" not in one["properties"]}
    assert all("ref" not in one and one["number"] > 1 for one in several)
    assert len(alone) + sum(one["number"] for one in several) == queries.count(dataset)
    assert bool(several) == (zoom < HEAPED_TO)
    dots = [
        one["properties"]["ref"]
        for one in found
        if one["geometry"]["type"] == "Point" and here(one) and "ref" in one["properties"]
    ]
    assert len(dots) == len(set(dots))


def test_a_filter_counts_its_own() -> None:
    dataset, zoom = registry.get("public-land"), 7
    vacant = Equals("current_use", "vacant")
    found = [one for x, y in around(dataset, zoom) for one in features(dataset, zoom, x, y, vacant) if here(one)]
    assert sum(one["properties"].get("number", 1) for one in found) == queries.count(dataset, vacant) > len(found)


def features(dataset: Dataset, zoom: int, x: int, y: int, where: Filter = ALL) -> list[dict[str, Any]]:
    layers = mapbox_vector_tile.decode(tile(dataset, zoom, x, y, where))
    return layers[dataset.name]["features"] if layers else []


def around(dataset: Dataset, zoom: int) -> set[tuple[int, int]]:
    """The tiles that hold any, and their neighbours: what is drawn on an edge may be on the other side of it."""
    tiles = {(row["x"], row["y"]) for row in queries.fetch(in_tiles(dataset, zoom), [])}
    return {(x + right, y + down) for x, y in tiles for right in (-1, 0, 1) for down in (-1, 0, 1)}
