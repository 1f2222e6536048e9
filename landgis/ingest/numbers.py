"""A number of a file as the field has it: in the notation of its column, and in the unit of the field."""

from collections.abc import Mapping
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


@dataclass(frozen=True)
class Notation:
    """How a column is written: what the marks of numbers do where a number alone leaves it in doubt, and what codes mean.

    `codes` are those that somebody gave to values. `days` is the order of day and month, empty where it is in doubt. `both` are two values of the column, each beyond doubt, that are written in two ways.
    """

    heading: str = ""
    decimals: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    days: str = DAY_FIRST
    codes: Mapping[str, str] = dataclass_field(default_factory=dict)
    both: Mapping[str, Any] = dataclass_field(default_factory=dict)

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
    """A number that can be read in two ways, or in a unit that is not that of the field."""
    params: dict[str, Any] = {"value": shown(value)}
    if isinstance(error, OtherUnit):
        expected = str(field.unit) + (f"/{field.per}" if field.per else "")
        return Finding("unit-other", field=field.name, params=params | {"unit": error.unit, "expected": expected})
    written = error.written
    params |= {"number": str(written.number.normalize()), "grouped": str(written.grouped), "column": notation.heading}
    return Finding(
        "notation-mixed" if notation.both else "number-doubtful", field=field.name, params=params | dict(notation.both)
    )


def shown(value: object) -> str:
    """A value of a file as people see it."""
    return str(value).rstrip(HELD_AS_NUMBER)[:80]


def number(value: Any, field: Field, notation: Notation) -> Decimal:
    """The number that is meant, in the unit of the field."""
    if not isinstance(value, str):
        found = Decimal(str(value))
    else:
        written = numerals.read(value)
        factor = written.factor(money.symbol() if field.unit is money.UNIT else str(field.unit), field.per)
        found = notation.chosen(written) * factor
    if not found.is_finite():
        raise ValueError(value)
    return found


def decimal(given: Decimal, model_field: "models.DecimalField[Any, Any]") -> Decimal:
    kept = given.quantize(Decimal(1).scaleb(-model_field.decimal_places))
    if len(kept.as_tuple().digits) > model_field.max_digits:
        raise ValueError(given)
    return kept


def whole(given: Decimal) -> int:
    if given != given.to_integral_value() or abs(given) >= 2**63:
        raise ValueError(given)
    return int(given)
