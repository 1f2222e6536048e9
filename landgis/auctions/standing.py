"""What has to be said first of an auction or a lot: that it was called off or moved, or that nobody knows how it ended."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from landgis.auctions import calendar, relatives
from landgis.auctions.models import AuctionStatus
from landgis.auctions.states import CALLED_OFF, ENDED, LOTS_CALLED_OFF
from landgis.catalog import codelists
from landgis.catalog.subject import Subject

Row = Mapping[str, Any]


def of_auction(subject: Subject) -> dict[str, Any] | None:
    """Context of auctions/_standing.html; None where all goes as it was announced."""
    return _of(subject.row, subject.row["status"])


def of_lot(subject: Subject) -> dict[str, Any] | None:
    """The same of a lot: what became of its auction, or of the lot alone."""
    row = subject.row
    auction = relatives.of_lot(row, subject.state).auction
    if row["status"] in LOTS_CALLED_OFF and not (auction and auction["status"] in CALLED_OFF):
        return _told(_("This lot"), "lot-status", row["status"], None)
    return _of(auction, row["status"]) if auction else None


def called_off(auction: Row, lots: Sequence[Row] = ()) -> tuple[str, datetime.date | None]:
    """In what words, and from which day on nothing takes place any more: the one in the course of events, else that of
    the publication; no day where all goes on. With `lots`, of those alone where each of them was called off.
    """
    if auction["status"] in CALLED_OFF:
        event = _last_event(auction, auction["status"])
        label = codelists.labels("auction-status")[auction["status"]]
        return str(label), _day_of_event(event) or timezone.localdate(auction["applied_at"])
    if lots and all(lot["status"] in LOTS_CALLED_OFF for lot in lots):
        label = codelists.labels("lot-status")[lots[0]["status"]]
        return str(label), max(timezone.localdate(lot["applied_at"]) for lot in lots)
    return "", None


def _last_event(auction: Row, status: str) -> Row | None:
    """The last of the course of events that reports this."""
    return next((event for event in reversed(auction["events"] or []) if event.get("status") == status), None)


def _day_of_event(event: Row | None) -> datetime.date | None:
    return datetime.date.fromisoformat(event["on"]) if event and event.get("on") else None


def _of(auction: Row, status: str) -> dict[str, Any] | None:
    """`status` is that of what the page is about."""
    if auction["status"] in CALLED_OFF:
        return _told(_("This auction"), "auction-status", auction["status"], _last_event(auction, auction["status"]))
    if status == AuctionStatus.NOT_REPORTED:
        text = calendar.not_reported(auction)
        return {"what": text[:1].upper() + text[1:], "on": None, "note": "", "then": ""}
    moved = _last_event(auction, AuctionStatus.POSTPONED)
    if moved and auction["status"] not in ENDED and auction["opens_at"]:
        then = _("New date: %(moment)s") % {"moment": calendar.moment_text(auction["opens_at"])}
        return _told(_("This auction"), "auction-status", AuctionStatus.POSTPONED, moved) | {"then": then}
    return None


def _told(subject: str, codes: str, status: str, event: Row | None) -> dict[str, Any]:
    label = str(codelists.labels(codes)[status])
    return {
        "what": f"{subject}: {label.lower()}",
        "on": _day_of_event(event),
        "note": (event or {}).get("note") or "",
        "then": "",
    }
