"""What a picture shows of a dataset: shapes as large as can be seen, a dot for each pixel of what is smaller, names."""

import math
from dataclasses import dataclass
from typing import Any

import shapely
from django.utils.formats import number_format
from psycopg import sql

from landgis.catalog import generalised, label_room, money, published
from landgis.catalog.clusters import FeatureCluster, clusters
from landgis.catalog.dataset import Dataset
from landgis.catalog.geometry_kinds import extent_of
from landgis.catalog.queries import body_in, fetch, named_ground
from landgis.lib.filters import ALL, Filter
from landgis.lib.webmap import View, metres

SMALLEST_PX = 3  # what is smaller is drawn as a dot, or it would not be seen
MOST_NAMES = 150
SHAPE = sql.Identifier("shape")


@dataclass(frozen=True)
class Drawn:
    """Shapes and dots of a dataset in EPSG:3857, each with the code of its colour."""

    shapes: list[tuple[str | None, shapely.Geometry]]
    dots: list[tuple[str | None, float, float]]
    is_made_up: bool


def shapes_in(dataset: Dataset, view: View, where: Filter = ALL, *, as_of: int | None = None) -> Drawn:
    """What of a dataset lies in a view; nothing when the view is farther away than the dataset is drawn."""
    if view.zoom < dataset.map.tiles.minzoom:
        return Drawn([], [], False)
    code = sql.Identifier(dataset.map.style.colour_by) if dataset.map.style.colour_by else sql.SQL("NULL")
    by = [dataset.map.style.colour_by] if dataset.map.style.colour_by else []
    rows, bound = _rows(dataset, by, view, where, as_of)
    query = sql.SQL(
        "WITH r AS MATERIALIZED (SELECT {code}::text AS code, is_made_up, shape, place,"
        " {shrinks} AND {extent} < {smallest} AS is_small"
        " FROM {rows} WHERE shape && ST_MakeEnvelope({box}, 3857))"
        " SELECT code, coalesce(is_made_up, false) AS is_made_up, ST_AsBinary(ST_Simplify(shape, {half}, true)) AS shape,"
        " NULL::float AS x, NULL::float AS y FROM r WHERE NOT is_small"
        " UNION ALL SELECT DISTINCT code, coalesce(is_made_up, false), NULL::bytea,"
        " round(ST_X(place) / {pixel}) * {pixel}, round(ST_Y(place) / {pixel}) * {pixel} FROM r WHERE is_small"
    ).format(
        code=code,
        rows=rows,
        shrinks=sql.Literal(dataset.geometry_kind.shrinks_to_point),
        extent=extent_of(SHAPE),
        smallest=sql.Literal(view.pixel_m * SMALLEST_PX),
        half=sql.Literal(view.pixel_m / 2),
        pixel=sql.Literal(view.pixel_m),
        box=_box(view),
    )
    found = fetch(query, bound)
    shapes = [(row["code"], shapely.from_wkb(bytes(row["shape"]))) for row in found if row["shape"] is not None]
    dots = [(row["code"], row["x"], row["y"]) for row in found if row["shape"] is None]
    return Drawn(shapes, dots, any(row["is_made_up"] for row in found))


def ground_in(
    dataset: Dataset, view: View, where: Filter = ALL, *, as_of: int | None = None, ratio: float = 1
) -> Drawn:
    """The sheets or blocks (landgis/catalog/generalised.py) that are drawn for the features in a view; none of the past."""
    zooms = dataset.map.tiles.generalised_zooms
    if as_of is not None or not zooms.start <= view.zoom < zooms.stop:
        return Drawn([], [], False)
    rows, bound = generalised.rows(dataset, max(zooms.start, zoom_of(view, ratio)), where, view.box_3857)
    query = sql.SQL(
        "SELECT is_made_up, ST_AsBinary(ST_Simplify(shape, {half}, true)) AS shape FROM {rows}"
        " WHERE shape && ST_MakeEnvelope({box}, 3857)"
    ).format(half=sql.Literal(view.pixel_m / 2), rows=rows, box=_box(view))
    found = fetch(query, bound)
    shapes: list[tuple[str | None, shapely.Geometry]] = [(None, shapely.from_wkb(bytes(row["shape"]))) for row in found]
    return Drawn(shapes, [], any(row["is_made_up"] for row in found))


def counts(
    dataset: Dataset, view: View, where: Filter = ALL, *, as_of: int | None = None, ratio: float = 1, around: float = 0
) -> list[FeatureCluster]:
    """What stands for many features (landgis/catalog/clusters.py), in a view and the `around` pixels beside it, the largest
    first; `ratio` is pixels of the view for one of the map.

    Nothing where the features are told apart, and farther out than the tiles hold counts.
    """
    zooms = dataset.map.tiles.cluster_zooms
    if not zooms.start <= view.zoom < zooms.stop:
        return []
    # As the live map, which would be farther away and draws the tiles of the whole zoom below.
    zoom = max(zooms.start, zoom_of(view, ratio))
    west, south, east, north = view.box_3857
    beside = around * view.pixel_m
    return [
        one
        for one in clusters(dataset, zoom, where, as_of=as_of)
        if west - beside < one.x < east + beside and south - beside < one.y < north + beside
    ]


