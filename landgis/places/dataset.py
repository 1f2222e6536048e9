"""The declaration of `admin-units`."""

from django.utils.translation import gettext_lazy as _

from landgis.catalog import codelists
from landgis.catalog.dataset import BOUNDARY, Dataset, Field, Licence, Map, Parts, Search, Style, Tiles, Units
from landgis.places import checks, parts, queries
from landgis.places.meanings import ADMIN_UNITS, CODES
from landgis.places.models import Succession, Unit, UnitItem, UnitKind

codelists.register("unit-kind", dict(UnitKind.choices), CODES["unit-kind"])
codelists.register("succession", dict(Succession.choices), CODES["succession"])


class AdminUnits(Dataset):
    name = "admin-units"
    path = "places"
    title = _("Place")
    title_plural = _("Places")
    counted = _("units")
    description = _("Wards, communes and special zones, those of today and those before them, and what became of each.")
    in_force = Unit
    proposed = UnitItem
    identity = ("unit_ref",)
    title_field = "name"
    detail_fields = ("district_name", "province_name", "valid_to")
    names_areas_by = ("code", "name")
    period = ("valid_from", "valid_to")
    units = Units("code", "name", kind="kind", is_current="is_current", successors="successors")
    search = Search(comes_first=True, units=queries.as_places)
    checks = (checks.period_in_order, checks.in_effect_as_dated, checks.unknown_relatives)
    parts = Parts(head=(("places/_ended.html", parts.ended),), page=(("places/_succession.html", parts.succession),))
    map = Map("#ffffff", Style(BOUNDARY, label_from=8), Tiles(maxzoom=14))
    licence = Licence(_("Open data of the publishing office"))
    meanings = ADMIN_UNITS
    fields = (
        Field("unit_ref", required=True, in_facts=False, source_names=("ma_ref",)),
        Field("code", required=True, in_list=True, filters=True, searched=True, source_names=("ma_dvhc",)),
        Field("name", required=True, in_list=True, tile_from=6, searched=True, source_names=("ten",)),
        Field(
            "kind",
            codes="unit-kind",
            required=True,
            in_list=True,
            filters=True,
            tile_from=6,
            source_names=("loai",),
        ),
        Field("is_current", required=True, filters=True, default="true", source_names=("hien_hanh",)),
        Field("valid_from", in_list=True, source_names=("hl_tu",)),
        Field("valid_to", in_list=True, only_if_given=True, source_names=("hl_den",)),
        Field(
            "district_name", filters=True, in_form=False, searched=True, only_if_given=True, source_names=("ten_huyen",)
        ),
        Field("district_code", only_if_given=True, source_names=("ma_huyen",)),
        Field("province_name", in_list=True, filters=True, in_form=False, searched=True, source_names=("ten_tinh",)),
        Field("province_code", source_names=("ma_tinh",)),
        Field("legal_doc", source_names=("van_ban",)),
        Field("successors", in_facts=False, source_names=("ke_thua",)),
        Field("succession_kind", codes="succession", in_facts=False, source_names=("kieu_kt",)),
        Field("predecessors", in_facts=False, source_names=("tu",)),
        Field("origin_note", source_names=("nguon",)),
    )
