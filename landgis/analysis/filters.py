"""Filters as a list's address has them: `commune_name=`, `area_legal_m2_min=`, `bbox=west,south,east,north`."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from landgis.analysis.source import Schema
from landgis.lib import numerals
from landgis.lib.filters import BBOX, And, FilterColumn, FilterError, read, read_box


def names(schema: Schema) -> list[str]:
    """The parameters that filter this dataset."""
    declared = [name for column in columns(schema) for name in column.parameters]
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
    if isinstance(value, float | Decimal):
        return numerals.for_address(value)
    if isinstance(value, tuple | list):
        return ",".join(map(_written, value))
    return str(value)


def tree(schema: Schema, texts: Mapping[str, str]) -> And:
    """The filter that the texts of an address make, the usual ones included; the same as the server reads.

    Raises ValueError naming the parameter, as the server does.
    """
    for lookup in schema["lookups"]:
        if texts.get(lookup["name"]):
            raise ValueError(f"{lookup['name']} is no column: only a server can look it up, a database cannot.")
    try:
        return And((*read(columns(schema), texts, ZoneInfo(schema["time_zone"])), *read_box(texts)))
    except FilterError as error:
        raise ValueError(f"{error.parameter}: {error}") from None


def columns(schema: Schema) -> list[FilterColumn]:
    """What the dataset can be filtered by."""
    return [
        FilterColumn(
            name=field["name"],
            value_type=field["type"],
            is_range=field["name"] not in field["filter"]["parameters"],
            codes=tuple(one["code"] for one in field["codes"]),
            default=field["filter"]["default"],
            decimals=field["decimals"],
        )
        for field in schema["fields"]
        if field["filter"]
    ]
