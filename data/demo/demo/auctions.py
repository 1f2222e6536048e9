"""Twelve auctions of land-use rights in different states and their lots, in Vũng Tàu, Bà Rịa and Phú Mỹ.

The lots are plots of the public-land inventory that are to be auctioned, with the same outlines. Dates are counted
from `today`, so that the states stay true whenever the demo is made. Prices are whole đồng.
"""

import csv
import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas
import numpy as np
import pandas
import shapely

from . import DATA, SRID, admin_units, papers
from .landscape import GRID
from .planning_zones import write_geopackage
from .plot_facts import vocabulary

PAPERS = "van_ban.zip"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
STATES = ("DUKIEN", "DUYETPA", "QDDG", "CHONTC", "TB1", "TB2", "BANHS", "HETDK", "DATC", "CONGNHAN")
# an auction that ended otherwise had reached this state
ENDED = {"KHTHANH": "DATC", "DUNG": "TB2"}
LOT_STATES = {
    "TB1": "CHUAMO",
    "TB2": "NHANHS",
    "BANHS": "NHANHS",
    "HETDK": "HETDK",
    "KHTHANH": "KHTHANH",
    "DUNG": "DUNG",
}
# days before the opening: posting, notices, viewing; project land is posted for 30 days, residential lots for 15
LEADS = {"DATO": (22, 22, 17, 12), "DUAN": (36, 36, 31, 20)}
PRICE_M2 = {"747": 34e6, "748": 16e6, "754": 12e6}
# dossier fee by starting price or, for projects, by area (m2)
FEES_LOT = ((200e6, 100_000), (500e6, 200_000), (np.inf, 500_000))
FEES_PROJECT = ((5_000, 1_000_000), (20_000, 3_000_000), (50_000, 4_000_000), (np.inf, 5_000_000))
FACINGS = ("B", "DB", "D", "DN", "N", "TN", "T", "TB")


@dataclass(frozen=True)
class PlannedAuction:
    """One line of data/demo/auctions.csv."""

    number: int
    stream: str
    district: str
    lots: int
    status: str
    opens_in_days: int
    form: str
    root: int | None

    def reached(self, state: str) -> bool:
        return STATES.index(state) <= STATES.index(ENDED.get(self.status, self.status))


def plans() -> list[PlannedAuction]:
    """The twelve auctions as they are planned."""
    with (DATA / "auctions.csv").open(encoding="utf-8", newline="") as file:
        return [
            PlannedAuction(
                int(row["number"]),
                row["stream"],
                row["district"],
                int(row["lots"]),
                row["status"],
                int(row["opens_in_days"]),
                row["form"],
                int(row["root"]) if row["root"] else None,
            )
            for row in csv.DictReader(file)
        ]


def auctions_and_lots(
    plots: geopandas.GeoDataFrame, today: date, seed: int = 79, files: dict[str, bytes] | None = None
) -> tuple[geopandas.GeoDataFrame, geopandas.GeoDataFrame]:
    """The auctions and their lots, from the table of public_land.plots(); EPSG:5899.

    The same seed, plots and day give the same tables. Into `files` go the papers of the auctions, by their names.
    """
    rng = np.random.default_rng(seed)
    chosen = _choose(plots)
    auctions, lots = [], []
    for plan in plans():
        code = _code(plan.number, today)
        terms = _terms(plan, rng)
        own = [_lot(plan, code, n, row, terms, rng) for n, row in enumerate(chosen[plan.number].itertuples(), 1)]
        lots += own
        auctions.append(_auction(plan, code, own, today, rng))
        if files is not None:
            papers.hand_over(auctions[-1], own, files)
    return _table(auctions), _table(lots)


def write(path: Path, plots: geopandas.GeoDataFrame, today: date, seed: int = 79) -> None:
    """Both as a GeoPackage, layers `auctions` and `auction_lots`."""
    files: dict[str, bytes] = {}
    auctions, lots = auctions_and_lots(plots, today, seed, files)
    papers.save(files, path.with_name(PAPERS))
    write_geopackage(path, "auctions", auctions)
    write_geopackage(path, "auction_lots", lots)


