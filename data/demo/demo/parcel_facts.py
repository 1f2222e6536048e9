"""What the register says of a parcel: uses, legal area, land user, certificate, survey. All of it made up.

Words are data/demo/words.toml; land-use codes are those of the list "land-use".
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import geopandas
import numpy as np
import shapely

from .block_lots import HALL, VACANT, YARDED
from .plot_facts import vocabulary
from .scene_world import ANNUAL, MANGROVE, ORCHARD, PONDS, QUARRY, RICE, RUBBER, SALT, SCRUB, WOOD, World
from .town_parcels import FARM, FIELD, GARDEN, PLOT, REAR, ParcelColumns

GUARDED = ("", "CQP", "CAN")
HOME = "home"  # stands for ODT in towns and ONT in villages
AGRICULTURAL = ("LUC", "HNK", "CLN", "NTS", "LMU", "RSX", "RPH", "NKH")
UNUSED = ("BCS", "CGT", "DCS")
BUSINESS = ("TMD", "SKC", "SKS", "SKN")
# weights of (main use, second use or ""), by what stands or grows on the parcel
HOUSES = {(HOME, ""): 84, (HOME, "CLN"): 15, ("TMD", ""): 1}
WIDE_HOUSES = {(HOME, "CLN"): 68, (HOME, ""): 18, (HOME, "HNK"): 12, ("TMD", ""): 2}
EMPTY = {(HOME, ""): 46, ("CLN", ""): 22, ("HNK", ""): 18, (HOME, "CLN"): 14}
HALLS = {("SKC", ""): 58, ("TMD", ""): 42}
YARDS = {
    ("TMD", ""): 34,
    ("SKC", ""): 20,
    ("DGD", ""): 16,
    ("TON", ""): 10,
    ("TSC", ""): 10,
    ("DYT", ""): 5,
    ("DVH", ""): 5,
}
RESTS = {("CLN", ""): 46, ("HNK", ""): 34, ("BCS", ""): 20}
GARDENS = {(HOME, "CLN"): 52, (HOME, ""): 24, ("CLN", ""): 16, (HOME, "HNK"): 8}
FARMS = {(HOME, "CLN"): 56, ("CLN", ""): 18, (HOME, "HNK"): 14, ("HNK", ""): 7, (HOME, "NTS"): 5}
FIELDS = {
    RICE: {("LUC", ""): 90, ("LUC", "NTS"): 6, ("HNK", ""): 4},
    RUBBER: {("CLN", ""): 95, ("RSX", ""): 5},
    ORCHARD: {("CLN", ""): 84, ("CLN", HOME): 6, ("CLN", "NTS"): 4, ("CLN", "HNK"): 6},
    ANNUAL: {("HNK", ""): 90, ("HNK", "CLN"): 6, ("NKH", ""): 4},
    SCRUB: {("HNK", ""): 52, ("BCS", ""): 26, ("CLN", ""): 22},
    SALT: {("LMU", ""): 100},
    PONDS: {("NTS", ""): 96, ("NTS", HOME): 4},
    WOOD: {("RSX", ""): 100},
    MANGROVE: {("RPH", ""): 100},
    QUARRY: {("SKS", ""): 100},
}
HOMES_M2 = np.array([60, 80, 100, 120, 150, 200, 300])  # recognised as residential on a parcel that is more
# who uses the land: by the main use, or by who manages a public plot
USERS = {"TSC": "TCN", "DGD": "TCN", "DYT": "TCN", "DVH": "TCN", "CQP": "TCN", "CAN": "TCN", "TON": "TON", "BCS": "UBS"}
USERS |= {"TMD": "TKT", "SKC": "TKT", "SKS": "TKT", "SKN": "TKT", "RSX": "TKT", "RPH": "TCN"}
MANAGERS = {"UBNDX": "UBS", "UBNDH": "UBS", "QUYDAT": "TPQ", "NGANH": "TCN"}
FIRST_SURVEY, LAST_SURVEY = date(2003, 3, 3), date(2022, 11, 30)


@dataclass(frozen=True)
class Uses:
    """Two parts of the land of each parcel: codes, and areas in tenths of a square metre; the second may be empty."""

    main: np.ndarray
    second: np.ndarray
    main_area: np.ndarray
    second_area: np.ndarray


def legal_areas(parcels: ParcelColumns, plots: geopandas.GeoDataFrame, rng) -> np.ndarray:
    """Areas on paper in tenths of m2: most equal the drawing; those of a public plot add up to the plot's."""
    area = shapely.area(parcels.shape)
    draw, error = rng.random(len(area)), rng.normal(0, 1, len(area))
    error = np.where(draw < 0.72, 0, np.where(draw < 0.96, 0.003, 0.015) * error)
    tenths = np.round(area * (1 + np.clip(error, -0.04, 0.04)) * 10).astype(np.int64)
    of_plot = np.flatnonzero(parcels.plot >= 0)
    of_plot = of_plot[np.lexsort((parcels.part[of_plot], parcels.plot[of_plot]))]
    number, first, count = np.unique(parcels.plot[of_plot], return_index=True, return_counts=True)
    paper = np.round(plots["DTICHPL"].to_numpy()[number] * 10).astype(np.int64)
    share = area[of_plot] / np.repeat(np.add.reduceat(area[of_plot], first), count) if len(of_plot) else area[:0]
    tenths[of_plot] = np.floor(np.repeat(paper, count) * share).astype(np.int64)
    if len(of_plot):
        tenths[of_plot[first]] += paper - np.add.reduceat(tenths[of_plot], first)
    return tenths


