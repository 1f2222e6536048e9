"""What tells features of one title apart where they are found or listed in a line: values as people read them."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format

from landgis.catalog.dataset import Dataset


def is_date(dataset: Dataset, name: str) -> bool:
    return dataset.is_range(name) and not dataset.is_number(name)


def detail_text(dataset: Dataset, name: str, value: Any) -> str:
    """A value, or its text as the database writes it, with unit; a date stands with its label. Empty where there is none."""
    if value in (None, ""):
        return ""
    field = dataset.field(name)
    if is_date(dataset, name):
        moment = value if isinstance(value, datetime.date) else datetime.datetime.fromisoformat(value)
        if isinstance(moment, datetime.datetime) and timezone.is_aware(moment):
            moment = timezone.localtime(moment)
        return f"{dataset.label(name)} {date_format(moment, 'SHORT_DATE_FORMAT')}"
    if field.names:
        return str(dataset.number_name(name, value))
    if dataset.is_number(name):
        unit = f" {field.unit}" if field.unit else ""
        return f"{number_format(Decimal(str(value)), force_grouping=True)}{unit}{f'/{field.per}' if field.per else ''}"
    return str(dataset.choices(name).get(str(value), value))
