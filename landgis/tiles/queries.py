"""One vector tile, one query: Mapbox Vector Tile bytes written by PostGIS.

OFFSET 0 keeps the outer condition outside: pushed inside, it would draw every feature twice.
"""

from typing import Any

from psycopg import sql

from landgis.catalog import label_room, published
from landgis.catalog.clusters import FeatureCluster, clusters
from landgis.catalog.dataset import BOUNDARY, OUTLINE, Dataset
from landgis.catalog.geometry_kinds import extent_of
from landgis.catalog.queries import body_of, fetch
from landgis.catalog.value_types import type_of
from landgis.lib.filters import ALL, Filter
from landgis.lib.webmap import EQUATOR_M, degrees
from landgis.tiles import generalised
from landgis.tiles.envelope import BUFFER, EXTENT, LARGEST, box_sql, cut, points, tile_of

NEAR_FROM = 12  # the zoom (`_near_from`); farther out tiles are light: no ids beside the refs (random numbers cannot be compressed),
HEAPED_TO = 9  # the zoom; farther out one point stands for all of a pixel that look alike, and says how many
FINEST_PX = 0.5  # and no bend that is smaller than this, of 512 a tile
SMALLEST_PX = 3  # of 256 a tile: what is smaller is drawn as a point or drawn out, or it would vanish
SHAPE, PLACE = sql.Identifier("shape"), sql.Identifier("place")


def tile(dataset: Dataset, z: int, x: int, y: int, where: Filter = ALL, *, as_of: int | None = None) -> bytes:
    """The tile as bytes, empty when nothing lies in it. A layer named as the dataset, and one for its labels.

    Features are ordered by ref, so that the same features always give the same bytes. What
    would be smaller than a few pixels comes as its kind has it: an area as a point inside it, a line drawn out. Far out one
    point stands for all of a pixel. Made-up features say so. Below the zoom from which
    features are drawn the tile holds their sheets or blocks (`tiles.generalised`), and farther out their counts; where they are gathered, their
    clusters beside them. No more than `LARGEST` bytes where the ground of the dataset can stand for features, but for a past state.
    """
    if z in dataset.map.tiles.generalised_zooms:
        return generalised.tile(dataset, z, x, y, where, count_layer(dataset))
    if z < dataset.map.tiles.minzoom:
        return _counts(dataset, z, x, y, where, as_of)
    body = _features(dataset, z, x, y, where, as_of)
    if dataset.map.tiles.sheets_by and as_of is None and len(body) > LARGEST:
        return _crowded(dataset, z, x, y, where)
    if body and z >= label_zoom(dataset):
        labels = _labels(dataset, z, x, y, where, as_of)
        body += labels if len(body) + len(labels) <= LARGEST else b""  # whoever clicks is told the name all the same
    return body + _counts(dataset, z, x, y, where, as_of) if body and z in dataset.map.tiles.cluster_zooms else body


def _crowded(dataset: Dataset, z: int, x: int, y: int, where: Filter) -> bytes:
    """What stands for features that would be too many bytes: their ground, and the number of those whose places lie in the tile."""
    rows, bound = _rows(dataset, [], where, None)
    number = generalised.summed(count_layer(dataset), z, x, y, rows, bound, sql.SQL("count(*)"))
    return (generalised.coarser(dataset, z, x, y, where) or b"") + number


def holds_any(dataset: Dataset, z: int, x: int, y: int, where: Filter = ALL, *, as_of: int | None = None) -> bool:
    """Whether the tile would hold anything; looks no further than at the first feature in it."""
    if z in dataset.map.tiles.generalised_zooms:
        return generalised.holds_any(dataset, z, x, y, where)
    if z < dataset.map.tiles.minzoom:
        return any(tile_of(one.x, one.y, z) == (x, y) for one in clusters(dataset, z, where, as_of=as_of))
    drawn, _order, bound = _drawn(dataset, z, where, as_of)
    query = sql.SQL("{} SELECT EXISTS (SELECT FROM ({} OFFSET 0) t WHERE shape IS NOT NULL) AS holds").format(
        box_sql(z), drawn
    )
    return bool(fetch(query, [x, y, x, y, *bound])[0]["holds"])


def label_zoom(dataset: Dataset) -> int:
    """From where on tiles hold the places of labels: the last zoom serves all that are nearer."""
    return min(dataset.map.style.label_from, dataset.map.tiles.maxzoom)


def label_layer(dataset: Dataset) -> str:
    """The name of the layer of labels: a point inside each feature, in the one tile in which it lies.

    An area is cut by tiles, and would have its name in each of them.
    """
    return f"{dataset.name}-labels"


