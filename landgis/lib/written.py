"""What people write into a filter, as the strict form that addresses have: `10.000 m²`, `2,5 tỷ`, `4/12`, `this week`.

Programs write numbers with a point and ISO dates (`filters.read`). A page reads more: a mark that may divide off decimals
or group thousands is that of the page's language, and where the column has fewer decimals than that would leave, the
two readings are a question.
"""

import datetime
import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from landgis.lib import days, numerals, spans
from landgis.lib.filters import FilterColumn, FilterError, two_ways
from landgis.lib.numerals import OtherUnit, WrittenNumber


def _(message: str) -> str:
    """A text that is translated where it is shown; by this name the catalogues find it."""
    return message


_PLAIN_DIGITS = 3  # decimals that a group of thousands would look like
_SHORT = re.compile(r"(?P<whole>\d+(?:[.,]\d+)?)\s*(?P<word>[^\W\d]+)\s*(?P<tenths>\d)(?:\s*[^\W\d]+)?")  # "2 tỷ 5"


def number(column: FilterColumn, parameter: str, text: str, decimal_mark: str, like: str = "") -> str:
    """A number in the unit of the column, as an address has it; a bare one is meant `like` another. Raises FilterError;
    `near` are the readings there are.
    """
    try:
        written = numerals.read(text, like)
        factor = written.factor(column.unit, column.per)
    except OtherUnit as error:
        told = {"value": text, "unit": error.unit, "expected": column.unit + (f"/{column.per}" if column.per else "")}
        if not told["expected"]:
            raise FilterError(parameter, _("“%(value)s” is with a unit, and this is a bare number."), told) from None
        raise FilterError(parameter, _("“%(unit)s” is no unit of this; write it in %(expected)s."), told) from None
    except ValueError:
        raise _no_number(column, parameter, text, decimal_mark) from None
    is_bare = factor == 1 and not written.is_scaled
    found = [one * factor for one in _readings(written, column, decimal_mark, is_bare=is_bare)]
    if not all(one.is_finite() and abs(one) < Decimal(10) ** 18 for one in found):
        raise _no_number(column, parameter, text, decimal_mark)
    if len(found) > 1:
        raise two_ways(parameter, text, [numerals.for_address(one.normalize()) for one in found])
    return numerals.for_address(_short(found[0]))


def _readings(written: WrittenNumber, column: FilterColumn, decimal_mark: str, *, is_bare: bool) -> Sequence[Decimal]:
    """What is meant; both where the language says one thing and the decimals of the column another."""
    if written.grouped is None:
        return [written.number]
    has_decimals = column.value_type != "integer" and (column.decimals is None or column.decimals >= _PLAIN_DIGITS)
    if written.mark != decimal_mark:
        return [written.grouped]
    return [written.number] if has_decimals or not is_bare else [written.number, written.grouped]


def _no_number(column: FilterColumn, parameter: str, text: str, decimal_mark: str) -> FilterError:
    """With what may be meant where a figure behind a scale stands for tenths of it."""
    if end := _end(column, parameter, text, decimal_mark):
        told = {"value": text}
        return FilterError(
            parameter, _("“%(value)s” is a range: write each of its ends into its own box."), told, near=[end]
        )
    found = _SHORT.fullmatch(text.strip())
    if found and (scale := numerals.scale_of(found["word"])) and not {".", ","} & set(found["whole"]):
        meant = numerals.for_address(_short((Decimal(found["whole"]) + Decimal(f"0.{found['tenths']}")) * scale))
        told = {"value": text, "meant": f"{found['whole']}{decimal_mark}{found['tenths']} {found['word']}"}
        return FilterError(
            parameter, _("“%(value)s” leaves open what the last figure counts. Is it %(meant)s?"), told, near=[meant]
        )
    return FilterError(
        parameter, _("“%(value)s” is no number. Write for example 1200, 1200.5 or 2 billion."), {"value": text}
    )


def _end(column: FilterColumn, parameter: str, text: str, decimal_mark: str) -> str:
    """Of a range in one box the end that the box is for; empty where it is no range, or leaves something open."""
    low, dash, high = (part.strip() for part in text.replace("–", "-").partition("-"))
    if not (dash and low):
        return ""
    try:
        ends = number(column, parameter, low, decimal_mark, high), number(column, parameter, high, decimal_mark)
    except FilterError:
        return ""
    return ends[parameter.endswith("_max")]


def _short(number: Decimal) -> Decimal:
    return number.to_integral_value() if number == number.to_integral_value() else number.normalize()


def day(column_type: str, parameter: str, text: str, today: Callable[[], datetime.date], *, is_last: bool) -> str:
    """A day, or of a stretch of days the first or last one, in ISO; a time stays where the column has times. Raises
    FilterError.
    """
    try:
        written = days.read(text)
    except ValueError:
        written = None
    if written and written.time is not None and column_type == "datetime":
        return datetime.datetime.combine(written.day, written.time).isoformat()
    if written:
        return written.day.isoformat()
    try:
        span = spans.read(text, today())
    except spans.TwoDays as error:
        raise two_ways(parameter, text, [one.isoformat() for one in error.days]) from None
    except (ValueError, OverflowError):
        wanted = _("“%(value)s” is no day. Write for example 31/12/2026, “this week” or “12/2026”.")
        raise FilterError(parameter, wanted, {"value": text}) from None
    return (span.last if is_last else span.first).isoformat()