def _table(rows):
    table = geopandas.GeoDataFrame(rows, geometry="geometry", crs=SRID)
    for column in ("hs_tu", "hs_den", "coc_den", "mo_luc"):
        if column in table:
            table[column] = pandas.to_datetime(table[column], utc=True).astype("datetime64[ms, UTC]")
    for column in ("gia_trung", "so_vong", "so_dk", "tong_kd"):
        if column in table:
            table[column] = table[column].astype("Int64")
    return table


def _code(number: int, today: date) -> str:
    return f"DG-{today.year}-{number:03d}"


# --- Which plots --------------------------------------------------------------------------------


def _choose(plots):
    """Auction number -> the plots that are its lots; an auction held again has those of its root."""
    free = plots[(plots["PHUONGAN"] == "DAUGIA") & (plots["HIENTRANG"] == "TRONG")]
    estates = free[free["TENKHU"].str.startswith("Lô ")]
    estates = estates.assign(estate=estates["TENKHU"].str.split(", ").str[1].str.split(" (khu", regex=False).str[0])
    sites = free[free["LOAIDAT"].isin(["TMD", "CGT", "SKC"]) & free["DTICHPL"].between(3_000, 40_000)]
    chosen: dict[int, pandas.DataFrame] = {}
    used: set[str] = set()
    for plan in plans():
        if plan.root:
            chosen[plan.number] = chosen[plan.root]
            continue
        pool = estates if plan.stream == "DATO" else sites
        pool = pool[(pool["MAHUYEN"] == plan.district) & ~pool["MAKHU"].isin(used)]
        if plan.stream == "DATO":
            groups = pool.groupby(["MAXA", "estate"])["MAKHU"].count()
            commune, estate = groups[groups >= plan.lots].index[0]
            pool = pool[(pool["MAXA"] == commune) & (pool["estate"] == estate)].sort_values("TENKHU")
        chosen[plan.number] = pool.head(plan.lots)
        used |= set(chosen[plan.number]["MAKHU"])
    return chosen


# --- A lot --------------------------------------------------------------------------------------


def _rounded(value: float, to: int) -> int:
    return round(value / to) * to


def _terms(plan, rng) -> dict:
    """What all lots of one auction have in common; price_m2 in đồng, before the lot's own advantages."""
    if plan.stream == "DUAN":
        choices = {
            "dat_truoc_pt": [20],
            "lo_gioi": [18, 22, 27, 31],
            "mat_do": [40, 50, 60],
            "tang": [5, 9, 15, 20],
            "khoang_lui": [6, 10],
        }
        factor = rng.uniform(0.45, 0.65)
    else:
        choices = {
            "dat_truoc_pt": [10, 15, 20],
            "lo_gioi": [8, 10, 12, 14, 16],
            "mat_do": [80, 90, 100],
            "tang": [3, 4, 5],
            "khoang_lui": [0, 2, 3],
        }
        factor = rng.uniform(0.85, 1.2)
    terms = {name: float(rng.choice(values)) for name, values in choices.items()}
    whole = {name: int(terms[name]) for name in ("mat_do", "tang")}
    return {**terms, **whole, "price_m2": PRICE_M2[plan.district] * factor}


