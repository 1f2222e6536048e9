"""Columns whose numbers are, as a whole, thousands of times what is known of them, or thousandths.

No value of such a column is in doubt by itself: an area in hectares or a price in thousands reads as well as any other.
So what is known beside the file is asked: what is in force for the same features, the area of the boundary, and the
values in force of other features. Then a person says whether the numbers are right.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from landgis.changes.issues import Finding
from landgis.ingest import numbers
from landgis.ingest.column_answers import AS_WRITTEN, ColumnAnswer
from landgis.ingest.magnitudes import AGREE, Magnitudes
from landgis.ingest.numbers import Notation
from landgis.ingest.questions import FileQuestion

LEAST = 3  # powers of ten: less is another survey or another year
POWERS = (3, -3, 6, -6)  # by which values of others are looked at
Row = tuple[int, str, float]  # place in the sample, as it is written, as it is read


@dataclass(frozen=True)
class Leap:
    """So many powers of ten lie between a column and what is known, shown by one value; `cause` says who knows it."""

    power: int
    value: str
    read: float
    known: float
    cause: str

    def params(self, heading: str, *, is_hidden: bool) -> dict[str, Any]:
        told = {"column": heading, "factor": _factor(self.power), "times": _factor(-self.power), "cause": self.cause}
        shown = {"value": "…", "known": "…"} if is_hidden else {"value": self.value, "known": _figure(self.known)}
        return told | shown


def told(
    known: Magnitudes, heading: str, notation: Notation, said: ColumnAnswer
) -> tuple[list[Finding], list[FileQuestion]]:
    """What stops a column that leaps, and what is asked of it; what is `said` already stays so."""
    leap = None if said.size else _leap(known, heading, notation)
    if leap is None:
        return [], []
    name = known.plan.columns[heading]
    params = leap.params(heading, is_hidden=known.dataset.is_hidden(name))
    params["times"] = ",".join(filter(None, (params["times"], said.way)))  # as an option names it: with what is said
    choices = tuple({"name": str(one)} for one in _answers(said, leap))
    question = FileQuestion("magnitude", params | {"of": name}, choices, blocks=False)
    return [Finding("magnitude-doubtful", field=name, params=params)], [question]


def answers(known: Magnitudes, heading: str, notation: Notation, said: ColumnAnswer) -> list[ColumnAnswer]:
    """What may be said of a column of which the notation is in doubt, if it is as is `said`: its size, too, if it leaps so."""
    leap = None if said.size else _leap(known, heading, notation)
    return _answers(said, leap) if leap else [said]


def _answers(said: ColumnAnswer, leap: Leap) -> list[ColumnAnswer]:
    return [replace(said, size=size) for size in (f"times:{_factor(-leap.power)}", AS_WRITTEN)]


def _leap(known: Magnitudes, heading: str, notation: Notation) -> Leap | None:
    name = known.plan.columns[heading]
    rows = list(_rows(known, heading, notation))
    for cause, of_row in known.of_rows(name):
        beside = [(row, value) for row in rows if (value := of_row(row[0])) and value > 0]
        if beside:
            return _by_pairs(beside, cause)
    if not known.dataset.field(name).unit or not rows or (others := known.of_others(name)) is None:
        return None
    cause, low, high = others
    return _by_others(rows, cause, low, high)


def _rows(known: Magnitudes, heading: str, notation: Notation) -> Iterator[Row]:
    """The numbers of the sample that are more than nothing."""
    field = known.dataset.field(known.plan.columns[heading])
    for at, value in enumerate(known.values(heading)):
        try:
            read = float(numbers.number(value, field, notation)) if value not in (None, "") else 0.0
        except (ValueError, TypeError, InvalidOperation, OverflowError):
            continue
        if read > 0:
            yield at, numbers.shown(value), read


def _by_pairs(beside: Iterable[tuple[Row, float]], cause: str) -> Leap | None:
    pairs = list(beside)
    powers = Counter(round(math.log10(row[2] / value)) for row, value in pairs)
    power, count = powers.most_common(1)[0]
    if abs(power) < LEAST or count < AGREE * len(pairs):
        return None
    row, value = next(pair for pair in pairs if round(math.log10(pair[0][2] / pair[1])) == power)
    return Leap(power, row[1], row[2], value, cause)


def _by_others(rows: list[Row], cause: str, low: float, high: float) -> Leap | None:
    def share(power: int) -> float:
        return sum(low <= read / 10.0**power <= high for _at, _text, read in rows) / len(rows)

    best = max(POWERS, key=share)
    if share(best) < AGREE or share(0) > 1 - AGREE:
        return None
    _at, value, read = rows[0]
    return Leap(best, value, read, read / 10.0**best, cause)


def _factor(power: int) -> str:
    return f"{Decimal(1).scaleb(power):f}"


def _figure(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0") if number >= 10 else f"{number:.3g}"
