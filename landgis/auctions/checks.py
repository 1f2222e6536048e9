"""What change sets of auctions and of lots are checked for beside the usual. Each check is one query."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from landgis.auctions.models import Auction, Lot, LotItem
from landgis.catalog import money, registry
from landgis.catalog.dataset import Dataset
from landgis.changes import touched
from landgis.changes.issues import STOP, WARN, Finding, IssueKind, add_kinds
from landgis.changes.models import ChangeSet
from landgis.lib import statements

DEPOSIT_TOLERANCE_VND = 1000
ROUNDED_SHARE = Decimal("0.005")  # of a price: what prices per m2 are rounded by
AUCTIONS, LOTS, PLOTS = "auctions", "auction-lots", "public-land"

# (earlier, later): the first may not lie after the second.
ORDER = (
    ("plan_decision_date", "auction_decision_date"),
    ("auction_decision_date", "posted_on"),
    ("posted_on", "opens_at"),
    ("notice1_on", "notice2_on"),
    ("notice2_on", "opens_at"),
    ("viewing_from", "viewing_to"),
    ("viewing_to", "opens_at"),
    ("dossiers_from", "dossiers_to"),
    ("dossiers_to", "opens_at"),
    ("deposit_until", "opens_at"),
)

add_kinds(
    {
        "dates-order": IssueKind(
            WARN,
            _("“%(label)s” (%(earlier)s) lies after “%(other_label)s” (%(later)s)."),
            _("Compare both with the notice of the auction."),
        ),
        "lots-total": IssueKind(
            WARN,
            _("The starting prices of the lots of %(auction)s add up to %(lots)s, the auction says %(total)s."),
            _("Check whether a lot is missing and whether every price is that of the decision."),
        ),
        "deposit-difference": IssueKind(
            WARN,
            _("The deposit is %(deposit)s; %(percent)s of the starting price would be %(computed)s."),
            _("Check the amount and the share against the rules of the auction."),
        ),
        "price-per-area": IssueKind(
            WARN,
            _("The starting price per m² is %(said)s; the starting price over the area is %(computed)s."),
            _("Correct whichever of the three is not that of the decision."),
        ),
        "auction-unknown": IssueKind(
            STOP,
            _("There is no auction %(auction)s in force."),
            _("Load the auction first, or correct the reference."),
        ),
        "plot-unknown": IssueKind(
            WARN,
            _("There is no plot %(plot)s of public land in force."),
            _("Load the plot first, or correct the reference."),
        ),
        "lot-left": IssueKind(
            WARN,
            _("The lot %(lot)s in force belongs to the auction, which would be retired."),
            _("Retire the lot, too, or move it to another auction."),
        ),
    }
)


def dates_in_order(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Dates and times of an auction of which the earlier lies after the later."""
    query = sql.SQL(
        "SELECT i.row, i.ref, p.earlier, p.later, p.a::text, p.b::text FROM {items} i"
        " CROSS JOIN LATERAL (VALUES {pairs}) AS p (earlier, a, later, b)"
        " WHERE i.change_set_id = %(id)s AND p.a > p.b ORDER BY i.row, p.earlier, p.later"
    ).format(items=_table(dataset.proposed), pairs=sql.SQL(", ").join(_pair(*pair) for pair in ORDER))
    for row, ref, earlier, later, first, second in statements.rows(query, {"id": change_set.pk}):
        params = {"earlier": _until_minute(first), "later": _until_minute(second), "other_field": later}
        yield Finding("dates-order", row=row, ref=ref, field=earlier, params=params)


def auction_totals(dataset: Dataset, change_set: ChangeSet, *, since: int | None = None) -> Iterator[Finding]:
    """Auctions whose total is not the sum of their lots in force; one without lots is not looked at."""
    if since is not None and not touched.is_touched(since, LOTS):
        return
    query = sql.SQL(
        "SELECT i.row, i.ref, sum(l.starting_price_vnd), i.starting_total_vnd FROM {items} i JOIN {lots} l"
        " ON l.auction_code = i.auction_code AND l.until_revision IS NULL WHERE i.change_set_id = %(id)s"
        " GROUP BY i.id HAVING sum(l.starting_price_vnd) <> i.starting_total_vnd ORDER BY i.row"
    ).format(items=_table(dataset.proposed), lots=_table(Lot))
    for row, ref, lots, total in statements.rows(query, {"id": change_set.pk}):
        params = _total_params(ref, lots, total)
        yield Finding("lots-total", row=row, ref=ref, field="starting_total_vnd", params=params)


