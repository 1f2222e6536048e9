"""What a feature was before, and what it came from or became: read from the rows in force and past ones.

Only what is public by today's policy is compared, counted or named. Which features followed which is what splits and
merges say. Of revisions of files it is taken from the ground: those that ended and those that began with one revision on the same
land, or took in land of theirs. Of one that merely changed nothing is said.
"""

from dataclasses import dataclass, replace
from typing import Any

from psycopg import sql

from landgis.catalog import published
from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.queries import ABOUT_REVISION, TakenOut, fetch, public_columns, taken_out_of, taken_out_sql

LEAST_SHARE = 0.05  # of the smaller of two areas; less is a boundary that was drawn more exactly
MOST_NAMED = 20


@dataclass(frozen=True)
class Change:
    """A public field (None: the geometry) with its value before and after; of a geometry what is measured, in m² or m.

    A value that was redacted is empty, and told so by `is_before_redacted` and `is_after_redacted`.
    """

    field: Field | None
    before: Any
    after: Any
    is_before_redacted: bool = False
    is_after_redacted: bool = False


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
    is_said: bool  # by a split or a merge; else by the ground


@dataclass(frozen=True)
class Enclosed:
    """A document that went with the change set of a revision and is shown to readers: its file, and what it is called."""

    name: str
    title: str
    revision: int


@dataclass(frozen=True)
class Lineage:
    """What a feature was before, the newest version first, from which others it came, what was redacted of it, and the
    documents that went with its changes.
    """

    versions: list[Version]
    predecessors: list[Relative]
    taken_out: list[TakenOut]
    enclosed: list[Enclosed]


def lineage(dataset: Dataset, ref: str, *, as_of: int | None = None) -> Lineage:
    """Every public version of a ref and its predecessors, those known by a revision; one question."""
    shape = sql.Identifier(str(dataset.geometry))
    drawn = sql.SQL(", md5(ST_AsBinary({})) AS shape").format(shape) if dataset.geometry else sql.SQL("")
    names = dict.fromkeys([*public_columns(dataset), *ABOUT_REVISION, "until_revision"])
    before, bound = _relatives_sql(dataset, ref, PREDECESSORS, as_of)
    known = sql.SQL(" AND from_revision <= {}").format(sql.Literal(as_of)) if as_of is not None else sql.SQL("")
    query = sql.SQL(
        "SELECT {columns}{drawn}, (SELECT jsonb_agg(to_jsonb(r) ORDER BY r.ref) FROM ({before}) r) AS predecessors,"
        " ({taken_out}) AS taken_out, ({enclosed}) AS enclosed FROM {view} WHERE ref = %s{known} ORDER BY from_revision"
    ).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, names)),
        drawn=drawn,
        before=before,
        taken_out=taken_out_sql(dataset, ref),
        enclosed=_enclosed_sql(dataset, ref, as_of),
        view=published.reported_view(dataset),
        known=known,
    )
    rows = fetch(query, [*bound, ref])
    relatives = rows[-1]["predecessors"] if rows else None
    taken_out = taken_out_of(rows[-1]["taken_out"]) if rows else []
    known_ones = {row["from_revision"] for row in rows}
    taken_out = [replace(one, revisions=one.revisions & known_ones) for one in taken_out if one.revisions & known_ones]
    before_it = [_relative(dataset, row) for row in relatives or []]
    enclosed = [Enclosed(**one) for one in rows[-1]["enclosed"]] if rows else []
    return Lineage(_versions(dataset, rows, taken_out), before_it, taken_out, enclosed)


def _enclosed_sql(dataset: Dataset, ref: str, as_of: int | None) -> sql.Composable:
    """SELECT of the documents that readers see of a feature, the newest first, as one JSON list."""
    known = sql.SQL(" AND e.revision <= {}").format(sql.Literal(as_of)) if as_of is not None else sql.SQL("")
    return sql.SQL(
        "SELECT coalesce(jsonb_agg(jsonb_build_object('name', e.name, 'title', e.title, 'revision', e.revision)"
        " ORDER BY e.revision DESC, e.title), '[]') FROM published.enclosure e WHERE e.dataset = {} AND e.ref = {}{}"
    ).format(sql.Literal(dataset.name), sql.Literal(ref), known)


