"""One typed tree for every filter, whether it came from an address, the API or a notebook.

A filter names declared, public, filterable fields only; everything else is refused by name.
"""

import datetime
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from landgis.catalog.dataset import PUBLIC, REF, Dataset, Field


class FilterError(ValueError):
    """A parameter that cannot be understood; `parameter` names it, the text says what to write."""

    def __init__(self, parameter: str, message: str):
        super().__init__(message)
        self.parameter = parameter


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


Filter = Equals | OneOf | AtLeast | AtMost | Within | And | Or
ALL = And()


def filterable(dataset: Dataset) -> list[Field]:
    return [field for field in dataset.fields if field.filters and field.visibility == PUBLIC]


def from_query(dataset: Dataset, query: Mapping[str, str], *, as_of: int | None = None) -> And:
    """The filter in the query of an address: `field=value`, `field_min=`, `field_max=`, `bbox=w,s,e,n`.

    Empty values are no filter; what the query does not name has the default of its field. Raises FilterError for a value of the wrong kind; names that are
    no filter of the dataset are left alone (they may be another parameter of the page). What a filter looks up in other
    datasets it looks up as of the revision.
    """
    return And(tuple(_parts(dataset, query, as_of)))


def _parts(dataset: Dataset, query: Mapping[str, str], as_of: int | None) -> Iterator[Filter]:
    for field in filterable(dataset):
        suffixes: dict[str, type[Equals | AtLeast | AtMost]] = (
            {"_min": AtLeast, "_max": AtMost} if dataset.is_range(field.name) else {"": Equals}
        )
        for suffix, kind in suffixes.items():
            parameter = field.name + suffix
            text = query.get(parameter, field.default).strip()
            if text:
                yield kind(field.name, _value(dataset, field.name, parameter, text))
    for lookup in dataset.lists.lookups:
        text = query.get(lookup.name, "").strip()
        if "\x00" in text:
            raise FilterError(lookup.name, _("The value holds a character that no text can hold."))
        if text:
            yield lookup.read(text, as_of)
    if query.get("bbox"):
        if not dataset.geometry:
            raise FilterError("bbox", _("This dataset has no places on the map. Leave bbox out."))
        yield _box(query["bbox"])


def _value(dataset: Dataset, name: str, parameter: str, text: str) -> Any:
    choices = dataset.choices(name)
    if "\x00" in text:
        raise FilterError(parameter, _("The value holds a character that no text can hold."))
    if choices and text not in choices:
        codes = ", ".join(str(code) for code in choices)
        raise FilterError(parameter, _("“%(value)s” is not one of: %(codes)s.") % {"value": text, "codes": codes})
    try:
        if isinstance(dataset.model_field(name), models.DateTimeField):
            return _moment(text, to_end=parameter.endswith("_max"))
        if isinstance(dataset.model_field(name), models.DateField):
            return datetime.date.fromisoformat(text)
        if dataset.is_number(name):
            number = Decimal(text)
            if not number.is_finite() or abs(number) >= Decimal(10) ** 18:
                raise InvalidOperation
            return number
    except (ValueError, InvalidOperation):
        raise FilterError(
            parameter,
            _("“%(value)s” is not a number or date; write for example 1200.5 or 2026-12-31.") % {"value": text},
        ) from None
    return text


def _moment(text: str, *, to_end: bool) -> datetime.datetime:
    """A time, local where it names no zone; of a date its beginning, or its end."""
    moment = datetime.datetime.fromisoformat(text)
    if to_end and len(text) == len("2026-12-31"):
        moment = datetime.datetime.combine(moment, datetime.time.max)
    return moment if moment.tzinfo else timezone.make_aware(moment)


def _box(text: str) -> Within:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = math.nan
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise FilterError("bbox", _("Write four numbers: west,south,east,north in degrees."))
    return Within(west, south, east, north)


def parse_after(text: str | None) -> str | None:
    """The ref behind which a page of a list goes on, from an address."""
    if text and not REF.fullmatch(text):
        raise FilterError("after", _("Write the reference of the last row of the page before."))
    return text or None


def to_sql(dataset: Dataset, where: Filter) -> tuple[sql.Composable, list[Any]]:
    """The condition as SQL on the columns of the published view, and its bound parameters."""
    if isinstance(where, And | Or):
        parts = [to_sql(dataset, part) for part in where.parts]
        sign, none = (" AND ", "true") if isinstance(where, And) else (" OR ", "false")
        joined = sql.SQL(sign).join(condition for condition, _bound in parts) if parts else sql.SQL(none)
        return sql.SQL("({})").format(joined), [value for _condition, bound in parts for value in bound]
    if isinstance(where, Within):
        shape = sql.Identifier(str(dataset.geometry))
        box = [where.west, where.south, where.east, where.north]
        envelope = sql.SQL("ST_MakeEnvelope(%s, %s, %s, %s, 4326)")
        return sql.SQL("({} && {} AND ST_Intersects({}, {}))").format(shape, envelope, shape, envelope), box + box
    if where.field != "ref" and where.field not in {field.name for field in filterable(dataset)}:
        raise FilterError(where.field, _("This field is no filter."))
    if isinstance(where, OneOf):
        return sql.SQL("{} = ANY(%s)").format(sql.Identifier(where.field)), [list(where.values)]
    sign = {Equals: "=", AtLeast: ">=", AtMost: "<="}[type(where)]
    return sql.SQL("{} {} %s").format(sql.Identifier(where.field), sql.SQL(sign)), [where.value]
