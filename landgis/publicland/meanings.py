"""What the fields of public land say and where that comes from, and what the codes mean."""

from django.utils.translation import gettext_lazy as _

from landgis.catalog.codelists import Label
from landgis.catalog.dataset import Meaning

INVENTORY = _("Inventory of public land")
PAPER_AREA = _("Written to 0.1 m²; how exact the survey was is not said")
ITS_DECISION = _("The decision, as the inventory quotes it")
LEASE = _("The contract, as the inventory quotes it")
INSPECTION = _("Report of the last inspection")
OFFICE = _("The publishing office")

PUBLIC_LAND = {
    "plot_code": Meaning(
        _("Number that the inventory gives to the plot; the address of its page is made from it."), INVENTORY
    ),
    "name": Meaning(_("What the inventory calls the plot, mostly by its purpose and place."), INVENTORY),
    "address": Meaning(_("Street or hamlet with the units of that time, as the inventory writes it."), INVENTORY),
    "commune_name": Meaning(
        _(
            "Ward, commune or township in which the plot lies by the division of the inventory; what it belongs to now stands beside it."
        ),
        INVENTORY,
    ),
    "commune_code": Meaning(
        _(
            "Number of that unit in the national list; it was given to other units later, so it holds for the division of the inventory."
        ),
        INVENTORY,
    ),
    "district_name": Meaning(
        _("District or town under which the plot lay before districts were abolished on 1 July 2025."), INVENTORY
    ),
    "map_sheet": Meaning(
        _("Number of the sheet of the cadastral map; sheets are counted within the commune for which they were drawn."),
        INVENTORY,
    ),
    "parcel_nos": Meaning(
        _("Parcels of that sheet on which the plot stands; several are separated by commas."), INVENTORY
    ),
    "area_legal_m2": Meaning(
        _("What the decision or the inventory says of the size; it goes before what is computed from the boundary."),
        INVENTORY,
        accuracy=PAPER_AREA,
    ),
    "land_use": Meaning(_("What the land is registered for, by the codes of the national list."), INVENTORY),
    "current_use": Meaning(
        _("What was really done with the plot when it was last looked at; it need not be what is allowed."), INVENTORY
    ),
    "manager_kind": Meaning(_("Group of bodies to which the one that answers for the plot belongs."), INVENTORY),
    "manager": Meaning(
        _("Body to which the State has given the plot to look after, named as the inventory names it."), INVENTORY
    ),
    "origin": Meaning(_("How the land came under the direct management of the State."), INVENTORY),
    "decision_no": Meaning(
        _("Paper by which the plot was recovered or given to its manager; for old plots there may be none."),
        ITS_DECISION,
    ),
    "decision_on": Meaning(_("Day on which that paper was signed."), ITS_DECISION),
    "decision_issuer": Meaning(_("Authority that signed that paper, by the name that it had then."), ITS_DECISION),
    "planned_use": Meaning(
        _("What the land-use plan foresees for the plot; it holds only once a decision changes the use."), INVENTORY
    ),
    "planned_handling": Meaning(
        _("What the office proposes to do with the plot; a decision of the competent authority is still needed."),
        INVENTORY,
    ),
    "lease_ends_on": Meaning(
        _("Last day on which a tenant or borrower may use the plot; empty where nobody has one."), LEASE
    ),
    "inspected_on": Meaning(_("Day on which an officer last looked at the plot on the ground."), INSPECTION),
    "certificate_state": Meaning(
        _("Whether the body that manages the plot has been given a certificate for it; for officers."), INVENTORY
    ),
    "finding": Meaning(_("What the last inspection met with on the ground; for officers."), INSPECTION),
    "note": Meaning(_("What officers wrote down for each other; it is never published."), OFFICE),
    "is_public": Meaning(
        _("Whether readers may see the plot; of one that they may not see no exit says anything."), OFFICE
    ),
}

CODES: dict[str, dict[str, Label]] = {
    "current-use": {
        "vacant": _("Nobody uses the plot; it may be fenced or lie fallow."),
        "self-used": _("The body that manages the plot uses it for its own tasks."),
        "short-lease": _("Let for a limited time until the State needs the land."),
        "lent": _("Given to somebody for use without rent, to be returned."),
    },
    "manager-kind": {
        "land-fund": _("Public body that keeps recovered land and prepares it for allocation or auction."),
        "commune": _("The authority of the ward or commune in which the plot lies."),
        "district": _("The authority of the former district and its divisions; the level ended on 1 July 2025."),
        "agency": _("A department of the province, or a school, clinic or other unit under it."),
        "enterprise": _("A company in which the State holds the capital and to which the land was given to manage."),
    },
    "origin": {
        "recovered": _("Taken back by decision from whoever used it before."),
        "former-agency": _("Ground on which an office, school or station stood that has moved or been dissolved."),
        "handed-over": _("Roads, greens or lots that an investor gave to the State when a project was finished."),
        "accretion": _("New ground that a river or the sea has laid down."),
        "unused": _("Land that has been given to nobody and never put to a use."),
        "public-benefit": _("Farmland that a commune keeps to let, for its own public needs."),
    },
    "certificate-state": {
        "issued": _("The certificate has been signed and handed over."),
        "in-progress": _("The papers are with the land registration office."),
        "not-issued": _("Nobody has asked for one yet."),
    },
    "handling": {
        "keep": _("The body that has it goes on using it."),
        "recover": _("To be taken back from the body that has it."),
        "transfer": _("Another public body gets it for its tasks."),
        "hand-over": _("The commune or province gets it to manage."),
        "auction": _("The right to use it is to be sold to the highest bidder."),
        "adjoining": _("Too small to stand alone: offered to the neighbours."),
        "undecided": _("The office has made no proposal."),
    },
    "finding": {
        "as-recorded": _("Boundary and use are as in the papers."),
        "encroached": _("Something of a neighbour seems to stand on the plot."),
        "disputed": _("Somebody contests the boundary or the right."),
        "misused": _("The use is another than the one allowed."),
        "marks-lost": _("Marks are gone and have to be set anew."),
    },
}