@dataclass(frozen=True)
class Name:
    """A text of one or several lines, where it stands (EPSG:3857), and by how many degrees it turns to the right."""

    text: str
    x: float
    y: float
    turn: int = 0


def names(
    dataset: Dataset, view: View, where: Filter = ALL, *, as_of: int | None = None, ratio: float = 1
) -> list[Name]:
    """The labels of the features in a view, the largest feature first.

    Those that need room (landgis/catalog/label_room.py) have it, at the whole zoom of which the live map would draw the
    tiles; `ratio` is pixels of the view for one of the map.
    """
    if view.zoom < max(dataset.map.style.label_from, dataset.map.tiles.minzoom):
        return []
    fields, told_room = list(dict.fromkeys(dataset.label_fields)), label_room.columns(dataset)
    rows, bound = _rows(dataset, fields, view, where, as_of)
    zoom = zoom_of(view, ratio)
    query = sql.SQL(
        "SELECT * FROM (SELECT {told}, ST_X(place) AS x, ST_Y(place) AS y, ST_Area(ST_Envelope(shape)) AS size{told_room}"
        " FROM {rows}{room} WHERE shape && ST_MakeEnvelope({box}, 3857)) n"
        " WHERE {name} IS NOT NULL{fits} ORDER BY size DESC, {name} LIMIT {most}"
    ).format(
        told=sql.SQL(", ").join(map(sql.Identifier, fields)),
        told_room=sql.SQL("").join(sql.SQL(", room.{}").format(sql.Identifier(name)) for name in told_room),
        rows=rows,
        room=sql.SQL(", {}").format(label_room.room(dataset)) if told_room else sql.SQL(""),
        box=_box(view),
        name=sql.Identifier(fields[0]),
        fits=sql.SQL(" AND fits_from <= {}").format(sql.Literal(zoom)) if told_room else sql.SQL(""),
        most=sql.Literal(MOST_NAMES),
    )
    return [
        Name(_label(dataset, row, zoom), row["x"], row["y"], row.get(label_room.TURN, 0)) for row in fetch(query, bound)
    ]


def zoom_of(view: View, ratio: float) -> int:
    """The whole zoom of the tiles of which the live map would draw a view with `ratio` pixels for one of the map."""
    return math.floor(view.zoom - math.log2(ratio))


def _label(dataset: Dataset, row: dict[str, Any], zoom: int) -> str:
    """Its lines; of one that needs room for them the first alone where there is none."""
    whole = row.get(label_room.WHOLE, zoom)
    fields = dataset.label_fields if whole is not None and whole <= zoom else dataset.label_fields[:1]
    return "\n".join(filter(None, (_line(dataset, name, row[name]) for name in fields)))


def _line(dataset: Dataset, name: str, value: Any) -> str:
    if not dataset.is_number(name):
        # A text as far as its first comma: what follows says where it is, which the picture shows.
        return str(value or "").partition(",")[0]
    if not value:
        return ""
    unit = dataset.field(name).unit
    return money.short_amount(value) if unit is money.UNIT else f"{number_format(value, force_grouping=True)} {unit}"


def holders(dataset: Dataset, by: str, where: Filter = ALL, *, as_of: int | None = None) -> list[Name]:
    """What the features name in a field, with the place (EPSG:3857) of the one in the middle of those that name it."""
    return [Name(one.name, *metres(*one.place)) for one in named_ground(dataset, by, where, as_of=as_of)]


def _rows(
    dataset: Dataset, columns: list[str], view: View, where: Filter, as_of: int | None
) -> tuple[sql.Composable, list[Any]]:
    """The tile table; for a filter or a past state what the dataset's view has in this one."""
    if as_of is None and where == ALL and set(columns) <= {field.name for field in dataset.tile_fields}:
        return published.tile_rows_now(dataset), []
    body, bound = body_in(dataset, where, as_of, view.box_3857)
    listed = sql.SQL("").join(sql.SQL("{}, ").format(sql.Identifier(name)) for name in columns)
    shape = sql.Identifier(str(dataset.geometry))
    rows = sql.SQL(
        "(SELECT {columns}is_made_up, ST_Transform({shape}, 3857) AS shape, ST_Transform({place}, 3857) AS place {body}) v"
    ).format(columns=listed, shape=shape, place=dataset.geometry_kind.place_of(shape), body=body)
    return rows, bound


def _box(view: View) -> sql.Composed:
    return sql.SQL(", ").join(sql.Literal(side) for side in view.box_3857)
