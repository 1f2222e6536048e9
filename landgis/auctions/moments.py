"""The dates of auctions as entries of a reader's own calendar."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from landgis.auctions import calendar, relatives, standing, titles
from landgis.auctions.states import ENDED
from landgis.catalog import queries, registry
from landgis.catalog.dataset import Moment
from landgis.catalog.subject import PublicState
from landgis.lib.filters import OneOf

Row = Mapping[str, Any]
FIELDS = (
    *("ref", *titles.NAMED_BY, "status", "events", "venue", "auctioneer", "contact"),
    *calendar.DATE_FIELDS,
    *queries.ABOUT_REVISION,
)
HOUR = datetime.timedelta(hours=1)
SESSION = datetime.timedelta(hours=3)  # nobody says when a session ends; it is seldom over sooner


def of_auctions(auctions: Sequence[Row], state: PublicState) -> Iterator[Moment]:
    """Every dated step of each auction."""
    for auction in auctions:
        yield from _moments(auction, (), *_named(auction, state))


def of_lots(lots: Sequence[Row], state: PublicState) -> Iterator[Moment]:
    """The steps of the auctions of some lots, each auction once; named after the lot where it is the only one."""
    by_auction: dict[str, list[Row]] = defaultdict(list)
    for lot in lots:
        by_auction[lot["auction_code"]].append(lot)
    for auction in _auctions(lots, tuple(by_auction), state):
        own = by_auction[auction["ref"]]
        if len(own) == 1:
            title, url = own[0]["name"] or own[0]["ref"], state.feature_address("auction-lots", own[0]["ref"])
        else:
            title, url = _named(auction, state)
        # What a reader took for one lot is not replaced by what they take for another of the same auction.
        yield from _moments(auction, own, title, url, key=own[0]["ref"] if len(lots) == 1 else "")


def _named(auction: Row, state: PublicState) -> tuple[str, str | None]:
    return registry.get("auctions").title_of(auction), state.feature_address("auctions", auction["ref"])


def _auctions(lots: Sequence[Row], refs: tuple[str, ...], state: PublicState) -> Sequence[Row]:
    """Those of the lots; of a single one as its page reads it, so that it is read once."""
    if len(lots) == 1:
        own = relatives.of_lot(lots[0], state).auction
        return [own] if own else []
    return state.rows(registry.get("auctions"), OneOf("ref", refs), fields=FIELDS)


def _moments(auction: Row, lots: Sequence[Row], title: str, url: str | None, key: str = "") -> Iterator[Moment]:
    """The dated steps of an auction; those of some of its lots are called off with it, and where all of them are.

    They are named after the auction, or after `key`.
    """
    label, since = standing.called_off(auction, lots)
    sequence = max(row["from_revision"] for row in (auction, *lots))
    for what, first, last in calendar.STEPS:
        given = [auction[name] for name in (first, last) if name and auction[name] is not None]
        if not given:
            continue
        begin, end = given[0], given[-1]
        is_session = first == "opens_at"
        deadline = last if last in ("dossiers_to", "deposit_until") and auction[last] is not None else None
        if deadline:  # what one must not miss is its end, not the weeks before
            begin = end - HOUR
        elif is_session:
            end = begin + SESSION
        is_off = since is not None and calendar.day_of(end) >= since
        named = f"{_deadline(deadline) if deadline else what}: {title}"
        yield Moment(
            key=f"{key or auction['ref']}-{deadline or first or last}",
            title=f"{label} – {named}" if is_off else named,
            begin=begin,
            end=end,
            place=_place(auction, lots, first or last),
            about=auction["contact"] or "",
            url=url,
            is_deadline=(bool(deadline) or is_session) and auction["status"] not in ENDED,
            is_called_off=is_off,
            sequence=sequence,
        )


def _place(auction: Row, lots: Sequence[Row], step: str | None) -> str:
    """Where one has to go; the land itself, where it is one lot."""
    if step == "viewing_from":
        return (lots[0]["address"] or lots[0]["commune_name"] or "") if len(lots) == 1 else ""
    return auction[calendar.PLACES[step]] or "" if step in calendar.PLACES else ""


def _deadline(name: str) -> str:
    return {"dossiers_to": _("Dossiers end"), "deposit_until": _("Deposit ends")}[name]
