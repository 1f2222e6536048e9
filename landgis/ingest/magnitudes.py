"""What is known beside a file of how large its numbers are: tells which of two readings of a number is meant."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.ingest import boundaries, files, values
from landgis.ingest.errors import marked as _
from landgis.ingest.formats import ROW
from landgis.ingest.plans import ReadingPlan
from landgis.ingest.written_columns import DECIMALS, GROUPS
from landgis.lib import numerals, statements
from landgis.lib.numerals import WrittenNumber

NEAR = 3.0  # times as large or as small as what is known; two readings are a thousand times apart
AGREE = 0.8  # of the numbers that only one of the two readings brings near
APART = 5.0  # times beyond nearly all values in force
FEWEST = 20  # values in force that show how large they are

Likely = Callable[[int, float], bool | None]  # whether a number is likely in a row of the sample; None: nobody knows


class Magnitudes:
    """Those of one file, asked of its first rows."""

    def __init__(self, plan: ReadingPlan, dataset: Dataset):
        self.plan, self.dataset = plan, dataset
        self.batch = files.sample(plan.source, plan.shape)  # with its headings as text

    def of(self, heading: str, mark: str, scale: Decimal = Decimal(1)) -> tuple[str, str]:
        """What the mark does in the column, and who says so (a text known to gettext); empty where nobody can.

        `scale` leads from the unit of the heading to that of the field.
        """
        name = self.plan.columns[heading]
        doubts = [
            (index, replace(one, number=one.number * scale, grouped=(one.grouped or one.number) * scale))
            for index, one in self._doubts(heading, mark)
        ]
        known: tuple[tuple[str, Likely], ...] = (
            (_("by what is in force for the same features"), self._as_in_force(name)),
            (_("by the area that is computed from the boundary"), self._as_measured(name)),
            (_("by the values in force for other features"), self._as_others(name)),
        )
        for why, likely in known:
            if role := _vote(doubts, likely):
                return role, why
        return "", ""

    def _doubts(self, heading: str, mark: str) -> list[tuple[int, WrittenNumber]]:
        if self.batch is None:
            return []
        found = []
        for index, text in enumerate(self.plan.texts_of(heading, self.batch.column(heading).to_pylist())):
            try:
                written = numerals.read(text or "")
            except ValueError:
                continue
            if written.mark == mark:
                found.append((index, written))
        return found

    def _as_in_force(self, name: str) -> Likely:
        rows = self.dataset.in_force._default_manager.filter(until_revision=None, ref__in=set(filter(None, self.refs)))
        known = dict(rows.values_list("ref", name))
        return lambda index, number: _near(number, known.get(self.refs[index]))

    def _as_measured(self, name: str) -> Likely:
        measures = self.measures if name == self.dataset.legal_area else []
        return lambda index, number: _near(number, measures[index]) if measures else None

    def _as_others(self, name: str) -> Likely:
        query = sql.SQL(
            "SELECT count({0}), percentile_disc(0.02) WITHIN GROUP (ORDER BY {0}),"
            " percentile_disc(0.98) WITHIN GROUP (ORDER BY {0}) FROM {1} WHERE until_revision IS NULL"
        ).format(sql.Identifier(name), sql.Identifier(self.dataset.in_force._meta.db_table))
        count, low, high = next(iter(statements.rows(query, [])))
        if count < FEWEST:
            return lambda _index, _number: None
        return lambda _index, number: float(low) / APART <= number <= float(high) * APART

    @cached_property
    def refs(self) -> list[str]:
        if self.batch is None:
            return []
        read = {}
        for heading, name in self.plan.columns.items():
            if name in (*self.dataset.identity, *self.dataset.optional_identity):
                column = self.plan.texts_of(heading, self.batch.column(heading).to_pylist())
                read[name] = values.read_column(column, name, self.dataset)[0]
        for name, text in self.plan.constants.items():
            read[name] = [text] * self.batch.num_rows
        return values.refs(self.dataset, read) or [""] * self.batch.num_rows

    @cached_property
    def measures(self) -> Sequence[Any]:
        """What is computed of the boundaries; empty where the file brings none."""
        kind = self.dataset.geometry_kind
        if self.batch is None or not self.plan.brings_geometry or kind.measure is None or not self.plan.srid:
            return []
        rows = self.batch.column(ROW).to_pylist()
        found = boundaries.columns(self.batch, kind, rows, set(), self.plan, [{} for _row in rows], [])
        return found[1]


def _vote(doubts: Iterable[tuple[int, WrittenNumber]], likely: Likely) -> str:
    """The reading that most of the numbers speak for: one of their two readings is likely, and the other is not."""
    votes = {DECIMALS: 0, GROUPS: 0}
    for index, written in doubts:
        number, grouped = (likely(index, float(one or 0)) for one in (written.number, written.grouped))
        if number is not None and number != grouped:
            votes[DECIMALS if number else GROUPS] += 1
    best = max(votes, key=lambda role: votes[role])
    return best if votes[best] and votes[best] >= AGREE * sum(votes.values()) else ""


def _near(number: float, known: Decimal | float | None) -> bool | None:
    return None if not known else 1 / NEAR < number / float(known) < NEAR
