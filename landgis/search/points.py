"""What lies at points: the map itself, and the public features in force that cover them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from psycopg import sql

from landgis.catalog import contributions, exits, published
from landgis.catalog.addresses import map_address
from landgis.catalog.dataset import Dataset
from landgis.catalog.filters import from_query, to_sql
from landgis.catalog.queries import fetch
from landgis.lib.order import order_key
from landgis.search.hits import Found, Hit

MATCH = "coordinates"
ZOOM = 17
Point = tuple[float, float]


@dataclass(frozen=True)
class Lying:
    """A feature that covers a point, and the legal coordinate system of its document."""

    found: Found
    srid: int | None


def in_known_places(points: Sequence[Point]) -> list[bool]:
    """Whether each point lies in a place that is known; all of them where no places are published."""
    places = [dataset for dataset in _covered() if dataset.search.units]
    return [bool(found) for found in features_at(points, places)] if places else [True for _point in points]


def features_at(points: Sequence[Point], datasets: Sequence[Dataset] | None = None) -> list[list[Lying]]:
    """For each point, longitude and latitude in degrees, the features that cover it, the smallest first."""
    asked = _covered() if datasets is None else datasets
    rows, failed = contributions.together(asked, lambda some: _covering_rows(points, some), "search by place")
    if failed:
        rows.sort(key=lambda row: (row["place"], row["size"], row["dataset"], order_key(row["ref"])))
    found: list[list[Lying]] = [[] for _point in points]
    for row in rows:
        found[row["place"] - 1].append(Lying(Found(row["dataset"], row["ref"], MATCH), row["srid"]))
    return found


def _covering_rows(points: Sequence[Point], datasets: Sequence[Dataset]) -> list[dict[str, Any]]:
    parts, bound = [], []
    lons, lats = [point[0] for point in points], [point[1] for point in points]
    for dataset in datasets:
        part, values = _covering_sql(dataset)
        parts.append(part)
        bound += [lons, lats, *values]
    if not (parts and points):
        return []
    query = sql.SQL(
        "SELECT * FROM ({}) found ORDER BY place, size, dataset, ref COLLATE natural_order LIMIT 200"
    ).format(sql.SQL(" UNION ALL ").join(parts))
    return fetch(query, bound)


def _covered() -> list[Dataset]:
    return [dataset for dataset in exits.datasets("pages") if dataset.geometry_kind.covers]


def _covering_sql(dataset: Dataset) -> tuple[sql.Composable, list[object]]:
    usual, bound = to_sql(dataset, from_query(dataset, {}))
    query = sql.SQL(
        "SELECT p.place, {name} AS dataset, ref, legal_srid AS srid, ST_Area({shape}) AS size"
        " FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY p(lon, lat, place)"
        " JOIN {view} ON ST_Covers({shape}, ST_SetSRID(ST_Point(p.lon, p.lat), 4326))"
        " WHERE until_revision IS NULL AND {usual}"
    ).format(
        name=sql.Literal(dataset.name),
        shape=sql.Identifier(str(dataset.geometry)),
        view=published.view(dataset),
        usual=usual,
    )
    return query, bound


def map_hit(point: Point, *, title: str = "", detail: str = "", zoom: float = ZOOM) -> Hit:
    """A hit that leads to a point of the map; its title is latitude, longitude unless given."""
    lon, lat = point
    return Hit(
        title=title or f"{lat:.6f}, {lon:.6f}",
        kind=_("Point on the map"),
        url=map_address(lon, lat, zoom),
        match=MATCH,
        detail=detail,
        centre=point,
    )
