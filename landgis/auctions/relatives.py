"""What the page of a lot tells of others: its auction, the other auctions of its plot, lots that were sold nearby."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landgis.auctions.models import LotStatus
from landgis.catalog import queries, registry
from landgis.catalog.subject import PublicState
from landgis.lib.filters import And, Equals, Filter, OneOf, Or

Row = Mapping[str, Any]
FIELDS = (
    *("ref", "name", "auction_code", "status", "area_legal_m2", "land_use", "commune_name", "plot_code"),
    *("starting_price_vnd", "starting_price_per_m2_vnd", "deposit_vnd", "winning_price_vnd"),
    *queries.ABOUT_REVISION,
)


@dataclass(frozen=True)
class Relatives:
    """Rows as published in one state. `auctions` are those of all these lots, by their refs."""

    auction: Row | None
    earlier: list[Row]  # other lots on the same plot
    sold: list[Row]  # lots of the same commune that found a buyer
    auctions: dict[str, Row]


def of_lot(lot: Row, state: PublicState) -> Relatives:
    """Two questions, however many parts of a page ask."""
    return state.remembered(("relatives", lot["ref"]), lambda: _read(lot, state))


def _read(lot: Row, state: PublicState) -> Relatives:
    wanted: list[Filter] = [And((Equals("commune_name", lot["commune_name"]), Equals("status", LotStatus.WON)))]
    if lot["plot_code"]:
        wanted.append(Equals("plot_code", lot["plot_code"]))
    found = state.rows(registry.get("auction-lots"), Or(tuple(wanted)), fields=FIELDS)
    others = [other for other in found if other["ref"] != lot["ref"]]
    codes = dict.fromkeys([lot["auction_code"], *(other["auction_code"] for other in others)])
    auctions: dict[str, Row] = {
        one["ref"]: one for one in state.rows(registry.get("auctions"), OneOf("ref", tuple(codes)))
    }
    return Relatives(
        auction=auctions.get(lot["auction_code"]),
        earlier=[other for other in others if lot["plot_code"] and other["plot_code"] == lot["plot_code"]],
        sold=[other for other in others if _is_sold_in(other, lot["commune_name"])],
        auctions=auctions,
    )


def _is_sold_in(lot: Row, commune: str | None) -> bool:
    return bool(lot["status"] == LotStatus.WON and lot["commune_name"] == commune and lot["winning_price_vnd"])
