"""Filters as a list's address has them: `commune_name=`, `area_legal_m2_min=`, `bbox=west,south,east,north`."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from landgis.analysis.communes import PLACE
from landgis.analysis.source import Schema
from landgis.lib import numerals
from landgis.lib.filters import BBOX, And, FilterColumn, FilterError, Texts, read, read_box, texts_of
from landgis.lib.nearness import nearest


def names(schema: Schema) -> list[str]:
    """The parameters that filter this dataset."""
    declared = [name for column in columns(schema) for name in column.parameters]
    lookups = [lookup["name"] for lookup in schema["lookups"]]
    return [*declared, *lookups, *([BBOX] if schema["geometry"] else [])]


def written(schema: Schema, filters: Mapping[str, Any]) -> dict[str, list[str]]:
    """The filters as texts of an address, in one order; a list or set of values means any of them.

    ValueError for a name that filters nothing: a slip would give all rows.
    """
    for name in filters:
        if name not in names(schema):
            near = nearest(name, names(schema))
            meant = f" Did you mean {' or '.join(near)}?" if near else ""
            raise ValueError(
                f"{name!r} is no filter of {schema['name']}; there are: {', '.join(names(schema))}.{meant}"
            )
    return {name: _texts(name, filters[name]) for name in sorted(filters) if filters[name] is not None}


def _texts(name: str, value: Any) -> list[str]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [_written(value)]
    texts = [_written(one) for one in value]
    if name == BBOX:
        return [texts[0] if len(texts) == 1 else ",".join(texts)]
    if not texts:
        raise ValueError(f"{name} is given no value at all: leave it out for all rows.")
    return sorted(set(texts))


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        return numerals.for_address(value)
    return str(value)


def tree(schema: Schema, texts: Texts) -> And:
    """The filter on columns that the texts of an address make, the usual ones included; the same as the server reads.

    What names a commune is understood by `communes`. Raises ValueError naming the parameter, as the server does.
    """
    for lookup in schema["lookups"]:
        if lookup["name"] != PLACE and texts_of(texts, lookup["name"]):
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