def _lot(plan, code, number, row, terms, rng) -> dict:
    place = admin_units.today(row.MAXA)
    common = {name: value for name, value in terms.items() if name != "price_m2"}
    corner = int("-01," in row.TENKHU or len(row.geometry.exterior.coords) == 6)
    start = _rounded(row.DTICHPL * terms["price_m2"] * rng.uniform(0.96, 1.05) * (1.1 if corner else 1), 1_000_000)
    fees, key = (FEES_PROJECT, row.DTICHPL) if plan.stream == "DUAN" else (FEES_LOT, start)
    frontage, facing = _front(row.geometry)
    road = row.DIACHI.split(", ")[0]
    return {
        "ma_lo": f"{code}-{number:02d}",
        "ma_dg": code,
        "ten_lo": row.TENKHU.split(" (khu", maxsplit=1)[0],
        "ma_khu": row.MAKHU,
        "dia_chi": f"{road}, {place['name']}, TP. Hồ Chí Minh ({row.TENXA}, {row.TENHUYEN} cũ)",
        "ma_xa": place["code"],
        "ten_xa": place["name"],
        "xa_cu": row.TENXA,
        "to_bd": row.SOTO,
        "so_thua": row.SOTHUA,
        "loai_dat": row.LOAIDAT if plan.stream == "DATO" else "TMD",
        "thoi_han": "LAUDAI" if plan.stream == "DATO" else "N50",
        "dtich_m2": row.DTICHPL,
        "mat_tien": round(frontage, 1),
        "chieu_sau": round(row.DTICHPL / frontage, 1),
        "huong": facing,
        "goc": corner,
        "qh_sdd": vocabulary()["auctions"]["uses"][row.LOAIDAT],
        **common,
        "gia_kd": start,
        "gia_m2": round(start / row.DTICHPL),
        "buoc_gia": max(_rounded(start * 0.015, 5_000_000), 5_000_000),
        "dat_truoc": round(start * terms["dat_truoc_pt"] / 100),
        "phi_hs": next(fee for limit, fee in fees if key <= limit),
        **_outcome(plan, start, rng),
        "lan_truoc": 1 if plan.root else 0,
        "giai_trinh": vocabulary()["auctions"]["explanations"].get(str(plan.number), ""),
        "ghi_chu": "Đã kiểm tra thực địa, mốc giới đủ" if rng.random() < 0.3 else "",
        "geometry": shapely.MultiPolygon([row.geometry]),
    }


def _front(shape) -> tuple[float, str]:
    """Width along the street in metres and the side it faces: the first edge of a plot is its street edge."""
    a, b = shapely.get_coordinates(shape)[:2]
    east, north = (a + b) / 2 - shapely.get_coordinates(shape.centroid)[0]
    # across the edge, on the side away from the middle
    dx, dy = b[1] - a[1], a[0] - b[0]
    if dx * east + dy * north < 0:
        dx, dy = -dx, -dy
    return float(np.hypot(*(b - a))), FACINGS[round(np.degrees(np.arctan2(dx, dy)) / 45) % 8]


