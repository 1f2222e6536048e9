"""Values as a reader of the active language sees them."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format

from landgis.catalog.dataset import Dataset, Field

HECTARE_M2 = 10_000


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


def area_text(area_m2: float | Decimal | None) -> str:
    """An area with its unit: hectares from one hectare on, else square metres to 0.1."""
    if area_m2 is None:
        return ""
    if area_m2 >= HECTARE_M2:
        return f"{number_text(Decimal(area_m2) / HECTARE_M2, 2)} ha"
    return f"{number_text(area_m2, 1)} m²"
