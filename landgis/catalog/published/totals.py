"""The sums of all public features in force, and of those of each value that lists are grouped by: kept, so that an apply adds to them.

What an apply changes is taken out before, and put in again after it; decimals, so that sums are exact in any order. Kept they
are where a row counts as itself alone: not where the clock has a say in what it is, nor where not all rows add up.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.catalog.published.names import total_table, view
from landgis.lib import statements
from landgis.lib.order import NATURAL

NUMBERS = (
    "number",
    "made_up",
    "legal",
    "legal_number",
    "size",
    "size_number",
    "of_both",
    "legal_of_both",
    "size_of_both",
)
COLUMNS = sql.SQL(", ").join(map(sql.Identifier, NUMBERS))
IN_FORCE = sql.SQL("v.until_revision IS NULL")


def keeps_totals(dataset: Dataset) -> bool:
    return not (dataset.is_internal or dataset.period or dataset.theme.pending or dataset.state.field)


def totalled_by(dataset: Dataset) -> list[str]:
    """The fields for whose values there are sums: those by which lists and legends group."""
    headed = [dataset.lists.headed.by] if dataset.lists.headed else []
    named = [*(field.name for field in dataset.public_fields if field.groups), *headed, dataset.map.style.colour_by]
    return list(dict.fromkeys(filter(None, named)))


def totals_sql(dataset: Dataset, source: sql.Composable, condition: sql.Composable = IN_FORCE) -> sql.Composed:
    """SELECT of part, value and the sums: the part "" is of all rows of the view `v` that fulfil the condition, others of
    those of each value of the field that they are called by.
    """
    names = [sql.Identifier("v", name) for name in totalled_by(dataset)]
    parts = [
        sql.SQL("WHEN GROUPING({}) = 0 THEN {}").format(name, sql.Literal(field))
        for name, field in zip(names, totalled_by(dataset), strict=True)
    ]
    values = [sql.SQL("{}::text").format(name) for name in names]
    return sql.SQL(
        "SELECT (CASE WHEN false THEN '' {which} ELSE '' END)::text AS part, coalesce({values}) AS value,"
        " count(*) AS number, count(*) FILTER (WHERE v.is_made_up) AS made_up, {sums}"
        " FROM {source} v WHERE {condition} GROUP BY GROUPING SETS ({sets})"
    ).format(
        which=sql.SQL(" ").join(parts),
        values=sql.SQL(", ").join([*values, sql.SQL("NULL::text")]),
        sums=_sums(dataset),
        source=source,
        condition=condition,
        sets=sql.SQL(", ").join([sql.SQL("()"), *(sql.SQL("({})").format(name) for name in names)]),
    )


def _sums(dataset: Dataset) -> sql.Composable:
    """Of the area on paper and of what is measured, each with of how many rows; and of both, where a row has both."""
    measure = dataset.geometry_kind.measure
    legal = sql.Identifier("v", dataset.legal_area) if dataset.legal_area else sql.SQL("NULL::numeric")
    size = sql.SQL("{}::numeric").format(sql.Identifier("v", measure.column)) if measure else sql.SQL("NULL::numeric")
    both = sql.SQL("FILTER (WHERE {} IS NOT NULL AND {} IS NOT NULL)").format(legal, size)
    return sql.SQL(
        "trim_scale(coalesce(sum({legal}), 0)) AS legal, count({legal}) AS legal_number,"
        " trim_scale(coalesce(sum({size}), 0)) AS size, count({size}) AS size_number, count(*) {both} AS of_both,"
        " trim_scale(coalesce(sum({legal}) {both}, 0)) AS legal_of_both, trim_scale(coalesce(sum({size}) {both}, 0)) AS size_of_both"
    ).format(legal=legal, size=size, both=both)


def make_totals(dataset: Dataset, name: sql.Identifier, source: sql.Identifier) -> None:
    """The table, under this name, from the view `source`."""
    numbers = sql.SQL(", ").join(sql.SQL("{} numeric NOT NULL").format(sql.Identifier(one)) for one in NUMBERS)
    query = sql.SQL("CREATE TABLE {} (part text NOT NULL, value text, {}, UNIQUE NULLS NOT DISTINCT (part, value))")
    statements.execute(query.format(name, numbers))
    statements.execute(sql.SQL("INSERT INTO {} {}").format(name, totals_sql(dataset, source)))


def make_totals_anew(dataset: Dataset) -> None:
    """For what has changed although no feature did: which are withheld, or in which unit they lie."""
    if keeps_totals(dataset):
        statements.execute(sql.SQL("DELETE FROM {}").format(total_table(dataset)))
        statements.execute(
            sql.SQL("INSERT INTO {} {}").format(total_table(dataset), totals_sql(dataset, view(dataset)))
        )


def take_out(dataset: Dataset, refs: sql.Composable, parameters: Iterable[Any]) -> None:
    """Take some features out of the sums, before an apply changes them; `refs` is a SELECT of their refs."""
    _move(dataset, sql.SQL("-"), refs, list(parameters))


def put_in(dataset: Dataset, refs: sql.Composable, parameters: Iterable[Any]) -> None:
    """Add to the sums what has become of features that were taken out."""
    _move(dataset, sql.SQL("+"), refs, list(parameters))


def _move(dataset: Dataset, sign: sql.SQL, refs: sql.Composable, bound: Sequence[Any]) -> None:
    if not keeps_totals(dataset):
        return
    table = total_table(dataset)
    some = totals_sql(dataset, view(dataset), sql.SQL("v.until_revision IS NULL AND v.ref IN ({})").format(refs))
    moved = sql.SQL(", ").join(
        sql.SQL("{0} = trim_scale(t.{0} {1} excluded.{0})").format(sql.Identifier(one), sign) for one in NUMBERS
    )
    query = sql.SQL("INSERT INTO {} AS t (part, value, {}) {} ON CONFLICT (part, value) DO UPDATE SET {}")
    statements.execute(query.format(table, COLUMNS, some, moved), bound)
    statements.execute(sql.SQL("DELETE FROM {} WHERE number = 0 AND part <> ''").format(table))


def lines_sql(dataset: Dataset, field: str = "") -> sql.Composed:
    """SELECT of kept lines as `queries.totals` gives them, the most frequent first: that of all rows, with those of the parts
    that are bound. With a `field` the one of all rows that have in it one of the values that are bound, with theirs.
    """
    measure = dataset.geometry_kind.measure
    sizes = dict.fromkeys(["area", *([measure.total] if measure else [])], sql.SQL("NULL::float"))
    if measure:
        sizes[measure.total] = sql.SQL("CASE WHEN size_number > 0 THEN size::float END")
    return sql.SQL(
        "SELECT part, value, number::bigint AS count, CASE WHEN legal_number > 0 THEN legal END AS area_legal,"
        " legal_number::bigint AS area_legal_count, {difference} AS area_difference, {sizes},"
        " made_up > 0 AS is_made_up, true AS is_of_one_time, true AS is_of_one_standing FROM {lines} t"
        " ORDER BY number DESC, value COLLATE {natural}"
    ).format(
        difference=sql.SQL("CASE WHEN of_both > 0 THEN round(size_of_both, 1) - legal_of_both END")
        if measure and measure.total == "area"
        else sql.SQL("NULL::numeric"),
        sizes=sql.SQL(", ").join(
            sql.SQL("{} AS {}").format(each, sql.Identifier(name)) for name, each in sizes.items()
        ),
        lines=_of_values(dataset, field) if field else _of_parts(dataset),
        natural=sql.Identifier(NATURAL),
    )


def _of_parts(dataset: Dataset) -> sql.Composed:
    return sql.SQL("(SELECT * FROM {} WHERE part = '' OR part = ANY (%s::text[]))").format(total_table(dataset))


def _of_values(dataset: Dataset, field: str) -> sql.Composed:
    together = sql.SQL(", ").join(
        sql.SQL("coalesce(sum({0}), 0) AS {0}").format(sql.Identifier(one)) for one in NUMBERS
    )
    return sql.SQL(
        "(WITH chosen AS (SELECT part, value, {columns} FROM {table} WHERE part = {field} AND value = ANY (%s::text[]))"
        " SELECT '' AS part, NULL AS value, {together} FROM chosen UNION ALL TABLE chosen)"
    ).format(columns=COLUMNS, table=total_table(dataset), field=sql.Literal(field), together=together)