def count_layer(dataset: Dataset) -> str:
    """The name of the layer of counts: a point that says how many features it stands for."""
    return f"{dataset.name}-counts"


def count_tiles(dataset: Dataset, z: int, where: Filter = ALL) -> set[tuple[int, int]]:
    """Column and row of each tile of a zoom that holds a cluster."""
    return {tile_of(one.x, one.y, z) for one in clusters(dataset, z, where)}


def _counts(dataset: Dataset, z: int, x: int, y: int, where: Filter, as_of: int | None) -> bytes:
    """The clusters (landgis/catalog/clusters.py) whose points lie in the tile: each in one tile only."""
    some = [one for one in clusters(dataset, z, where, as_of=as_of) if tile_of(one.x, one.y, z) == (x, y)]
    if not some:
        return b""
    columns: dict[str, tuple[list[Any], str]] = {
        "value" if dataset.map.tiles.counts_by else "ref": ([one.about for one in some], "text"),
        "number": ([one.number for one in some], "bigint"),
        "least": ([one.least for one in some], "bigint"),
        "together": ([one.together if one.number > 1 else None for one in some], "text"),
        "opens": ([one.opens for one in some], "int"),
        "box": ([",".join(f"{part:.6f}" for part in _degrees(one)) for one in some], "text"),
        "is_made_up": ([one.is_made_up or None for one in some], "boolean"),
        "x": ([one.x for one in some], "float"),
        "y": ([one.y for one in some], "float"),
    }
    return points(count_layer(dataset), z, x, y, columns)


def _degrees(one: FeatureCluster) -> tuple[float, ...]:
    """West, south, east, north of all that a cluster stands for."""
    west, south, east, north = one.box
    return (*degrees(west, south), *degrees(east, north))


def _labels(dataset: Dataset, z: int, x: int, y: int, where: Filter, as_of: int | None) -> bytes:
    columns, told_room = list(dict.fromkeys(dataset.label_fields)), label_room.columns(dataset)
    rows, bound = _rows(dataset, columns, where, as_of)
    query = sql.SQL(
        "{box}, r AS MATERIALIZED (SELECT ref{columns}, is_made_up, place{shape} FROM {rows}, b WHERE shape && b.tile)"
        " SELECT ST_AsMVT(t, {name}, {extent}, 'place') AS tile FROM ("
        "SELECT ref{told}{told_room}, nullif(is_made_up, false) AS is_made_up,"
        " ST_AsMVTGeom(place, b.tile, {extent}, 0, true) AS place"
        " FROM r, b{room} WHERE place && b.tile ORDER BY ref OFFSET 0) t WHERE place IS NOT NULL"
    ).format(
        shape=sql.SQL(", shape" if told_room else ""),
        told_room=_columns(list(told_room)),
        room=sql.SQL(", {}").format(label_room.room(dataset)) if told_room else sql.SQL(""),
        box=box_sql(z),
        extent=sql.Literal(EXTENT),
        name=sql.Literal(label_layer(dataset)),
        columns=_columns(columns),
        told=_told(dataset, columns),
        rows=rows,
    )
    return cut(query, x, y, bound)


def _features(dataset: Dataset, z: int, x: int, y: int, where: Filter, as_of: int | None) -> bytes:
    drawn, order, bound = _drawn(dataset, z, where, as_of)
    query = sql.SQL(
        "{box} SELECT ST_AsMVT(t, {name}, {extent}, 'shape'{id}) AS tile"
        " FROM ({drawn} ORDER BY {order} OFFSET 0) t WHERE shape IS NOT NULL"
    ).format(
        box=box_sql(z),
        name=sql.Literal(dataset.name),
        extent=sql.Literal(EXTENT),
        id=sql.SQL(", 'feature_id'") if z >= _near_from(dataset) else sql.SQL(""),
        drawn=drawn,
        order=order,
    )
    return cut(query, x, y, bound)