def uses(parcels: ParcelColumns, world: World, tenths, rng) -> Uses:
    """Uses that suit what stands or grows there; they add up to the legal area (tenths of m2)."""
    main, second = np.full(len(parcels), "", "<U4"), np.full(len(parcels), "", "<U4")
    for mask, table in _tables(parcels, tenths):
        pairs, weights = np.array(list(table)), np.cumsum(list(table.values()))
        found = pairs[np.searchsorted(weights / weights[-1], rng.random(mask.sum()), side="right")]
        main[mask], second[mask] = found.T
    public = parcels.comes == PLOT
    main[public] = world.plots["LOAIDAT"].to_numpy()[parcels.plot[public]]
    guarded = parcels.guard > 0
    main[guarded], second[guarded] = np.array(GUARDED)[parcels.guard[guarded]], ""
    urban = np.array([c.urban for c in world.land.communes])[parcels.commune]
    homes = 10 * HOMES_M2[rng.integers(0, len(HOMES_M2), len(parcels))]
    share = np.round(tenths * rng.uniform(0.55, 0.9, len(parcels)) / 500) * 500
    main_area = np.where(second == "", tenths, np.where(main == HOME, homes, share)).astype(np.int64)
    main_area = np.where(second == HOME, tenths - homes, main_area)
    # no room for both: one use is all
    alone = (main_area < 200) | (tenths - main_area < 200)
    second[alone] = ""
    main_area[alone] = tenths[alone]
    for column in (main, second):
        column[column == HOME] = np.where(urban, "ODT", "ONT")[column == HOME]
    return Uses(main, second, main_area, tenths - main_area)


def _tables(parcels: ParcelColumns, tenths) -> Iterator[tuple[np.ndarray, dict]]:
    """Each parcel's table of uses: (mask, table)."""
    comes, stands = parcels.comes, parcels.stands
    lot = ~np.isin(comes, (PLOT, REAR, GARDEN, FARM, FIELD))
    house = lot & ~np.isin(stands, (HALL, YARDED, VACANT))
    wide = tenths > 2600
    yield house & ~wide, HOUSES
    yield house & wide, WIDE_HOUSES
    yield lot & (stands == VACANT), EMPTY
    yield lot & (stands == HALL), HALLS
    yield lot & (stands == YARDED), YARDS
    yield comes == REAR, RESTS
    yield comes == GARDEN, GARDENS
    yield comes == FARM, FARMS
    for kind, table in FIELDS.items():
        yield (comes == FIELD) & (stands == kind), table


# --- As text --------------------------------------------------------------------------------------


def as_short(found: Uses) -> list[str]:
    """ "ODT:100; CLN:250.5", as most offices write it."""
    parts = zip(
        found.main.tolist(), found.second.tolist(), found.main_area.tolist(), found.second_area.tolist(), strict=True
    )
    return [f"{a}:{_number(m)}" + (f"; {b}:{_number(n)}" if b else "") for a, b, m, n in parts]


def as_json(found: Uses, rng) -> list[str]:
    """A JSON list of the parts with term, end of the term and origin of each, as newer offices write it."""
    parts = zip(
        found.main.tolist(), found.second.tolist(), found.main_area.tolist(), found.second_area.tolist(), strict=True
    )
    draws = rng.random((len(found.main), 2)).tolist()
    lists = [
        [_part(use, area, *draw) for use, area in ((a, m), (b, n)) if use]
        for (a, b, m, n), draw in zip(parts, draws, strict=True)
    ]
    return [json.dumps(one) for one in lists]


