"""What the page of a parcel says beside its facts."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format

from landgis.catalog import codelists


def uses(row: Mapping[str, Any]) -> dict[str, Any]:
    """Context of cadastre/_uses.html: the land uses of a parcel, each with its area, and their sum."""
    found = row["land_uses"] or []
    areas = [Decimal(str(use["area_m2"])) for use in found if use.get("area_m2") is not None]
    return {
        "uses": [_use(use) for use in found],
        "sum": _area(sum(areas, Decimal(0))) if len(areas) == len(found) > 1 else "",
    }


def _use(use: Mapping[str, Any]) -> dict[str, Any]:
    until = use.get("until")
    return {
        "code": use.get("use"),
        "label": _label("land-use", use.get("use")),
        "area": _area(Decimal(str(use["area_m2"]))) if use.get("area_m2") is not None else "",
        "term": _label("term-of-use", use.get("term")),
        "until": date_format(datetime.date.fromisoformat(until), "SHORT_DATE_FORMAT") if until else "",
        "origin": _label("use-origin", use.get("origin")),
    }


def _area(area_m2: Decimal) -> str:
    return number_format(round(area_m2, 1), 1, force_grouping=True)


def _label(codes: str, code: str | None) -> str:
    return str(codelists.labels(codes).get(code, code)) if code else ""
