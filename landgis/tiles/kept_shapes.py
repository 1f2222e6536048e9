"""Tiles of features whose shapes are kept beside their rows (`catalog.drawn`): one statement a zoom, which moves them to their places.

What reaches far beyond the tile is cut off; all else is whole, which costs less than cutting it.
"""

from functools import cache

from psycopg import sql

from landgis.catalog import drawn, label_room, published
from landgis.catalog.dataset import Dataset
from landgis.catalog.drawn import EXTENT
from landgis.catalog.queries import fetch_prepared, text_of
from landgis.tiles.envelope import BUFFER
from landgis.tiles.layers import columns_of, label_layer, label_zoom, listed, told

FAR = 0.25  # of a tile's side

BOX = sql.SQL(
    "WITH b AS MATERIALIZED (SELECT ST_TileEnvelope({z}, x, y) AS tile, ST_TileEnvelope({z}, x, y, margin => {margin}) AS box,"
    " ST_TileEnvelope({z}, x, y, margin => {far}) AS near, -x * {extent} AS east, y * {extent} AS north,"
    " ST_MakeEnvelope(x * {extent}, -(y + 1) * {extent}, (x + 1) * {extent}, -y * {extent})::box2d AS units"
    " FROM (SELECT %s::int AS x, %s::int AS y) k)"
)


def features(dataset: Dataset, z: int, x: int, y: int) -> tuple[bytes, bytes]:
    """The layer of the features and that of their labels, each empty where it has nothing."""
    [found] = fetch_prepared(_query(dataset, z), [x, y])
    return bytes(found["tile"]), bytes(found["labels"])


@cache
def _query(dataset: Dataset, z: int) -> str:
    has_labels = z >= label_zoom(dataset) and label_room.is_kept(dataset)
    box = BOX.format(
        z=sql.Literal(z), margin=sql.Literal(BUFFER / EXTENT), far=sql.Literal(FAR), extent=sql.Literal(float(EXTENT))
    )
    query = sql.SQL("{} SELECT {} AS tile, {} AS labels").format(
        box, _features(dataset, z), _labels(dataset) if has_labels else sql.SQL("''::bytea")
    )
    return text_of(query)


def _features(dataset: Dataset, z: int) -> sql.Composed:
    is_near = drawn.is_near(dataset, z)
    return sql.SQL(
        "(SELECT ST_AsMVT(t, {name}, {extent}, 'shape'{id}) FROM (SELECT {id_column}ref{told},"
        " nullif(is_made_up, false) AS is_made_up, CASE WHEN shape @ b.near THEN ST_TransScale({kept}, b.east, b.north, 1, -1)"
        " ELSE ST_AsMVTGeom({kept}, b.units, {extent}, {buffer}) END AS shape"
        " FROM {rows}, b WHERE shape && b.box ORDER BY ref OFFSET 0) t WHERE shape IS NOT NULL)"
    ).format(
        name=sql.Literal(dataset.name),
        extent=sql.Literal(EXTENT),
        id=sql.SQL(", 'feature_id'" if is_near else ""),
        id_column=sql.SQL("feature_id, " if is_near else ""),
        told=told(dataset, columns_of(dataset, z)),
        kept=sql.Identifier(drawn.column(z)),
        buffer=sql.Literal(BUFFER),
        rows=published.tile_rows_now(dataset),
    )


def _labels(dataset: Dataset) -> sql.Composed:
    room = label_room.kept_columns(dataset)
    return sql.SQL(
        "(SELECT ST_AsMVT(t, {name}, {extent}, 'place') FROM (SELECT ref{told}{room}, nullif(is_made_up, false) AS is_made_up,"
        " ST_AsMVTGeom(place, b.tile, {extent}, 0, true) AS place FROM {rows}, b WHERE shape && b.tile AND place && b.tile{fits}"
        " ORDER BY ref OFFSET 0) t WHERE place IS NOT NULL)"
    ).format(
        name=sql.Literal(label_layer(dataset)),
        extent=sql.Literal(EXTENT),
        told=told(dataset, dict.fromkeys(dataset.label_fields)),
        room=listed(room),
        rows=published.tile_rows_now(dataset),
        fits=sql.SQL(" AND {} IS NOT NULL").format(sql.Identifier(label_room.FIRST)) if room else sql.SQL(""),
    )
