"""What the pages of auctions and lots say beside their facts."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from landgis.auctions import calendar
from landgis.catalog import codelists, queries, registry
from landgis.catalog.addresses import feature_address, list_address, with_pages
from landgis.catalog.filters import Equals
from landgis.lib.units import short_amount, short_money
from landgis.places.queries import resolve

Row = Mapping[str, Any]
CURRENCY = "VND"
LOTS_SHOWN = 200
LONGEST_NUMBER = 16  # letters of a lot's number
OF_AN_AUCTION = ("ref", "title", "status", "round", "root_auction", *calendar.DATE_FIELDS)
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


def auction_headline(row: Row) -> dict[str, Any]:
    """Status of the auction, how many lots for how much, and the next date."""
    now = timezone.now()
    pieces = [_label("auction-status", row["status"])]
    if row["lot_count"]:
        pieces.append(ngettext("%(n)s lot", "%(n)s lots", row["lot_count"]) % {"n": number_format(row["lot_count"])})
    if row["starting_total_vnd"]:
        total = short_money(row["starting_total_vnd"], CURRENCY, _language())
        pieces.append(_("starting prices together %(amount)s") % {"amount": total})
    following = next((step for step in calendar.steps(row, now) if step.left), None)
    if following:
        pieces.append(f"{following.what}: {following.when} ({following.left})")
    return {"pieces": pieces}


def auction(row: Row) -> dict[str, Any]:
    """Context of auctions/_auction.html: dates, course of events, lots, papers, other rounds."""
    lots = queries.rows(
        registry.get("auction-lots"), Equals("auction_code", row["ref"]), fields=OF_A_LOT, limit=LOTS_SHOWN + 1
    )
    return {
        "steps": calendar.steps(row, timezone.now()),
        "events": [_event(event) for event in reversed(row["events"] or [])],
        "documents": [_document(document) for document in row["documents"] or []],
        "table": _lot_table(lots[:LOTS_SHOWN]),
        "all_lots_url": list_address("auction-lots", auction_code=row["ref"]),
        "more_lots": len(lots) > LOTS_SHOWN,
        "rounds": _other_rounds(row),
    }


def lot_headline(row: Row) -> dict[str, Any]:
    """The line a bidder looks for: lot, area, price, deposit, and what can still be done today."""
    language = _language()
    pieces = [_short_name(row)]
    pieces.append(f"{number_format(row['area_legal_m2'], force_grouping=True)} m²")
    if row["starting_price_vnd"]:
        pieces.append(_price(row, language))
    if row["deposit_vnd"]:
        pieces.append(_("deposit %(amount)s") % {"amount": _money(row["deposit_vnd"])})
    pieces.append(calendar.lot_deadline(row, _auction_of(row), timezone.now()))
    if row["winning_price_vnd"]:
        pieces[-1] = _("sold for %(amount)s") % {"amount": short_money(row["winning_price_vnd"], CURRENCY, language)}
    return {"pieces": [piece for piece in pieces if piece]}


def lot(row: Row) -> dict[str, Any]:
    """Context of auctions/_lot.html: its auction with the dates, its place, its plot, how to get there, its past."""
    auction_row = _auction_of(row)
    unit = resolve(row["commune_code"], timezone.localdate()) if row["commune_code"] else None
    return {
        "auction": auction_row
        and {"title": auction_row["title"], "url": feature_address("auctions", row["auction_code"])},
        "auction_code": row["auction_code"],
        "auction_status": auction_row and _label("auction-status", auction_row["status"]),
        "steps": calendar.steps(auction_row, timezone.now()) if auction_row else [],
        "place": unit and {"name": unit.name, "url": feature_address("admin-units", unit.ref)},
        "plot": _plot(row["plot_code"]),
        "directions": _directions(row),
        "earlier": _earlier(row),
    }


def _auction_of(row: Row) -> dict[str, Any] | None:
    where = Equals("ref", row["auction_code"])
    found = queries.rows(registry.get("auctions"), where, fields=OF_AN_AUCTION, limit=1)
    return found[0] if found else None


def _plot(code: str | None) -> dict[str, Any] | None:
    """The plot of the inventory, where it is published; what is not answers like what never was."""
    dataset = with_pages("public-land")
    if not code or dataset is None or not queries.count(dataset, Equals("ref", code)):
        return None
    return {"code": code, "url": feature_address("public-land", code)}


def _directions(row: Row) -> str | None:
    """A geo: address of the middle of the lot, for the navigator of a phone."""
    if row.get("west") is None:
        return None
    return f"geo:{(row['south'] + row['north']) / 2:.6f},{(row['west'] + row['east']) / 2:.6f}"


def _earlier(row: Row) -> list[dict[str, Any]]:
    """Other auctions of the same plot, oldest first."""
    if not row["plot_code"]:
        return []
    found = queries.rows(registry.get("auction-lots"), Equals("plot_code", row["plot_code"]), fields=OF_A_LOT)
    return [
        {
            "auction_code": other["auction_code"],
            "url": feature_address("auction-lots", other["ref"]),
            "status": _label("lot-status", other["status"]),
            "price": _money(other["starting_price_vnd"]),
        }
        for other in found
        if other["ref"] != row["ref"]
    ]


def _other_rounds(row: Row) -> list[dict[str, Any]]:
    """The other auctions of the same land: the first one, and those held again after it."""
    root = row["root_auction"] or row["ref"]
    dataset = registry.get("auctions")
    again = queries.rows(dataset, Equals("root_auction", root), fields=OF_AN_AUCTION)
    first = queries.rows(dataset, Equals("ref", root), fields=OF_AN_AUCTION) if root != row["ref"] else []
    return [
        {
            "title": other["title"],
            "url": feature_address("auctions", other["ref"]),
            "round": other["round"],
            "status": _label("auction-status", other["status"]),
        }
        for other in [*first, *again]
        if other["ref"] != row["ref"]
    ]


def _lot_table(lots: Iterable[Row]) -> dict[str, Any]:
    """Columns and rows as pages/_rows.html takes them."""
    columns = (
        ("area_legal_m2", "m²"),
        ("starting_price_vnd", _unit()),
        ("deposit_vnd", _unit()),
        ("winning_price_vnd", _unit()),
        ("status", ""),
    )
    lots = list(lots)
    filled = [column for column in columns if any(one[column[0]] is not None for one in lots)]
    dataset = registry.get("auction-lots")
    heads = [
        {"label": f"{dataset.label(name)} ({unit})" if unit else str(dataset.label(name)), "numeric": bool(unit)}
        for name, unit in filled
    ]
    rows = [
        {
            "ref": one["ref"],
            "url": feature_address("auction-lots", one["ref"]),
            "title": _short_name(one),
            "cells": [head | {"text": _cell(one, name)} for head, (name, _u) in zip(heads, filled, strict=True)],
        }
        for one in lots
    ]
    return {"columns": heads, "rows": rows, "name_label": dataset.label("name")}


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


def _document(document: Row) -> dict[str, Any]:
    return {
        "kind": _label("auction-document", document.get("kind")),
        "title": document.get("title"),
        "number": document.get("number"),
        "dated": datetime.date.fromisoformat(document["dated"]) if document.get("dated") else None,
    }


def _price(row: Row, language: str) -> str:
    amounts = {"price": short_amount(row["starting_price_vnd"], language)}
    if not row["starting_price_per_m2_vnd"]:
        return _("VND %(price)s") % amounts
    amounts["per_m2"] = short_amount(row["starting_price_per_m2_vnd"], language)
    return _("VND %(price)s (%(per_m2)s/m²)") % amounts


def _money(amount: int | None) -> str:
    return f"{number_format(amount, force_grouping=True)} {_unit()}" if amount is not None else ""


def _unit() -> str:
    return pgettext("unit", "VND")


def _label(codes: str, code: str | None) -> str:
    return str(codelists.labels(codes).get(code or "", code or ""))


def _language() -> str:
    return (get_language() or "vi")[:2]
