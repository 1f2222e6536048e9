"""What the first page says of auctions: how many there are, and which come next."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import ngettext

from landgis.auctions import calendar, states, titles
from landgis.catalog import clock, queries, registry, sums
from landgis.catalog.addresses import feature_address, list_address
from landgis.lib.filters import And, AtLeast, OneOf

NEXT = 3
AHEAD = (*states.PLANNED, *states.ANNOUNCED, *states.OPEN)
FIELDS = ("ref", *titles.NAMED_BY, "status", "venue", *calendar.DATE_FIELDS)


def headline() -> dict[str, Any]:
    """Context of auctions/_home.html: the numbers of auctions and of lots, and the next auctions by date."""
    now = clock.now()
    auctions, lots = registry.get("auctions"), registry.get("auction-lots")
    to_come = And((AtLeast("opens_at", now), OneOf("status", AHEAD)))
    coming = queries.rows(auctions, to_come, fields=FIELDS, order=("opens_at", "ref"), limit=NEXT)
    count, lot_count = sums.count(auctions), sums.count(lots)
    return {
        "auctions": _counted(ngettext("%(n)s auction", "%(n)s auctions", count), count),
        "auctions_url": list_address("auctions"),
        "lots": _counted(ngettext("%(n)s lot", "%(n)s lots", lot_count), lot_count),
        "lots_url": list_address("auction-lots"),
        "coming": [_coming(row, now) for row in coming],
    }


def _coming(row: Mapping[str, Any], now: datetime.datetime) -> dict[str, Any]:
    """One auction that is still to be held, with what a bidder has to do next."""
    lots = row["lot_count"]
    return {
        "title": registry.get("auctions").title_of(row),
        "title_is_as_given": registry.get("auctions").has_own_name(row),
        "url": feature_address("auctions", row["ref"]),
        "opens_at": row["opens_at"],
        "venue": row["venue"],
        "lots": _counted(ngettext("%(n)s lot", "%(n)s lots", lots), lots) if lots else "",
        "next": next((step for step in calendar.steps(row, now) if step.left), None),
    }


def _counted(text: str, number: int) -> str:
    return text % {"n": number_format(number, force_grouping=True)}