def _versions(dataset: Dataset, rows: list[dict[str, Any]], taken_out: list[TakenOut]) -> list[Version]:
    redacted = {(revision, one.field) for one in taken_out for revision in one.revisions}
    found = []
    for before, row in zip([None, *rows], rows, strict=False):
        is_back = before is not None and before["until_revision"] != row["from_revision"]
        changes = _changes(dataset, before, row, redacted) if before else []
        found.append(Version(row, changes, before is None, is_back))
    return found[::-1]


def _changes(
    dataset: Dataset, before: dict[str, Any], after: dict[str, Any], redacted: set[tuple[int, str]]
) -> list[Change]:
    found = [
        Change(
            field,
            before[field.name],
            after[field.name],
            (before["from_revision"], field.name) in redacted,
            (after["from_revision"], field.name) in redacted,
        )
        for field in dataset.stated_fields
        if before[field.name] != after[field.name]
    ]
    if dataset.geometry and before["shape"] != after["shape"]:
        measure = dataset.geometry_kind.measure
        sizes = (before[measure.column], after[measure.column]) if measure else (None, None)
        found.append(Change(None, *sizes))
    return found


@dataclass(frozen=True)
class Kinship:
    """From a feature to its relatives: as it was said, `own` and `other` being the columns; else by the ground.

    `passage` fits the rows of both, `goes_on` are rows that rule a feature out, `had` is ground that the later of the two
    had before, `revision` that of the passage.
    """

    own: str
    other: str
    passage: sql.SQL
    goes_on: sql.SQL
    had: sql.SQL
    revision: sql.SQL


PREDECESSORS = Kinship(  # features that ended when this one began, or took in ground of theirs
    own="child",
    other="parent",
    passage=sql.SQL("own.from_revision = v.until_revision"),
    goes_on=sql.SQL("w.from_revision = v.until_revision"),  # it ended then, and did not merely change
    had=sql.SQL("ST_Intersection(own.before, v.{shape})"),
    revision=sql.SQL("v.until_revision"),
)
SUCCESSORS = Kinship(  # features that began when this one ended, on ground that was its own, or took in some of it
    own="parent",
    other="child",
    passage=sql.SQL("own.until_revision = v.from_revision AND own.is_last"),
    goes_on=sql.SQL("false"),
    had=sql.SQL(
        "ST_Intersection(own.shape,"
        " (SELECT b.{shape} FROM {view} b WHERE b.ref = v.ref AND b.until_revision = v.from_revision))"
    ),
    revision=sql.SQL("v.from_revision"),
)


def successors(dataset: Dataset, ref: str) -> list[Relative]:
    """Features that this one was split or merged into, or from which it came, where that was undone.

    Of files those that began when it ended, on ground of its own.
    """
    return [_relative(dataset, row) for row in fetch(*_relatives_sql(dataset, ref, SUCCESSORS))]


def _relatives_sql(
    dataset: Dataset, ref: str, kin: Kinship, as_of: int | None = None
) -> tuple[sql.Composable, list[Any]]:
    """Those that were said to be, and in revisions of files those whose passage fits and whose ground is the same."""
    if not dataset.geometry_kind.covers:
        return sql.SQL("SELECT NULL AS ref WHERE false"), []
    view = published.view(dataset)
    told = sql.SQL(
        "v.ref, {revision} AS revision, jsonb_build_object({values}) AS values,"
        " EXISTS (SELECT FROM {view} n WHERE n.ref = v.ref AND {is_in_force}) AS is_in_force"
    ).format(revision=kin.revision, values=_naming_values(dataset), view=view, is_in_force=_in_force(as_of))
    known = sql.SQL("true") if as_of is None else sql.SQL("{} <= {}").format(kin.revision, sql.Literal(as_of))
    said = sql.SQL(
        "SELECT {told}, true AS is_said FROM published.lineage s JOIN {view} v ON v.ref = s.{other} AND {revision} = s.revision"
        " WHERE s.dataset = {name} AND s.{own} = %s AND {known}"
    ).format(
        told=told,
        view=view,
        own=sql.Identifier(kin.own),
        other=sql.Identifier(kin.other),
        revision=kin.revision,
        name=sql.Literal(dataset.name),
        known=known,
    )
    query = sql.SQL(
        "SELECT DISTINCT ON (ref) ref, revision, values, is_in_force, is_said FROM ({said} UNION ALL {guessed}) r"
        " ORDER BY ref, revision DESC LIMIT {most}"
    ).format(said=said, guessed=_guessed_sql(dataset, kin, told, known), most=sql.Literal(MOST_NAMED))
    if kin is not SUCCESSORS:
        return query, [ref, ref, ref]
    back = _back_sql(dataset, told)
    return sql.SQL("SELECT * FROM ({}) o UNION ALL SELECT * FROM ({}) b").format(query, back), [ref, ref, ref, ref]


