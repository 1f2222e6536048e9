"""What the fields of a lot say, and where that comes from."""

from django.utils.translation import gettext_lazy as _

from landgis.auctions.meanings.sources import (
    COMMUNE,
    LOT_PLAN,
    NOTICE,
    OFFICE,
    PAPER_AREA,
    PAPER_LENGTH,
    RESULT,
    ZONING,
)
from landgis.catalog.dataset import Meaning

AUCTION_LOTS = {
    "lot_code": Meaning(_("Number that the office gives to the lot; the address of its page is made from it."), OFFICE),
    "name": Meaning(_("What the notice calls the land: lot number and estate, or the site."), NOTICE),
    "status": Meaning(
        _("Where the lot stands between announcement and result; each lot of an auction ends in its own way."), OFFICE
    ),
    "commune_name": Meaning(
        _(
            "Unit of today in which the lot lies, as the notice says or by what became of the unit that it names; where that was divided, by the lot's place."
        ),
        COMMUNE,
    ),
    "land_use": Meaning(_("What the winner may use the land for, by the codes of the national list."), NOTICE),
    "area_legal_m2": Meaning(
        _("What the notice says of the size; price and contract go by it."), NOTICE, accuracy=PAPER_AREA
    ),
    "starting_price_vnd": Meaning(_("Lowest sum for the whole lot at which bidding begins."), NOTICE),
    "starting_price_per_m2_vnd": Meaning(
        _("The sum at which bidding begins, divided by the area on paper and rounded."), NOTICE
    ),
    "deposit_vnd": Meaning(
        _("To be paid before the session; it counts towards the price for the winner and goes back to the others."),
        NOTICE,
    ),
    "deposit_pct": Meaning(_("The deposit in hundredths of the sum at which bidding begins."), NOTICE),
    "bid_step_vnd": Meaning(_("Least amount by which a bid must go over the one before."), NOTICE),
    "dossier_fee_vnd": Meaning(_("What a set of the papers for taking part costs; the law sets the most."), NOTICE),
    "winning_price_vnd": Meaning(_("Highest bid for the whole lot; only of a lot that was sold."), RESULT),
    "rounds": Meaning(_("How many times bids were called until nobody went higher."), RESULT, counts=_("rounds")),
    "failed_before": Meaning(
        _("How often this land was offered earlier and found no buyer."), OFFICE, counts=_("auctions")
    ),
    "address": Meaning(_("Street and unit of today, with the former ones in brackets."), NOTICE),
    "commune_code": Meaning(_("Number of the unit of today in the national list."), COMMUNE),
    "old_commune_name": Meaning(
        _("Unit that the older papers and map sheets of the lot name, as a rule one from before 1 July 2025."), NOTICE
    ),
    "map_sheet": Meaning(
        _("Number of the sheet of the cadastral map; sheets are counted within the commune that the documents name."),
        NOTICE,
    ),
    "parcel_nos": Meaning(_("Parcels of that sheet on which the lot stands; several are separated by commas."), NOTICE),
    "term": Meaning(_("For how long the winner may use the land."), NOTICE),
    "frontage_m": Meaning(_("How wide the lot is along the street that it faces."), LOT_PLAN, accuracy=PAPER_LENGTH),
    "depth_m": Meaning(
        _("How far the lot reaches back from the street: on average, where its sides differ."),
        LOT_PLAN,
        accuracy=PAPER_LENGTH,
    ),
    "road_width_m": Meaning(
        _("Planned width of the street in front, from the plots on one side to those on the other."),
        ZONING,
        accuracy=PAPER_LENGTH,
    ),
    "facing": Meaning(_("Side to which one looks from the lot over its street."), LOT_PLAN),
    "is_corner": Meaning(_("Whether the lot lies where two streets meet."), LOT_PLAN),
    "plan_zone": Meaning(_("What the plan of the area foresees for the lot, in words."), ZONING),
    "density_pct": Meaning(_("Largest part of the lot that buildings may cover."), ZONING),
    "floors": Meaning(_("How many storeys may be built at most."), ZONING, counts=_("number of storeys")),
    "setback_m": Meaning(_("Least distance of buildings from the edge of the street."), ZONING, accuracy=PAPER_LENGTH),
    "auction_code": Meaning(_("Number of the auction in which the lot is offered; its page has the dates."), OFFICE),
    "plot_code": Meaning(
        _("Number of the plot in the inventory of public land on which the lot was laid out."), OFFICE
    ),
    "explanation": Meaning(
        _("Why the lot differs from the plan in force, the land-price table or its boundary, in the office's words."),
        OFFICE,
    ),
    "bidder_count": Meaning(
        _("How many have applied; the law forbids to tell before the session, so for officers only."),
        RESULT,
        counts=_("bidders"),
    ),
    "note": Meaning(_("What officers wrote down for each other about the lot; it is never published."), OFFICE),
}
