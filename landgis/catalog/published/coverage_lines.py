"""How well each place is covered, kept: of how many rows, of when, how complete, how far areas agree.

The lines of the places in which features were or are that an apply touched are made anew in its transaction. Not kept they are where the
clock has a say in what a row should say.
"""

from collections.abc import Iterable
from typing import Any

from psycopg import sql

from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.dataset.units import TODAY
from landgis.catalog.published.names import coverage_table, in_force_table, view
from landgis.lib import statements

AREA_TOLERANCE = 0.02  # share by which computed and legal area may differ before it is worth a look
EVERY_ROW = sql.SQL("true")


def keeps_coverage(dataset: Dataset) -> bool:
    own = {field.column for field in dataset.in_force._meta.concrete_fields}
    return dataset.coverage_field in own and not dataset.is_internal and not dataset.state.field


def coverage_sql(dataset: Dataset, source: sql.Composable, condition: sql.Composable = EVERY_ROW) -> sql.Composed:
    """SELECT of a line for each place of the rows in force of a view `v` that fulfil the condition."""
    days = [sql.Identifier("v", name) for name in (dataset.surveyed_field, "source_as_of") if name]
    return sql.SQL(
        "SELECT {place} AS place, count(*) AS rows, count(*) - count({day}) AS undated, min({day}) AS oldest, max({day}) AS newest, {filled} AS filled,"
        " {agrees} AS area_agrees, {today} AS today FROM {source} v WHERE v.until_revision IS NULL AND {condition}"
        " GROUP BY {place}"
    ).format(
        place=place_of_row(dataset),
        day=sql.SQL("coalesce({})").format(sql.SQL(", ").join(days)),
        filled=_filled(dataset),
        agrees=_area_agrees(dataset),
        today=_today(dataset),
        source=source,
        condition=condition,
    )


def place_of_row(dataset: Dataset) -> sql.Composable:
    return sql.SQL("v.{}").format(sql.Identifier(dataset.coverage_field))


def make_coverage(dataset: Dataset, name: sql.Identifier, source: sql.Identifier) -> None:
    """The table, under this name, from the view `source`."""
    statements.execute(sql.SQL("CREATE TABLE {} AS {}").format(name, coverage_sql(dataset, source)))


def refresh_coverage(dataset: Dataset, refs: sql.Composable, parameters: Iterable[Any]) -> None:
    """Make anew the lines of all places in which some features were or are; `refs` is a SELECT of their refs."""
    if not keeps_coverage(dataset):
        return
    query = sql.SQL("SELECT DISTINCT f.{} FROM {} f WHERE f.ref IN ({})")
    found = statements.rows(
        query.format(sql.Identifier(dataset.coverage_field), in_force_table(dataset), refs), list(parameters)
    )
    places = [place for (place,) in found]
    touched = sql.SQL("({0} = ANY (%s::text[]) OR (%s AND {0} IS NULL))")
    bound = [[place for place in places if place is not None], None in places]
    table = coverage_table(dataset)
    gone = sql.SQL("DELETE FROM {} WHERE {}").format(table, touched.format(sql.Identifier("place")))
    statements.execute(gone, bound)
    lines = coverage_sql(dataset, view(dataset), touched.format(place_of_row(dataset)))
    statements.execute(sql.SQL("INSERT INTO {} {}").format(table, lines), bound)


def _today(dataset: Dataset) -> sql.Composable:
    if dataset.lies_in is None or not dataset.lies_in.name or dataset.coverage_field != dataset.lies_in.name:
        return sql.SQL("NULL::text")
    return sql.SQL("string_agg(DISTINCT v.{today}, ', ' ORDER BY v.{today})").format(
        today=sql.Identifier(dataset.lies_in.shown[TODAY])
    )


def _filled(dataset: Dataset) -> sql.Composable:
    """The share of facts that have a value, of those that every feature should have."""
    fields = [field for field in dataset.stated_fields if field.in_facts and not field.only_if_given]
    if not fields:
        return sql.SQL("NULL::float")
    filled = sql.SQL(" + ").join(sql.SQL("count(v.{})").format(sql.Identifier(field.name)) for field in fields)
    return sql.SQL("(({})::float / nullif({}, 0))").format(filled, sql.SQL(" + ").join(map(_could_be_filled, fields)))


def _could_be_filled(field: Field) -> sql.Composable:
    """How many rows could have a value of a field."""
    if field.only_when is None:
        return sql.SQL("count(*)")
    return sql.SQL("count(*) FILTER (WHERE v.{name} IS NOT NULL OR v.{by} IS NULL OR v.{by} = ANY({codes}))").format(
        name=sql.Identifier(field.name),
        by=sql.Identifier(field.only_when.by),
        codes=sql.Literal([str(code) for code in field.only_when.codes]),
    )


def _area_agrees(dataset: Dataset) -> sql.Composable:
    """The share of rows whose computed area is that on paper, within the tolerance."""
    measure = dataset.geometry_kind.measure
    if not dataset.legal_area or measure is None:
        return sql.SQL("NULL::float")
    return sql.SQL("avg((abs(v.{computed} - v.{legal}) <= v.{legal} * {tolerance})::int)::float").format(
        computed=sql.Identifier(measure.column),
        legal=sql.Identifier(dataset.legal_area),
        tolerance=sql.Literal(AREA_TOLERANCE),
    )
