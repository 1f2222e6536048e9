"""What the codes of auctions and lots mean."""

from django.utils.translation import gettext_lazy as _

from landgis.catalog.codelists import Label

CODES: dict[str, dict[str, Label]] = {
    "auction-stream": {
        "residential": _("Lots on which persons build their homes."),
        "project": _("Larger sites for organisations that carry out a project."),
    },
    "auction-status": {
        "planned": _("The office means to auction the land; nothing is decided."),
        "plan-approved": _("It is settled which land is sold and on what terms."),
        "decided": _("The authority has ordered the auction."),
        "auctioneer-selected": _("It is known who will hold the auction."),
        "announced": _("The first of two public notices is out."),
        "announced-twice": _("Both public notices are out."),
        "selling-dossiers": _("Whoever wants to take part can buy the papers, see the land and apply."),
        "registration-closed": _("No more applications are taken; the session is still to come."),
        "held": _("Bidding is over; the result is not recognised yet."),
        "recognised": _("The authority has confirmed who won."),
        "failed": _("Nobody applied, bid or signed; the land may be offered again."),
        "stopped": _("Called off before it was held; reasons are in the course of events."),
        "postponed": _("Put off; a new date is given where there is one."),
        "cancelled": _("It will not take place; what was decided before is taken back."),
        "not-reported": _("The session was due, and nobody has said yet what came of it."),
    },
    "auction-form": {
        "spoken": _("Everybody is in one hall and calls out the next price."),
        "direct-ballot": _("Everybody is in one hall and writes the price on a ballot."),
        "indirect-ballot": _("Ballots are handed in sealed beforehand and opened at the session."),
        "online": _("Bids are made on a web site."),
    },
    "auction-method": {
        "ascending": _("Each bid is higher than the one before; the highest wins."),
    },
    "auction-document": {
        "decision": _("Paper by which an authority orders something."),
        "rules": _("How the session is run and what bidders must keep to."),
        "notice": _("What was made known to everybody."),
        "map": _("Where the lots lie."),
        "result": _("What was sold at what price, without names of persons."),
        "form": _("To be filled in by whoever applies."),
    },
    "lot-status": {
        "not-open": _("Announced or planned; one cannot apply yet."),
        "open": _("One can buy the papers and apply for the lot."),
        "registration-closed": _("No more applications are taken; there is no result yet."),
        "won": _("Somebody made the highest bid and signed."),
        "failed": _("Nobody bought it; it may be offered again."),
        "stopped": _("Taken out of the auction."),
        "postponed": _("Put off together with its auction or alone."),
        "cancelled": _("It will not be offered in this auction."),
        "not-reported": _("The session was due, and nobody has said yet whether it found a buyer."),
    },
    "facing": {
        "north": _("Bearing from 337.5° to 22.5°."),
        "north-east": _("Bearing from 22.5° to 67.5°."),
        "east": _("Bearing from 67.5° to 112.5°."),
        "south-east": _("Bearing from 112.5° to 157.5°."),
        "south": _("Bearing from 157.5° to 202.5°."),
        "south-west": _("Bearing from 202.5° to 247.5°."),
        "west": _("Bearing from 247.5° to 292.5°."),
        "north-west": _("Bearing from 292.5° to 337.5°."),
    },
    "term-of-use": {
        "unlimited": _("No last day is set, as for dwellings."),
        "50-years": _("For fifty years; then an extension has to be asked for."),
    },
}
