"""Filters as a list's address has them: `commune_name=`, `area_legal_m2_min=`, `bbox=west,south,east,north`."""

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from landgis.analysis.source import Schema

BBOX = "bbox"


def names(schema: Schema) -> list[str]:
    """The parameters that filter this dataset."""
    declared = [name for field in schema["fields"] if field["filter"] for name in field["filter"]["parameters"]]
    lookups = [lookup["name"] for lookup in schema["lookups"]]
    return [*declared, *lookups, *([BBOX] if schema["geometry"] else [])]


def written(schema: Schema, filters: Mapping[str, Any]) -> dict[str, str]:
    """The filters as texts of an address. ValueError for a name that filters nothing: a slip would give all rows."""
    for name in filters:
        if name not in names(schema):
            raise ValueError(f"{name!r} is no filter of {schema['name']}; there are: {', '.join(names(schema))}.")
    return {name: _written(value) for name, value in filters.items() if value is not None}


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return ",".join(map(_written, value))
    return str(value)


def conditions(schema: Schema, filters: Mapping[str, str]) -> Iterator[tuple[str, str, Any]]:
    """(column, sign, value) of every filter that is on, the usual ones included; for the box (bbox, &&, four numbers).

    Raises ValueError naming the parameter, as the server does.
    """
    for field in schema["fields"]:
        for parameter in field["filter"]["parameters"] if field["filter"] else ():
            text = filters.get(parameter, field["filter"]["default"]).strip()
            if text:
                sign = {"_min": ">=", "_max": "<="}.get(parameter.removeprefix(field["name"]), "=")
                yield field["name"], sign, _value(schema, field, parameter, text)
    for lookup in schema["lookups"]:
        if filters.get(lookup["name"]):
            raise ValueError(f"{lookup['name']} is no column: only a server can look it up, a database cannot.")
    if filters.get(BBOX):
        yield BBOX, "&&", _box(filters[BBOX])


def _value(schema: Schema, field: dict[str, Any], parameter: str, text: str) -> Any:
    codes = [one["code"] for one in field["codes"]]
    if codes and text not in codes:
        raise ValueError(f"{parameter}: {text!r} is not one of: {', '.join(codes)}.")
    try:
        return _READERS.get(field["type"], lambda text, *_: text)(text, parameter, ZoneInfo(schema["time_zone"]))
    except (ValueError, InvalidOperation):
        raise ValueError(f"{parameter}: {text!r} is no {field['type']}.") from None


def _number(text: str, *_: Any) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number


def _day(text: str, *_: Any) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _moment(text: str, parameter: str, zone: ZoneInfo) -> datetime.datetime:
    """A time, local where it names no zone; of a day its beginning, or its end."""
    moment = datetime.datetime.fromisoformat(text)
    if parameter.endswith("_max") and len(text) == len("2026-12-31"):
        moment = datetime.datetime.combine(moment, datetime.time.max)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _truth(text: str, *_: Any) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


_READERS = {"integer": _number, "number": _number, "date": _day, "datetime": _moment, "boolean": _truth}


def _box(text: str) -> tuple[float, ...]:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValueError(text)
    except ValueError:
        raise ValueError("bbox: write four numbers: west,south,east,north in degrees.") from None
    return west, south, east, north
