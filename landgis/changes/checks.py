"""Checks of what a change set has staged. Each is one set-based query that yields findings.

One that looks at what is in force takes `since`, too: at the apply, when the items are in force themselves, it is asked
again for what revisions after that one have touched (see `rechecks`).
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from psycopg import sql

from landgis.catalog import tolerances
from landgis.catalog.dataset import Dataset
from landgis.catalog.geometry_kinds import POINT
from landgis.catalog.models import Revision
from landgis.changes import leaps, likenesses, passage_checks, scopes, seen_states, touched
from landgis.changes.issues import Finding
from landgis.changes.models import ChangeSet, Since
from landgis.lib import statements

MOST_TWINS = 5  # named of each
MOST_LOST = 20_000  # a file of the wrong district would have one for every feature in force
SAME_DEGREES = 1e-8  # a millimetre


def missing_identity(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Rows from whose identity no ref could be made."""
    empty = sql.SQL(" OR ").join(
        sql.SQL("nullif({}::text, '') IS NULL").format(sql.Identifier(name)) for name in dataset.identity
    )
    query = sql.SQL("SELECT i.row, {empty} AS missing FROM {items} i WHERE i.change_set_id = %s AND i.ref = ''")
    for row, missing in _select(dataset, change_set, query, empty=empty):
        yield Finding("identity-missing" if missing else "ref-form", row=row)


