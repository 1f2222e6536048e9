"""The declarations of `auctions` and `auction-lots`."""

from django.utils.translation import gettext_lazy as _

from landgis.auctions import checks, contradictions, facts, home, lists, moments, parts, stages, standing, states
from landgis.auctions.code_lists import CODE_LISTS
from landgis.auctions.meanings import AUCTION_LOTS, AUCTIONS, CODES
from landgis.auctions.models import (
    Auction,
    AuctionItem,
    Lot,
    LotItem,
    LotStatus,
)
from landgis.auctions.titles import AUCTION_TITLE
from landgis.catalog import codelists, money
from landgis.catalog.dataset import (
    OFFICER,
    Dataset,
    Exits,
    Field,
    Licence,
    LiesIn,
    Map,
    NumberFields,
    Part,
    Parts,
    Search,
    Style,
    Tiles,
)
from landgis.changes.checks import area_difference, area_positive
from landgis.documents.checks import files_are_kept

for name, choices in CODE_LISTS.items():
    codelists.register(name, dict(choices.choices), CODES[name])

# The brightest is what one can still apply for.
LOT_COLOURS: dict[str, str] = {
    LotStatus.OPEN: "#f5167a",
    LotStatus.NOT_OPEN: "#e0620d",
    LotStatus.REGISTRATION_CLOSED: "#4d21cb",
    LotStatus.WON: "#1e86d6",
    LotStatus.FAILED: "#a2acb0",
    LotStatus.NOT_REPORTED: "#ccff99",
    **dict.fromkeys((LotStatus.STOPPED, LotStatus.POSTPONED, LotStatus.CANCELLED), "#2f373c"),
}


class Auctions(Dataset):
    name = "auctions"
    path = "auctions"
    title = _("Auction")
    title_plural = _("Auctions")
    counted = _("auctions")
    description = _("Auctions of land-use rights: what is auctioned, when papers are due, how it ended.")
    in_force = Auction
    proposed = AuctionItem
    identity = ("auction_code",)
    title_field = "title"
    made_title = AUCTION_TITLE
    detail_fields = ("status",)
    coverage_field = "commune_today"
    search = Search(called=_("auction|land auction|land auctions"))
    checks = (checks.dates_in_order, checks.auction_totals, checks.no_lot_left, files_are_kept)
    parts = Parts(
        head=(("auctions/_standing.html", standing.of_auction), ("auctions/_headline.html", parts.auction_headline)),
        page=(("auctions/_auction.html", parts.auction),),
        home=(("auctions/_home.html", home.headline),),
        list=(("auctions/_stages.html", stages.stages),),
    )
    lies_in = LiesIn(of=("auction-lots", "auction_code"))
    moments = staticmethod(moments.of_auctions)
    state = states.AUCTION
    lists = lists.AUCTIONS
    exits = Exits(tiles=False)  # on the map its lots stand for it
    decided_by = "publisher"
    map = Map("#8e1f5c", drawn_with=("auction-lots", "auction_code"))
    licence = Licence(_("Open data of the publishing office"))
    meanings = AUCTIONS
    fields = (
        Field("auction_code", required=True, in_facts=False, searched=True, source_names=("ma_dg",)),
        Field("title", required=True, in_list=True, searched=True, source_names=("ten",)),
        Field(
            "status",
            codes="auction-status",
            required=True,
            in_list=True,
            filters=True,
            groups=True,
            source_names=("trang_thai",),
        ),
        Field(
            "stream",
            codes="auction-stream",
            required=True,
            in_list=True,
            filters=True,
            groups=True,
            source_names=("luong",),
        ),
        Field("dossiers_to", in_list=True, filters=True, in_facts=False, source_names=("hs_den",)),
        Field("opens_at", in_list=True, filters=True, in_facts=False, source_names=("mo_luc",)),
        Field("lot_count", in_list=True, source_names=("so_lo",)),
        Field("starting_total_vnd", unit=money.UNIT, in_list=True, source_names=("tong_kd",)),
        Field("asset_holder", source_names=("chu_ts",)),
        Field("auctioneer", only_when=states.ENTRUSTED, source_names=("to_chuc",)),
        Field("venue", source_names=("dia_diem",)),
        Field("form", codes="auction-form", filters=True, source_names=("hinh_thuc",)),
        Field("method", codes="auction-method", source_names=("phuong_thuc",)),
        Field("conditions", source_names=("dieu_kien",)),
        Field("contact", source_names=("lien_he",)),
        Field("plan_decision_no", searched=True, only_when=states.PLAN_APPROVED, source_names=("qd_pa",)),
        Field("plan_decision_date", only_when=states.PLAN_APPROVED, source_names=("ngay_pa",)),
        Field("auction_decision_no", searched=True, only_when=states.DECIDED, source_names=("qd_dg",)),
        Field("auction_decision_date", only_when=states.DECIDED, source_names=("ngay_qd",)),
        Field("round", source_names=("vong",)),
        Field("root_auction", filters=True, in_form=False, in_facts=False, source_names=("goc",)),
        Field("posted_on", in_facts=False, source_names=("niem_yet",)),  # the dated list of the page shows these
        Field("notice1_on", in_facts=False, source_names=("tb1",)),
        Field("notice2_on", in_facts=False, source_names=("tb2",)),
        Field("viewing_from", in_facts=False, source_names=("xem_tu",)),
        Field("viewing_to", in_facts=False, source_names=("xem_den",)),
        Field("dossiers_from", in_facts=False, source_names=("hs_tu",)),
        Field("deposit_until", in_facts=False, source_names=("coc_den",)),
        Field(
            "documents",
            in_facts=False,
            source_names=("tai_lieu",),
            parts=(
                Part("kind", _("Kind"), codes="auction-document", source_names=("loai",)),
                Part("title", _("Title"), source_names=("ten",)),
                Part("number", _("Number"), source_names=("so",)),
                Part("dated", _("Date"), is_date=True, source_names=("ngay",)),
                Part("file", _("File"), is_file=True, source_names=("tep",)),
            ),
        ),
        Field(
            "events",
            in_facts=False,
            source_names=("dien_bien",),
            parts=(
                Part("status", _("Status"), codes="auction-status", source_names=("trang_thai",)),
                Part("on", _("Day"), is_date=True, source_names=("ngay",)),
                Part("note", _("Note"), source_names=("ghi_chu",)),
            ),
        ),
    )


