"""Addresses that a page leads to: the same data in other forms, the same page as it is today."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from landgis.catalog.dataset import Dataset
from landgis.catalog.exits import is_open
from landgis.catalog.subject import PublicState


def formats(dataset: Dataset, query: QueryDict, ref: str | None = None) -> list[dict[str, str]]:
    """The addresses of the same data in other forms, with the filter of the list."""
    names = ["json"] if ref or is_open(dataset, "lists") else []
    names += ["geojson"] if dataset.geometry and is_open(dataset, "geojson") else []
    if not ref and is_open(dataset, "lists"):
        names = ["csv", "xlsx", *names] if is_open(dataset, "tables") else names
        # Calendars and feeds are of now.
        names += [] if query.get("as_of") else (["calendar"] if dataset.moments else []) + ["feed"]
    base = "feature" if ref else "list"
    arguments = [dataset, ref] if ref else [dataset]
    suffix = f"?{query.urlencode()}" if query else ""
    if ref:
        names = ["pdf", *names]
    labels = {
        "pdf": "PDF",
        "csv": "CSV",
        "xlsx": "XLSX",
        "json": "JSON",
        "geojson": "GeoJSON",
        "calendar": _("Calendar"),
        "feed": "Atom",
    }
    return [{"label": labels[name], "url": reverse(f"pages:{base}-{name}", args=arguments) + suffix} for name in names]


def to_today(state: PublicState, current_url: str) -> dict[str, Any] | None:
    if state.as_of is None:
        return None
    at = state.revision.applied_at if state.revision else None
    return {"number": state.as_of, "applied_at": at, "current_url": current_url}
