"""How far the log is, for followers that keep their position beside what they keep outside of the database."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from landgis.catalog import published
from landgis.catalog.dataset import Dataset
from landgis.changes import followers
from landgis.lib import statements

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Head:
    """The newest revision, and when it was published; the newest tick of a dataset, its moment, and the next moment that is to come.

    Moments are seconds since 1970.
    """

    revision: int
    applied_at: float
    tick: int
    ticked_at: float
    until: float | None


def head(dataset: Dataset) -> Head:
    query = (
        "SELECT coalesce(r.number, 0), coalesce(extract(epoch FROM r.applied_at), 0)::float, coalesce(t.tick, 0),"
        " coalesce(extract(epoch FROM t.at), 0)::float, (SELECT extract(epoch FROM min(i.at)) FROM catalog_instant i"
        " WHERE i.dataset = %(name)s AND i.tick IS NULL)::float FROM (SELECT) one"
        " LEFT JOIN LATERAL (SELECT number, applied_at FROM catalog_revision ORDER BY number DESC LIMIT 1) r ON true"
        " LEFT JOIN LATERAL (SELECT tick, at FROM catalog_instant WHERE dataset = %(name)s AND tick IS NOT NULL"
        " ORDER BY tick DESC LIMIT 1) t ON true"
    )
    return Head(*statements.row(query, {"name": dataset.name}))


def is_of_this_past(revision: int, applied_at: float) -> bool:
    """Whether there is that revision of that moment: after a restore another one may have its number."""
    query = "SELECT extract(epoch FROM applied_at)::float FROM catalog_revision WHERE number = %s"
    return revision == 0 or statements.rows(query, [revision]) == [(applied_at,)]


def touched_boxes(dataset: Dataset, since: tuple[int, int], until: tuple[int, int], *, most: int) -> Sequence[Box]:
    """West, south, east, north in degrees of all that features are and ever were which were touched between two positions.

    A position is (revision, tick). No more than `most` are given.
    """
    refs, bound = followers.touched(dataset, since, until)
    query = sql.SQL(
        "SELECT DISTINCT ST_XMin({shape}), ST_YMin({shape}), ST_XMax({shape}), ST_YMax({shape}) FROM {table}"
        " WHERE {shape} IS NOT NULL AND ref IN ({refs}) LIMIT {most}"
    ).format(
        shape=sql.Identifier(str(dataset.geometry)),
        table=sql.Identifier(dataset.in_force._meta.db_table),
        refs=refs,
        most=sql.Literal(most),
    )
    return statements.rows(query, bound)


def touched_sheets(dataset: Dataset, since: tuple[int, int], until: tuple[int, int]) -> Sequence[Box]:
    """The same of the sheets (`published.generalised`) in which the features are and ever were: all that these cover and covered.

    What a sheet loses lies in one of its features or, where a hole is open now, between them and the rest of it.
    """
    refs, bound = followers.touched(dataset, since, until)
    shape = sql.Identifier("f", str(dataset.geometry))
    place = sql.SQL("ST_Transform({}, 3857)").format(dataset.geometry_kind.place_of(shape))
    query = sql.SQL(
        "WITH t AS MATERIALIZED (SELECT {sheet} AS sheet, ST_Envelope(ST_Transform({shape}, 3857)) AS box FROM {table} f"
        " LEFT JOIN catalog_revision r ON r.number = f.from_revision WHERE {shape} IS NOT NULL AND f.ref IN ({refs})),"
        " boxes AS (SELECT ST_Transform(ST_SetSRID(ST_Extent(b.box), 3857), 4326) AS box FROM (SELECT sheet, box FROM t"
        " UNION ALL SELECT sheet, shape FROM {kept} WHERE kind = {kind} AND sheet IN (SELECT sheet FROM t)) b GROUP BY b.sheet)"
        " SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box) FROM boxes"
    ).format(
        sheet=published.sheet_sql(dataset, "f", place, sql.SQL("r.is_made_up")),
        shape=shape,
        table=sql.Identifier(dataset.in_force._meta.db_table),
        refs=refs,
        kept=published.generalised_table(dataset),
        kind=sql.Literal(published.SHEET),
    )
    return statements.rows(query, bound)