def lot_totals(dataset: Dataset, change_set: ChangeSet, *, since: int | None = None) -> Iterator[Finding]:
    """Auctions whose total would not be the sum of their lots, once the change set is in force."""
    if since is not None and not touched.is_touched(since, LOTS, AUCTIONS):
        return
    kept = sql.SQL(
        " UNION ALL SELECT f.auction_code, f.starting_price_vnd FROM {lots} f WHERE f.until_revision IS NULL"
        " AND NOT EXISTS (SELECT FROM {items} i WHERE i.change_set_id = %(id)s AND i.ref = f.ref{coming})"
    )
    query = sql.SQL(
        "SELECT a.ref, sum(l.starting_price_vnd), a.starting_total_vnd FROM ("
        "SELECT i.auction_code, i.starting_price_vnd FROM {items} i WHERE i.change_set_id = %(id)s"
        " AND i.action <> 'retire'{coming}{kept}) l"
        " JOIN {auctions} a ON a.auction_code = l.auction_code AND a.until_revision IS NULL"
        " GROUP BY a.ref, a.starting_total_vnd HAVING sum(l.starting_price_vnd) <> a.starting_total_vnd ORDER BY a.ref"
    )
    tables: dict[str, sql.Composable] = {"items": _table(LotItem), "lots": _table(Lot), "auctions": _table(Auction)}
    coming = touched.among_items("i", since)
    # What a complete file lacks is retired and no longer counts.
    rest = (
        sql.SQL("")
        if change_set.is_complete and since is None
        else kept.format(items=tables["items"], lots=tables["lots"], coming=coming)
    )
    for auction, lots, total in statements.rows(
        query.format(items=tables["items"], auctions=tables["auctions"], kept=rest, coming=coming),
        {"id": change_set.pk},
    ):
        yield Finding("lots-total", ref=auction, params=_total_params(auction, lots, total))


def auction_in_force(dataset: Dataset, change_set: ChangeSet, *, since: int | None = None) -> Iterator[Finding]:
    """Lots of an auction that is not in force."""
    if since is not None and not touched.is_touched(since, AUCTIONS):
        return
    query = sql.SQL(
        "SELECT i.row, i.ref, i.auction_code FROM {items} i WHERE i.change_set_id = %(id)s"
        " AND i.auction_code <> '' AND NOT EXISTS (SELECT FROM {auctions} a"
        " WHERE a.auction_code = i.auction_code AND a.until_revision IS NULL) ORDER BY i.row"
    ).format(items=_table(dataset.proposed), auctions=_table(Auction))
    for row, ref, auction in statements.rows(query, {"id": change_set.pk}):
        yield Finding("auction-unknown", row=row, ref=ref, field="auction_code", params={"auction": auction})


def plot_in_force(dataset: Dataset, change_set: ChangeSet, *, since: int | None = None) -> Iterator[Finding]:
    """Lots of a plot of public land that is not in force."""
    plots = next((one for one in registry.all_datasets() if one.name == PLOTS), None)
    if plots is None or (since is not None and not touched.is_touched(since, PLOTS)):
        return
    query = sql.SQL(
        "SELECT i.row, i.ref, i.plot_code FROM {items} i WHERE i.change_set_id = %(id)s AND i.plot_code <> ''"
        " AND NOT EXISTS (SELECT FROM {plots} p WHERE p.ref = i.plot_code AND p.until_revision IS NULL) ORDER BY i.row"
    ).format(items=_table(dataset.proposed), plots=_table(plots.in_force))
    for row, ref, plot in statements.rows(query, {"id": change_set.pk}):
        yield Finding("plot-unknown", row=row, ref=ref, field="plot_code", params={"plot": plot})


