"""The declaration of `planning-zones`."""

from django.utils.translation import gettext_lazy as _

from landgis.catalog.dataset import OUTLINE, Dataset, Field, Licence, Map, Search, StateByClock, Style, Theme, Turn
from landgis.catalog.dataset.units import LiesIn
from landgis.planning.meanings import PLANNING_ZONES
from landgis.planning.models import COLOURS, DECIDED, PENDING, PlanState, Zone, ZoneItem


class PlanningZones(Dataset):
    name = "planning-zones"
    path = "planning"
    title = _("Planning zone")
    title_plural = _("Planning zones")
    counted = _("zones")
    description = _("Zones of land-use plans: those in force, with their decision, and those being drawn up.")
    in_force = Zone
    proposed = ZoneItem
    identity = ("zone_code",)
    title_field = "name"
    detail_fields = ("plan_name",)
    search = Search(called=_("planning|plan|zone|zones|land-use plan|land-use planning"))
    legal_area = "area_legal_m2"
    lies_in = LiesIn(is_wide=True)
    theme = Theme(
        fields=("plan_name", "land_use", "planned_use", "period", "decision_no", "decision_on", "valid_from"),
        pending=("plan_state", PENDING),
    )
    state = StateByClock("plan_state", (Turn(PlanState.IN_FORCE, (PlanState.APPROVED,), at="valid_from"),))
    map = Map("#bfb0ff", Style(OUTLINE, colour_by="plan_state", colours=COLOURS, dashed=PENDING, label_from=14))
    licence = Licence(_("Open data of the publishing office"))
    meanings = PLANNING_ZONES
    fields = (
        Field("zone_code", required=True, in_list=True, searched=True, source_names=("ma_vung",)),
        Field("name", in_list=True, tile_from=12, searched=True, source_names=("ten_vung",)),
        Field(
            "plan_name", required=True, in_list=True, filters=True, groups=True, searched=True, source_names=("ten_qh",)
        ),
        Field("plan_state", codes="plan-state", filters=True, groups=True, tile_from=6, source_names=("tthai",)),
        Field("valid_from", filters=True, only_when=DECIDED, source_names=("hieu_luc",)),
        Field(
            "land_use",
            codes="land-use",
            in_list=True,
            filters=True,
            groups=True,
            tile_from=6,
            source_names=("loai_dat",),
        ),
        Field("planned_use", source_names=("nhan",)),
        Field("period", filters=True, source_names=("ky_qh",)),
        Field("area_legal_m2", unit="m²", in_list=True, source_names=("dtich_m2",)),
        Field("decision_no", searched=True, only_when=DECIDED, source_names=("so_qd",)),
        Field("decision_on", only_when=DECIDED, source_names=("ngay_qd",)),
    )
