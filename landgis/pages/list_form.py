"""The form that filters a list: its controls, what is chosen, and the addresses without it."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.http import QueryDict

from landgis.catalog import unit_filters
from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.filters import filterable, value_of
from landgis.lib import days
from landgis.lib.order import order_key
from landgis.pages.texts import value_text


def filters(dataset: Dataset, query: QueryDict, overall: dict[str, list], as_of: int | None) -> list[dict[str, Any]]:
    """The controls of the filter form, those that are no columns last."""
    lookups = [
        {"name": one.name, "label": one.label, "kind": one.kind, "values": query.getlist(one.name) or [""]}
        for one in dataset.lists.lookups
    ]
    fields = [field for field in filterable(dataset) if field.in_form]
    return [_filter(dataset, field, query, overall, as_of) for field in fields] + lookups


def _filter(
    dataset: Dataset, field: Field, query: QueryDict, overall: dict[str, list], as_of: int | None
) -> dict[str, Any]:
    """One control of the filter form. Of a choice the first value stands in the list, others beside it to be taken back.

    Names of communes that are no more stand behind the others.
    """
    shown: dict[str, Any] = {"name": field.name, "label": dataset.label(field.name), "unit": field.unit}
    if dataset.is_range(field.name):
        ends = {"min_name": f"{field.name}_min", "max_name": f"{field.name}_max"}
        values = {"min_value": query.get(ends["min_name"]), "max_value": query.get(ends["max_name"])}
        return shown | ends | values | {"kind": "range"}
    if field.groups or dataset.choices(field.name):
        chosen = asked(field, query)
        present = [line["value"] for line in overall.get(field.name, [])] or list(dataset.choices(field.name))
        options = [
            {"value": value, "label": value_text(dataset, field, value), "is_chosen": value in chosen}
            for value in dict.fromkeys([*present, *chosen])
            if value
        ]
        options.sort(key=lambda option: order_key(option["label"]))
        picked = [option for option in options if option["is_chosen"]]
        former = unit_filters.former_names(dataset, field.name, as_of)
        return shown | {
            "kind": "choice",
            "options": [option for option in options if option["value"] not in former],
            "former": [option for option in options if option["value"] in former],
            "first": picked[0] if picked else None,
            "others": picked[1:],
            "has_more": 0 < len(picked) < len(options),
            "default": field.default,
            "is_as_given": dataset.is_free_text(field.name),
        }
    return shown | {"kind": "text", "values": query.getlist(field.name) or [""]}


def asked(field: Field, query: QueryDict) -> list[str]:
    """The values of a field that an address asks for; the usual one where it does not name the field."""
    values = query.getlist(field.name) if field.name in query else [field.default]
    return [value for value in values if value]


def chips(dataset: Dataset, query: QueryDict, as_of: int | None) -> Iterator[dict[str, str]]:
    """The filters that are on, each value with the address without it."""
    plain = kept(query)
    for field in filterable(dataset):
        for suffix, sign in (("", ":"), ("_min", " ≥"), ("_max", " ≤")):
            name = field.name + suffix
            for value in filter(None, query.getlist(name)):
                label = unit_filters.told(dataset, name, value, as_of) or (
                    f"{dataset.label(field.name)}{sign} {filter_text(dataset, field, name, value)} {field.unit}"
                )
                yield {"label": label.strip(), "url": f"?{without(plain, name, value).urlencode()}"}
    for lookup in dataset.lists.lookups:
        for value in filter(None, query.getlist(lookup.name)):
            label = unit_filters.told(dataset, lookup.name, value, as_of) or f"{lookup.label}: {value}"
            yield {"label": label, "url": f"?{without(plain, lookup.name, value).urlencode()}"}


def without(query: QueryDict, name: str, value: str) -> QueryDict:
    """The query that no longer asks for a value, and for others of the same name as before."""
    rest = query.copy()
    rest.setlist(name, [one for one in query.getlist(name) if one != value])
    if not rest.getlist(name):
        del rest[name]
    return rest


def understood(dataset: Dataset, query: QueryDict, as_of: int | None) -> list[str]:
    """What filters by a commune were taken for, where they are not taken as they are written."""
    told = (unit_filters.told(dataset, name, text, as_of) for name in query for text in query.getlist(name))
    return [text for text in told if text]


def filter_text(dataset: Dataset, field: Field, parameter: str, text: str) -> str:
    """What a filter in an address means, as it is read: a number with its marks, a day in the reader's form."""
    if not dataset.is_range(field.name):
        return value_text(dataset, field, text)
    meant = value_of(dataset, field, parameter, text)
    is_day = isinstance(meant, datetime.datetime) and days.read(text).time is None
    return value_text(dataset, field, meant.date() if is_day else meant)


def kept(query: QueryDict) -> QueryDict:
    """The query without the place in the list and the scene on the map, which choose no rows."""
    kept = query.copy()
    for name in ("after", "scene", "compare"):
        kept.pop(name, None)
    return kept


def changed(query: QueryDict, **values: str) -> str:
    changed = query.copy()
    for name, value in values.items():
        changed[name] = value
    return changed.urlencode()