def _number(tenths: int) -> str:
    return f"{tenths / 10:.1f}".removesuffix(".0")


def _part(use: str, tenths: int, when: float, how: float) -> dict:
    """One use with the names and marks of the national land database."""
    part = {"maMucDichSuDung": use, "dienTich": tenths / 10}
    if use in AGRICULTURAL:
        until = "2043-10-15" if when < 0.4 else "2063-10-15" if when < 0.85 else f"20{64 + int(how * 8)}-12-31"
        return part | _term(until) | {"nguonGoc": "CNQ-KTT" if how < 0.7 else "DG-KTT"}
    if use in BUSINESS:
        until = f"20{38 + int(when * 34)}-{1 + int(how * 12):02d}-01"
        return part | _term(until) | {"nguonGoc": "DT-THN" if how < 0.7 else "DT-TML"}
    if use in UNUSED:
        return part
    origins = ("CNQ-CTT", 0.62), ("NCQ", 0.86), ("DG-CTT", 1.01)
    home = use in ("ODT", "ONT")
    return part | _term() | {"nguonGoc": next(mark for mark, limit in origins if how < limit) if home else "DG-KTT"}


def _term(until: str = "") -> dict:
    return {"thoiHanSuDung": "N50", "ngayHetHanSuDung": until} if until else {"thoiHanSuDung": "LAUDAI"}


# --- Users ----------------------------------------------------------------------------------------


def users(parcels: ParcelColumns, found: Uses, plots: geopandas.GeoDataFrame, rng) -> dict[str, list[str]]:
    """Columns of land users, for officers and for nobody."""
    words = vocabulary()["cadastre"]
    kind = np.array([USERS.get(use, "GDC") for use in found.main.tolist()], object)
    public = parcels.plot >= 0
    managers = np.array([MANAGERS.get(manager, "TKT") for manager in plots["LOAIQL"]], object)
    kind[public] = managers[parcels.plot[public]]
    names = _names(words, kind, found.main, rng)
    names[public] = plots["DONVIQL"].to_numpy()[parcels.plot[public]]
    guarded = np.flatnonzero(parcels.guard)
    names[guarded] = [words["guarded"][0].format(n=k) for k in range(1, len(guarded) + 1)]
    person, certified = kind == "GDC", rng.random(len(kind)) < 0.88
    serial, identity = rng.integers(0, 10**6, len(kind)), rng.permutation(10**6)[: len(kind)]
    return {
        "LOAICHU": kind.tolist(),
        "TENCHU": names.tolist(),
        "SOGCN": [f"MH {n:06d}" if yes else "" for n, yes in zip(serial, certified & (kind != "UBS"), strict=True)],
        # no province has the number 000
        "CCCD": [f"000{n * 937 % 10**9:09d}" if yes else "" for n, yes in zip(identity.tolist(), person, strict=True)],
    }


def _names(words, kind, main, rng) -> np.ndarray:
    draw = rng.random((4, len(kind)))
    lists = [("Ông", "Bà", "Hộ ông", "Hộ bà"), words["surnames"], words["middle"], words["given"]]
    columns = [np.array(values, object)[(d * len(values)).astype(int)] for values, d in zip(lists, draw, strict=True)]
    names = columns[0] + " " + columns[1] + " " + columns[2] + " " + columns[3]
    number = (draw[1] * 400).astype(int) + 1
    for code, values in (("TKT", words["companies"]), ("TCN", words["offices"]), ("TON", words["religious"])):
        here = np.flatnonzero(kind == code)
        names[here] = [values[int(draw[0, k] * len(values))].format(n=number[k]) for k in here]
    names[kind == "UBS"] = "UBND cấp xã"
    return names


def survey_days(sheet_key, rng) -> list[date]:
    """The day when the sheet of each parcel was surveyed; sheet_key: whole numbers from 0."""
    days = rng.integers(0, (LAST_SURVEY - FIRST_SURVEY).days, int(sheet_key.max(initial=0)) + 1)
    made = [_workday(FIRST_SURVEY + timedelta(days=int(day))) for day in days]
    return [made[k] for k in sheet_key.tolist()]


def _workday(day: date) -> date:
    return day - timedelta(days=max(day.weekday() - 4, 0))