def duplicate_identity(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Rows of the source that share an identity, or a ref."""
    query = sql.SQL(
        "WITH named AS (SELECT i.row, i.ref, v.label FROM {items} i"
        " CROSS JOIN LATERAL (VALUES ({key}), ('ref ' || i.ref)) v (label) WHERE i.change_set_id = %s AND i.ref <> ''),"
        " twins AS (SELECT label, count(*) AS n, (array_agg(row ORDER BY row))[1:{most}] AS first FROM named"
        " GROUP BY label HAVING count(*) > 1)"
        " SELECT DISTINCT ON (ref, row) row, ref, n, first FROM named JOIN twins USING (label) ORDER BY ref, row, n DESC"
    )
    code, field = (
        ("identity-twins", dataset.optional_identity[0]) if dataset.optional_identity else ("identity-duplicate", "")
    )
    pieces: dict[str, Any] = {"key": likenesses.key(dataset, "i"), "most": sql.Literal(MOST_TWINS + 1)}
    for row, ref, n, first in _select(dataset, change_set, query, **pieces):
        others = [other for other in first if other != row][:MOST_TWINS]
        yield Finding(code, row=row, ref=ref, field=field, params={"count": n, "rows": others})


def taken_identity(dataset: Dataset, change_set: ChangeSet, *, since: int | None = None) -> Iterator[Finding]:
    """Rows whose ref is that of a feature with another identity, in force or retired: refs are not reused."""
    other = sql.SQL("concat_ws(' ', {})").format(
        sql.SQL(", ").join(sql.Identifier("f", name) for name in dataset.identity)
    )
    query = sql.SQL(
        "SELECT DISTINCT ON (i.id) i.row, i.ref, {other} FROM {items} i JOIN {in_force} f ON f.ref = i.ref"
        " WHERE i.change_set_id = %s AND f.from_revision > {since} AND ({theirs}) IS DISTINCT FROM ({mine})"
        " ORDER BY i.id, f.from_revision DESC"
    )
    theirs = sql.SQL(", ").join(sql.SQL("f.{}::text").format(sql.Identifier(name)) for name in dataset.identity)
    mine = sql.SQL(", ").join(sql.SQL("i.{}::text").format(sql.Identifier(name)) for name in dataset.identity)
    pieces: dict[str, Any] = {"other": other, "theirs": theirs, "mine": mine, "since": sql.Literal(since or 0)}
    for row, ref, taken_by in _select(dataset, change_set, query, **pieces):
        yield Finding("identity-taken", row=row, ref=ref, params={"taken": ref, "other": taken_by})


def missing_values(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Required fields that are empty although nothing unreadable stood there."""
    for field in dataset.fields:
        if not field.required or field.name in dataset.identity:
            continue
        query = sql.SQL(
            "SELECT i.row, i.ref FROM {items} i WHERE i.change_set_id = %s AND i.{column} IS NULL"
            " AND NOT coalesce(i.raw ? {key}, false)"
        )
        found = _select(dataset, change_set, query, column=sql.Identifier(field.name), key=sql.Literal(field.name))
        for row, ref in found:
            yield Finding("value-missing", row=row, ref=ref, field=field.name)


def missing_boundaries(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """New features of a source that brings no boundaries; of one that does, its reader says which are missing."""
    if not dataset.geometry or dataset.geometry in change_set.brings:
        return
    query = sql.SQL(
        "SELECT i.row, i.ref FROM {items} i WHERE i.change_set_id = %s AND i.action = 'add' AND i.ref <> ''"
        " ORDER BY i.row"
    )
    for row, ref in _select(dataset, change_set, query):
        yield Finding("geometry-missing", row=row, ref=ref)


def same_place(dataset: Dataset, change_set: ChangeSet, *, since: int | None = None) -> Iterator[Finding]:
    """Points that lie where another of the source, or one that stays in force, lies already."""
    if dataset.geometry_kind is not POINT or dataset.geometry not in change_set.brings:
        return
    query = sql.SQL(
        "SELECT row, ref, other FROM (SELECT i.row, i.ref, coalesce("
        "lag(coalesce(nullif(i.ref, ''), '#' || i.row)) OVER (PARTITION BY ST_SnapToGrid(i.{point}, {near})"
        " ORDER BY i.row),"
        " (SELECT f.ref FROM {in_force} f WHERE f.until_revision IS NULL AND f.ref <> i.ref"
        " AND f.{point} && ST_Expand(i.{point}, {near}) AND NOT EXISTS (SELECT FROM {items} n"
        " WHERE n.change_set_id = i.change_set_id AND n.ref = f.ref{coming}) ORDER BY f.ref LIMIT 1)) AS other"
        " FROM {items} i WHERE i.change_set_id = %s AND i.{point} IS NOT NULL AND i.action IS DISTINCT FROM 'retire'{among}) found WHERE other IS NOT NULL ORDER BY row"
    )
    among = (
        sql.SQL(" AND i.ref IN (SELECT ref FROM ({}) b)").format(touched.beside(dataset, change_set, since))
        if since is not None
        else sql.SQL("")
    )
    pieces: dict[str, Any] = {
        "point": sql.Identifier(str(dataset.geometry)),
        "near": sql.Literal(SAME_DEGREES),
        "among": among,
        "coming": touched.among_items("n", since),
    }
    for row, ref, other in _select(dataset, change_set, query, **pieces):
        yield Finding("same-place", row=row, ref=ref, params={"other": other})


def area_difference(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Plots whose area on paper and computed area differ by more than 5 % and more than 1 m2.

    Nothing new is to be said where the source brings neither.
    """
    measure = dataset.geometry_kind.measure
    if measure is None or not {dataset.legal_area, dataset.geometry}.intersection(change_set.brings):
        return
    query = sql.SQL(
        "SELECT i.row, i.ref, i.{legal}, i.{computed} FROM {items} i WHERE i.change_set_id = %s"
        " AND abs(i.{computed} - i.{legal}) > greatest({least}, {share} * i.{legal}) ORDER BY i.row"
    )
    columns: dict[str, Any] = {
        "legal": sql.Identifier(str(dataset.legal_area)),
        "computed": sql.Identifier(measure.column),
        "least": sql.Literal(tolerances.AREA_M2),
        "share": sql.Literal(tolerances.AREA_SHARE),
    }
    for row, ref, legal, area in _select(dataset, change_set, query, **columns):
        params = {"legal": f"{legal:.1f}", "computed": f"{area:.1f}"}
        yield Finding("area-difference", row=row, ref=ref, field=str(dataset.legal_area), params=params)


def area_positive(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Areas on paper that are zero or less."""
    query = sql.SQL(
        "SELECT i.row, i.ref, i.{legal} FROM {items} i WHERE i.change_set_id = %s AND i.{legal} <= 0 ORDER BY i.row"
    )
    for row, ref, legal in _select(dataset, change_set, query, legal=sql.Identifier(str(dataset.legal_area))):
        params = {"legal": f"{legal:.1f}"}
        yield Finding("area-not-positive", row=row, ref=ref, field=str(dataset.legal_area), params=params)


def moved_on(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Items whose feature is no longer in the state they started from."""
    query = sql.SQL(
        "SELECT i.row, i.ref, f.from_revision FROM {items} i"
        " LEFT JOIN {in_force} f ON f.ref = i.ref AND f.until_revision IS NULL"
        " WHERE i.change_set_id = %s AND i.action IN ('add', 'change', 'retire')"
        " AND f.from_revision IS DISTINCT FROM i.base_revision ORDER BY i.id"
    )
    for row, ref, now in _select(dataset, change_set, query):
        yield Finding("feature-moved-on", row=row, ref=ref, params={"now": now})


def changed_since(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Features that the source would change or retire although their state here is of a later day than the source, or may
    be: the day of a state is the one its own source describes, and where nobody said it, nobody knows."""
    later = _later_revisions(dataset, change_set)
    if not later:
        return
    columns = dataset.compared_columns
    query = sql.SQL(
        "SELECT i.row, i.ref, f.from_revision FROM {items} i JOIN {in_force} f ON f.ref = i.ref"
        " AND f.until_revision IS NULL AND f.from_revision IN ({later}) WHERE i.change_set_id = %s"
        " AND ({theirs}) IS DISTINCT FROM ({mine}) ORDER BY i.row"
    )
    pieces: dict[str, Any] = {
        "later": sql.SQL(", ").join(map(sql.Literal, later)),
        "theirs": sql.SQL(", ").join(sql.Identifier("f", name) for name in columns),
        "mine": sql.SQL(", ").join(sql.Identifier("i", name) for name in columns),
    }
    found = list(_select(dataset, change_set, query, **pieces))
    if change_set.is_complete:
        missing = sql.SQL(
            "SELECT NULL, f.ref, f.from_revision FROM {in_force} f WHERE f.until_revision IS NULL"
            " AND f.from_revision IN ({later}) AND NOT EXISTS"
            " (SELECT FROM {items} i WHERE i.change_set_id = %s AND i.ref = f.ref) ORDER BY f.ref"
        )
        found += _select(dataset, change_set, missing, later=pieces["later"])
    for row, ref, revision in found:
        yield Finding(SINCE[Since(change_set.since)], row=row, ref=ref, params={"now": later[revision]})


def lost(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Features that a complete source lacks and that would therefore be retired; at most MOST_LOST are named.

    Each finding says how many they are in all. Not named again are those of which `changed_since` has told already.
    """
    query = sql.SQL(
        "SELECT i.ref, count(*) OVER () FROM {items} i WHERE i.change_set_id = %s AND i.action = 'retire'"
        " AND NOT EXISTS (SELECT FROM changes_issue s WHERE s.change_set_id = %s AND s.row IS NULL AND s.ref = i.ref)"
        " ORDER BY i.ref LIMIT {most}"
    )
    for ref, count in _select(dataset, change_set, query, times=2, most=sql.Literal(MOST_LOST)):
        yield Finding("feature-lost", ref=ref, params={"count": count})


def _later_revisions(dataset: Dataset, change_set: ChangeSet) -> dict[int, str]:
    """Revisions of the dataset whose state is of a later day than the source, or may be, with that day (empty: not known).

    What came into force until the day of the source is not later, whatever day it describes.
    """
    if change_set.source_as_of is None:
        return {}
    found = {}
    for revision in Revision.objects.filter(dataset=dataset.name):
        day = revision.source_as_of
        if (day or timezone.localdate(revision.applied_at)) > change_set.source_as_of:
            found[revision.number] = day.isoformat() if day else ""
    return found


SINCE = {Since.ASK: "changed-since", Since.KEEP: "changed-since-kept", Since.TAKE: "changed-since-taken"}
EVERY_DATASET = (
    missing_identity,
    duplicate_identity,
    taken_identity,
    likenesses.mistaken,
    leaps.leaping_values,
    missing_values,
    missing_boundaries,
    same_place,
    changed_since,
    seen_states.changed_while_edited,
    passage_checks.sound,
    passage_checks.taken,
    scopes.elsewhere,
)
OF_ALL_IN_FORCE = (likenesses.mistaken,)


def findings(dataset: Dataset, change_set: ChangeSet, *, is_trial: bool = False) -> Iterator[Finding]:
    """What every dataset is checked for, then what this one declares; of a trial not what asks all that is in force."""
    for check in (*EVERY_DATASET, *dataset.checks):
        if not (is_trial and check in OF_ALL_IN_FORCE):
            yield from check(dataset, change_set)


def _select(
    dataset: Dataset, change_set: ChangeSet, query: sql.SQL, times: int = 1, **pieces: sql.Composable
) -> Iterable[tuple[Any, ...]]:
    composed = query.format(
        items=sql.Identifier(dataset.proposed._meta.db_table),
        in_force=sql.Identifier(dataset.in_force._meta.db_table),
        **pieces,
    )
    return statements.rows(composed, [change_set.pk] * times)
