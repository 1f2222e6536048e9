"""A tile as SQL: its box, what lies round it, and the one way in which a statement is asked for it."""

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from landgis.catalog.drawn import EXTENT
from landgis.catalog.queries import fetch, fetch_prepared
from landgis.lib.webmap import EQUATOR_M, Box

BUFFER = 64
LARGEST = 250_000  # bytes of a tile before it is compressed; what would be more is told by fewer shapes


def box_sql(z: int) -> sql.Composed:
    """WITH of the tile and the box from which its features come, as `b`; column and row are bound, twice."""
    return sql.SQL(
        "WITH b AS MATERIALIZED (SELECT ST_TileEnvelope({z}, %s::int, %s::int) AS tile,"
        " ST_TileEnvelope({z}, %s::int, %s::int, margin => {margin}) AS box)"
    ).format(z=sql.Literal(z), margin=sql.Literal(BUFFER / EXTENT))


def box_of(z: int, x: int, y: int) -> Box:
    """The same box in EPSG:3857."""
    side, half, edge = EQUATOR_M / 2**z, EQUATOR_M / 2, EQUATOR_M / 2**z * BUFFER / EXTENT
    west, north = x * side - half, half - y * side
    return west - edge, north - side - edge, west + side + edge, north + edge


def tile_of(x: float, y: float, z: int) -> tuple[int, int]:
    """Column and row of the tile in which a place of EPSG:3857 lies: on an edge that begins there."""
    side, half = EQUATOR_M / 2**z, EQUATOR_M / 2
    return int((x + half) // side), int((half - y) // side)


def cut(query: sql.Composed | str, x: int, y: int, bound: Sequence[Any]) -> bytes:
    """The tile. Where nothing but its column and row is bound the statement is the same for all of a zoom, and is kept prepared."""
    if isinstance(query, str):
        return bytes(fetch_prepared(query, [x, y, x, y])[0]["tile"])
    ask = fetch if bound else fetch_prepared
    return bytes(ask(query, [x, y, x, y, *bound])[0]["tile"])


def points(layer: str, z: int, x: int, y: int, columns: dict[str, tuple[list[Any], str]]) -> bytes:
    """A layer of points that are known: of each column the values and their type in SQL; the last ones are x and y in EPSG:3857."""
    names = list(map(sql.Identifier, columns))
    query = sql.SQL(
        "SELECT ST_AsMVT(t, {name}, {extent}, 'place') AS tile FROM (SELECT {told},"
        " ST_AsMVTGeom(ST_SetSRID(ST_MakePoint(x, y), 3857), ST_TileEnvelope({z}, {x}, {y}), {extent}, 0, true) AS place"
        " FROM unnest({arrays}) AS c({columns})) t"
    ).format(
        name=sql.Literal(layer),
        extent=sql.Literal(EXTENT),
        z=sql.Literal(z),
        x=sql.Literal(x),
        y=sql.Literal(y),
        told=sql.SQL(", ").join(names[:-2]),
        columns=sql.SQL(", ").join(names),
        arrays=sql.SQL(", ").join(sql.SQL("%s::{}[]").format(sql.SQL(kind)) for _values, kind in columns.values()),
    )
    return bytes(fetch(query, [values for values, _kind in columns.values()])[0]["tile"])
