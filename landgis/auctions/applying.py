"""How to apply: what papers each kind of bidder hands in, on which blank forms, and whom to ask."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import sql

from landgis.auctions.models import DocumentKind, LotStatus
from landgis.auctions.states import ANNOUNCED, OPEN, PLANNED
from landgis.catalog import office, published, registry
from landgis.catalog.dataset import Dataset
from landgis.documents import queries as documents

AUCTIONS, LOTS = "auctions", "auction-lots"
# As long as an application can still be made, or will be.
AHEAD = {str(status) for status in (*PLANNED, *ANNOUNCED, OPEN[0], LotStatus.NOT_OPEN, LotStatus.OPEN)}


def context(auction: Mapping[str, Any] | None, status: str, documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Context of auctions/_applying.html. `status` is that of what the page is about, `documents` those of the auction."""
    row = auction or {}
    current, body = office.current(), office.current().body(row.get("auctioneer"))
    lists = [one for one in current.checklists if auction and one.is_for(AUCTIONS, row)]
    return {
        "is_ahead": status in AHEAD,
        "checklists": [{"who": one.name, "papers": one.papers} for one in lists],
        "forms": [one for one in documents if one["code"] == DocumentKind.FORM],
        "seller": row.get("auctioneer") or "",
        "address": body.contact if body else "",
        "hours": body.hours if body else "",
        "url": body.url if body else "",
        "ask": row.get("contact") or "",
    }


# --- How many have what a bidder needs, for the coverage


def with_papers(dataset: Dataset) -> sql.Composable:
    """(ref, 1) of the auctions, or lots of auctions, of which a document can be opened."""
    return _of(dataset, documents.opens_sql(registry.get(AUCTIONS), "a"))


def with_forms(dataset: Dataset) -> sql.Composable:
    """The same of those with a blank form."""
    return _of(dataset, documents.opens_sql(registry.get(AUCTIONS), "a", kind=DocumentKind.FORM))


def with_checklist(dataset: Dataset) -> sql.Composable:
    """The same of those of which the office says what papers a bidder hands in."""
    lists = [one for one in office.current().checklists if one.dataset == AUCTIONS]
    each = [
        sql.SQL(" AND ").join(
            [
                sql.SQL("TRUE"),
                *(
                    sql.SQL("a.{name} = ANY({codes})").format(
                        name=sql.Identifier(registry.get(AUCTIONS).field(name).name), codes=sql.Literal(list(codes))
                    )
                    for name, codes in one.only.items()
                ),
            ]
        )
        for one in lists
    ]
    return _of(dataset, sql.SQL("({})").format(sql.SQL(" OR ").join(each)) if each else sql.SQL("FALSE"))


def with_seller(dataset: Dataset) -> sql.Composable:
    """The same of those of which address or hours of who takes the application are known."""
    names = [body.name for body in office.current().bodies]
    return _of(dataset, sql.SQL("a.auctioneer = ANY({}::text[])").format(sql.Literal(names)))


def _of(dataset: Dataset, fits: sql.Composable) -> sql.Composable:
    auctions = published.view(registry.get(AUCTIONS))
    if dataset.name == AUCTIONS:
        return sql.SQL("SELECT a.ref, 1 AS n FROM {auctions} a WHERE a.until_revision IS NULL AND {fits}").format(
            auctions=auctions, fits=fits
        )
    return sql.SQL(
        "SELECT l.ref, 1 AS n FROM {lots} l JOIN {auctions} a ON a.ref = l.auction_code AND a.until_revision IS NULL"
        " WHERE l.until_revision IS NULL AND {fits}"
    ).format(lots=published.view(dataset), auctions=auctions, fits=fits)
