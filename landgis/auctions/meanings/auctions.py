"""What the fields of an auction say, and where that comes from."""

from django.utils.translation import gettext_lazy as _

from landgis.auctions.meanings.sources import AUCTION_DECISION, NOTICE, OFFICE
from landgis.catalog.dataset import Meaning
from landgis.catalog.dataset.meanings import UNITS

AUCTIONS = {
    "auction_code": Meaning(
        _("Number that the office gives to the auction; the address of its page is made from it."), OFFICE
    ),
    "title": Meaning(_("What is auctioned and where, in the words of the notice."), NOTICE),
    "status": Meaning(_("Step that the auction has reached, from the first plan to its end."), OFFICE),
    "stream": Meaning(
        _("Whether lots for dwellings or land for a project are sold: dates and conditions differ."), AUCTION_DECISION
    ),
    "dossiers_to": Meaning(_("Last moment at which papers for taking part are received."), NOTICE),
    "opens_at": Meaning(_("Moment at which bidding begins."), NOTICE),
    "lot_count": Meaning(
        _("How many lots are offered; each of them ends in its own way."), AUCTION_DECISION, counts=_("lots")
    ),
    "starting_total_vnd": Meaning(_("Sum of the starting prices of all lots of the auction."), AUCTION_DECISION),
    "asset_holder": Meaning(_("Body that brings the land to the auction on behalf of the State."), NOTICE),
    "auctioneer": Meaning(_("Organisation that holds the auction; empty as long as none was chosen."), NOTICE),
    "venue": Meaning(_("Hall or web site where bidding takes place."), NOTICE),
    "form": Meaning(_("How bids are made known: by voice, on paper or on line."), NOTICE),
    "method": Meaning(_("In which direction prices go from one bid to the next."), NOTICE),
    "conditions": Meaning(_("Who may bid and what has to be fulfilled before."), NOTICE),
    "contact": Meaning(_("Whom to ask, and when."), NOTICE),
    "plan_decision_no": Meaning(_("Paper that approved which land is auctioned and how."), AUCTION_DECISION),
    "plan_decision_date": Meaning(
        _("Day on which that approval was signed; the starting price is that of this time."), AUCTION_DECISION
    ),
    "auction_decision_no": Meaning(_("Paper by which the authority ordered the auction."), AUCTION_DECISION),
    "auction_decision_date": Meaning(_("Day on which the auction was ordered."), AUCTION_DECISION),
    "round": Meaning(
        _("How many times this land has been brought to auction with this one: 2 after one failure."),
        NOTICE,
        counts=_("auction of the same land"),
    ),
    "root_auction": Meaning(
        _("Number of the auction at which the same land was offered first; empty for that one itself."), OFFICE
    ),
    "posted_on": Meaning(_("First day on which the papers hang out at the offices and the venue."), NOTICE),
    "notice1_on": Meaning(_("Day on which the auction was first made known to everybody."), NOTICE),
    "notice2_on": Meaning(_("Day on which the auction was made known again."), NOTICE),
    "viewing_from": Meaning(_("First day on which bidders are shown the land."), NOTICE),
    "viewing_to": Meaning(_("Last day on which bidders are shown the land."), NOTICE),
    "dossiers_from": Meaning(_("Moment from which papers for taking part are sold and received."), NOTICE),
    "deposit_until": Meaning(_("Last moment at which the deposit must have arrived."), NOTICE),
    "documents": Meaning(
        _("Papers of the auction that exist by now, each with kind, title, number and day."), AUCTION_DECISION
    ),
    "commune_today": Meaning(_("Ward, commune or special zone of today in which most of its lots lie."), UNITS),
    "commune_today_code": Meaning(_("Number of that ward, commune or special zone in the national list."), UNITS),
    "commune_today_by": Meaning(_("Whether its lots tell in which commune it is."), UNITS),
    "commune_today_also": Meaning(
        _("The other communes of today in which lots of it lie; several are separated by commas."), UNITS
    ),
    "events": Meaning(_("What has happened so far, oldest first, each with the step, the day and a remark."), OFFICE),
}
