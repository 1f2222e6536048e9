"""One vector tile, one query: Mapbox Vector Tile bytes written by PostGIS.

OFFSET 0 keeps the outer condition outside: pushed inside, it would draw every feature twice.
"""

from typing import Any

from psycopg import sql

from landgis.catalog import drawn, label_room, published
from landgis.catalog.clusters import FeatureCluster, clusters
from landgis.catalog.dataset import BOUNDARY, OUTLINE, Dataset
from landgis.catalog.drawn import EXTENT
from landgis.catalog.geometry_kinds import extent_of
from landgis.catalog.queries import body_in, fetch
from landgis.lib.filters import ALL, Filter
from landgis.lib.webmap import EQUATOR_M, Box, degrees
from landgis.tiles import generalised, kept_shapes, layers
from landgis.tiles.envelope import BUFFER, LARGEST, box_of, box_sql, cut, points, tile_of
from landgis.tiles.layers import columns_of, count_layer, label_layer, label_zoom, listed

HEAPED_TO = 9  # the zoom; farther out one point stands for all of a pixel that look alike, and says how many


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
    is_kept = where == ALL and as_of is None and z in drawn.kept_zooms(dataset)
    body, labels = (
        kept_shapes.features(dataset, z, x, y) if is_kept else (_features(dataset, z, x, y, where, as_of), b"")
    )
    if dataset.map.tiles.sheets_by and as_of is None and len(body) > LARGEST:
        return _crowded(dataset, z, x, y, where)
    if body and z >= label_zoom(dataset):
        labels = labels or _labels(dataset, z, x, y, where, as_of)
        body += labels if len(body) + len(labels) <= LARGEST else b""  # whoever clicks is told the name all the same
    return body + _counts(dataset, z, x, y, where, as_of) if body and z in dataset.map.tiles.cluster_zooms else body


def _crowded(dataset: Dataset, z: int, x: int, y: int, where: Filter) -> bytes:
    """What stands for features that would be too many bytes: their ground, and the number of those whose places lie in the tile."""
    rows, bound = _rows(dataset, [], box_of(z, x, y), where, None)
    number = generalised.summed(count_layer(dataset), z, x, y, rows, bound, sql.SQL("count(*)"))
    return (generalised.coarser(dataset, z, x, y, where) or b"") + number


def holds_any(dataset: Dataset, z: int, x: int, y: int, where: Filter = ALL, *, as_of: int | None = None) -> bool:
    """Whether the tile would hold anything; looks no further than at the first feature in it."""
    if z in dataset.map.tiles.generalised_zooms:
        return generalised.holds_any(dataset, z, x, y, where)
    if z < dataset.map.tiles.minzoom:
        return any(tile_of(one.x, one.y, z) == (x, y) for one in clusters(dataset, z, where, as_of=as_of))
    found, _order, bound = _drawn(dataset, z, x, y, where, as_of)
    query = sql.SQL("{} SELECT EXISTS (SELECT FROM ({} OFFSET 0) t WHERE shape IS NOT NULL) AS holds").format(
        box_sql(z), found
    )
    return bool(fetch(query, [x, y, x, y, *bound])[0]["holds"])


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
    rows, bound = _rows(dataset, columns, box_of(z, x, y), where, as_of)
    query = sql.SQL(
        "{box}, r AS MATERIALIZED (SELECT ref{columns}, is_made_up, place{shape} FROM {rows}, b WHERE shape && b.tile)"
        " SELECT ST_AsMVT(t, {name}, {extent}, 'place') AS tile FROM ("
        "SELECT ref{told}{told_room}, nullif(is_made_up, false) AS is_made_up,"
        " ST_AsMVTGeom(place, b.tile, {extent}, 0, true) AS place"
        " FROM r, b{room} WHERE place && b.tile ORDER BY ref OFFSET 0) t WHERE place IS NOT NULL"
    ).format(
        shape=sql.SQL(", shape" if told_room else ""),
        told_room=listed(list(told_room)),
        room=sql.SQL(", {}").format(label_room.room(dataset)) if told_room else sql.SQL(""),
        box=box_sql(z),
        extent=sql.Literal(EXTENT),
        name=sql.Literal(label_layer(dataset)),
        columns=listed(columns),
        told=layers.told(dataset, columns),
        rows=rows,
    )
    return cut(query, x, y, bound)


def _features(dataset: Dataset, z: int, x: int, y: int, where: Filter, as_of: int | None) -> bytes:
    found, order, bound = _drawn(dataset, z, x, y, where, as_of)
    query = sql.SQL(
        "{box} SELECT ST_AsMVT(t, {name}, {extent}, 'shape'{id}) AS tile"
        " FROM ({drawn} ORDER BY {order} OFFSET 0) t WHERE shape IS NOT NULL"
    ).format(
        box=box_sql(z),
        name=sql.Literal(dataset.name),
        extent=sql.Literal(EXTENT),
        id=sql.SQL(", 'feature_id'") if drawn.is_near(dataset, z) else sql.SQL(""),
        drawn=found,
        order=order,
    )
    return cut(query, x, y, bound)


def _drawn(
    dataset: Dataset, z: int, x: int, y: int, where: Filter, as_of: int | None
) -> tuple[sql.Composed, sql.Composed, list[Any]]:
    """SELECT of the features of a tile in the units of the tile, and their order; `shape` is NULL of what lies outside."""
    columns = columns_of(dataset, z)
    rows, bound = _rows(dataset, columns, box_of(z, x, y), where, as_of)
    told, order = layers.told(dataset, columns), sql.Composed([sql.SQL("ref")])
    if z in heaped_zooms(dataset):
        rows = _heaped(rows, listed(columns), drawn.smallest_m(z), EQUATOR_M / 2**z / 512)
        told, order = told + sql.SQL(", number"), sql.SQL("ref, place, is_made_up") + listed(columns)
    found = sql.SQL(
        "SELECT {id_column}ref{told}, nullif(is_made_up, false) AS is_made_up,"
        " ST_AsMVTGeom({shape}, b.tile, {extent}, {buffer}) AS shape FROM {rows}, b WHERE shape && b.box"
    ).format(
        extent=sql.Literal(EXTENT),
        buffer=sql.Literal(BUFFER),
        shape=drawn.shape_sql(dataset, z),
        told=told,
        rows=rows,
        id_column=sql.SQL("feature_id, ") if drawn.is_near(dataset, z) else sql.SQL(""),
    )
    return found, order, bound


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
        size=extent_of(drawn.SHAPE),
        smallest=sql.Literal(smallest),
        pixel=sql.Literal(pixel_m),
    )


def _rows(
    dataset: Dataset, columns: list[str], box: Box, where: Filter, as_of: int | None
) -> tuple[sql.Composable, list[Any]]:
    """Where the features of a tile are read: the tile table; for a filter or a past state what the view has in the box."""
    if as_of is None and where == ALL:
        return published.tile_rows_now(dataset), []
    body, bound = body_in(dataset, where, as_of, box)
    rows = sql.SQL(
        "(SELECT feature_id, ref{columns}, is_made_up, ST_Transform({shape}, 3857) AS shape,"
        " ST_Transform({place}, 3857) AS place {body}) v"
    ).format(
        columns=listed(columns),
        shape=sql.Identifier(str(dataset.geometry)),
        place=dataset.geometry_kind.place_of(sql.Identifier(str(dataset.geometry))),
        body=body,
    )
    return rows, bound
