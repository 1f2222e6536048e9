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

OfRow = Callable[[int], float | None]  # what is known of a row of the sample
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
        others = self.of_others(name)
        known: list[tuple[str, Likely]] = [(why, _beside(of_row)) for why, of_row in self.of_rows(name)]
        known += [(others[0], _within(*others[1:]))] if others else []
        for why, likely in known:
            if role := _vote(doubts, likely):
                return role, why
        return "", ""

    def values(self, heading: str) -> list[Any]:
        """The column of the sample, as text where it is text."""
        if self.batch is None:
            return []
        return self.plan.texts_of(heading, self.batch.column(heading).to_pylist())

    def _doubts(self, heading: str, mark: str) -> list[tuple[int, WrittenNumber]]:
        found = []
        for index, text in enumerate(self.values(heading)):
            try:
                written = numerals.read(text or "")
            except ValueError:
                continue
            if written.mark == mark:
                found.append((index, written))
        return found

    def of_rows(self, name: str) -> list[tuple[str, OfRow]]:
        """What is known of single rows of the sample, the better witness first, each with what it is called."""
        rows = self.dataset.in_force._default_manager.filter(until_revision=None, ref__in=set(filter(None, self.refs)))
        in_force = dict(rows.values_list("ref", name))
        measures = self.measures if name == self.dataset.legal_area else []
        return [
            (_("by what is in force for the same features"), lambda at: _float(in_force.get(self.refs[at]))),
            (
                _("by the area that is computed from the boundary"),
                lambda at: _float(measures[at]) if measures else None,
            ),
        ]

    def of_others(self, name: str) -> tuple[str, float, float] | None:
        """Between what the values in force of other features lie, with room on both sides; None for too few."""
        query = sql.SQL(
            "SELECT count({0}), percentile_disc(0.02) WITHIN GROUP (ORDER BY {0}),"
            " percentile_disc(0.98) WITHIN GROUP (ORDER BY {0}) FROM {1} WHERE until_revision IS NULL"
        ).format(sql.Identifier(name), sql.Identifier(self.dataset.in_force._meta.db_table))
        count, low, high = next(iter(statements.rows(query, [])))
        if count < FEWEST:
            return None
        return _("by the values in force for other features"), float(low) / APART, float(high) * APART

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


def _beside(of_row: OfRow) -> Likely:
    def likely(at: int, number: float) -> bool | None:
        known = of_row(at)
        return None if not known else 1 / NEAR < number / known < NEAR

    return likely


def _within(low: float, high: float) -> Likely:
    return lambda _at, number: low <= number <= high


def _float(value: Decimal | float | None) -> float | None:
    return None if value is None else float(value)
