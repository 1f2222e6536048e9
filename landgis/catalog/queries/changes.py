"""Which rows changed last: by what was published, and by the clock."""

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from landgis.catalog import published, registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.queries.database import fetch
from landgis.catalog.queries.pieces import ABOUT_REVISION, NATURAL_REF, body_of, columns_sql, public_columns
from landgis.lib.filters import ALL, Filter

# The last moment that has passed at which the state of a row turned by the clock.
TURNED = sql.SQL(
    "(SELECT max(turn) FROM unnest({row}.state_turns) turn, published.clock WHERE isfinite(turn) AND turn <= clock.now)"
)
# Where no moment turned it, it was the related row; since that one's publication.
TURNED_BESIDE = sql.SQL(
    "CASE WHEN {row}.{state} IS DISTINCT FROM {row}.{reported} THEN (SELECT b.applied_at FROM {theirs} b"
    " WHERE b.until_revision IS NULL AND b.ref = {row}.{key}) END"
)


def changed_last(dataset: Dataset, where: Filter = ALL, *, limit: int) -> list[dict[str, Any]]:
    """Public rows, those that changed last first: with `changed_at`, when they were published or when their state turned after
    that; then `turned_at` is the same moment, else None.
    """
    body, bound = body_of(dataset, where, None)
    query = sql.SQL(
        "SELECT *, CASE WHEN turned > applied_at THEN turned END AS turned_at, greatest(applied_at, turned) AS changed_at"
        " FROM (SELECT {columns}, {turned} AS turned {body}) r ORDER BY {newest}, {ref} LIMIT {limit}"
    ).format(
        columns=columns_sql([*public_columns(dataset), *ABOUT_REVISION]),
        turned=_turned(dataset),
        body=body,
        # The clock aside, what was published later has the higher revision, which an index knows.
        newest=sql.SQL("changed_at DESC" if dataset.state.field else "from_revision DESC NULLS LAST"),
        ref=NATURAL_REF,
        limit=sql.Literal(limit),
    )
    return fetch(query, bound)


def before(dataset: Dataset, rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """By ref what was published of each of these rows before it; nothing of what is new."""
    query = sql.SQL(
        "SELECT {columns} FROM {view} v JOIN unnest(%s::text[], %s::bigint[]) n(of, number)"
        " ON v.ref = n.of AND v.until_revision = n.number"
    ).format(columns=columns_sql(public_columns(dataset)), view=published.reported_view(dataset))
    found = fetch(query, [[row["ref"] for row in rows], [row["from_revision"] for row in rows]])
    return {row["ref"]: row for row in found}


def _turned(dataset: Dataset) -> sql.Composable:
    state, row = dataset.state, sql.Identifier(dataset.relation)
    if not state.field:
        return sql.SQL("NULL::timestamptz")
    by_clock = TURNED.format(row=row)
    if state.beside is None:
        return by_clock
    name, key = state.beside
    beside = TURNED_BESIDE.format(
        row=row,
        state=sql.Identifier(state.field),
        reported=sql.Identifier(state.reported_field),
        theirs=published.view(registry.get(name)),
        key=sql.Identifier(key),
    )
    return sql.SQL("coalesce({}, {})").format(by_clock, beside)