class AuctionLots(Dataset):
    name = "auction-lots"
    path = "lots"
    title = _("Auction lot")
    title_plural = _("Auction lots")
    counted = _("lots")
    description = _("Land whose use right is auctioned: where it is, how large, what it costs, until when to apply.")
    in_force = Lot
    proposed = LotItem
    identity = ("lot_code",)
    title_field = "name"
    detail_fields = ("status", "address")
    coverage_field = "commune_name"
    search = Search(
        places=("commune_name", "old_commune_name"),
        called=_("lots|land lots|auction|auctions|land auction|land auctions|land for auction"),
    )
    numbers = NumberFields("map_sheet", "parcel_nos")
    lists = lists.LOTS
    legal_area = "area_legal_m2"
    lies_in = LiesIn("old_commune_name", today="commune_name", today_code="commune_code", group=facts.PLACE)
    checks = (
        area_positive,
        area_difference,
        checks.auction_in_force,
        checks.plot_in_force,
        checks.lot_totals,
        checks.deposits,
        checks.prices_per_area,
        contradictions.uses_in_plan,
        contradictions.prices_in_table,
    )
    parts = Parts(
        head=(("auctions/_standing.html", standing.of_lot), ("auctions/_headline.html", parts.lot_headline)),
        page=(("auctions/_lot.html", parts.lot),),
        facts=facts.of_lot,
        contradictions=contradictions.of_lot,
        explained_in="explanation",
        fact_groups=facts.GROUPS,
    )
    moments = staticmethod(moments.of_lots)
    state = states.LOT
    map = Map(
        "#f5167a",
        Style(colour_by="status", colours=LOT_COLOURS, is_headline=True, label=("name", "starting_price_vnd")),
        Tiles(
            gathered_to=15,
            least="starting_price_vnd",
            least_of=(LotStatus.OPEN,),
            together=("auctions", "auction_code", "opens_at"),
        ),
    )
    licence = Licence(_("Open data of the publishing office"))
    meanings = AUCTION_LOTS
    fields = (
        Field("lot_code", required=True, in_facts=False, searched=True, source_names=("ma_lo",)),
        Field(
            "name", required=True, in_list=True, tile_from=6, searched=True, in_facts=False, source_names=("ten_lo",)
        ),
        Field(
            "status",
            codes="lot-status",
            required=True,
            in_list=True,
            filters=True,
            groups=True,
            tile_from=6,
            group=facts.OUTCOME,
            source_names=("trang_thai",),
        ),
        Field("commune_name", in_list=True, filters=True, groups=True, group=facts.PLACE, source_names=("ten_xa",)),
        Field(
            "land_use",
            codes="land-use",
            in_list=True,
            filters=True,
            groups=True,
            tile_from=6,
            group=facts.USE,
            source_names=("loai_dat",),
        ),
        Field(
            "area_legal_m2",
            unit="m²",
            required=True,
            in_list=True,
            filters=True,
            tile_from=6,
            group=facts.SIZE,
            source_names=("dtich_m2",),
        ),
        Field(
            "starting_price_vnd",
            unit=money.UNIT,
            in_list=True,
            filters=True,
            tile_from=6,
            group=facts.MONEY,
            source_names=("gia_kd",),
        ),
        Field(
            "starting_price_per_m2_vnd",
            unit=money.UNIT,
            per="m²",
            filters=True,
            group=facts.MONEY,
            source_names=("gia_m2",),
        ),
        Field("deposit_vnd", unit=money.UNIT, group=facts.MONEY, source_names=("dat_truoc",)),
        Field("deposit_pct", unit="%", group=facts.MONEY, source_names=("dat_truoc_pt",)),
        Field("bid_step_vnd", unit=money.UNIT, group=facts.MONEY, source_names=("buoc_gia",)),
        Field("dossier_fee_vnd", unit=money.UNIT, group=facts.MONEY, source_names=("phi_hs",)),
        Field(
            "winning_price_vnd", unit=money.UNIT, group=facts.OUTCOME, only_if_given=True, source_names=("gia_trung",)
        ),
        Field("rounds", group=facts.OUTCOME, only_if_given=True, source_names=("so_vong",)),
        Field("failed_before", in_facts=False, source_names=("lan_truoc",)),
        Field("address", searched=True, group=facts.PLACE, source_names=("dia_chi",)),
        Field("commune_code", is_area_code=True, in_facts=False, source_names=("ma_xa",)),
        Field(
            "old_commune_name", filters=True, in_form=False, searched=True, group=facts.PLACE, source_names=("xa_cu",)
        ),
        Field("map_sheet", group=facts.PLACE, source_names=("to_bd",)),
        Field("parcel_nos", group=facts.PLACE, source_names=("so_thua",)),
        Field("term", codes="term-of-use", group=facts.USE, source_names=("thoi_han",)),
        Field("frontage_m", unit="m", group=facts.SIZE, source_names=("mat_tien",)),
        Field("depth_m", unit="m", group=facts.SIZE, source_names=("chieu_sau",)),
        Field("road_width_m", unit="m", group=facts.SIZE, source_names=("lo_gioi",)),
        Field("facing", codes="facing", group=facts.SIZE, source_names=("huong",)),
        Field("is_corner", group=facts.SIZE, source_names=("goc",)),
        Field("plan_zone", group=facts.USE, source_names=("qh_sdd",)),
        Field("density_pct", unit="%", group=facts.USE, source_names=("mat_do",)),
        Field("floors", group=facts.USE, source_names=("tang",)),
        Field("setback_m", unit="m", group=facts.USE, source_names=("khoang_lui",)),
        Field("auction_code", required=True, filters=True, in_form=False, in_facts=False, source_names=("ma_dg",)),
        Field("plot_code", filters=True, in_form=False, in_facts=False, searched=True, source_names=("ma_khu",)),
        Field("explanation", only_if_given=True, group=facts.USE, source_names=("giai_trinh",)),
        Field("bidder_count", OFFICER, source_names=("so_dk",)),
        Field("note", OFFICER, source_names=("ghi_chu",)),
    )
