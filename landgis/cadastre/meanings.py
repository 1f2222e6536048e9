"""What the fields of parcels, masks and land prices say and where that comes from, and what the codes mean."""

from django.utils.translation import gettext_lazy as _

from landgis.catalog.codelists import Label
from landgis.catalog.dataset import Meaning

MAP_SHEET = _("Cadastral map")
OFFICE = _("The publishing office")
SUCCESSION = _("Cadastral map and list of administrative units")
REGISTER = _("Parcel index and cadastral register")
PAPER_AREA = _("Written to 0.1 m²; how exact the survey was is not said")
CERTIFICATE = _("Certificate of land-use right")
PRICE_TABLE = _("Table of land prices")

PARCELS = {
    "map_sheet": Meaning(
        _(
            "Number of the sheet on which the parcel is drawn; sheets are counted within the commune for which they were made."
        ),
        MAP_SHEET,
    ),
    "parcel_no": Meaning(
        _("Number of the parcel within its sheet; it names the land only together with sheet and commune."), MAP_SHEET
    ),
    "twin": Meaning(
        _("Added here where the same sheet and number were given to several parcels; no paper has it."), OFFICE
    ),
    "commune_name": Meaning(
        _(
            "Unit of today in which the parcel lies, as the file says or by what became of the sheet's commune, else by the parcel's place; empty where none of them tells."
        ),
        SUCCESSION,
    ),
    "commune_code": Meaning(_("Number of that unit of today in the national list."), SUCCESSION),
    "old_commune_name": Meaning(
        _("Commune for which the map sheet was drawn, by the name that it had then; sheet numbers count within it."),
        MAP_SHEET,
    ),
    "old_commune_code": Meaning(
        _("Number of that commune in the list of its time; it may have been given to another unit since."), MAP_SHEET
    ),
    "land_use": Meaning(
        _(
            "Of several uses the one with the largest area, unless the file names another, by the codes of the country's list."
        ),
        REGISTER,
    ),
    "land_uses": Meaning(
        _(
            "Every purpose for which the parcel may be used, each with its area in m², its term, the last day and how the right was acquired."
        ),
        REGISTER,
    ),
    "area_legal_m2": Meaning(
        _("What the papers on the parcel say of its size; it goes before what is computed from the boundary."),
        REGISTER,
        accuracy=PAPER_AREA,
    ),
    "address": Meaning(_("House number and street, or the field or hamlet, as the register writes it."), REGISTER),
    "parcel_code": Meaning(
        _("Identifier that the authority gave to the parcel; it is kept as it was given and never computed anew."),
        MAP_SHEET,
    ),
    "map_scale": Meaning(
        _(
            "With 500 one centimetre on the map is five metres on the ground; the larger the number, the less exact the boundary."
        ),
        MAP_SHEET,
        counts=_("denominator of the scale"),
    ),
    "surveyed_on": Meaning(
        _("Day on which the sheet with the parcel was measured on the ground; the boundary may have moved since."),
        MAP_SHEET,
    ),
    "land_user_kind": Meaning(
        _("Whether a person, an organisation, the State or a community holds the right; for officers."), REGISTER
    ),
    "land_user": Meaning(_("Who holds the right to use the land; never shown to the public."), REGISTER),
    "certificate_no": Meaning(
        _("Serial and number printed on the paper that proves the right; for officers."), CERTIFICATE
    ),
    "is_public": Meaning(
        _("Whether readers may see the parcel; of one that they may not see no exit says anything."), OFFICE
    ),
    "land_user_id_no": Meaning(
        _("Number of the identity card in the register; it leaves the house by no exit."), REGISTER
    ),
}

PARCEL_MASKS = {
    "mask_code": Meaning(_("Number by which the office keeps the block; no reader sees it."), OFFICE),
    "name": Meaning(_("What officers call the block among themselves."), OFFICE),
    "note": Meaning(_("Why the block is withheld, for officers."), OFFICE),
}

LAND_PRICES = {
    "price_code": Meaning(
        _("Number of one price in the file of the table; the address of its page is made from it."), PRICE_TABLE
    ),
    "street": Meaning(
        _("Street for which the price holds; empty where it holds for all such land of the commune."), PRICE_TABLE
    ),
    "segment": Meaning(_("From where to where on that street the price holds."), PRICE_TABLE),
    "commune_name": Meaning(
        _(
            "Ward or commune in which the price holds, as the decision on the table names it; what it belongs to now stands beside it."
        ),
        PRICE_TABLE,
    ),
    "position": Meaning(
        _(
            "How well the land lies within its street or commune: position 1 is the best and dearest, each further one less so. Where one ends and the next begins the decision on the table says."
        ),
        PRICE_TABLE,
        counts=_("rank, 1 is the best"),
    ),
    "land_use": Meaning(
        _("For what use of the land the price holds, by the codes of the country's list."), PRICE_TABLE
    ),
    "price_vnd_m2": Meaning(
        _("What the State reckons a square metre at, for levies, rents, taxes and fees; it is no market price."),
        PRICE_TABLE,
    ),
    "valid_from": Meaning(_("First day on which the price is used."), PRICE_TABLE),
    "decision_no": Meaning(_("Paper by which the table was issued."), PRICE_TABLE),
    "decision_on": Meaning(_("Day on which the paper that issued the table was signed."), PRICE_TABLE),
}

CODES: dict[str, dict[str, Label]] = {
    "use-origin": {
        "allocated-free": _("The State gave the land for use and asked nothing for it."),
        "allocated-paid": _("The State gave the land for use against a levy, paid once."),
        "leased-once": _("The State lets the land; the rent for the whole term was paid at once."),
        "leased-yearly": _("The State lets the land; the rent falls due every year."),
        "recognised": _("Who has long used the land was confirmed in it by the State."),
        "transferred": _("Bought, inherited or given by whoever held the right before."),
    },
    "land-price-position": {
        "1": _("The best and dearest: for dwellings, land that faces the street."),
        "2": _("Second best: for dwellings mostly land behind the street or on a wide alley."),
        "3": _("Third: for dwellings mostly land on a narrower alley or farther from the street."),
        "4": _("The least favourable of the four."),
    },
    "land-user-kind": {
        "individual": _("Persons, alone or as a family."),
        "organisation": _("Companies, cooperatives and other legal persons."),
        "state": _("Offices and units that belong to the State."),
        "community": _("Villages, pagodas, churches and the like."),
    },
}
