"""The declaration of `public-land`."""

from django.utils.translation import gettext_lazy as _

from landgis.catalog import codelists
from landgis.catalog.dataset import (
    OFFICER,
    Dataset,
    Field,
    Licence,
    LiesIn,
    Lists,
    Map,
    NumberFields,
    Parts,
    Search,
    Spoken,
    Style,
)
from landgis.catalog.dataset.attributes import OnlyWhen
from landgis.catalog.unit_filters import by_place
from landgis.changes.checks import area_difference, area_positive
from landgis.publicland import report
from landgis.publicland.meanings import CODES, PUBLIC_LAND
from landgis.publicland.models import (
    CertificateState,
    CurrentUse,
    Handling,
    InventoryFinding,
    ManagerKind,
    Origin,
    Plot,
    PlotItem,
)

CODE_LISTS = {
    "current-use": CurrentUse,
    "manager-kind": ManagerKind,
    "origin": Origin,
    "certificate-state": CertificateState,
    "handling": Handling,
    "finding": InventoryFinding,
}
for name, choices in CODE_LISTS.items():
    codelists.register(name, dict(choices.choices), CODES[name])

LET = OnlyWhen("current_use", (CurrentUse.SHORT_LEASE, CurrentUse.LENT))


class PublicLand(Dataset):
    name = "public-land"
    path = "public-land"
    title = _("Public-land plot")
    title_plural = _("Public land")
    counted = _("plots")
    description = _("Plots that the State manages directly: where they are, how large, who manages them.")
    in_force = Plot
    proposed = PlotItem
    identity = ("plot_code",)
    title_field = "name"
    detail_fields = ("address", "commune_today")
    search = Search(
        places=("commune_today", "commune_name"), called=_("state land|public plot|public plots|plots of public land")
    )
    numbers = NumberFields("map_sheet", "parcel_nos")
    legal_area = "area_legal_m2"
    coverage_field = "commune_name"
    lies_in = LiesIn("commune_name", "commune_code")
    public_when = "is_public"
    checks = (area_positive, area_difference)
    parts = Parts(list=(("publicland/_inspection.html", report.inspection),))
    lists = Lists(
        lookups=(by_place("public-land"),),
        sorts=("area_legal_m2",),
        spoken=Spoken(example=_("e.g. over 1 ha in a ward")),
    )
    map = Map("#f8f326", Style(label_from=16))
    licence = Licence(_("Open data of the publishing office"))
    meanings = PUBLIC_LAND
    fields = (
        Field("plot_code", required=True, in_list=True, tile_from=14, searched=True, source_names=("MAKHU",)),
        Field("name", required=True, in_list=True, tile_from=12, searched=True, source_names=("TENKHU",)),
        Field("address", searched=True, source_names=("DIACHI",)),
        Field("commune_name", in_list=True, filters=True, groups=True, searched=True, source_names=("TENXA",)),
        Field("commune_code", is_area_code=True, source_names=("MAXA",)),
        Field("district_name", filters=True, groups=True, source_names=("TENHUYEN",)),
        Field("map_sheet", source_names=("SOTO",)),
        Field("parcel_nos", source_names=("SOTHUA",)),
        Field("area_legal_m2", unit="m²", required=True, in_list=True, filters=True, source_names=("DTICHPL",)),
        Field(
            "land_use",
            codes="land-use",
            in_list=True,
            filters=True,
            groups=True,
            tile_from=12,
            source_names=("LOAIDAT",),
        ),
        Field(
            "current_use",
            codes="current-use",
            in_list=True,
            filters=True,
            groups=True,
            tile_from=12,
            source_names=("HIENTRANG",),
        ),
        Field("manager_kind", codes="manager-kind", filters=True, groups=True, source_names=("LOAIQL",)),
        Field("manager", filters=True, in_form=False, groups=True, source_names=("DONVIQL",)),
        Field("origin", codes="origin", filters=True, source_names=("NGUONGOC",)),
        Field("decision_no", searched=True, source_names=("SOQD",)),
        Field("decision_on", source_names=("NGAYQD",)),
        Field("decision_issuer", source_names=("CQQD",)),
        Field("planned_use", codes="land-use", source_names=("QHSDD",)),
        Field("planned_handling", codes="handling", filters=True, groups=True, source_names=("PHUONGAN",)),
        Field("lease_ends_on", filters=True, only_when=LET, source_names=("HANTHUE",)),
        Field("inspected_on", source_names=("NGAYKT",)),
        Field("certificate_state", OFFICER, codes="certificate-state", source_names=("GCN",)),
        Field("finding", OFFICER, codes="finding", source_names=("KETQUAKT",)),
        Field("note", OFFICER, source_names=("GHICHU",)),
        Field("is_public", OFFICER, required=True, source_names=("CONGKHAI",)),
    )
