"""Where rows of a dataset lie that name something together: themselves, or what they stand for on maps."""

from dataclasses import dataclass

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.catalog.queries.database import fetch
from landgis.catalog.queries.pieces import body_of
from landgis.lib.filters import Filter
from landgis.lib.webmap import Box


@dataclass(frozen=True)
class NamedGround:
    """What the rows name, the box round them, and the place on that one in their middle; degrees (EPSG:4326)."""

    name: str
    box: Box
    place: tuple[float, float]


def named_ground(dataset: Dataset, by: str, where: Filter, *, as_of: int | None = None) -> list[NamedGround]:
    """Of the public rows, by what they have in the column `by`, in the order of these names; none without a geometry."""
    if not dataset.geometry:
        return []
    body, bound = body_of(dataset, where, as_of)
    shape = sql.Identifier(dataset.geometry)
    query = sql.SQL(
        "WITH r AS (SELECT {by}::text AS name, {shape} AS shape, {place} AS place {body}),"
        " m AS (SELECT name, ST_Extent(shape) AS box, ST_Centroid(ST_Collect(place)) AS middle FROM r GROUP BY name)"
        " SELECT DISTINCT ON (name) name, ST_XMin(box) AS west, ST_YMin(box) AS south, ST_XMax(box) AS east,"
        " ST_YMax(box) AS north, ST_X(place) AS lon, ST_Y(place) AS lat FROM r JOIN m USING (name)"
        " ORDER BY name, ST_Distance(place, middle), ST_X(place), ST_Y(place)"
    ).format(by=sql.Identifier(by), shape=shape, place=dataset.geometry_kind.place_of(shape), body=body)
    return [
        NamedGround(
            row["name"], (row["west"], row["south"], row["east"], row["north"]), (float(row["lon"]), float(row["lat"]))
        )
        for row in fetch(query, bound)
    ]
