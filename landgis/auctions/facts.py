"""What the office's columns do not say as they stand: what a bidder has to bring, pay, know of the seller."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from landgis.auctions import relatives
from landgis.catalog import money, queries, registry
from landgis.catalog.addresses import with_pages
from landgis.catalog.dataset import Dataset, Fact
from landgis.catalog.filters import filterable
from landgis.catalog.language_marks import with_language
from landgis.catalog.provenance import source_text
from landgis.catalog.subject import PublicState, Subject
from landgis.lib.filters import And, Equals
from landgis.lib.text import fold
from landgis.places.queries import resolve

Row = Mapping[str, Any]

PLACE = gettext_lazy("Where it is")
SIZE = gettext_lazy("Size and road")
USE = gettext_lazy("Use, term and plan")
MONEY = gettext_lazy("Price, deposit, cash needed")
OUTCOME = gettext_lazy("Result and earlier auctions")
SELLER = gettext_lazy("Who sells, how, and whom to ask")
LEGAL = gettext_lazy("Legal standing")
GROUPS = (MONEY, SIZE, PLACE, USE, OUTCOME, SELLER, LEGAL)

SOLD_BY = ("asset_holder", "auctioneer", "form", "method", "conditions", "contact")
DECIDED_BY = ("auction_decision_no", "auction_decision_date", "plan_decision_no", "plan_decision_date")
PRICE_COLUMNS = ("price_vnd_m2", "commune_today", "street", "segment", "position", "land_use", "valid_from")
PRICES_SHOWN = 3


def of_lot(subject: Subject) -> Iterator[Fact]:
    """The facts of a lot that are worked out, or are those of its auction, its place and the price table."""
    row, state = subject.row, subject.state
    yield from _place(row, state)
    yield from _cash(row)
    yield _price_table(row, state)
    yield Fact(OUTCOME, _("Failed before"), _failed_before(row))
    yield from _of_auction(row, state)
    yield from _plot(row, state)


def _place(row: Row, state: PublicState) -> Iterator[Fact]:
    unit = resolve(row["commune_code"], state.day, as_of=state.as_of) if row["commune_code"] else None
    if unit:
        yield Fact(PLACE, _("Place"), unit.name, url=state.feature_address("admin-units", unit.ref))
    if row.get("west") is not None:
        longitude, latitude = queries.place_of(row)
        place = f"{latitude:.6f},{longitude:.6f}"
        yield Fact(PLACE, _("How to get there"), _("Open in a navigator"), url=f"geo:{place}?q={place}")


def _cash(row: Row) -> Iterator[Fact]:
    """What has to be there before the session, and what is still to be paid by whoever wins at the starting price."""
    deposit, fee, price = row["deposit_vnd"], row["dossier_fee_vnd"], row["starting_price_vnd"]
    together = deposit + fee if deposit is not None and fee is not None else deposit
    about = _("Deposit and price of the dossier.") if fee is not None else _("Deposit; the dossier costs extra.")
    yield Fact(
        MONEY, _("Cash needed to take part"), _number(together), money.UNIT, about if together is not None else ""
    )
    rest = price - deposit if price is not None and deposit is not None else None
    yield Fact(
        MONEY,
        _("Still to be paid after winning at the starting price"),
        _number(rest),
        money.UNIT,
        _("The deposit is counted towards the price; taxes and fees of registration come on top."),
    )


def _price_table(row: Row, state: PublicState) -> Fact:
    """What the land-price table says for this use in this place; empty where no table is published."""
    label, dataset = _("Land-price table"), with_pages("land-prices")
    found = _prices(dataset, row, state) if dataset else []
    if not dataset or not found:
        return Fact(MONEY, label, "")
    texts = [
        f"{_where(dataset, price)}: {_number(price['price_vnd_m2'])} {money.UNIT}/m²" for price in found[:PRICES_SHOWN]
    ]
    url = state.list_address("land-prices", commune_today=row["commune_name"])
    return Fact(MONEY, label, "; ".join(texts), url=url, source=source_text(found[0]), is_as_given=True)


def price_lines(dataset: Dataset, row: Row, state: PublicState) -> list[dict[str, Any]]:
    """The lines of the land-price table for the commune and the use of a lot."""
    columns = {field.name for field in dataset.public_fields}
    filters = {field.name for field in filterable(dataset)}
    asked = {"commune_today": row["commune_name"], "land_use": row["land_use"]}
    wanted = [Equals(name, value) for name, value in asked.items() if name in filters and value is not None]
    fields = [name for name in PRICE_COLUMNS if name in columns]
    lines = state.rows(dataset, And(tuple(wanted)), fields=["ref", *fields, *queries.ABOUT_REVISION], limit=500)
    return [line for line in lines if all(line.get(name) == value for name, value in asked.items())]


def _prices(dataset: Dataset, row: Row, state: PublicState) -> list[dict[str, Any]]:
    """Of these lines those of its street alone, where there are such."""
    lines = price_lines(dataset, row, state)
    address = fold(row["address"] or "")
    here = [line for line in lines if line.get("street") and fold(line["street"]) in address]
    return here or lines


def _where(dataset: Dataset, price: Row) -> str:
    named = [name for name in ("street", "segment", "position") if price.get(name)]
    return ", ".join(str(dataset.number_name(name, price[name])) for name in named)


def _failed_before(row: Row) -> str:
    if row["failed_before"] is None:
        return ""
    return _("no") if row["failed_before"] == 0 else _("yes, %(n)s times") % {"n": _number(row["failed_before"])}


def _of_auction(row: Row, state: PublicState) -> Iterator[Fact]:
    """Seller, conditions, contact and decisions as its auction has them; each empty where the office gave none."""
    dataset = registry.get("auctions")
    auction: Row = relatives.of_lot(row, state).auction or {}
    source = source_text(auction) if auction else ""
    for group, names in ((SELLER, SOLD_BY), (LEGAL, DECIDED_BY)):
        for name in names:
            yield Fact(
                group,
                dataset.label(name),
                _text(dataset, name, auction.get(name)),
                source=source,
                is_as_given=dataset.is_free_text(name),
                applies=dataset.field(name).applies(auction),
            )


def _plot(row: Row, state: PublicState) -> Iterator[Fact]:
    """The plot of the inventory, where it is published; what is not answers like what never was."""
    dataset, code = with_pages("public-land"), row["plot_code"]
    found = state.feature(dataset, code) if dataset and code else None
    if dataset and found:
        names = ("origin", "decision_no", "decision_on")
        texts = [(name, _text(dataset, name, found.get(name))) for name in names]
        said = [(with_language(text, dataset.is_free_text(name)),) for name, text in texts if text]
        yield Fact(
            LEGAL,
            _("Public-land plot"),
            str(code),
            description=format_html_join(" · ", "{}", said),
            url=state.feature_address("public-land", code),
            source=source_text(found),
        )


def _text(dataset: Dataset, name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if dataset.is_range(name) and not dataset.is_number(name):
        return date_format(value, "SHORT_DATE_FORMAT")
    return str(dataset.choices(name).get(value, value))


def _number(amount: int | None) -> str:
    return number_format(amount, force_grouping=True) if amount is not None else ""
