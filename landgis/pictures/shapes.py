"""What a picture shows of a dataset: shapes as large as can be seen, a dot for each pixel of what is smaller, names."""

import math
from dataclasses import dataclass
from typing import Any

import shapely
from psycopg import sql

from landgis.catalog import published
from landgis.catalog.clusters import FeatureCluster, clusters
from landgis.catalog.dataset import Dataset
from landgis.catalog.geometry_kinds import extent_of
from landgis.catalog.queries import body_of, fetch, named_ground
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
    rows, bound = _rows(dataset, [dataset.map.style.colour_by] if dataset.map.style.colour_by else [], where, as_of)
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
    zoom = max(zooms.start, math.floor(view.zoom - math.log2(ratio)))
    west, south, east, north = view.box_3857
    beside = around * view.pixel_m
    return [
        one
        for one in clusters(dataset, zoom, where, as_of=as_of)
        if west - beside < one.x < east + beside and south - beside < one.y < north + beside
    ]


def names(
    dataset: Dataset, view: View, where: Filter = ALL, *, as_of: int | None = None
) -> list[tuple[str, float, float]]:
    """Names of the features in a view and where they stand (EPSG:3857), the largest feature first."""
    if view.zoom < max(dataset.map.style.label_from, dataset.map.tiles.minzoom):
        return []
    name = dataset.label_fields[0]
    rows, bound = _rows(dataset, [name], where, as_of)
    query = sql.SQL(
        "SELECT {name}::text AS name, ST_X(place) AS x, ST_Y(place) AS y FROM ("
        "SELECT {name}, ST_Area(ST_Envelope(shape)) AS size, place FROM {rows}"
        " WHERE shape && ST_MakeEnvelope({box}, 3857)) n WHERE {name} IS NOT NULL ORDER BY size DESC, 1 LIMIT {most}"
    ).format(
        name=sql.Identifier(name),
        rows=rows,
        box=_box(view),
        most=sql.Literal(MOST_NAMES),
    )
    # A text as far as its first comma: what follows says where it is, which the picture shows.
    return [(row["name"].partition(",")[0], row["x"], row["y"]) for row in fetch(query, bound)]


def holders(
    dataset: Dataset, by: str, where: Filter = ALL, *, as_of: int | None = None
) -> list[tuple[str, float, float]]:
    """What the features name in a field, with the place (EPSG:3857) of the one in the middle of those that name it."""
    return [(one.name, *metres(*one.place)) for one in named_ground(dataset, by, where, as_of=as_of)]


def _rows(dataset: Dataset, columns: list[str], where: Filter, as_of: int | None) -> tuple[sql.Composable, list[Any]]:
    """The tile table; the view for a filter or a past state."""
    if as_of is None and where == ALL and set(columns) <= {field.name for field in dataset.tile_fields}:
        return published.tile_rows_now(dataset), []
    body, bound = body_of(dataset, where, as_of)
    listed = sql.SQL("").join(sql.SQL("{}, ").format(sql.Identifier(name)) for name in columns)
    shape = sql.Identifier(str(dataset.geometry))
    rows = sql.SQL(
        "(SELECT {columns}is_made_up, ST_Transform({shape}, 3857) AS shape, ST_Transform({place}, 3857) AS place {body}) v"
    ).format(columns=listed, shape=shape, place=dataset.geometry_kind.place_of(shape), body=body)
    return rows, bound


def _box(view: View) -> sql.Composed:
    return sql.SQL(", ").join(sql.Literal(side) for side in view.box_3857)