def _outcome(plan, start, rng) -> dict:
    """What became of the lot; the number of bidders is known to officers alone."""
    none = {"gia_trung": None, "so_vong": None}
    if plan.status not in ("DATC", "CONGNHAN"):
        bidders = int(rng.integers(0, 30)) if plan.status in ("BANHS", "HETDK") else None
        return {
            "trang_thai": LOT_STATES.get(plan.status, "CHUAMO"),
            **none,
            "so_dk": 0 if plan.status == "KHTHANH" else bidders,
        }
    if rng.random() < 0.14:
        return {"trang_thai": "KHTHANH", **none, "so_dk": int(rng.integers(0, 2))}
    step = max(_rounded(start * 0.015, 5_000_000), 5_000_000)
    steps = int(rng.gamma(2.2, 6))
    return {
        "trang_thai": "TRUNG",
        "gia_trung": start + steps * step,
        "so_vong": min(1 + steps // 3, 14),
        "so_dk": int(rng.integers(2, 24)),
    }


# --- An auction ---------------------------------------------------------------------------------


def _workday(day: date) -> date:
    """The day itself or the Friday before."""
    return day - timedelta(days=max(day.weekday() - 4, 0))


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def schedule(plan, today) -> dict[str, date]:
    """Days of everything from the first idea to the recognition of the result."""
    opens = today + timedelta(days=plan.opens_in_days)
    if opens.weekday() > 4:
        opens += timedelta(days=7 - opens.weekday()) if plan.opens_in_days > 0 else timedelta(days=4 - opens.weekday())
    posted, notice1, notice2, viewing = LEADS[plan.stream]
    before = {"DUKIEN": 120, "DUYETPA": 80, "QDDG": 56, "CHONTC": 41, "posted": posted, "TB1": notice1, "TB2": notice2}
    days = {state: _workday(opens - timedelta(days=lead)) for state, lead in before.items()}
    days["BANHS"] = _workday(opens - timedelta(days=viewing))
    days["viewing_to"] = days["BANHS"] + timedelta(days=1 if days["BANHS"].weekday() < 4 else 3)
    days["HETDK"] = _workday(opens - timedelta(days=2))
    days["DATC"] = opens
    days["CONGNHAN"] = _workday(opens + timedelta(days=14))
    return days


def _auction(plan, code, lots, today, rng) -> dict:
    words = vocabulary()["auctions"]
    town = words["towns"][plan.district]
    day = schedule(plan, today)
    announced = plan.reached("TB1")
    holder = f"Chi nhánh Trung tâm Phát triển quỹ đất khu vực {town}"
    where = lots[0]["ten_xa"]
    what = f"{len(lots)} lô đất ở" if plan.stream == "DATO" else f"{len(lots)} khu đất thực hiện dự án"
    again = " (đấu giá lại)" if plan.root else ""
    decision = {state: f"{rng.integers(200, 4800)}/QĐ-UBND" for state in ("DUYETPA", "QDDG")}
    return {
        "ma_dg": code,
        "ten": f"Đấu giá quyền sử dụng đất {what} tại {where[0].lower()}{where[1:]}{again}",
        "luong": plan.stream,
        "trang_thai": plan.status,
        "chu_ts": holder,
        "to_chuc": words["auctioneers"][plan.number % 3] if plan.reached("CHONTC") else "",
        "qd_pa": decision["DUYETPA"] if plan.reached("DUYETPA") else "",
        "ngay_pa": day["DUYETPA"] if plan.reached("DUYETPA") else None,
        "qd_dg": decision["QDDG"] if plan.reached("QDDG") else "",
        "ngay_qd": day["QDDG"] if plan.reached("QDDG") else None,
        "niem_yet": day["posted"] if announced else None,
        "tb1": day["TB1"] if announced else None,
        "tb2": day["TB2"] if plan.reached("TB2") else None,
        "xem_tu": day["BANHS"] if announced else None,
        "xem_den": day["viewing_to"] if announced else None,
        "hs_tu": _at(day["posted"], 8) if announced else None,
        "hs_den": _at(day["HETDK"], 17) if announced else None,
        "coc_den": _at(day["HETDK"], 17) if announced else None,
        "mo_luc": _at(day["DATC"], 8, 30) if announced else None,
        "dia_diem": f"Hội trường {where[0].lower()}{where[1:]}"
        if plan.form != "TRUCTUYN"
        else "Trang đấu giá trực tuyến",
        "hinh_thuc": plan.form,
        "phuong_thuc": "TRALEN",
        "vong": 2 if plan.root else 1,
        "goc": _code(plan.root, today) if plan.root else "",
        "dieu_kien": words[f"conditions_{plan.stream}"],
        "lien_he": words["contact"].format(town=town),
        "so_lo": len(lots),
        "tong_kd": sum(lot["gia_kd"] for lot in lots),
        "tai_lieu": json.dumps(papers.named(plan, day, decision), ensure_ascii=False),
        "dien_bien": json.dumps(_events(plan, day), ensure_ascii=False),
        "geometry": _together([lot["geometry"] for lot in lots]),
    }


def _together(shapes) -> shapely.MultiPolygon:
    """The land of all lots; neighbours share their edges, so they have to be dissolved."""
    return shapely.MultiPolygon(shapely.get_parts(shapely.unary_union(shapes, grid_size=GRID)).tolist())


def _events(plan, day) -> list[dict]:
    """How the auction came to its state, oldest first."""
    events = [{"trang_thai": s, "ngay": day[s].isoformat(), "ghi_chu": ""} for s in STATES if plan.reached(s)]
    words = vocabulary()["auctions"]
    if plan.status == "KHTHANH":
        events[-1] = {"trang_thai": "KHTHANH", "ngay": day["DATC"].isoformat(), "ghi_chu": words["failed"]}
    if plan.status == "DUNG":
        when = _workday(day["TB2"] + timedelta(days=4))
        events.append({"trang_thai": "DUNG", "ngay": when.isoformat(), "ghi_chu": words["stopped"]})
    return events
