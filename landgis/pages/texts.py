"""Values as a reader of the active language sees them."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.geometry_kinds import Measure


def value_text(dataset: Dataset, field: Field, value: Any) -> str:
    """The text of a value without its unit; empty for none and for lists. Codes become their labels."""
    if value is None or value == "" or field.parts:
        return ""
    if isinstance(value, bool):
        value = "true" if value else "false"
    if field in dataset.fields and (choices := dataset.choices(field.name)):
        return str(choices.get(value, value))
    if isinstance(value, datetime.datetime):
        local = timezone.localtime(value)
        return f"{date_format(local, 'SHORT_DATE_FORMAT')} {date_format(local, 'TIME_FORMAT')}"
    if isinstance(value, datetime.date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, int | float | Decimal):
        return number_format(value, force_grouping=True)
    return str(value)


def count_text(count: int) -> str:
    return number_format(count, force_grouping=True)


def number_text(value: float | Decimal, places: int) -> str:
    """A number with so many decimals, rounded: Django's own formatting would cut them off."""
    return number_format(round(Decimal(value), places), places, force_grouping=True)


def size_text(measure: Measure | None, size: float | Decimal | None) -> str:
    """What is measured with its unit: hectares from one hectare on, else square metres to 0.1; km and metres likewise."""
    if measure is None or size is None:
        return ""
    if size >= measure.larger_from:
        return f"{number_text(Decimal(size) / Decimal(measure.larger_from), 2)} {measure.larger_unit}"
    return f"{number_text(size, 1)} {measure.unit}"


def total_of(dataset: Dataset, line: Mapping[str, Any]) -> float | Decimal | None:
    """The sum to speak of in a line of totals: the documents' where there is one, else what is computed."""
    measure = dataset.geometry_kind.measure
    if measure is None:
        return None
    return line["area_legal"] if line["area_legal"] is not None else line[measure.total]


def total_text(dataset: Dataset, line: Mapping[str, Any]) -> str:
    if not line.get("is_of_one_time", True):
        return _("not summed: of different times")
    return size_text(dataset.geometry_kind.measure, total_of(dataset, line))
