"""The box round rows, in degrees: of all that is in force the index of the tile rows tells it, so that few of them are read."""

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from landgis.catalog import published
from landgis.catalog.dataset import Dataset
from landgis.catalog.queries.database import fetch
from landgis.catalog.queries.kept_totals import kept_lines
from landgis.catalog.queries.pieces import body_of
from landgis.lib.filters import ALL, Filter
from landgis.lib.webmap import Box

SAMPLE = 20_000  # rows: the middle ones of so many, chosen by chance, lie where those of all do
# The index knows boxes to a metre: of so many that are the farthest by it the very farthest is taken.
FARTHEST = 32
# Lines in EPSG:3857 west, south, east and north of the world.
SIDES = tuple(
    (sql.SQL(begin), sql.SQL(end))
    for begin, end in (
        ("-3e7, -3e7", "-3e7, 3e7"),
        ("-3e7, -3e7", "3e7, -3e7"),
        ("3e7, -3e7", "3e7, 3e7"),
        ("-3e7, 3e7", "3e7, 3e7"),
    )
)
AROUND = sql.SQL(
    "SELECT min(ST_XMin({shape})) AS w, min(ST_YMin({shape})) AS s, max(ST_XMax({shape})) AS e, max(ST_YMax({shape})) AS n"
)
MIDDLE = sql.SQL(
    "SELECT percentile_disc({low}) WITHIN GROUP (ORDER BY ST_XMin({shape})) AS w,"
    " percentile_disc({low}) WITHIN GROUP (ORDER BY ST_YMin({shape})) AS s,"
    " percentile_disc({high}) WITHIN GROUP (ORDER BY ST_XMax({shape})) AS e,"
    " percentile_disc({high}) WITHIN GROUP (ORDER BY ST_YMax({shape})) AS n"
)


def extent(
    dataset: Dataset, where: Filter = ALL, *, as_of: int | None = None, share: float = 1.0, but: Sequence[Box] = ()
) -> Box | None:
    """West, south, east, north of the public rows in degrees, or None when there are none.

    With a `share` below 1, of the middle ones only: the box in which that share of the rows begins and
    ends in each direction, of many rows as some of them say. Rows that touch a box of `but` (degrees) are left out.
    """
    if not dataset.geometry:
        return None
    if as_of is None and where == ALL:
        query = _of_sample(dataset, share) if share < 1 else _of_all(dataset, but)
        if query is not None:
            return _box(query, [])
    body, bound = body_of(dataset, where, as_of)
    shape = sql.Identifier(dataset.geometry)
    if but:
        boxes = [sql.SQL("{} && {}").format(shape, _envelope(box)) for box in but]
        body = sql.SQL("FROM (SELECT {} {}) v WHERE NOT ({})").format(shape, body, sql.SQL(" OR ").join(boxes))
    return _box(
        sql.SQL("{} {}").format(_middle(shape, share) if share < 1 else AROUND.format(shape=shape), body), bound
    )


def _box(query: sql.Composable, bound: Sequence[Any]) -> Box | None:
    box = fetch(query, bound)[0]
    return (box["w"], box["s"], box["e"], box["n"]) if box["w"] is not None else None


def _middle(shape: sql.Composable, share: float) -> sql.Composable:
    return MIDDLE.format(shape=shape, low=sql.Literal((1 - share) / 2), high=sql.Literal((1 + share) / 2))


def _envelope(box: Box) -> sql.Composed:
    return sql.SQL("ST_MakeEnvelope({}, 4326)").format(sql.SQL(", ").join(map(sql.Literal, box)))


def _of_all(dataset: Dataset, but: Sequence[Box]) -> sql.Composable:
    apart = [sql.SQL("NOT shape && ST_Transform({}, 3857)").format(_envelope(box)) for box in but]
    farthest = [
        sql.SQL("(SELECT ref FROM {tiles} WHERE {apart} ORDER BY shape <#> {side} LIMIT {most})").format(
            tiles=published.tile_table(dataset),
            apart=sql.SQL(" AND ").join([sql.SQL("true"), *apart]),
            side=sql.SQL("ST_SetSRID(ST_MakeLine(ST_MakePoint({}), ST_MakePoint({})), 3857)").format(*side),
            most=sql.Literal(FARTHEST),
        )
        for side in SIDES
    ]
    return sql.SQL("{around} FROM {view} v WHERE v.until_revision IS NULL AND v.ref IN ({farthest})").format(
        around=AROUND.format(shape=sql.Identifier("v", str(dataset.geometry))),
        view=published.view(dataset),
        farthest=sql.SQL(" UNION ").join(farthest),
    )


def _of_sample(dataset: Dataset, share: float) -> sql.Composable | None:
    """The middle of some of very many rows; None where all can be read."""
    kept = kept_lines(dataset, ALL, (), None)
    total = kept[""][0]["count"] if kept else 0
    if total <= SAMPLE:
        return None
    corner = sql.SQL("ST_Transform(ST_SetSRID(ST_MakePoint({}, {}), 3857), 4326)")
    low, high = corner.format(*map(sql.Identifier, "ws")), corner.format(*map(sql.Identifier, "en"))
    return sql.SQL(
        "SELECT ST_X({low}) AS w, ST_Y({low}) AS s, ST_X({high}) AS e, ST_Y({high}) AS n"
        " FROM ({middle} FROM {tiles} TABLESAMPLE SYSTEM ({percent}) REPEATABLE (1)) b"
    ).format(
        low=low,
        high=high,
        middle=_middle(sql.SQL("shape"), share),
        tiles=published.tile_table(dataset),
        percent=sql.Literal(100 * SAMPLE / total),
    )
