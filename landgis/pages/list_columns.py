"""The columns of a list beside the title: those of the dataset, of a feature that its rows name, and distances."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from landgis.catalog import queries, registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.pictures import small_pictures
from landgis.pages import sorting
from landgis.pages.part_reader import PartReader
from landgis.pages.texts import distance_text, value_text


@dataclass(frozen=True)
class Column:
    """One column; `owner` is the dataset that has it, `sorted` what aria-sort says of it."""

    owner: Dataset
    name: str
    label: str
    text: Callable[[Any], str]
    numeric: bool = False
    is_as_given: bool = False
    sorted: str = ""


def columns(dataset: Dataset, order: sorting.RowOrder) -> list[Column]:
    """The state stands first, and behind it what may be missed: the days of what the rows belong to."""
    own = [
        _of_field(dataset, field.name, order)
        for field in dataset.public_fields
        if field.in_list and field.name != dataset.title_field
    ]
    beside = dataset.lists.beside
    theirs = [_of_field(registry.get(beside.dataset), name, order) for name in beside.fields] if beside else []
    at = next((place for place, one in enumerate(own) if one.name == dataset.state.field), -1) + 1
    found = own[:at] + theirs + own[at:]
    if not (order.sorting and order.sorting.near):
        return found
    name = queries.DISTANCE
    far = Column(dataset, name, _("Distance"), distance_text, numeric=True, sorted=sorting.is_sorted(name, order))
    return [far, *found]


def _of_field(owner: Dataset, name: str, order: sorting.RowOrder) -> Column:
    field = owner.field(name)
    return Column(
        owner=owner,
        name=name,
        label=f"{owner.label(name)} ({field.unit})" if field.unit else str(owner.label(name)),
        text=lambda value: value_text(owner, field, value),
        numeric=owner.is_number(name),
        is_as_given=owner.is_free_text(name),
        sorted=sorting.is_sorted(name, order),
    )


def rows(
    in_time: PartReader, dataset: Dataset, found: Sequence[dict[str, Any]], shown: Sequence[Column], as_of: int | None
) -> list[dict[str, Any]]:
    """The rows as the table shows them. Those of the past have no pictures: images are of today."""
    wanted = dataset.lists.has_pictures and as_of is None and found
    pictures = in_time(small_pictures, dataset, [row["ref"] for row in found]) if wanted else None
    return [_row(dataset, row, shown, as_of, pictures or {}) for row in found]


def _row(
    dataset: Dataset, row: dict[str, Any], shown: Sequence[Column], as_of: int | None, pictures: Mapping[str, str]
) -> dict[str, Any]:
    url = reverse("pages:feature", args=[dataset, row["ref"]])
    return {
        "ref": row["ref"],
        "url": f"{url}?as_of={as_of}" if as_of else url,
        "picture": pictures.get(row["ref"]),
        "title": dataset.title_of(row),
        "title_is_as_given": dataset.has_own_name(row),
        "cells": [
            {
                "label": one.label,
                "numeric": one.numeric,
                "is_as_given": one.is_as_given,
                "text": one.text(row.get(one.name)),
            }
            for one in shown
        ],
    }
