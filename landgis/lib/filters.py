"""One typed tree for every filter, whether it came from an address, the API or a notebook.

`read` makes it of texts as addresses hold them: `field=value`, `field_min=`, `field_max=`, `bbox=w,s,e,n`. Several values
of a field mean any of them. Numbers have a point and days are ISO; what people write besides is read for pages (`written`).
"""

import datetime
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from landgis.lib import days, numerals
from landgis.lib.nearness import nearest
from landgis.lib.text import one_spelling

BBOX = "bbox"
Texts = Mapping[str, str | Sequence[str]]  # an address: what each parameter is given, once or several times
TRUTHS = {"true": True, "false": False}


def _(message: str) -> str:
    """A text that is translated where it is shown; by this name the catalogues find it."""
    return message


NO_FILTER = _("This field is no filter.")
_STRICT_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?![\d-])", re.ASCII)


class FilterError(ValueError):
    """A parameter that cannot be understood; `parameter` names it, the text says what to write.

    `near` are what may be meant by what is written, the nearest first.
    """

    def __init__(self, parameter: str, message: str, params: Mapping[str, str] = {}, *, near: Sequence[str] = ()):
        super().__init__(message % params if params else message)
        self.parameter, self.message, self.params, self.near = parameter, message, params, tuple(near)

    def in_words(self, translate: Callable[[str], str]) -> Self:
        """The same in another language."""
        self.message = translate(self.message)
        self.args = (self.message % self.params if self.params else self.message,)
        return self


def no_such_value(parameter: str, text: str, codes: Sequence[str]) -> FilterError:
    """What is said of a value that is none of a list."""
    near = nearest(text, codes)
    told = {"value": text, "near": ", ".join(near), "codes": ", ".join(codes)}
    if near:
        return FilterError(
            parameter, _("“%(value)s” is no such value; the nearest: %(near)s. There are: %(codes)s."), told, near=near
        )
    return FilterError(parameter, _("“%(value)s” is not one of: %(codes)s."), told)


@dataclass(frozen=True)
class Equals:
    field: str
    value: Any


@dataclass(frozen=True)
class OneOf:
    """Has one of the values; with none of them no row."""

    field: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Listing:
    """Is a text that lists one of the values, with commas between them."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class AtLeast:
    field: str
    value: Any


@dataclass(frozen=True)
class AtMost:
    field: str
    value: Any


@dataclass(frozen=True)
class Within:
    """Touches the box west, south, east, north in degrees (EPSG:4326)."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class And:
    parts: tuple["Filter", ...] = ()


@dataclass(frozen=True)
class Or:
    """Any of the parts; with none of them no row."""

    parts: tuple["Filter", ...] = ()


Filter = Equals | OneOf | Listing | AtLeast | AtMost | Within | And | Or
ALL = And()


@dataclass(frozen=True)
class FilterColumn:
    """A column that rows are filtered by.

    `value_type` is boolean, integer, number, date, datetime or text; a coded one has one of the `codes` only; `default`
    holds until the address names the filter. A number is in its `unit` (`per` another, where it is a price by area), and
    has at most so many `decimals`; None: nobody knows how many.
    """

    name: str
    value_type: str
    is_range: bool
    codes: tuple[str, ...] = ()
    default: str = ""
    unit: str = ""
    per: str = ""
    decimals: int | None = None

    @property
    def parameters(self) -> dict[str, type[Equals | AtLeast | AtMost]]:
        """The names in an address, and what each says of the column."""
        if self.is_range:
            return {f"{self.name}_min": AtLeast, f"{self.name}_max": AtMost}
        return {self.name: Equals}


def texts_of(query: Texts, parameter: str, default: str = "") -> list[str]:
    """What a query says of a parameter: each text once, in one order; empty ones are none."""
    given = query.get(parameter, default)
    return sorted({text.strip() for text in ([given] if isinstance(given, str) else given) if text.strip()})


def one_text(query: Texts, parameter: str, default: str = "") -> str:
    """The same where only one makes sense. Raises FilterError for several."""
    texts = texts_of(query, parameter, default)
    if len(texts) > 1:
        raise FilterError(parameter, _("It is there more than once, and can have one value only."))
    return texts[0] if texts else ""


