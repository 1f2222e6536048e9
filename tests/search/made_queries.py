"""Questions as people ask them, made from what is published, with the answers that satisfy them.

The same seed makes the same questions of the same world. What is asked for may have twins, which satisfy as well.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely

from landgis.catalog import queries, registry
from landgis.lib import geometry
from landgis.lib.filters import ALL
from landgis.places import queries as places
from landgis.places.queries import PublishedUnit
from landgis.search.hits import Hit

Row = dict[str, Any]
ANYWHERE = ""  # instead of a dataset: a list or a point of the map, by the beginning of its address

KINDS = {"Phường": "P.", "Xã": "x.", "Thị trấn": "TT", "Đặc khu": "đk"}
SPOKEN = {
    "thổ cư": ("ODT", "ONT"),
    "đất ở": ("ODT", "ONT"),
    "đất lúa": ("LUC", "LUK"),
    "đất trồng cây lâu năm": ("CLN",),
    "khu công nghiệp": ("SKK",),
    "đất chợ": ("DCH",),
    "nuôi trồng thủy sản": ("NTS",),
    "đất nghĩa trang": ("NTD",),
    "CLN": ("CLN",),
}


@dataclass(frozen=True)
class Asked:
    """A question; `refs` of `dataset` answer it, or addresses that begin so. `other` names the commune otherwise."""

    query: str
    style: str
    dataset: str
    refs: frozenset[str]
    other: str = ""

    def is_answered(self, hits: Iterable[Hit]) -> bool:
        if self.dataset == ANYWHERE:
            return any(hit.url.startswith(tuple(self.refs)) for hit in hits)
        return any(hit.dataset and hit.dataset.name == self.dataset and hit.ref in self.refs for hit in hits)


def variants(asked: Asked, chance: random.Random) -> Iterator[Asked]:
    """The question as it is, without marks, decomposed, with a letter wrong, and with another name of the commune."""
    yield asked
    yield replace(asked, query=without_marks(asked.query), style=f"{asked.style}, no marks")
    yield replace(asked, query=unicodedata.normalize("NFD", asked.query), style=f"{asked.style}, NFD")
    if wrong := misspelt(asked.query, chance):
        yield replace(asked, query=wrong, style=f"{asked.style}, one letter wrong")
    if asked.other:
        yield replace(asked, query=asked.other, style=f"{asked.style}, other commune")


def without_marks(query: str) -> str:
    apart = unicodedata.normalize("NFD", query).replace("đ", "d").replace("Đ", "D")
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def misspelt(query: str, chance: random.Random) -> str:
    """The query with one letter of one of its longer words left out, doubled, replaced or exchanged; "" for none."""
    words = [match for match in re.finditer(r"[^\W\d_]{4,}", query) if "http" not in query]
    if not words:
        return ""
    match = chance.choice(words)
    word, at = match[0], chance.randrange(1, len(match[0]) - 1)
    wrong = chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + chance.choice("aeiouhng") + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )
    return query[: match.start()] + wrong + query[match.end() :]


class Maker:
    """Draws questions of every style from the published world."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        self.units = places.all_units()
        self.by_name: dict[str, list[PublishedUnit]] = {}
        for unit in self.units.values():
            self.by_name.setdefault(unit.name, []).append(unit)
        self.rows = {
            name: queries.rows(registry.get(name), ALL)
            for name in ("public-land", "auction-lots", "auctions", "planning-zones")
        }

    def made(self, count: int) -> list[Asked]:
        """So many questions, the styles in turn."""
        styles: Sequence[Callable[[], Asked | None]] = (
            self.place_of_today, self.former_place, self.place_in_district, self.plot, self.plot_and_commune,
            self.plot_code, self.plot_address, self.decision, self.zone, self.zone_code, self.lot, self.lot_code,
            self.auction, self.use, self.use_in_place, self.degrees, self.metres, self.link, self.parcel,
        )  # fmt: skip
        found: list[Asked] = []
        turn = 0
        while len(found) < count:
            asked = styles[turn % len(styles)]()
            turn += 1
            if asked:
                found.append(asked)
        return found

    # Places

    def place_of_today(self) -> Asked:
        unit = self.chance.choice([unit for unit in self.units.values() if unit.is_current])
        before = self.chance.choice(places.origins(self.units, unit.ref))
        return Asked(self._spoken(unit.name), "place of today", "admin-units", frozenset({unit.ref}), before.name)

    def former_place(self) -> Asked:
        unit = self.chance.choice([unit for unit in self.units.values() if not unit.is_current])
        return Asked(self._spoken(unit.name), "former place", "admin-units", self._called(unit.name))

    def place_in_district(self) -> Asked | None:
        unit = self.chance.choice([unit for unit in self.units.values() if not unit.is_current and unit.district_name])
        refs = {one.ref for one in self.by_name[unit.name] if one.district_name == unit.district_name}
        query = f"{self._spoken(unit.name)} {unit.district_name}"
        return Asked(query, "former place in its district", "admin-units", frozenset(refs))

    def _called(self, name: str) -> frozenset[str]:
        """All units of the name, whatever their kind where that is not said."""
        core = name.split(maxsplit=1)[1] if not name.rsplit(maxsplit=1)[-1].isdigit() else name
        return frozenset(unit.ref for unit in self.units.values() if unit.name.endswith(core))

    def _spoken(self, name: str) -> str:
        """A unit's name in full, abbreviated or, where it is no number, without its kind."""
        kind = next((kind for kind in KINDS if name.startswith(kind)), "")
        core = name.removeprefix(kind).strip()
        ways = [name, name.lower(), f"{KINDS.get(kind, '')} {core}".strip()]
        return self.chance.choice(ways if core.isdigit() else [*ways, core, core.lower()])

    def _otherwise(self, name: str) -> str:
        """A former commune's name of today."""
        now = {one.name for unit in self.by_name.get(name, []) for one in places.today(self.units, unit.ref)}
        return min(now, default="")

    # Plots, lots, auctions, zones

    def plot(self) -> Asked:
        row = self._row("public-land")
        same = {one["ref"] for one in self.rows["public-land"] if _base(one["name"]) == _base(row["name"])}
        return Asked(_base(row["name"]), "plot", "public-land", frozenset(same))

    def plot_and_commune(self) -> Asked:
        row = self._row("public-land")
        same = self._same_plots(row)
        other = self._otherwise(row["commune_name"])
        return Asked(
            f"{_base(row['name'])} {self._spoken(row['commune_name'])}",
            "plot and commune",
            "public-land",
            frozenset(same),
            f"{_base(row['name'])} {other}" if other else "",
        )

    def _same_plots(self, row: Row) -> set[str]:
        key = (_base(row["name"]), row["commune_name"])
        found = self.rows["public-land"]
        return {one["ref"] for one in found if (_base(one["name"]), one["commune_name"]) == key}

    def plot_code(self) -> Asked:
        ref = self._row("public-land")["ref"]
        ways = [ref, ref.lower(), ref.replace("-", " "), ref.replace("-", "")]
        return Asked(self.chance.choice(ways), "plot code", "public-land", frozenset({ref}))

    def plot_address(self) -> Asked:
        rows = [row for row in self.rows["public-land"] if (row["address"] or "").startswith("Số ")]
        row = self.chance.choice(rows)
        part = row["address"].split(",")[0]
        same = {
            one["ref"]
            for one in rows
            if one["address"].split(",")[0] == part and one["commune_name"] == row["commune_name"]
        }
        other = self._otherwise(row["commune_name"])
        short = self.chance.choice([part, part.removeprefix("Số "), part.removeprefix("Số ").replace("đường ", "")])
        return Asked(
            f"{short}, {self._spoken(row['commune_name'])}",
            "address",
            "public-land",
            frozenset(same),
            f"{short}, {other}" if other else "",
        )

    def decision(self) -> Asked:
        rows = [row for row in self.rows["public-land"] if row["decision_no"]]
        number = self.chance.choice(rows)["decision_no"]
        same = {row["ref"] for row in rows if row["decision_no"] == number}
        return Asked(self.chance.choice([number, number.lower()]), "decision", "public-land", frozenset(same))

    def zone(self) -> Asked:
        row = self._row("planning-zones")
        same = {one["ref"] for one in self.rows["planning-zones"] if one["name"] == row["name"]}
        return Asked(row["name"], "zone", "planning-zones", frozenset(same))

    def zone_code(self) -> Asked:
        ref = self._row("planning-zones")["ref"]
        return Asked(
            self.chance.choice([ref, ref.lower().replace("-", " ")]), "zone code", "planning-zones", frozenset({ref})
        )

    def lot(self) -> Asked:
        row = self._row("auction-lots")
        same = {one["ref"] for one in self.rows["auction-lots"] if one["name"] == row["name"]}
        commune, before = row["commune_name"], row["old_commune_name"]
        return Asked(
            f"{row['name']} {commune}", "lot", "auction-lots", frozenset(same), f"{row['name']} {before or ''}".strip()
        )

    def lot_code(self) -> Asked:
        ref = self._row("auction-lots")["ref"]
        return Asked(self.chance.choice([ref, ref.lower()]), "lot code", "auction-lots", frozenset({ref}))

    def auction(self) -> Asked:
        row = self._row("auctions")
        same = {one["ref"] for one in self.rows["auctions"] if one["title"] == row["title"]}
        return Asked(row["title"], "auction", "auctions", frozenset(same))

    def _row(self, dataset: str) -> Row:
        return self.chance.choice(self.rows[dataset])

    # Uses, coordinates, parcels

    def use(self) -> Asked:
        word, codes = self.chance.choice(list(SPOKEN.items()))
        return Asked(word, "land use", ANYWHERE, self._lists(codes))

    def use_in_place(self) -> Asked:
        lots = [row for row in self.rows["auction-lots"] if row["land_use"] in ("ODT", "ONT")]
        row = self.chance.choice(lots)
        addresses = self._lists((row["land_use"],))
        return Asked(
            f"thổ cư {row['commune_name']}",
            "land use in a place",
            ANYWHERE,
            addresses,
            f"thổ cư {row['old_commune_name']}",
        )

    def _lists(self, codes: Iterable[str]) -> frozenset[str]:
        paths = ("lots", "public-land", "planning")
        return frozenset(f"/{path}/?land_use={code}" for path in paths for code in codes)

    def degrees(self) -> Asked:
        ref, point = self._point()
        lat, lon = f"{point.y:.6f}", f"{point.x:.6f}"
        ways = [f"{lat}, {lon}", f"{lon} {lat}", f"{_comma(lat)}; {_comma(lon)}", f"{_dms(point.y)}N {_dms(point.x)}E"]
        return Asked(self.chance.choice(ways), "degrees", "public-land", frozenset({ref}))

    def metres(self) -> Asked:
        ref, point = self._point()
        plane = geometry.from_wgs84(point, 5899)
        north, east = f"{plane.y:.3f}", f"{plane.x:.3f}"
        ways = [f"{north} {east}", f"X={north} Y={east}", f"{east}, {north}", f"{_comma(north)} ; {_comma(east)}"]
        return Asked(self.chance.choice(ways), "VN-2000", "public-land", frozenset({ref}))

    def link(self) -> Asked:
        ref, point = self._point()
        lat, lon = f"{point.y:.6f}", f"{point.x:.6f}"
        ways = [
            f"https://www.google.com/maps/@{lat},{lon},17z?hl=vi",
            f"https://www.google.com/maps/place/X/@10.1,107.1,17z/data=!3m1!4b1!4m6!3m5!8m2!3d{lat}!4d{lon}",
            f"https://maps.google.com/?q={lat},{lon}",
            f"https://www.openstreetmap.org/#map=18/{lat}/{lon}",
            f"https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=18/10/107",
            f"geo:{lat},{lon}?z=17",
            f"https://example.org/#16/{lat}/{lon}",
        ]
        return Asked(self.chance.choice(ways), "link", "public-land", frozenset({ref}))

    def _point(self) -> tuple[str, shapely.Point]:
        """A plot and a point inside it."""
        ref = self._row("public-land")["ref"]
        feature = queries.geojson_feature(registry.get("public-land"), ref)
        assert feature
        return ref, shapely.geometry.shape(feature["geometry"]).representative_point()

    def parcel(self) -> Asked | None:
        """By sheet and number, where a dataset of parcels is published."""
        numbered = [one for one in registry.all_datasets() if one.numbers.fields and one.search.places]
        dataset = min(numbered, key=lambda one: not one.numbers.are_own, default=None)
        rows = self.rows.setdefault(dataset.name, queries.rows(dataset, limit=20_000)) if dataset else []
        if not dataset or not rows:
            return None
        row = self.chance.choice(rows)
        sheet, number = (row[name] for name in dataset.numbers.fields)
        today, before = (row.get(name) for name in ("commune_name", "old_commune_name"))
        same = {
            one["ref"]
            for one in rows
            if (one[dataset.numbers.fields[0]], one[dataset.numbers.fields[1]]) == (sheet, number)
            and (one.get("commune_name") == today or one.get("old_commune_name") == before)
        }
        ways = ["tờ {s} thửa {n} {p}", "thửa {n} tờ {s} {p}", "{s}/{n} {p}", "thửa đất số {n}, tờ bản đồ số {s}, {p}"]
        way = self.chance.choice(ways)
        other = way.format(s=sheet, n=number, p=before) if before else ""
        return Asked(way.format(s=sheet, n=number, p=today or before), "parcel", dataset.name, frozenset(same), other)


def _base(name: str) -> str:
    """A plot's name without the number that tells it from others of the name."""
    return re.sub(r" \(khu \d+\)$", "", name)


def _comma(number: str) -> str:
    return number.replace(".", ",")


def _dms(degrees: float) -> str:
    seconds = round(degrees * 3600, 2)
    whole, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{whole:.0f}°{minutes:.0f}'{left:.2f}\""
