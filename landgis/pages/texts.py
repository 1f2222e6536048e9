"""Values as a reader of the active language sees them."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.geometry_kinds import Measure

WHY_AREAS_DIFFER = gettext_lazy(
    "The documents' areas are those that count; the other is computed from the boundaries on the map. They differ where documents are rounded, where land was measured earlier or in another way, and where a boundary was drawn anew."
)


def value_text(dataset: Dataset, field: Field, value: Any) -> str:
    """The text of a value without its unit; empty for none and for lists. Codes become their labels."""
    if value is None or value == "" or field.parts:
        return ""
    if isinstance(value, bool):
        value = "true" if value else "false"
    if field in dataset.public_fields and (choices := dataset.choices(field.name)):
        return str(choices.get(value, value))
    if field.names:
        return str(dataset.number_name(field.name, value))
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


def distance_text(metres: float | None) -> str:
    """Kilometres to the hundred metres, which is as exact as the place that they are counted from."""
    return "" if metres is None else f"{number_text(Decimal(metres) / 1000, 1)} km"


def total_of(dataset: Dataset, line: Mapping[str, Any]) -> float | Decimal | None:
    """The sum to speak of in a line of totals: the documents' in a dataset that has them, else what is computed."""
    measure = dataset.geometry_kind.measure
    if measure is None:
        return None
    return line["area_legal"] if dataset.legal_area else line[measure.total]


def both_areas(dataset: Dataset, line: Mapping[str, Any]) -> dict[str, str] | None:
    """Of a line of totals the area on paper beside the computed one; None for a dataset without areas on paper, and where
    nothing is summed.
    """
    measure = dataset.geometry_kind.measure
    is_sum = line["is_of_one_time"] and line["is_of_one_standing"]
    if measure is None or not dataset.legal_area or not is_sum:
        return None
    return {"legal": size_text(measure, line["area_legal"]), "computed": size_text(measure, line[measure.total])}


def areas(dataset: Dataset, line: Mapping[str, Any]) -> dict[str, str] | None:
    """The same under their labels, with how much more is computed, and how many have no area on paper."""
    both, measure = both_areas(dataset, line), dataset.geometry_kind.measure
    if both is None or measure is None or not dataset.legal_area:
        return None
    without = line["count"] - line["area_legal_count"]
    return both | {
        "legal_label": str(dataset.label(dataset.legal_area)),
        "computed_label": str(dataset.label(measure.column)),
        "difference": _difference(measure, line["area_difference"], line["area_legal"]),
        "without": count_text(without) if without else "",
        "why": str(WHY_AREAS_DIFFER),
    }


def _difference(measure: Measure, difference: Decimal | None, legal: Decimal | None) -> str:
    """With its sign, and as a share of what is on paper."""
    if difference is None or not legal:
        return ""
    sign = "−" if difference < 0 else "+" if difference > 0 else ""
    share = abs(Decimal(difference)) / Decimal(legal) * 100
    percent = number_text(share, 2) if share >= Decimal("0.01") or not share else f"< {number_text(Decimal('0.01'), 2)}"
    return f"{sign}{size_text(measure, abs(difference))} ({percent} %)"


def total_text(dataset: Dataset, line: Mapping[str, Any]) -> str:
    size, note = total_parts(dataset, line)
    return f"{size} ({note})" if size and note else size or note


def total_parts(dataset: Dataset, line: Mapping[str, Any]) -> tuple[str, str]:
    """The sum of a line of totals, and what must be said of it: which rows it is of, or why there is none."""
    if not line.get("is_of_one_time", True):
        return "", _("not summed: of different times")
    size = size_text(dataset.geometry_kind.measure, total_of(dataset, line))
    if line.get("is_of_one_standing", True):
        return size, ""
    return size, _("only what is in force") if size else _("not summed: of different standing")