def no_lot_left(dataset: Dataset, change_set: ChangeSet, *, since: int | None = None) -> Iterator[Finding]:
    """Lots that would be left without their auction."""
    query = sql.SQL(
        "SELECT i.row, i.ref, l.ref FROM {lots} l JOIN {items} i ON i.change_set_id = %(id)s AND i.ref = l.auction_code"
        " AND i.action = 'retire' WHERE l.until_revision IS NULL AND l.from_revision > {since} ORDER BY i.ref, l.ref"
    ).format(items=_table(dataset.proposed), lots=_table(Lot), since=sql.Literal(since or 0))
    for row, ref, lot in statements.rows(query, {"id": change_set.pk}):
        yield Finding("lot-left", row=row, ref=ref, params={"lot": lot})


def deposits(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Lots whose deposit is not their share of the starting price, to a thousand of the currency."""
    query = sql.SQL(
        "SELECT i.row, i.ref, i.deposit_vnd, i.deposit_pct, round(i.starting_price_vnd * i.deposit_pct / 100)"
        " FROM {items} i WHERE i.change_set_id = %(id)s"
        " AND abs(i.deposit_vnd - i.starting_price_vnd * i.deposit_pct / 100) > {tolerance} ORDER BY i.row"
    ).format(items=_table(dataset.proposed), tolerance=sql.Literal(DEPOSIT_TOLERANCE_VND))
    for row, ref, deposit, percent, computed in statements.rows(query, {"id": change_set.pk}):
        params = {
            "deposit": money.in_figures(deposit),
            "percent": f"{percent.normalize():f}%",
            "computed": money.in_figures(computed),
        }
        yield Finding("deposit-difference", row=row, ref=ref, field="deposit_vnd", params=params)


def prices_per_area(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """Lots whose price per m2 is not their price over their area on paper, beyond what offices round."""
    query = sql.SQL(
        "SELECT i.row, i.ref, i.starting_price_per_m2_vnd, round(i.starting_price_vnd / i.area_legal_m2) FROM {items} i"
        " WHERE i.change_set_id = %(id)s AND i.action <> 'retire' AND i.area_legal_m2 > 0"
        " AND abs(i.starting_price_per_m2_vnd * i.area_legal_m2 - i.starting_price_vnd)"
        " > i.starting_price_vnd * {share} ORDER BY i.row"
    ).format(items=_table(dataset.proposed), share=sql.Literal(ROUNDED_SHARE))
    for row, ref, said, computed in statements.rows(query, {"id": change_set.pk}):
        params = {"said": money.in_figures(said), "computed": money.in_figures(computed)}
        yield Finding("price-per-area", row=row, ref=ref, field="starting_price_per_m2_vnd", params=params)


def _pair(earlier: str, later: str) -> sql.Composable:
    """(name, timestamp, name, timestamp), as clocks show it here; beside a date a time counts as its day."""
    times = [_is_time(name) for name in (earlier, later)]
    day = "::date" if not all(times) else ""
    here = sql.SQL(f" AT TIME ZONE {{}}){day}::timestamp").format(sql.Literal(settings.TIME_ZONE))
    values = [
        sql.SQL("(i.{}").format(sql.Identifier(name)) + (here if is_time else sql.SQL(")::timestamp"))
        for name, is_time in zip((earlier, later), times, strict=True)
    ]
    return sql.SQL("({}, {}, {}, {})").format(sql.Literal(earlier), values[0], sql.Literal(later), values[1])


def _is_time(name: str) -> bool:
    return Auction._meta.get_field(name).get_internal_type() == "DateTimeField"


def _until_minute(moment: str) -> str:
    """2026-12-05 08:30:00 as 2026-12-05 08:30, and a day without its midnight."""
    return moment[:16].removesuffix(" 00:00")


def _total_params(auction: str, lots: Any, total: Any) -> dict[str, str]:
    return {"auction": auction, "lots": money.in_figures(lots), "total": money.in_figures(total)}


def _table(model: Any) -> sql.Identifier:
    return sql.Identifier(model._meta.db_table)