def _back_sql(dataset: Dataset, told: sql.Composable) -> sql.Composable:
    """Those from which it came, that are in force again from when it ended: the split or merge was undone."""
    return sql.SQL(
        "SELECT {told}, true AS is_said FROM published.lineage s JOIN {view} own ON own.ref = s.child"
        " JOIN {view} v ON v.ref = s.parent AND v.from_revision = own.until_revision AND v.from_revision > s.revision"
        " WHERE s.dataset = {name} AND s.child = %s"
        " AND NOT EXISTS (SELECT FROM {view} l WHERE l.ref = own.ref AND l.from_revision > own.from_revision)"
        " AND NOT EXISTS (SELECT FROM {view} w WHERE w.ref = v.ref AND w.until_revision = v.from_revision)"
        " ORDER BY v.ref LIMIT {most}"
    ).format(told=told, view=published.view(dataset), name=sql.Literal(dataset.name), most=sql.Literal(MOST_NAMED))


def _guessed_sql(dataset: Dataset, kin: Kinship, told: sql.Composable, known: sql.Composable) -> sql.Composable:
    """Of revisions of files: by the ground."""
    shape, view = sql.Identifier(str(dataset.geometry)), published.view(dataset)
    return sql.SQL(
        "(WITH own AS MATERIALIZED (SELECT from_revision, until_revision, {shape} AS shape,"
        " CASE WHEN lag(until_revision) OVER by_time = from_revision THEN lag({shape}) OVER by_time END AS before,"
        " lead(ref) OVER by_time IS NULL AS is_last FROM {view} WHERE ref = %s WINDOW by_time AS (ORDER BY from_revision))"
        " SELECT {told}, false AS is_said FROM own JOIN {view} v ON {passage} AND v.ref <> %s AND v.{shape} && own.shape AND {known}"
        " WHERE NOT EXISTS (SELECT FROM published.edited_revision e WHERE e.revision = {revision})"
        " AND NOT EXISTS (SELECT FROM {view} w WHERE w.ref = v.ref AND {goes_on})"
        " AND ST_Area(ST_Intersection(v.{shape}, own.shape)) - coalesce(ST_Area({had}), 0)"
        " > {least} * least(ST_Area(v.{shape}), ST_Area(own.shape)))"
    ).format(
        shape=shape,
        view=view,
        told=told,
        known=known,
        had=kin.had.format(shape=shape, view=view),
        revision=kin.revision,
        passage=kin.passage,
        goes_on=kin.goes_on,
        least=sql.Literal(LEAST_SHARE),
    )


def _naming_values(dataset: Dataset) -> sql.Composed:
    names = dict.fromkeys(
        [dataset.title_field, *dataset.made_title.fields, *dataset.numbers.fields, *dataset.search.codes]
    )
    return sql.SQL(", ").join(
        sql.SQL("{}::text, v.{}").format(sql.Literal(name), sql.Identifier(name)) for name in names
    )


def _in_force(as_of: int | None) -> sql.Composable:
    """The condition on `n` that it is in force, or was as of a revision."""
    if as_of is None:
        return sql.SQL("n.until_revision IS NULL")
    return sql.SQL("n.from_revision <= {0} AND (n.until_revision IS NULL OR n.until_revision > {0})").format(
        sql.Literal(as_of)
    )


def _relative(dataset: Dataset, row: dict[str, Any]) -> Relative:
    named = {"ref": row["ref"], **row["values"]}
    is_as_given = dataset.has_own_name(named)
    return Relative(
        row["ref"], dataset.title_of(named), is_as_given, row["revision"], row["is_in_force"], row["is_said"]
    )
