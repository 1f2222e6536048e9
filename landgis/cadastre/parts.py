"""What the page of a parcel says beside its facts."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format

from landgis.cadastre.completions import unit_of
from landgis.catalog import codelists, office
from landgis.catalog.addresses import with_pages
from landgis.catalog.subject import PublicState, Subject
from landgis.places import queries as places
from landgis.places.queries import PublishedUnit


def uses(subject: Subject) -> dict[str, Any]:
    """Context of cadastre/_uses.html: the land uses of a parcel, each with its area, and their sum."""
    found = subject.row["land_uses"] or []
    areas = [Decimal(str(use["area_m2"])) for use in found if use.get("area_m2") is not None]
    return {
        "uses": [_use(use) for use in found],
        "sum": _area(sum(areas, Decimal(0))) if len(areas) == len(found) > 1 else "",
    }


def origin(subject: Subject) -> dict[str, Any]:
    """Context of cadastre/_origin.html: for which commune the sheet was drawn, and which commune that is today."""
    row, state = subject.row, subject.state
    code, name = row.get("old_commune_code"), row.get("old_commune_name")
    if not name:
        return {}
    units = places.all_units(as_of=state.as_of) if with_pages("admin-units") else {}
    unit = unit_of(units, code, name) if code else None
    return {
        "name": name,
        "sheet": row.get("map_sheet"),
        "number": row.get("parcel_no"),
        "unit": _unit(unit, state) if unit else None,
        "today": [_unit(one, state) for one in places.today(units, unit.ref)] if unit and not unit.is_current else [],
        "is_divided": row.get("commune_name") is None,
    }


def competent(subject: Subject) -> dict[str, Any]:
    """Context of cadastre/_competent.html: the office to go to, by the commune of today."""
    commune = subject.row.get("commune_code")
    found = office.current().competent_for(commune)
    told = found and {name: getattr(found, name) for name in ("name", "hours", "contact", "url")}
    return {"office": told, "commune": subject.row.get("commune_name") or ""}


def _unit(unit: PublishedUnit, state: PublicState) -> dict[str, Any]:
    return {
        "name": unit.name,
        "url": state.feature_address("admin-units", unit.ref),
        "until": unit.valid_to,
        "since": unit.valid_from,
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
