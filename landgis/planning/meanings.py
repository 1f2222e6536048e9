"""What the fields of planning zones say and where that comes from, and what the codes mean."""

from django.utils.translation import gettext_lazy as _

from landgis.catalog.codelists import Label
from landgis.catalog.dataset import Meaning

PLAN = _("The land-use plan and its map")
APPROVAL = _("The decision that approved the plan")
PAPER_AREA = _("Written to 0.1 m²; how exact the survey was is not said")

PLANNING_ZONES = {
    "zone_code": Meaning(
        _("Number that the file of the plan gives to the zone; the address of its page is made from it."), PLAN
    ),
    "name": Meaning(_("What the plan calls the zone: its purpose, a number and the ward."), PLAN),
    "plan_name": Meaning(
        _(
            "Title of the land-use plan with its last year and the unit for which it was made; a later change has a title of its own."
        ),
        PLAN,
    ),
    "plan_state": Meaning(
        _("How far the plan has come: only one in force is to be followed, the others may still change."), PLAN
    ),
    "valid_from": Meaning(
        _("First day on which the plan is to be followed; of an approved plan it may still be to come."), APPROVAL
    ),
    "land_use": Meaning(_("What the plan lets the zone be used for, by the codes of the national list."), PLAN),
    "planned_use": Meaning(
        _("The same in the words of the legend of the plan's map, which may be more exact than the code."), PLAN
    ),
    "period": Meaning(_("First and last year for which the plan is made."), PLAN),
    "area_legal_m2": Meaning(
        _("Size of the zone in the tables of the plan; it goes before what is computed from the boundary."),
        PLAN,
        accuracy=PAPER_AREA,
    ),
    "decision_no": Meaning(
        _("Paper that approved the plan or its change; empty as long as it is being drawn up."), APPROVAL
    ),
    "decision_on": Meaning(_("Day on which the approval of the plan was signed."), APPROVAL),
}

CODES: dict[str, dict[str, Label]] = {
    "plan-state": {
        "in-force": _("Approved and to be followed: permits and changes of use are judged by it."),
        "drafting": _("A draft; people may be asked for their opinion."),
        "submitted": _("Finished and laid before the authority that decides."),
        "approved": _("Decided, but its first day is still to come."),
    },
}
