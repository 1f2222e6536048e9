"""What the pages of auctions and lots say beside their facts."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from landgis.auctions import applying, calendar, relatives, standing, titles
from landgis.auctions.models import LotStatus
from landgis.catalog import codelists, money, registry
from landgis.catalog.language_marks import with_language
from landgis.catalog.provenance import source_text
from landgis.catalog.subject import PublicState, Subject
from landgis.documents import queries as documents
from landgis.lib.filters import Equals
from landgis.places.naming import kind_as_spoken

Row = Mapping[str, Any]
LOTS_SHOWN = 200
LONGEST_NUMBER = 16  # letters of a lot's number
SOLD_SHOWN = 6
OF_A_ROUND = ("ref", "status", *titles.NAMED_BY)
OF_A_LOT = (
    "ref",
    "name",
    "auction_code",
    "status",
    "area_legal_m2",
    "starting_price_vnd",
    "starting_price_per_m2_vnd",
    "deposit_vnd",
    "winning_price_vnd",
)


def auction_headline(subject: Subject) -> dict[str, Any]:
    """Status of the auction, how many lots for how much, and the next date."""
    row = subject.row
    pieces = [_label("auction-status", row["status"])]
    if row["lot_count"]:
        pieces.append(ngettext("%(n)s lot", "%(n)s lots", row["lot_count"]) % {"n": number_format(row["lot_count"])})
    if row["starting_total_vnd"]:
        total = money.in_sentence(row["starting_total_vnd"])
        pieces.append(_("starting prices together %(amount)s") % {"amount": total})
    following = next((step for step in calendar.steps(row, subject.state.now) if step.left), None)
    if following:
        pieces.append(f"{following.what}: {following.when} ({following.left})")
    return {"pieces": pieces}


def auction(subject: Subject) -> dict[str, Any]:
    """Context of auctions/_auction.html: dates, course of events, lots, papers, other rounds."""
    row, state = subject.row, subject.state
    lots = state.rows(
        registry.get("auction-lots"), Equals("auction_code", row["ref"]), fields=OF_A_LOT, limit=LOTS_SHOWN + 1
    )
    return {
        "steps": calendar.steps(row, state.now, standing.called_off(row)[1]),
        "events": [_event(event) for event in reversed(row["events"] or [])],
        **_documents(row, row["status"], state),
        "table": _lot_table(lots[:LOTS_SHOWN], state),
        "all_lots_url": state.list_address("auction-lots", auction_code=row["ref"]),
        "more_lots": len(lots) > LOTS_SHOWN,
        "rounds": _other_rounds(row, state),
    }


def lot_headline(subject: Subject) -> dict[str, Any]:
    """The line a bidder looks for: lot, place, area, price, deposit, and what can still be done today."""
    row, state = subject.row, subject.state
    pieces = [with_language(_short_name(row))]
    if row["commune_name"]:
        pieces.append(kind_as_spoken(row["commune_name"]))
    pieces.append(f"{number_format(row['area_legal_m2'], force_grouping=True)} m²")
    if row["starting_price_vnd"]:
        pieces.append(_price(row))
    if row["deposit_vnd"]:
        pieces.append(_("deposit %(amount)s") % {"amount": _money(row["deposit_vnd"])})
    pieces.append(calendar.lot_deadline(row, relatives.of_lot(row, state).auction, state.now))
    if row["winning_price_vnd"]:
        pieces[-1] = _("sold for %(amount)s") % {"amount": money.in_sentence(row["winning_price_vnd"])}
    return {"pieces": [piece for piece in pieces if piece]}


def lot(subject: Subject) -> dict[str, Any]:
    """Context of auctions/_lot.html: its auction with dates and papers, lots that were sold nearby, its own past."""
    row, state = subject.row, subject.state
    related = relatives.of_lot(row, state)
    auction_row = related.auction
    off_since = standing.called_off(auction_row, [row])[1] if auction_row else None
    return {
        "auction": auction_row
        and {**_titled(auction_row), "url": state.feature_address("auctions", row["auction_code"])},
        "auction_code": row["auction_code"],
        "auction_status": auction_row and _label("auction-status", auction_row["status"]),
        "source": auction_row and source_text(auction_row),
        "steps": calendar.steps(auction_row, state.now, off_since) if auction_row else [],
        **_documents(auction_row, row["status"], state),
        "nearby": _sold_nearby(row, related, state),
        "earlier": [_earlier(other, state) for other in related.earlier],
    }


def _sold_nearby(row: Row, related: relatives.Relatives, state: PublicState) -> dict[str, Any]:
    """Lots that were sold in the same commune, those of the same use first, then the last ones held."""
    held = _days_held(related.auctions)
    sold = sorted(related.sold, key=lambda other: held.get(other["auction_code"], datetime.date.min), reverse=True)
    sold.sort(key=lambda other: other["land_use"] != row["land_use"])
    return {
        "place": kind_as_spoken(row["commune_name"] or ""),
        "lots": [_sold(other, held.get(other["auction_code"]), state) for other in sold[:SOLD_SHOWN]],
        "count": number_format(len(sold), force_grouping=True),
        "url": state.list_address("auction-lots", commune_name=row["commune_name"], status=LotStatus.WON.value),
        "source": source_text(sold[0]) if sold else "",
    }


def _days_held(auctions: Mapping[str, Row]) -> dict[str, datetime.date]:
    """Auction -> the day on which it was held."""
    return {ref: timezone.localdate(one["opens_at"]) for ref, one in auctions.items() if one["opens_at"]}


def _sold(lot: Row, day: datetime.date | None, state: PublicState) -> dict[str, Any]:
    per_m2 = lot["winning_price_vnd"] / lot["area_legal_m2"]
    return {
        "name": lot["name"] or lot["ref"],
        "url": state.feature_address("auction-lots", lot["ref"]),
        "area": f"{number_format(lot['area_legal_m2'], force_grouping=True)} m²",
        "price": _money(lot["winning_price_vnd"]),
        "per_m2": f"{money.short_amount(per_m2)}/m²",
        "starting_price": _money(lot["starting_price_vnd"]),
        "day": day,
    }


def _earlier(other: Row, state: PublicState) -> dict[str, Any]:
    """Another auction of the same plot."""
    return {
        "auction_code": other["auction_code"],
        "url": state.feature_address("auction-lots", other["ref"]),
        "status": _label("lot-status", other["status"]),
        "price": _money(other["starting_price_vnd"]),
    }


def _other_rounds(row: Row, state: PublicState) -> list[dict[str, Any]]:
    """The other auctions of the same land: the first one, and those held again after it."""
    root = row["root_auction"] or row["ref"]
    dataset = registry.get("auctions")
    again = state.rows(dataset, Equals("root_auction", root), fields=OF_A_ROUND)
    first = state.rows(dataset, Equals("ref", root), fields=OF_A_ROUND) if root != row["ref"] else []
    return [
        {
            **_titled(other),
            "url": state.feature_address("auctions", other["ref"]),
            "round": other["round"],
            "status": _label("auction-status", other["status"]),
        }
        for other in [*first, *again]
        if other["ref"] != row["ref"]
    ]


def _titled(auction: Row) -> dict[str, Any]:
    dataset = registry.get("auctions")
    return {"title": dataset.title_of(auction), "title_is_as_given": dataset.has_own_name(auction)}


def _lot_table(lots: Iterable[Row], state: PublicState) -> dict[str, Any]:
    """Columns and rows as pages/_rows.html takes them; no bodies where there are no rows."""
    columns = (
        ("area_legal_m2", "m²"),
        ("starting_price_vnd", money.UNIT),
        ("deposit_vnd", money.UNIT),
        ("winning_price_vnd", money.UNIT),
        ("status", None),
    )
    lots = list(lots)
    filled = [column for column in columns if any(one[column[0]] is not None for one in lots)]
    dataset = registry.get("auction-lots")
    heads = [
        {"label": f"{dataset.label(name)} ({unit})" if unit else str(dataset.label(name)), "numeric": unit is not None}
        for name, unit in filled
    ]
    rows = [
        {
            "ref": one["ref"],
            "url": state.feature_address("auction-lots", one["ref"]),
            "title": _short_name(one),
            "title_is_as_given": True,
            "cells": [head | {"text": _cell(one, name)} for head, (name, _u) in zip(heads, filled, strict=True)],
        }
        for one in lots
    ]
    return {"columns": heads, "bodies": [{"rows": rows}] if rows else [], "name_label": dataset.label("name")}


def _short_name(lot: Row) -> str:
    """Lô A2-07 of "Lô A2-07, khu tái định cư Bến Đình"; a longer name is kept, its commas are its own."""
    name = lot["name"] or lot["ref"]
    first = name.split(",")[0]
    return first if len(first) <= LONGEST_NUMBER else name


def _cell(one: Row, name: str) -> str:
    value = one[name]
    if name == "status":
        return _label("lot-status", value)
    return number_format(value, force_grouping=True) if value is not None else ""


def _event(event: Row) -> dict[str, Any]:
    return {
        "what": _label("auction-status", event.get("status")),
        "on": datetime.date.fromisoformat(event["on"]) if event.get("on") else None,
        "note": event.get("note"),
    }


def _documents(auction: Row | None, status: str, state: PublicState) -> dict[str, Any]:
    """Context of auctions/_papers.html and of _applying.html, which shows the blank forms."""
    found = [_document(document, state) for document in (auction or {}).get("documents") or []]
    return {
        "documents": found,
        "lacks_files": not all(one["file"] for one in found),
        "applying": applying.context(auction, status, found),
    }


def _document(document: Row, state: PublicState) -> dict[str, Any]:
    return {
        "file": documents.link(registry.get("auctions"), document, state),
        "code": document.get("kind"),
        "kind": _label("auction-document", document.get("kind")),
        "title": document.get("title"),
        "number": document.get("number"),
        "dated": datetime.date.fromisoformat(document["dated"]) if document.get("dated") else None,
    }


def _price(row: Row) -> str:
    price, per_m2 = money.in_headline(row["starting_price_vnd"]), row["starting_price_per_m2_vnd"]
    return f"{price} ({money.short_amount(per_m2)}/m²)" if per_m2 else price


def _money(amount: int | None) -> str:
    return f"{number_format(amount, force_grouping=True)} {money.UNIT}".strip() if amount is not None else ""


def _label(codes: str, code: str | None) -> str:
    return str(codelists.labels(codes).get(code or "", code or ""))