def read(columns: Iterable[FilterColumn], query: Texts, zone: datetime.tzinfo) -> Iterator[Filter]:
    """The filters on columns in the query of an address; times without a zone are of `zone`.

    Empty values are no filter, several are any of them; names that are no parameter of a column are left alone. Raises
    FilterError for a value of the wrong kind.
    """
    for column in columns:
        for parameter, kind in column.parameters.items():
            if kind is not Equals:
                if text := one_text(query, parameter, column.default):
                    yield kind(column.name, value(column, parameter, text, zone))
                continue
            texts = texts_of(query, parameter, column.default)
            values = dict.fromkeys(value(column, parameter, text, zone) for text in texts)
            if values:
                yield Equals(column.name, *values) if len(values) == 1 else OneOf(column.name, tuple(values))


def chosen(where: "Filter", field: str) -> tuple[Any, ...]:
    """The values of a field that a filter lets through by name; none where it asks nothing of the field."""
    for part in where.parts if isinstance(where, And) else (where,):
        if isinstance(part, Equals) and part.field == field:
            return (part.value,)
        if isinstance(part, OneOf) and part.field == field:
            return part.values
    return ()


def read_box(query: Texts) -> Iterator[Within]:
    """The box in the query of an address, if it has one. Raises FilterError."""
    text = one_text(query, BBOX)
    if not text:
        return
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = math.nan
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise FilterError(BBOX, _("Write four numbers: west,south,east,north in degrees."))
    yield Within(west, south, east, north)


def checked(parameter: str, text: str) -> str:
    """The text, if a database can hold it. Raises FilterError."""
    if "\x00" in text:
        raise FilterError(parameter, _("The value holds a character that no text can hold."))
    return text


def value(column: FilterColumn, parameter: str, text: str, zone: datetime.tzinfo) -> Any:
    """What the text of a parameter means. Raises FilterError."""
    codes = tuple(TRUTHS) if column.value_type == "boolean" else column.codes
    if checked(parameter, text) not in codes and codes:
        raise no_such_value(parameter, text, codes)
    try:
        if column.value_type == "boolean":
            return TRUTHS[text]
        if column.value_type in ("integer", "number"):
            return _number(parameter, text)
        if column.value_type == "date":
            return iso_day(text).on_clocks_of(zone)
        return _moment(text, parameter, zone) if column.value_type == "datetime" else one_spelling(text)
    except FilterError:
        raise
    except (ValueError, InvalidOperation, OverflowError):
        wanted = _("“%(value)s” is not a number or date; write for example 1200.5 or 2026-12-31.")
        raise FilterError(parameter, wanted, {"value": text}) from None


def _number(parameter: str, text: str) -> Decimal:
    """A number with a point, in the unit of the column: what could be read in two ways is refused, 10.000 too."""
    written = numerals.read(text)
    if written.grouped is not None:
        raise two_ways(
            parameter, text, [numerals.for_address(one.normalize()) for one in (written.number, written.grouped)]
        )
    if not _STRICT_NUMBER.fullmatch(text) or abs(written.number) >= Decimal(10) ** 18:
        raise InvalidOperation
    return written.number


def two_ways(parameter: str, text: str, near: Sequence[str]) -> FilterError:
    """What is said of a text with two readings, which are given as an address has them."""
    one, other = near
    told = {"value": text, "one": one, "other": other}
    return FilterError(
        parameter, _("“%(value)s” can be read in two ways: write %(one)s or %(other)s."), told, near=near
    )


def iso_day(text: str) -> days.WrittenDay:
    """A day in ISO, with its time if it has one. Raises ValueError for one that is written in another way."""
    if not _ISO_DAY.match(text):
        raise ValueError(text)
    return days.read(text)


def _moment(text: str, parameter: str, zone: datetime.tzinfo) -> datetime.datetime:
    """A time, local where it names no zone; of a date its beginning, or its end."""
    is_last = parameter.endswith("_max")
    return iso_day(text).moment(zone, datetime.time.max if is_last else datetime.time.min)
