"""Tiles of the zooms at which sheets and blocks are drawn for the features (`catalog.generalised`).

A layer of shapes, each with the fields of its sheet and the number of features that it stands for; and among the counts
a point for each, in the one tile in which it lies, because a shape is cut by tiles.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from psycopg import sql

from landgis.catalog import generalised
from landgis.catalog.dataset import Dataset
from landgis.catalog.drawn import EXTENT
from landgis.catalog.queries import fetch, text_of
from landgis.lib.filters import ALL, Filter
from landgis.tiles.envelope import BUFFER, LARGEST, box_of, box_sql, cut, points, tile_of

ROOM = 1000  # bytes for the numbers beside blocks that stand for features


def generalised_layer(dataset: Dataset) -> str:
    """The name of the layer of shapes."""
    return f"{dataset.name}-generalised"


def tile(dataset: Dataset, z: int, x: int, y: int, where: Filter, counts: str) -> bytes:
    """The layer of shapes, and `counts` of the points; empty when nothing lies in the tile. Sheets where blocks would be too many bytes."""
    body = _shapes(dataset, z, x, y, where, generalised_layer(dataset))
    body += _kept_points(dataset, z, x, y, counts) if where == ALL else _points(dataset, z, x, y, where, counts)
    if len(body) <= LARGEST or z < dataset.map.tiles.blocks_from:
        return body
    body = _shapes(dataset, z, x, y, where, generalised_layer(dataset), is_coarse=True)
    if where != ALL:
        return body + _points(dataset, z, x, y, where, counts)
    return body + summed(counts, z, x, y, generalised.kept_rows(dataset, z), [], sql.SQL("sum(number)"))


def coarser(dataset: Dataset, z: int, x: int, y: int, where: Filter = ALL) -> bytes | None:
    """What stands in for a tile that would take longer than a reader may ask, or be too many bytes; None where nothing does.

    For features their blocks, in the layer of the features and drawn as these are, or sheets where these are too many as well; for
    the shapes of what a filter leaves the whole sheets.
    """
    plan = dataset.map.tiles
    if plan.sheets_by and z >= plan.minzoom:
        body = _shapes(dataset, z, x, y, where, dataset.name, is_named=False)
        if len(body) + ROOM <= LARGEST:
            return body
        return _shapes(dataset, z, x, y, where, dataset.name, is_named=False, is_coarse=True)
    if z in plan.generalised_zooms and where != ALL:
        return _shapes(dataset, z, x, y, where, generalised_layer(dataset), is_coarse=True)
    return None


def holds_any(dataset: Dataset, z: int, x: int, y: int, where: Filter) -> bool:
    rows, bound = generalised.rows(dataset, z, where, box_of(z, x, y))
    query = sql.SQL(
        "{} SELECT EXISTS (SELECT FROM {}, b WHERE g.shape && b.box AND ST_Intersects(g.shape, b.box)) AS holds"
    ).format(box_sql(z), rows)
    return bool(fetch(query, [x, y, x, y, *bound])[0]["holds"])


def _shapes(
    dataset: Dataset,
    z: int,
    x: int,
    y: int,
    where: Filter,
    layer: str,
    *,
    is_coarse: bool = False,
    is_named: bool = True,
) -> bytes:
    if where == ALL:
        return cut(_kept_text(dataset, z, layer, is_coarse, is_named), x, y, [])
    rows, bound = generalised.rows(dataset, z, where, box_of(z, x, y), is_coarse=is_coarse)
    return cut(_shapes_sql(dataset, z, rows, layer, is_named), x, y, bound)


@cache
def _kept_text(dataset: Dataset, z: int, layer: str, is_coarse: bool, is_named: bool) -> str:
    rows = generalised.kept_rows(dataset, dataset.map.tiles.sheets_from if is_coarse else z)
    return text_of(_shapes_sql(dataset, z, rows, layer, is_named))


def _shapes_sql(dataset: Dataset, z: int, rows: sql.Composable, layer: str, is_named: bool) -> sql.Composed:
    names = ["kind", *dataset.map.tiles.sheets_by]
    return sql.SQL(
        "{box} SELECT ST_AsMVT(t, {name}, {extent}, 'shape') AS tile FROM (SELECT {told}g.number,"
        " nullif(g.is_made_up, false) AS is_made_up, ST_AsMVTGeom(g.shape, b.tile, {extent}, {buffer}) AS shape"
        " FROM {rows}, b WHERE g.shape && b.box"
        " ORDER BY ST_X(g.place), ST_Y(g.place), g.number, g.is_made_up{names} OFFSET 0) t WHERE shape IS NOT NULL"
    ).format(
        box=box_sql(z),
        name=sql.Literal(layer),
        extent=sql.Literal(EXTENT),
        buffer=sql.Literal(BUFFER),
        names=sql.SQL("").join(sql.SQL(", g.{}").format(sql.Identifier(name)) for name in names),
        told=sql.SQL("").join(sql.SQL("g.{}, ").format(sql.Identifier(name)) for name in names if is_named),
        rows=rows,
    )


def _kept_points(dataset: Dataset, z: int, x: int, y: int, counts: str) -> bytes:
    """Of what lies on an edge the tile that begins there has it."""
    return cut(_points_text(dataset, z, counts), x, y, [])


@cache
def _points_text(dataset: Dataset, z: int, counts: str) -> str:
    query = sql.SQL(
        "{box} SELECT ST_AsMVT(t, {name}, {extent}, 'place') AS tile FROM (SELECT g.number,"
        " nullif(g.is_made_up, false) AS is_made_up, ST_AsMVTGeom(g.place, b.tile, {extent}, 0, true) AS place"
        " FROM {rows}, b WHERE g.shape && b.tile AND ST_X(g.place) >= ST_XMin(b.tile) AND ST_X(g.place) < ST_XMax(b.tile)"
        " AND ST_Y(g.place) > ST_YMin(b.tile) AND ST_Y(g.place) <= ST_YMax(b.tile)"
        " ORDER BY ST_X(g.place), ST_Y(g.place), g.number, g.is_made_up OFFSET 0) t"
    ).format(
        box=box_sql(z),
        name=sql.Literal(counts),
        extent=sql.Literal(EXTENT),
        rows=generalised.kept_rows(dataset, z),
    )
    return text_of(query)


def _points(dataset: Dataset, z: int, x: int, y: int, where: Filter, counts: str) -> bytes:
    """Under a filter a point for what it leaves of a sheet in the tile, the same whichever shapes are drawn."""
    here = [one for one in generalised.parts(dataset, where) if tile_of(one.x, one.y, z) == (x, y)]
    if not here:
        return b""
    numbers = generalised.numbers_by_sheet(here)
    largest = {one.sheet: one for one in reversed(here)}  # it comes first, and says where
    columns: dict[str, tuple[list[Any], str]] = {
        "number": ([numbers[sheet] for sheet in largest], "bigint"),
        "is_made_up": ([one.is_made_up or None for one in largest.values()], "boolean"),
        "x": ([one.x for one in largest.values()], "float"),
        "y": ([one.y for one in largest.values()], "float"),
    }
    return points(counts, z, x, y, columns)


def summed(
    layer: str, z: int, x: int, y: int, rows: sql.Composable, bound: Sequence[Any], number: sql.Composable
) -> bytes:
    """A layer of one point, and one for what is made up, with the number of rows whose places lie in the tile; `number` counts them."""
    query = sql.SQL(
        "{box} SELECT ({number})::bigint AS number, is_made_up, (min(ST_X(place)) + max(ST_X(place))) / 2 AS x,"
        " (min(ST_Y(place)) + max(ST_Y(place))) / 2 AS y FROM {rows}, b WHERE shape && b.tile"
        " AND ST_X(place) >= ST_XMin(b.tile) AND ST_X(place) < ST_XMax(b.tile)"
        " AND ST_Y(place) > ST_YMin(b.tile) AND ST_Y(place) <= ST_YMax(b.tile) GROUP BY is_made_up ORDER BY is_made_up"
    ).format(box=box_sql(z), number=number, rows=rows)
    found = fetch(query, [x, y, x, y, *bound])
    columns: dict[str, tuple[list[Any], str]] = {
        "number": ([one["number"] for one in found], "bigint"),
        "is_made_up": ([one["is_made_up"] or None for one in found], "boolean"),
        "x": ([one["x"] for one in found], "float"),
        "y": ([one["y"] for one in found], "float"),
    }
    return points(layer, z, x, y, columns) if found else b""
