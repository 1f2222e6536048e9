"""The calendar over the list of auctions: what is planned, announced, open for dossiers, held."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from landgis.auctions import calendar, states, titles
from landgis.auctions.models import AuctionStatus
from landgis.catalog import codelists, registry
from landgis.catalog.subject import PublicState
from landgis.lib.filters import Filter

MOST = 200
FIELDS = ("ref", *titles.NAMED_BY, "status", "venue", *calendar.DATE_FIELDS)
OVER = (AuctionStatus.HELD, AuctionStatus.RECOGNISED, AuctionStatus.FAILED)


def stages(where: Filter, state: PublicState, asked: Mapping[str, str]) -> dict[str, Any]:
    """Context of auctions/_stages.html: the auctions that the list shows by stage, each with its next date.

    What is to come stands by its date, what is over begins with the last one.
    """
    rows = state.rows(registry.get("auctions"), where, fields=FIELDS, order=("opens_at", "ref"), limit=MOST)
    named = (
        (_("Open for dossiers, or about to be held"), states.OPEN, False),
        (pgettext("stage of auctions", "Announced"), states.ANNOUNCED, False),
        (pgettext("stage of auctions", "Planned"), states.PLANNED, False),
        (_("Stopped, postponed or cancelled"), states.CALLED_OFF, True),
        (_("Result not reported yet"), (AuctionStatus.NOT_REPORTED,), True),
        (_("Held or ended otherwise"), OVER, True),
    )
    found = []
    for label, statuses, newest_first in named:
        own = [row for row in rows if row["status"] in statuses]
        if own:
            ordered = own[::-1] if newest_first else own
            found.append({"label": label, "auctions": [_auction(row, state) for row in ordered]})
    return {"stages": found}


def _auction(row: Mapping[str, Any], state: PublicState) -> dict[str, Any]:
    return {
        "title": registry.get("auctions").title_of(row),
        "title_is_as_given": registry.get("auctions").has_own_name(row),
        "url": state.feature_address("auctions", row["ref"]),
        "status": str(codelists.labels("auction-status").get(row["status"], row["status"])),
        "opens": calendar.moment_text(row["opens_at"]) if row["opens_at"] else "",
        "venue": row["venue"],
        "next": next((step for step in calendar.steps(row, state.now) if step.left), None),
    }
