"""What the fields of places say and where that comes from, and what the codes mean."""

from django.utils.translation import gettext_lazy as _

from landgis.catalog.codelists import Label
from landgis.catalog.dataset import Meaning

OFFICE = _("The publishing office")
UNIT_LISTS = _("Public lists of administrative units; each row names its own")
RESOLUTION = _("The resolution that formed or changed the unit")

ADMIN_UNITS = {
    "unit_ref": Meaning(
        _("Names one unit for as long as it kept its name, kind and extent; a code alone does not."), OFFICE
    ),
    "code": Meaning(
        _(
            "Number in the national list; it was given to different units one after the other and names one only with a date."
        ),
        UNIT_LISTS,
    ),
    "name": Meaning(_("What the unit was called in that time, with its kind in front."), UNIT_LISTS),
    "kind": Meaning(_("Rank of the unit: ward, commune, township, district or special zone."), UNIT_LISTS),
    "is_current": Meaning(
        _("Whether the unit exists now; the list shows only those until its filter says otherwise."), UNIT_LISTS
    ),
    "valid_from": Meaning(_("First day of this name, kind and extent; empty where it is not known."), RESOLUTION),
    "valid_to": Meaning(_("Last day of this name, kind and extent; empty while they last."), RESOLUTION),
    "district_name": Meaning(
        _("District, town or city of the province above the unit; since 1 July 2025 there is none."), UNIT_LISTS
    ),
    "district_code": Meaning(_("Number of that district in the national list of its time."), UNIT_LISTS),
    "province_name": Meaning(
        _("Province or city under the central government to which the unit belonged in that time."), UNIT_LISTS
    ),
    "province_code": Meaning(_("Number of that province or city in the national list of its time."), UNIT_LISTS),
    "legal_doc": Meaning(
        _("Resolution by which the unit was formed or changed; empty where it is not known here."), RESOLUTION
    ),
    "successors": Meaning(
        _("References of the units into which it went over; several are separated by blanks."), RESOLUTION
    ),
    "succession_kind": Meaning(_("How the unit went over into those that came after it."), RESOLUTION),
    "predecessors": Meaning(
        _("References of the units from which it was put together; several are separated by blanks."), RESOLUTION
    ),
    "origin_note": Meaning(
        _("List or text from which the row was taken, and what in it was inferred and not read."), OFFICE
    ),
}

CODES: dict[str, dict[str, Label]] = {
    "unit-kind": {
        "ward": _("Unit of a town at the lowest level."),
        "commune": _("Unit of the countryside at the lowest level."),
        "township": _("Small town at the level of a commune; there were such units until 30 June 2025."),
        "district": _("Level between province and commune, which ended on 1 July 2025."),
        "special-zone": _("Island unit at the level of a commune, since 1 July 2025."),
    },
    "succession": {
        "unchanged": _("The same land under the same name; what changed is above it."),
        "renamed": _("The same land under another name or as another kind of unit."),
        "merged": _("Became part of a unit that is larger."),
    },
}
