"""The declarations of `parcels`, `parcel-masks` and `land-prices`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from landgis.cadastre import checks, completions, identity, parts
from landgis.cadastre.meanings import CODES, LAND_PRICES, PARCEL_MASKS, PARCELS
from landgis.cadastre.models import (
    LandPrice,
    LandPriceItem,
    LandUserKind,
    Mask,
    MaskItem,
    Parcel,
    ParcelItem,
    UseOrigin,
)
from landgis.catalog import codelists, money
from landgis.catalog.dataset import (
    CLOSED,
    MESH,
    NEVER,
    OFFICER,
    Dataset,
    Exits,
    Field,
    Licence,
    LiesIn,
    Lists,
    Map,
    NumberFields,
    Part,
    Parts,
    ScaleFields,
    Search,
    Style,
    Tiles,
)
from landgis.catalog.geometry_kinds import NONE
from landgis.catalog.unit_filters import by_place
from landgis.changes import gaps
from landgis.changes.checks import area_difference, area_positive

codelists.register("use-origin", dict(UseOrigin.choices), CODES["use-origin"])
codelists.register(
    "land-price-position",
    {"1": _("Position 1"), "2": _("Position 2"), "3": _("Position 3"), "4": _("Position 4")},
    CODES["land-price-position"],
)
codelists.register("land-user-kind", dict(LandUserKind.choices), CODES["land-user-kind"])


class Parcels(Dataset):
    """Careful by default: found one by one. An office opens lists and bulk in its file."""

    name = "parcels"
    path = "parcels"
    title = _("Parcel")
    title_plural = _("Parcels")
    counted = _("parcels")
    description = _("Parcels of the cadastral map: number, boundary, areas and land uses. Land users are not shown.")
    in_force = Parcel
    proposed = ParcelItem
    title_field = "parcel_no"
    detail_fields = ("address", "commune_name", "old_commune_name")
    coverage_field = "commune_name"
    surveyed_field = "surveyed_on"
    drawn_at = ScaleFields("map_scale", "land_use")
    legal_area = "area_legal_m2"
    lies_in = LiesIn("old_commune_name", "old_commune_code", today="commune_name", today_code="commune_code")
    public_when = "is_public"
    withheld_by = "parcel-masks"
    completions = (completions.main_use, completions.communes_of_today)
    checks = (
        area_positive,
        area_difference,
        gaps.by_scale,
        checks.code_taken,
        checks.code_elsewhere,
        checks.uses_add_up,
        checks.outside_masks,
    )
    parts = Parts(
        page=(
            ("cadastre/_uses.html", parts.uses),
            ("cadastre/_origin.html", parts.origin),
            ("cadastre/_competent.html", parts.competent),
        )
    )
    numbers = NumberFields("map_sheet", "parcel_no", are_own=True)
    search = Search(
        keeps_words=False,
        counts_lists=False,
        codes=("parcel_code",),
        places=("commune_name", "old_commune_name"),
        address="address",
    )
    lists = Lists(lookups=(by_place("parcels"),))
    exits = Exits(geojson=False, lists=False, indexed=False)
    map = Map(
        "#fff3c4",
        Style(MESH, selected="#00d5ff", label=("parcel_no",), label_from=17),
        Tiles(
            minzoom=15,
            maxzoom=17,
            counts_by="commune_name",
            sheets_by=("old_commune_code", "old_commune_name", "map_sheet"),
            sheets_from=10,
            blocks_from=13,
        ),
    )
    licence = Licence(_("Information of the publishing office; bulk use by agreement"))
    meanings = PARCELS
    fields = (
        Field("map_sheet", in_list=True, filters=True, tile_from=16, source_names=("SHBANDO", "SOTO", "soHieuToBanDo")),
        Field("parcel_no", in_list=True, filters=True, tile_from=16, source_names=("SHTHUA", "SOTHUA", "soThuTuThua")),
        Field("twin", in_facts=False, source_names=("SOPHU",)),
        Field("commune_name", in_list=True, filters=True, groups=True, source_names=("TENXAMOI",)),
        Field("commune_code", is_area_code=True, in_facts=False, source_names=("MAXAMOI",)),
        Field("old_commune_name", filters=True, source_names=("TENXA",)),
        Field("old_commune_code", is_area_code=True, in_facts=False, source_names=("MAXA",)),
        Field(
            "land_use",
            codes="land-use",
            in_list=True,
            filters=True,
            groups=True,
            tile_from=15,
            source_names=("LOAIDAT", "KyHieuMucDichSuDung"),
        ),
        Field(
            "land_uses",
            in_facts=False,
            source_names=("MDSD",),
            parts=(
                Part("use", _("Land use"), codes="land-use", source_names=("maMucDichSuDung",)),
                Part("area_m2", _("Area"), is_number=True, source_names=("dienTich",)),
                Part("term", _("Term"), codes="term-of-use", source_names=("thoiHanSuDung",)),
                Part("until", _("Until"), is_date=True, source_names=("ngayHetHanSuDung",)),
                Part("origin", _("Origin"), codes="use-origin", source_names=("nguonGoc",)),
            ),
        ),
        Field(
            "area_legal_m2",
            unit="m²",
            in_list=True,
            filters=True,
            tile_from=16,
            source_names=("DTPL", "dienTichPhapLy"),
        ),
        Field("address", in_list=True, source_names=("DIACHI",)),
        Field("parcel_code", passes_on=False, source_names=("MATHUA",)),
        Field("map_scale", source_names=("TILE",)),
        Field("surveyed_on", source_names=("NGAYDO",)),
        Field("land_user_kind", OFFICER, codes="land-user-kind", source_names=("LOAICHU",)),
        Field("land_user", OFFICER, source_names=("TENCHU",)),
        Field("certificate_no", OFFICER, passes_on=False, source_names=("SOGCN",)),
        Field("is_public", OFFICER, required=True, source_names=("CONGKHAI",)),
        Field("land_user_id_no", NEVER, source_names=("CCCD",)),
    )

    def form_of(self, name: str) -> str:
        """By the rule of the country."""
        return identity.current().forms.get(name, "")

    @property
    def identity(self) -> Sequence[str]:  # type: ignore[override]
        """By the rule of the country."""
        return identity.current().fields

    def title_of(self, values: Mapping[str, Any]) -> str:
        number, sheet = values.get("parcel_no"), values.get("map_sheet")
        if not (number and sheet):
            return str(values.get("parcel_code") or values["ref"])
        told = f"{number} ({values['twin']})" if values.get("twin") else number
        return gettext("Parcel %(number)s, map sheet %(sheet)s") % {"number": told, "sheet": sheet}

    @property
    def optional_identity(self) -> Sequence[str]:  # type: ignore[override]
        return identity.current().optional


class ParcelMasks(Dataset):
    """Not for the public in any way: not its rows, not its revisions."""

    name = "parcel-masks"
    path = "parcel-masks"
    title = _("Parcel mask")
    title_plural = _("Parcel masks")
    counted = _("masks")
    description = _("Blocks whose parcels are withheld from the public as a whole.")
    in_force = Mask
    proposed = MaskItem
    identity = ("mask_code",)
    title_field = "name"
    checks = (checks.none_bared,)
    is_internal = True
    exits = CLOSED
    meanings = PARCEL_MASKS
    fields = (
        Field("mask_code", required=True, source_names=("MAVUNG",)),
        Field("name", source_names=("TEN",)),
        Field("note", OFFICER, source_names=("GHICHU",)),
    )


class LandPrices(Dataset):
    name = "land-prices"
    path = "land-prices"
    title = _("Land price")
    title_plural = _("Land prices")
    counted = _("lines")
    description = _("The table of land prices: by commune, street, position and land use, with the decision.")
    in_force = LandPrice
    proposed = LandPriceItem
    identity = ("price_code",)
    title_field = "street"
    detail_fields = ("commune_name", "segment", "position", "land_use", "price_vnd_m2")
    coverage_field = "commune_name"
    geometry_kind = NONE
    lies_in = LiesIn("commune_name")
    search = Search(
        places=("commune_name",),
        called=_(
            "price|prices|price of land|price land|prices of land|price table|table of land prices|price of residential land"
        ),
    )
    lists = Lists(lookups=(by_place("land-prices"),), sorts=("price_vnd_m2",))
    exits = Exits(tiles=False)
    map = Map("#6b7a4b")
    licence = Licence(_("Open data of the publishing office"))
    meanings = LAND_PRICES
    fields = (
        Field("price_code", required=True, in_facts=False),
        Field("street", in_list=True, searched=True),
        Field("segment", in_list=True),
        Field("commune_name", required=True, in_list=True, filters=True, groups=True, searched=True),
        Field("position", names="land-price-position", in_list=True, filters=True),
        Field("land_use", codes="land-use", required=True, in_list=True, filters=True, groups=True),
        Field("price_vnd_m2", unit=money.UNIT, per="m²", required=True, in_list=True, filters=True),
        Field("valid_from", filters=True),
        Field("decision_no", searched=True),
        Field("decision_on"),
    )