def _drawn(dataset: Dataset, z: int, where: Filter, as_of: int | None) -> tuple[sql.Composed, sql.Composed, list[Any]]:
    """SELECT of the features of a tile in the units of the tile, and their order; `shape` is NULL of what lies outside."""
    columns = [field.name for field in dataset.tile_fields if z >= (field.tile_from or 0)]
    smallest = EQUATOR_M / 2**z / 256 * SMALLEST_PX
    finest = EQUATOR_M / 2**z / 512 * FINEST_PX
    is_near = z >= _near_from(dataset)
    seen = sql.SQL("shape" if is_near else "ST_SimplifyPreserveTopology(shape, {})").format(sql.Literal(finest))
    rows, bound = _rows(dataset, columns, where, as_of)
    told, order = _told(dataset, columns), sql.Composed([sql.SQL("ref")])
    if z in heaped_zooms(dataset):
        rows = _heaped(rows, _columns(columns), smallest, EQUATOR_M / 2**z / 512)
        told, order = told + sql.SQL(", number"), sql.SQL("ref, place, is_made_up") + _columns(columns)
    drawn = sql.SQL(
        "SELECT {id_column}ref{told}, nullif(is_made_up, false) AS is_made_up, ST_AsMVTGeom(CASE"
        " WHEN {size} < {smallest} THEN {small} ELSE {seen} END, b.tile, {extent}, {buffer}) AS shape"
        " FROM {rows}, b WHERE shape && b.box"
    ).format(
        extent=sql.Literal(EXTENT),
        buffer=sql.Literal(BUFFER),
        size=extent_of(SHAPE),
        smallest=sql.Literal(smallest),
        small=dataset.geometry_kind.small(SHAPE, PLACE, smallest),
        seen=seen,
        told=told,
        rows=rows,
        id_column=sql.SQL("feature_id, ") if is_near else sql.SQL(""),
    )
    return drawn, order, bound


def _near_from(dataset: Dataset) -> int:
    """What is generalised before has its fullest tiles at the first zoom of its features, which are light too."""
    plan = dataset.map.tiles
    return max(NEAR_FROM, plan.minzoom + 1) if plan.sheets_by else NEAR_FROM


def heaped_zooms(dataset: Dataset) -> range:
    """Where one point stands for all of a pixel. What holds others stays itself, and what clusters say is not said twice."""
    plan, is_holder = dataset.map.tiles, dataset.map.style.kind in (OUTLINE, BOUNDARY)
    has_own = any(field.name == "number" for field in dataset.tile_fields)
    is_told = is_holder or has_own or bool(plan.cluster_zooms) or not dataset.geometry_kind.shrinks_to_point
    return range(plan.minzoom, plan.minzoom if is_told else HEAPED_TO)


def _heaped(rows: sql.Composable, columns: sql.Composable, smallest: float, pixel_m: float) -> sql.Composed:
    """The rows with one for all that would be dots on the same pixel: without a ref where it stands for several.

    What is made up is not put with what is not: it is told, and over a real base map it is not drawn.
    """
    return sql.SQL(
        "(WITH s AS MATERIALIZED (SELECT ref{columns}, is_made_up, shape, place, {size} < {smallest} AS is_dot"
        " FROM {rows}, b WHERE shape && b.box)"
        " SELECT ref{columns}, NULL::bigint AS number, is_made_up, shape, place FROM s WHERE NOT is_dot"
        " UNION ALL SELECT CASE WHEN count(*) = 1 THEN min(ref) END{columns}, nullif(count(*), 1), is_made_up,"
        " spot, spot FROM (SELECT ref{columns}, is_made_up, ST_SnapToGrid(place, {pixel}) AS spot FROM s WHERE is_dot) d"
        " GROUP BY spot, is_made_up{columns}) h"
    ).format(
        columns=columns,
        rows=rows,
        size=extent_of(SHAPE),
        smallest=sql.Literal(smallest),
        pixel=sql.Literal(pixel_m),
    )


def _rows(dataset: Dataset, columns: list[str], where: Filter, as_of: int | None) -> tuple[sql.Composable, list[Any]]:
    """Where the features of a tile are read: the tile table, or the view for a filter or a past state."""
    if as_of is None and where == ALL:
        return published.tile_rows_now(dataset), []
    body, bound = body_of(dataset, where, as_of)
    rows = sql.SQL(
        "(SELECT feature_id, ref{columns}, is_made_up, ST_Transform({shape}, 3857) AS shape,"
        " ST_Transform({place}, 3857) AS place {body}) v"
    ).format(
        columns=_columns(columns),
        shape=sql.Identifier(str(dataset.geometry)),
        place=dataset.geometry_kind.place_of(sql.Identifier(str(dataset.geometry))),
        body=body,
    )
    return rows, bound


def _columns(names: list[str]) -> sql.Composed:
    """The columns behind the first ones of a SELECT."""
    return sql.SQL("").join(sql.SQL(", {}").format(sql.Identifier(name)) for name in names)


def _told(dataset: Dataset, names: list[str]) -> sql.Composed:
    """The same as tiles tell them: PostGIS would write decimals as texts."""
    return sql.SQL("").join(
        sql.SQL(", {name}::float8 AS {name}" if type_of(dataset.model_field(name)) == "number" else ", {name}").format(
            name=sql.Identifier(name)
        )
        for name in names
    )
