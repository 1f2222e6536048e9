"""How well each place is covered by a dataset: how much, of when, how complete, how far areas agree."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from psycopg import sql

from landgis.catalog import memory, published
from landgis.catalog.codelists import Label
from landgis.catalog.dataset import Dataset
from landgis.catalog.queries import fetch
from landgis.lib.order import order_key

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
    """What the rows say: as it is kept, else read once a revision, which takes a look at every one of them."""

    def read(one: Dataset) -> list[Coverage]:
        lines = [Coverage(**row) for row in fetch(_lines_sql(one), [])]
        return sorted(lines, key=lambda line: (line.place is None, order_key(line.place or "")))

    return memory.of_each("coverage", [dataset], read)(dataset)


def _counted(dataset: Dataset, select: Select) -> dict[str | None, int]:
    """The sum of a measure by place; these are few, and change without a revision."""
    query = sql.SQL(
        "SELECT {place} AS place, sum(m.n) AS n FROM ({select}) m JOIN {view} v ON v.ref = m.ref"
        " WHERE v.until_revision IS NULL GROUP BY {place}"
    ).format(place=published.place_of_row(dataset), select=select(dataset), view=published.view(dataset))
    return {row["place"]: int(row["n"]) for row in fetch(query, [])}


def _lines_sql(dataset: Dataset) -> sql.Composed:
    if published.keeps_coverage(dataset):
        return sql.SQL("SELECT * FROM {}").format(published.coverage_table(dataset))
    return published.coverage_sql(dataset, published.view(dataset))
