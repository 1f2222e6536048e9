"""What the inventory says of a plot: names, addresses, use, manager, decision, inspection.

Words and weights are data/demo/plot_kinds.csv and words.toml; codes are those of the public-land dataset.
"""

import csv
import tomllib
from bisect import bisect_right
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeVar

import numpy as np
import shapely

from . import DATA
from .landscape import Commune, Landscape

Value = TypeVar("Value", bound=Hashable)
Weighted = tuple[tuple[str, ...], tuple[float, ...]]
PROVINCE = "UBND tỉnh Bà Rịa - Vũng Tàu"
# origin: first and last year of decisions, share of plots without one
DECISIONS = {
    "THUHOI": (2001, 2021, 0.01),
    "COQUAN": (1996, 2020, 0.06),
    "BANGIAO": (2008, 2021, 0.0),
    "CONGICH": (1994, 2013, 0.12),
    "CHUASD": (1998, 2019, 0.22),
    "BOIBAI": (1999, 2019, 0.3),
}
# district: its name before that year
FORMER_DISTRICTS = {
    "748": ("thị xã Bà Rịa", 2012),
    "752": ("huyện Long Đất", 2004),
    "753": ("huyện Long Đất", 2004),
    "754": ("huyện Tân Thành", 2018),
}
FINDINGS = {"DUNG": 86, "LANCHIEM": 6, "MOCGIOI": 4, "SAIMD": 2, "TRCHAP": 2}
CERTIFICATES = {"DACAP": 45, "DANGLAM": 20, "CHUACAP": 35}


@dataclass(frozen=True)
class PlotKind:
    """One line of plot_kinds.csv; median and sigma (log) describe the area in m2."""

    where: str
    share: float
    land_use: str
    median: float
    sigma: float
    name: str
    manager: Weighted
    use: Weighted
    origin: Weighted
    handling: Weighted
    planned: tuple[str, ...]


@dataclass
class DraftPlot:
    """A plot while it is made. `commune` is an index of Landscape.communes."""

    kind: PlotKind
    commune: int
    polygon: shapely.Polygon
    words: dict = field(default_factory=dict)


def weights(text: str) -> dict[str, float]:
    """ "A:3 B:1" -> {"A": 3, "B": 1}."""
    return {value: float(weight) for value, weight in (item.split(":") for item in text.split())}


def weighted(table: Mapping[Value, float]) -> tuple[tuple[Value, ...], tuple[float, ...]]:
    """{"A": 3, "B": 1} -> (values, cumulated shares)."""
    shares = np.cumsum(list(table.values()), dtype=float)
    return tuple(table), tuple((shares / shares[-1]).tolist())


def pick(table: tuple[tuple[Value, ...], tuple[float, ...]], rng) -> Value:
    """One value of a weighted table."""
    return table[0][bisect_right(table[1], rng.random())]


def one_of(values, rng):
    return values[int(rng.integers(len(values)))]


@lru_cache(maxsize=1)
def kinds() -> dict[str, tuple[tuple[PlotKind, ...], tuple[float, ...]]]:
    """Where -> weighted table of kinds."""
    with (DATA / "plot_kinds.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            PlotKind(
                row["where"],
                float(row["share"]),
                row["land_use"],
                float(row["median"] or 0),
                float(row["sigma"] or 0),
                row["name"],
                weighted(weights(row["manager"])),
                weighted(weights(row["use"])),
                weighted(weights(row["origin"])),
                weighted(weights(row["handling"])),
                tuple(row["planned"].split()),
            )
            for row in csv.DictReader(file)
        ]
    places = dict.fromkeys(kind.where for kind in rows)
    return {place: weighted({kind: kind.share for kind in rows if kind.where == place}) for place in places}


@lru_cache(maxsize=1)
def vocabulary() -> dict:
    with (DATA / "words.toml").open("rb") as file:
        return tomllib.load(file)


def full_district(commune: Commune) -> str:
    """ "TP. Vũng Tàu" -> "Thành phố Vũng Tàu"."""
    return commune.district_name.replace("TP.", "Thành phố").replace("TX.", "Thị xã")


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]


def _lower_kind(name: str) -> str:
    """ "Huyện Châu Đức" -> "huyện Châu Đức", "TP. Vũng Tàu" as it is."""
    return name if name[1].isupper() else _lower(name)


def _district_then(commune: Commune, year: int) -> str:
    """The district's name when the decision was signed."""
    former, until = FORMER_DISTRICTS.get(commune.district, ("", 0))
    return former if year < until else _lower(full_district(commune))


