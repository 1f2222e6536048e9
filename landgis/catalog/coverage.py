"""How well each place is covered by a dataset: how much, of when, how complete, how far areas agree."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from psycopg import sql

from landgis.catalog import memory, published
from landgis.catalog.codelists import Label
from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.dataset.units import TODAY
from landgis.catalog.queries import fetch
from landgis.lib.order import order_key

AREA_TOLERANCE = 0.02  # share by which computed and legal area may differ before it is worth a look

Select = Callable[[Dataset], sql.Composable]
# name -> (label, SELECT of ref and n for the features of a dataset, of which datasets); what other apps count of features
_measures: dict[str, tuple[Label, Select, tuple[str, ...]]] = {}


@dataclass(frozen=True)
class Coverage:
    """The public rows in force of one place. Shares are 0 to 1, None where there is nothing to measure.

    `oldest` and `newest` are days on which features were measured, else those that their source describes; `undated` rows
    have neither. When they were loaded says nothing of their age. `today` names the communes of today that such a place
    of the documents is now, where it is one.
    """

    place: str | None
    rows: int
    undated: int
    oldest: datetime.date | None
    newest: datetime.date | None
    filled: float | None
    area_agrees: float | None
    today: str | None = None
    measures: dict[str, int] = field(default_factory=dict)


def add_measure(name: str, label: Label, select: Select, *, of: tuple[str, ...] = ()) -> None:
    """Count something of features by place too; `select` gives the SQL of (ref, n) for a dataset, any or those named."""
    _measures[name] = (label, select, of)


def measures(dataset: Dataset) -> dict[str, Label]:
    return {name: label for name, (label, _select, of) in _measures.items() if not of or dataset.name in of}


def had(dataset: Dataset) -> dict[str, Label]:
    """Those of named datasets: each counts the features that have something, once."""
    return {name: label for name, (label, _select, of) in _measures.items() if dataset.name in of}


def by_place(dataset: Dataset) -> list[Coverage]:
    """One line for each place that the dataset names, in the order of names; empty for one that names none."""
    if not dataset.coverage_field:
        return []
    counted = {name: _counted(dataset, _measures[name][1]) for name in measures(dataset)}
    return [
        replace(line, measures={name: numbers.get(line.place, 0) for name, numbers in counted.items()})
        for line in _of_rows(dataset)
    ]


def _of_rows(dataset: Dataset) -> list[Coverage]:
    """What the rows say, read once a revision: it takes a look at every one of them."""

    def read(one: Dataset) -> list[Coverage]:
        lines = [Coverage(**row) for row in fetch(_rows_query(one), [])]
        return sorted(lines, key=lambda line: (line.place is None, order_key(line.place or "")))

    return memory.of_each("coverage", [dataset], read)(dataset)


def _counted(dataset: Dataset, select: Select) -> dict[str | None, int]:
    """The sum of a measure by place; these are few, and change without a revision."""
    query = sql.SQL(
        "SELECT {place} AS place, sum(m.n) AS n FROM ({select}) m JOIN {view} v ON v.ref = m.ref"
        " WHERE v.until_revision IS NULL GROUP BY {place}"
    ).format(place=_place(dataset), select=select(dataset), view=published.view(dataset))
    return {row["place"]: int(row["n"]) for row in fetch(query, [])}


def _place(dataset: Dataset) -> sql.Composable:
    return sql.SQL("v.{}").format(sql.Identifier(dataset.coverage_field))


def _rows_query(dataset: Dataset) -> sql.Composed:
    days = [sql.Identifier("v", name) for name in (dataset.surveyed_field, "source_as_of") if name]
    return sql.SQL(
        "SELECT {place} AS place, count(*) AS rows, count(*) - count({day}) AS undated, min({day}) AS oldest, max({day}) AS newest, {filled} AS filled,"
        " {agrees} AS area_agrees, {today} AS today FROM {view} v WHERE v.until_revision IS NULL"
        " GROUP BY {place}"
    ).format(
        place=_place(dataset),
        day=sql.SQL("coalesce({})").format(sql.SQL(", ").join(days)),
        filled=_filled(dataset),
        agrees=_area_agrees(dataset),
        today=_today(dataset),
        view=published.view(dataset),
    )


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
