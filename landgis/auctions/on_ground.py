"""What other datasets' pages have to say first: that their land, or part of it, is under auction."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from landgis.auctions import calendar
from landgis.auctions.models import LotStatus
from landgis.auctions.states import WAITING
from landgis.catalog import registry
from landgis.catalog.subject import PublicState, Subject
from landgis.catalog.surroundings import WHOLE, SurroundingFeature, lies_on_ground
from landgis.lib.filters import Equals, Filter, OneOf

Row = Mapping[str, Any]
LOTS, PLOTS = "auction-lots", "public-land"
UNDER_AUCTION = (*WAITING, LotStatus.NOT_REPORTED)
SHOWN = 3
LEAST_SHARE = 0.05  # of a parcel or of a lot: less may be that two surveys differ
OF_A_LOT = ("ref", "name", "status", "auction_code", "area_legal_m2")


def under_auction(subject: Subject) -> dict[str, Any] | None:
    """Context of auctions/_under_auction.html; None where no lot on it can still be sold, or its result is open."""
    if subject.dataset.name in (LOTS, "auctions") or not lies_on_ground(subject.dataset):
        return None
    state, lots = subject.state, _lots_on(subject)
    if not lots:
        return None
    codes = tuple(dict.fromkeys(lot["auction_code"] for lot in lots))
    auctions = {row["ref"]: row for row in state.rows(registry.get("auctions"), OneOf("ref", codes))}
    return {
        "what": _what({lot["status"] for lot in lots}, is_part=not _is_whole(subject, lots)),
        "lots": [_lot(lot, auctions.get(lot["auction_code"]), state) for lot in lots[:SHOWN]],
        "more": len(lots) - SHOWN if len(lots) > SHOWN else 0,
    }


def _what(statuses: set[str], *, is_part: bool) -> str:
    if statuses == {LotStatus.NOT_OPEN}:
        return _("Part of this land is to be auctioned") if is_part else _("This land is to be auctioned")
    if statuses == {LotStatus.NOT_REPORTED}:
        return _("Part of this land was put up for auction") if is_part else _("This land was put up for auction")
    return _("Part of this land is under auction") if is_part else _("This land is under auction")


def _lots_on(subject: Subject) -> list[Row]:
    """Of a plot the lots that name it; of other land, as it is today, those that lie on it."""
    wanted: Filter
    if subject.dataset.name == PLOTS:
        wanted = Equals("plot_code", subject.ref)
    elif subject.state.as_of is None and (found := _overlapping(subject)):
        wanted = OneOf("ref", tuple(hit.ref for hit in found))
    else:
        return []
    lots = subject.state.rows(registry.get(LOTS), wanted, fields=OF_A_LOT)
    return [lot for lot in lots if lot["status"] in UNDER_AUCTION and not _is_sliver(subject, lot)]


def _overlapping(subject: Subject) -> Sequence[SurroundingFeature]:
    return [hit for hit in subject.surroundings.ground if hit.dataset.name == LOTS]


def _is_sliver(subject: Subject, lot: Row) -> bool:
    """Whether so little of both lies on the other that the lot stands beside it."""
    if subject.dataset.name == PLOTS:
        return False
    hit = next(hit for hit in _overlapping(subject) if hit.ref == lot["ref"])
    least = float(lot["area_legal_m2"]) * LEAST_SHARE
    return (hit.share or 0) < LEAST_SHARE and (hit.size or 0) < least


def _is_whole(subject: Subject, lots: Sequence[Row]) -> bool:
    """Whether the lots cover it; of a plot, whether they have its area."""
    if subject.dataset.name == PLOTS:
        return sum(float(lot["area_legal_m2"]) for lot in lots) >= WHOLE * float(subject.row["area_legal_m2"])
    refs = {lot["ref"] for lot in lots}
    return sum(hit.share or 0 for hit in _overlapping(subject) if hit.ref in refs) >= WHOLE


def _lot(lot: Row, auction: Row | None, state: PublicState) -> dict[str, Any]:
    dataset = registry.get("auctions")
    return {
        "name": lot["name"] or lot["ref"],
        "url": state.feature_address(LOTS, lot["ref"]),
        "auction": dataset.title_of(auction) if auction else lot["auction_code"],
        "auction_is_as_given": auction is not None and dataset.has_own_name(auction),
        "auction_url": state.feature_address("auctions", lot["auction_code"]),
        "next": calendar.lot_deadline(lot, auction, state.now),
    }