class Clerk:
    """Writes the records; holds the words that belong to one commune (its hamlets)."""

    def __init__(self, land: Landscape, rng):
        self.land, self.rng = land, rng
        self.words = vocabulary()
        self.hamlets = [
            [self._hamlet(c, str(name)) for name in rng.choice(self.words["hamlets"], 7, replace=False)]
            for c in land.communes
        ]
        self.hills = np.array([hill.at for hill in land.hills])

    def _hamlet(self, commune: Commune, name: str) -> str:
        if commune.code == "755":
            return f"khu dân cư số {self.rng.integers(1, 10)}"
        return f"khu phố {self.rng.integers(1, 12)}" if commune.urban else f"ấp {name}"

    def record(self, plot: DraftPlot) -> dict:
        """All columns but MAKHU, DTICHPL, SOTO, SOTHUA and the geometry."""
        kind, commune, rng = plot.kind, self.land.communes[plot.commune], self.rng
        hamlet = plot.words.get("hamlet") or one_of(self.hamlets[plot.commune], rng)
        use, handling = pick(kind.use, rng), pick(kind.handling, rng)
        manager_kind, origin = pick(kind.manager, rng), pick(kind.origin, rng)
        return {
            "TENKHU": self._name(plot, commune, hamlet),
            "MAHUYEN": commune.district,
            "TENHUYEN": full_district(commune),
            "MAXA": commune.code,
            "TENXA": commune.name,
            "DIACHI": self._address(plot, commune, hamlet),
            "LOAIDAT": kind.land_use,
            "HIENTRANG": use,
            "LOAIQL": manager_kind,
            "DONVIQL": self._manager(manager_kind, kind, commune),
            "NGUONGOC": origin,
            **self._decision(origin, manager_kind, commune),
            "GCN": pick(weighted(CERTIFICATES), rng),
            "PHUONGAN": handling,
            "QHSDD": kind.planned[min(int(rng.exponential(0.7)), len(kind.planned) - 1)] if rng.random() < 0.93 else "",
            "HANTHUE": self._lease_end(use),
            **self._inspection(),
        }

    def _name(self, plot, commune, hamlet) -> str:
        words, rng = self.words, self.rng
        hill = self.land.hills[int(np.argmin(np.hypot(*(self.hills - plot.polygon.centroid.coords[0]).T)))].name
        quarter = hamlet if commune.urban else one_of(self.hamlets[plot.commune], rng)
        return plot.kind.name.format(
            n=rng.integers(1, 240) if plot.kind.where in ("town", "lot") else rng.integers(1, 46),
            lot=plot.words.get("lot"),
            estate=plot.words.get("estate"),
            street=plot.words.get("street"),
            river=plot.words.get("river"),
            hamlet=hamlet,
            quarter=quarter,
            commune=_lower(commune.name),
            hill=_lower(hill),
            agency=one_of(words["agencies"], rng),
            school=one_of(words["schools"], rng),
            place=f"{one_of(words['places'], rng)} {_lower(commune.name)}",
            market=one_of(words["markets"], rng),
        )

    def _address(self, plot, commune, hamlet) -> str:
        end = commune.name if commune.code == "755" else f"{commune.name}, {commune.district_name}"
        road, street = plot.words.get("road"), plot.words.get("street")
        if street and commune.urban:
            way = road or f"đường {street}"
            number = plot.kind.where == "town" and self.rng.random() < 0.45
            start = f"Số {self.rng.integers(2, 480)} {_lower(way)}" if number else way[0].upper() + way[1:]
            return f"{start}, {end}"
        return f"{road}, {hamlet}, {end}" if road else f"Tổ {self.rng.integers(1, 16)}, {hamlet}, {end}"

    def _manager(self, manager_kind, kind, commune) -> str:
        words = self.words
        if manager_kind == "QUYDAT":
            return "Trung tâm Phát triển quỹ đất " + (
                _lower_kind(commune.district_name) if self.rng.random() < 0.6 else "tỉnh"
            )
        if manager_kind == "UBNDX":
            return f"UBND {_lower(commune.name)}"
        if manager_kind == "UBNDH":
            return f"UBND {_lower(full_district(commune))}"
        if manager_kind == "NGANH" and commune.code == "755" and kind.land_use in ("RPH", "RDD", "RSX"):
            return "Ban Quản lý Vườn quốc gia Côn Đảo"
        table = words["managers"] if manager_kind == "NGANH" else words["companies"]
        return table.get(kind.land_use, table["other"])

    def _day(self, first: date, last: date) -> date:
        day = first + timedelta(days=int(self.rng.integers((last - first).days + 1)))
        return day - timedelta(days=max(day.weekday() - 4, 0))

    def _decision(self, origin, manager_kind, commune) -> dict:
        first, last, without = DECISIONS[origin]
        if self.rng.random() < without:
            return {"SOQD": "", "NGAYQD": None, "CQQD": ""}
        day = self._day(date(first, 1, 8), date(last, 8, 31))
        local = manager_kind in ("UBNDX", "UBNDH") or self.rng.random() < 0.25
        return {
            "SOQD": f"{self.rng.integers(11, 4900)}/QĐ-{'UBND' if day.year >= 2004 else 'UB'}",
            "NGAYQD": day,
            "CQQD": f"UBND {_district_then(commune, day.year)}" if local else PROVINCE,
        }

    def _lease_end(self, use) -> date | None:
        if use not in ("THUE", "MUON") or self.rng.random() < 0.06:
            return None
        if self.rng.random() < 0.5:
            return date(int(self.rng.integers(2021, 2027)), 12, 31)
        return self._day(date(2021, 11, 1), date(2026, 12, 31))

    def _inspection(self) -> dict:
        if self.rng.random() < 0.05:
            return {"NGAYKT": None, "KETQUAKT": "", "GHICHU": ""}
        finding = pick(weighted(FINDINGS), self.rng)
        note = ""
        if finding != "DUNG" or self.rng.random() < 0.05:
            note = one_of(self.words["notes"][finding], self.rng).format(
                m=self.rng.integers(6, 420),
                side=one_of(self.words["directions"], self.rng),
                k=self.rng.integers(1, 160),
                y=self.rng.integers(2008, 2021),
                j=self.rng.integers(1, 5),
            )
        return {"NGAYKT": self._day(date(2019, 3, 4), date(2021, 9, 30)), "KETQUAKT": finding, "GHICHU": note}
