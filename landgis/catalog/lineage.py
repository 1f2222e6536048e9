"""What a feature was before, and what it came from or became: read from the rows in force and past ones.

Only what is public by today's policy is compared, counted or named. Which features followed which is taken from the
ground: those that ended and those that began with one revision on the same land.
"""

from dataclasses import dataclass
from typing import Any

from psycopg import sql

from landgis.catalog import published
from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.queries import ABOUT_REVISION, fetch, public_columns

LEAST_SHARE = 0.05  # of the smaller of two areas; less is a boundary that was drawn more exactly
MOST_NAMED = 20


@dataclass(frozen=True)
class Change:
    """A public field (None: the geometry) with its value before and after; of a geometry what is measured, in m² or m."""

    field: Field | None
    before: Any
    after: Any


@dataclass(frozen=True)
class Version:
    """A feature as it stood from one revision to another, and what had changed since the version before it."""

    row: dict[str, Any]
    changes: list[Change]
    is_first: bool
    is_back: bool  # it had not been public or in force just before


@dataclass(frozen=True)
class Relative:
    """A feature of the same dataset from which another came, or that followed it, with the revision of the passage."""

    ref: str
    title: str
    is_as_given: bool  # the title is in the office's own words
    revision: int
    is_in_force: bool


def versions(dataset: Dataset, ref: str) -> list[Version]:
    """Every public version of a ref, the newest first."""
    shape = sql.Identifier(str(dataset.geometry))
    drawn = sql.SQL(", md5(ST_AsBinary({})) AS shape").format(shape) if dataset.geometry else sql.SQL("")
    names = dict.fromkeys([*public_columns(dataset), *ABOUT_REVISION, "until_revision"])
    query = sql.SQL("SELECT {columns}{drawn} FROM {view} WHERE ref = %s ORDER BY from_revision").format(
        columns=sql.SQL(", ").join(map(sql.Identifier, names)), drawn=drawn, view=published.view(dataset)
    )
    rows = fetch(query, [ref])
    found = []
    for before, row in zip([None, *rows], rows, strict=False):
        is_back = before is not None and before["until_revision"] != row["from_revision"]
        found.append(Version(row, _changes(dataset, before, row) if before else [], before is None, is_back))
    return found[::-1]


def _changes(dataset: Dataset, before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    found = [
        Change(field, before[field.name], after[field.name])
        for field in dataset.public_fields
        if before[field.name] != after[field.name]
    ]
    if dataset.geometry and before["shape"] != after["shape"]:
        measure = dataset.geometry_kind.measure
        sizes = (before[measure.column], after[measure.column]) if measure else (None, None)
        found.append(Change(None, *sizes))
    return found


def predecessors(dataset: Dataset, ref: str) -> list[Relative]:
    """Features that ended when this one began or changed, on ground that it has since."""
    return _relatives(
        dataset,
        ref,
        sql.SQL("own.from_revision = v.until_revision"),
        # It ended then, and did not merely change.
        sql.SQL("w.from_revision = v.until_revision"),
        sql.SQL("v.until_revision"),
    )


def successors(dataset: Dataset, ref: str) -> list[Relative]:
    """Features that began or changed when this one ended, on ground that was its own."""
    return _relatives(
        dataset,
        ref,
        sql.SQL("own.until_revision = v.from_revision AND own.is_last"),
        sql.SQL("false"),
        sql.SQL("v.from_revision"),
    )


def _relatives(dataset: Dataset, ref: str, passage: sql.SQL, goes_on: sql.SQL, revision: sql.SQL) -> list[Relative]:
    """Those whose passage fits and whose ground is the same; `goes_on` finds rows that rule a feature out."""
    if not dataset.geometry_kind.covers:
        return []
    named = dict.fromkeys([dataset.title_field, *dataset.numbers.fields, *dataset.search.codes])
    query = sql.SQL(
        "WITH own AS MATERIALIZED (SELECT from_revision, until_revision, {shape} AS shape,"
        " row_number() OVER (ORDER BY from_revision DESC) = 1 AS is_last FROM {view} WHERE ref = %s)"
        " SELECT DISTINCT ON (v.ref) v.ref, {revision} AS revision, jsonb_build_object({values}) AS values,"
        " EXISTS (SELECT FROM {view} n WHERE n.ref = v.ref AND n.until_revision IS NULL) AS is_in_force"
        " FROM own JOIN {view} v ON {passage} AND v.ref <> %s AND v.{shape} && own.shape"
        " WHERE NOT EXISTS (SELECT FROM {view} w WHERE w.ref = v.ref AND {goes_on})"
        " AND ST_Area(ST_Intersection(v.{shape}, own.shape)) > {least} * least(ST_Area(v.{shape}), ST_Area(own.shape))"
        " ORDER BY v.ref, revision DESC LIMIT {most}"
    ).format(
        shape=sql.Identifier(str(dataset.geometry)),
        view=published.view(dataset),
        revision=revision,
        passage=passage,
        goes_on=goes_on,
        least=sql.Literal(LEAST_SHARE),
        most=sql.Literal(MOST_NAMED),
        values=sql.SQL(", ").join(
            sql.SQL("{}::text, v.{}").format(sql.Literal(name), sql.Identifier(name)) for name in named
        ),
    )
    return [_relative(dataset, row) for row in fetch(query, [ref, ref])]


def _relative(dataset: Dataset, row: dict[str, Any]) -> Relative:
    named = {"ref": row["ref"], **row["values"]}
    is_as_given = dataset.has_own_name(named)
    return Relative(row["ref"], dataset.title_of(named), is_as_given, row["revision"], row["is_in_force"])
