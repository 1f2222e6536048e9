"""The form that filters a list: its controls, what is chosen, and the addresses without it."""

import datetime
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from landgis.catalog import money, unit_filters
from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.filters import filterable, parameters, value_of
from landgis.lib import days
from landgis.lib.filters import FilterError, iso_day
from landgis.lib.order import order_key
from landgis.pages.texts import value_text


def filters(
    dataset: Dataset,
    query: QueryDict,
    overall: dict[str, list],
    as_of: int | None,
    problems: Mapping[str, FilterError] = MappingProxyType({}),
) -> list[dict[str, Any]]:
    """The controls of the filter form with what was written into them, those that are no columns last."""
    lookups = [
        {
            "name": one.name,
            "label": one.label,
            "kind": one.kind,
            "values": query.getlist(one.name) or [""],
            "problem": problems.get(one.name),
        }
        for one in dataset.lists.lookups
    ]
    fields = [field for field in filterable(dataset) if field.in_form]
    return [_filter(dataset, field, query, overall, as_of, problems) for field in fields] + lookups


def told(dataset: Dataset, query: QueryDict, problems: Mapping[str, FilterError]) -> list[dict[str, Any]]:
    """What could not be understood: the box, what is wrong, and addresses with what may be meant."""
    known = {one.name for one in parameters(dataset)}
    return [
        {
            "name": name,
            "text": str(error),
            "ways": [
                {
                    "label": chip_text(dataset, name, near) if name in known else near,
                    "url": f"?{changed(query, **{name: near})}",
                }
                for near in error.near
            ],
        }
        for name, error in problems.items()
    ]


def _ends(field: Field, query: QueryDict, problems: Mapping[str, FilterError]) -> list[dict[str, Any]]:
    """The boxes of the lowest and the highest value."""
    return [
        {"name": name, "value": query.get(name, ""), "said": said, "problem": problems.get(name)}
        for name, said in ((f"{field.name}_min", _("from")), (f"{field.name}_max", _("to")))
    ]


def _filter(
    dataset: Dataset,
    field: Field,
    query: QueryDict,
    overall: dict[str, list],
    as_of: int | None,
    problems: Mapping[str, FilterError],
) -> dict[str, Any]:
    """One control of the filter form. Of a choice the first value stands in the list, others beside it to be taken back.

    Names of communes that are no more stand behind the others.
    """
    shown: dict[str, Any] = {"name": field.name, "label": dataset.label(field.name), "unit": field.unit}
    if dataset.is_range(field.name):
        return shown | {"kind": "range", "ends": _ends(field, query, problems), "per": field.per}
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
    for name in (one.name for one in parameters(dataset)):
        for value in filter(None, query.getlist(name)):
            label = chip_text(dataset, name, value, as_of)
            yield {"label": label, "url": f"?{without(plain, name, value).urlencode()}"}


def chip_text(dataset: Dataset, name: str, value: str, as_of: int | None = None) -> str:
    """One filter in words, as it was read."""
    if told := unit_filters.told(dataset, name, value, as_of):
        return told
    for lookup in dataset.lists.lookups:
        if lookup.name == name:
            return f"{lookup.label}: {date_format(iso_day(value).day, 'SHORT_DATE_FORMAT') if lookup.kind == 'date' else value}"
    field, sign = next(
        (field, sign)
        for field in filterable(dataset)
        for suffix, sign in (("", ":"), ("_min", " ≥"), ("_max", " ≤"))
        if field.name + suffix == name
    )
    return f"{dataset.label(field.name)}{sign} {filter_text(dataset, field, name, value)}"


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
    """What a filter in an address means, as it is read: a number with its marks and unit, a day in the reader's form."""
    if not dataset.is_range(field.name):
        return value_text(dataset, field, text)
    meant = value_of(dataset, field, parameter, text)
    if field.unit is money.UNIT:
        return money.exactly(meant) + (f"/{field.per}" if field.per else "")
    is_day = isinstance(meant, datetime.datetime) and days.read(text).time is None
    return f"{value_text(dataset, field, meant.date() if is_day else meant)} {field.unit}".strip()


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
