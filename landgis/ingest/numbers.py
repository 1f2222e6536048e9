"""A number of a file as the field has it: in the notation of its column, and in the unit of the field."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal
from typing import Any

from django.db import models

from landgis.catalog import money
from landgis.catalog.dataset import Field
from landgis.changes.issues import Finding
from landgis.lib import numerals
from landgis.lib.days import DAY_FIRST
from landgis.lib.numerals import HELD_AS_NUMBER, OtherUnit, WrittenNumber

_BRACKETS = re.compile(r"[(\[]([^()\[\]]+)[)\]]")


@dataclass(frozen=True)
class Notation:
    """How a column is written: what the marks of numbers do where a number alone leaves it in doubt, and what codes mean.

    `codes` are those that somebody gave to values. `days` is the order of day and month, empty where it is in doubt. `both` are two values of the column, each beyond doubt, that are written in two ways. `scale`
    leads numbers that have no unit of their own from that of the heading to that of the field.
    """

    heading: str = ""
    decimals: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    days: str = DAY_FIRST
    codes: Mapping[str, str] = dataclass_field(default_factory=dict)
    both: Mapping[str, Any] = dataclass_field(default_factory=dict)
    scale: Decimal = Decimal(1)

    def chosen(self, written: WrittenNumber) -> Decimal:
        """The number that is meant. Raises InDoubt."""
        if written.grouped is None or written.mark in self.decimals:
            return written.number
        if written.mark in self.groups:
            return written.grouped
        raise InDoubt(written)


AS_IT_IS = Notation()


class InDoubt(ValueError):
    """A number with two readings, of which nothing tells the one that is meant."""

    def __init__(self, written: WrittenNumber):
        self.written = written
        super().__init__(written)


def finding(error: InDoubt | OtherUnit, value: object, field: Field, notation: Notation) -> Finding:
    """A number that can be read in two ways, or in a unit that is not that of the field.

    With a unit or a scale of its own ("3,217 tỷ") both readings stand as the field would have them.
    """
    params: dict[str, Any] = {"value": shown(value)}
    if isinstance(error, InDoubt):
        try:
            factor = Decimal(1) if _is_bare(error.written) else _factor(error.written, field)
        except OtherUnit as other:
            error = other
    if isinstance(error, OtherUnit):
        return Finding(
            "unit-other", field=field.name, params=params | {"unit": error.unit, "expected": unit_text(field)}
        )
    written = error.written
    params |= {"number": _plain(written.number * factor), "grouped": _plain((written.grouped or 0) * factor)}
    params["column"] = notation.heading
    return Finding(
        "notation-mixed" if notation.both else "number-doubtful", field=field.name, params=params | dict(notation.both)
    )


def unit_text(field: Field) -> str:
    return str(field.unit) + (f"/{field.per}" if field.per else "")


LONGEST = 80  # characters of a value that are shown


def shown(value: object) -> str:
    """A value of a file as people see it."""
    return whole_text(value)[:LONGEST]


def whole_text(value: object) -> str:
    """A value of a file as text."""
    return str(value).rstrip(HELD_AS_NUMBER)


def number(value: Any, field: Field, notation: Notation) -> Decimal:
    """The number that is meant, in the unit of the field."""
    if not isinstance(value, str):
        found = Decimal(str(value)) * notation.scale
    else:
        written = numerals.read(value)
        found = notation.chosen(written) * (notation.scale if _is_bare(written) else _factor(written, field))
    if not found.is_finite():
        raise ValueError(value)
    return found


def _is_bare(written: WrittenNumber) -> bool:
    return not (written.unit or written.per or written.is_scaled)


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _factor(written: WrittenNumber, field: Field) -> Decimal:
    return written.factor(money.symbol() if field.unit is money.UNIT else str(field.unit), field.per)


@dataclass(frozen=True)
class HeadingUnit:
    """The unit that a heading gives for its column, and how many of the field's unit one of it is."""

    text: str
    scale: Decimal


def unit_of(heading: str, field: Field) -> HeadingUnit | None:
    """That of "Area (ha)", "Price, million" or AREA_HA. Raises OtherUnit for one that is not of the field's kind."""
    if not field.unit:
        return None
    for text, is_sure in _units_in(heading):
        try:
            written = numerals.read(text if text[0].isdigit() else f"1 {text}")
        except ValueError:
            continue
        if written.unit and not numerals.is_unit(written.unit):
            continue
        if not (written.unit or written.is_scaled):
            continue
        scale = written.number if written.grouped is None else written.grouped
        try:
            return HeadingUnit(text, scale * _factor(written, field))
        except OtherUnit:
            if is_sure:
                raise
    return None


def _units_in(heading: str) -> Iterator[tuple[str, bool]]:
    """What may be a unit, and whether it can hardly be anything else: in brackets, or behind the last comma or as last word."""
    for found in _BRACKETS.findall(heading):
        yield found.rpartition(":")[2].strip() or found, True
    bare = _BRACKETS.sub(" ", heading).strip()
    for mark in (",", ":"):
        if mark in bare and bare.rpartition(mark)[2].strip():
            yield bare.rpartition(mark)[2].strip(), False
    words = re.split(r"[\s_]+", bare)
    if len(words) > 1 and words[-1]:
        yield words[-1], False


def decimal(given: Decimal, model_field: "models.DecimalField[Any, Any]") -> Decimal:
    kept = given.quantize(Decimal(1).scaleb(-model_field.decimal_places))
    if len(kept.as_tuple().digits) > model_field.max_digits:
        raise ValueError(given)
    return kept


def whole(given: Decimal) -> int:
    if given != given.to_integral_value() or abs(given) >= 2**63:
        raise ValueError(given)
    return int(given)
