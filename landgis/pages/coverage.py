"""The table of a dataset's page that says, place by place, of when its data are and how far they can be trusted."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from landgis.catalog import clock
from landgis.catalog.addresses import list_address
from landgis.catalog.coverage import Coverage, by_place, had, measures
from landgis.catalog.dataset import Dataset
from landgis.catalog.dataset.units import TODAY
from landgis.catalog.exits import is_open
from landgis.catalog.published import AREA_TOLERANCE
from landgis.pages.texts import count_text, number_text

DAYS_A_YEAR = 365.25
IN_YEARS_FROM = 2


def table(dataset: Dataset) -> dict[str, Any] | None:
    """Context of pages/_coverage.html; None for a dataset that names no places."""
    lines = by_place(dataset)
    if not lines:
        return None
    return {
        "label": dataset.label(dataset.coverage_field),
        "measures": list(measures(dataset).values()),
        "sums": list(_sums(dataset, lines)),
        "tolerance": f"{number_text(AREA_TOLERANCE * 100, 0)} %",
        "today_label": dataset.label(dataset.lies_in.shown[TODAY])
        if dataset.lies_in and any(line.today for line in lines)
        else "",
        "has_areas": any(line.area_agrees is not None for line in lines),
        "lines": [_line(dataset, line) for line in lines],
    }


def _sums(dataset: Dataset, lines: Sequence[Coverage]) -> Iterator[dict[str, str]]:
    """Of how many features each thing that is counted of them is given, all places together."""
    total = count_text(sum(line.rows for line in lines))
    for name, label in had(dataset).items():
        yield {"label": str(label), "n": count_text(sum(line.measures[name] for line in lines)), "total": total}


def _line(dataset: Dataset, line: Coverage) -> dict[str, Any]:
    is_filter = dataset.field(dataset.coverage_field).filters and line.place and is_open(dataset, "lists")
    return {
        "place": line.place or _("not stated"),
        "today": line.today or "",
        "url": list_address(dataset.name, **{dataset.coverage_field: line.place}) if is_filter else None,
        "count": count_text(line.rows),
        "oldest": line.oldest,
        "newest": line.newest,
        "age": _age(line),
        "undated": _undated(line),
        "filled": _percent(line.filled),
        "area_agrees": _percent(line.area_agrees),
        "measures": [count_text(number) for number in line.measures.values()],
    }


def _age(line: Coverage) -> str:
    """Of the oldest rows; in years where days would say little."""
    if line.oldest is None:
        return _("Not known")
    days = (clock.today() - line.oldest).days
    years = int(days / DAYS_A_YEAR)
    if years >= IN_YEARS_FROM:
        return ngettext("%(n)s year", "%(n)s years", years) % {"n": count_text(years)}
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": count_text(days)}


def _undated(line: Coverage) -> str:
    """How many rows have no day, beside those that have one."""
    if line.oldest is None or not line.undated:
        return ""
    return ngettext("%(n)s without a day", "%(n)s without a day", line.undated) % {"n": count_text(line.undated)}


def _percent(share: float | None) -> str:
    """Rounded down, so that only all is 100 %."""
    return f"{number_text(int(share * 1000) / 10, 1)} %" if share is not None else ""
