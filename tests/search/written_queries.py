"""Everything that has a name or a number in the published world, asked for in the ways in which people write.

The readers know nothing of this file. The same seed makes the same questions of the same world.
"""

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from landgis.catalog import queries, registry
from landgis.places import queries as places
from tests.search.made_queries import ANYWHERE, Asked, misspelt, without_marks

Row = dict[str, Any]
TELEX = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
VNI = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
SPOKEN = (
    "cho tôi hỏi {} ở đâu",
    "tôi muốn tìm {}",
    "xin hỏi {} nằm ở đâu ạ",
    "tìm giúp tôi {}",
    "tra cứu {}",
    "làm ơn cho hỏi {} ở chỗ nào",
    "xem giúp {} nhé",
)
ENGLISH_KINDS = {
    "Phường": "{} ward",
    "Xã": "{} commune",
    "Thị trấn": "{} township",
    "Đặc khu": "{} special zone",
    "Huyện": "{} district",
    "Thành phố": "{} city",
    "Thị xã": "{} town",
    "Tỉnh": "{} province",
}


@dataclass(frozen=True)
class Thing:
    """Something published, as it is printed and as somebody writes who speaks English; its answers as in `Asked`."""

    printed: str
    english: str
    kind: str
    dataset: str
    refs: frozenset[str]


def bare(name: str) -> str:
    """A place without the word for its kind."""
    return next((name.removeprefix(f"{kind} ") for kind in ENGLISH_KINDS if name.startswith(f"{kind} ")), name)


# How it is written


def telex(text: str) -> str:
    return re.sub(
        r"[^\W\d_]+", lambda match: _keys(match[0], TELEX, {"\u0302": "", "\u0306": "w", "\u031b": "w"}), text
    )


def vni(text: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda match: _keys(match[0], VNI, {"\u0302": "6", "\u0306": "8", "\u031b": "7"}), text)


def _keys(word: str, tones: dict[str, str], shapes: dict[str, str]) -> str:
    """The keys of a word: the shape of a letter behind it, the tone behind the word."""
    if word.isascii():
        return word
    typed, tone, last = "", "", ""
    for letter in unicodedata.normalize("NFD", word):
        if letter in tones:
            tone = tones[letter]
        elif letter in shapes:
            typed += shapes[letter] or last.lower()
        elif letter in "đĐ":
            typed += letter.replace("đ", "d").replace("Đ", "D") + ("d" if tones is TELEX else "9")
        else:
            typed += letter
            last = letter
    return typed + tone


def in_words(text: str) -> str:
    """Numbers of up to three digits that stand alone, in words."""
    return re.sub(r"(?<![\w./-])\d{1,3}(?![\w./-]|\s/)", lambda match: said(int(match[0])), text)


def said(number: int) -> str:
    """A number below 1000 as it is said in Vietnamese."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = [DIGITS[hundreds], "trăm"] if hundreds else []
    if tens == 0:
        words += ["linh", DIGITS[ones]] if hundreds and ones else [DIGITS[ones]] if not hundreds else []
        return " ".join(words)
    words += ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
    if ones:
        words.append({5: "lăm", 1: "mốt" if tens > 1 else "một"}.get(ones, DIGITS[ones]))
    return " ".join(words)


class Writer:
    """Draws things of every kind and writes them in the ten styles."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        self.units = places.all_units()
        names = ("public-land", "auction-lots", "auctions", "planning-zones", "land-prices", "parcels")
        self.rows = {name: queries.rows(registry.get(name)) for name in names}
        self.styles: dict[str, Callable[[Thing], str]] = {
            "as printed": lambda thing: thing.printed,
            "no marks": lambda thing: without_marks(thing.printed),
            "NFD": lambda thing: unicodedata.normalize("NFD", thing.printed),
            "capitals": lambda thing: thing.printed.upper(),
            "one typo": lambda thing: self._misspelt(thing.printed),
            "Telex": lambda thing: telex(thing.printed),
            "VNI": lambda thing: vni(thing.printed),
            "number words": lambda thing: in_words(thing.printed),
            "a sentence": lambda thing: self.chance.choice(SPOKEN).format(thing.printed),
            "English": lambda thing: thing.english,
        }

    def written(self, count: int) -> list[Asked]:
        """So many questions: kinds and styles in turn, so that every kind meets every style."""
        kinds = (
            self.unit, self.district, self.plot, self.plot_code, self.address, self.decision, self.zone, self.zone_code,
            self.lot, self.lot_code, self.auction, self.price, self.parcel, self.parcels, self.parcel_code, self.public,
            self.unit_code,
        )  # fmt: skip
        styles = list(self.styles.items())
        found = []
        for number in range(count):
            thing = kinds[number % len(kinds)]()
            name, style = styles[(number // len(kinds) + number) % len(styles)]
            found.append(Asked(style(thing), f"{thing.kind}, {name}", thing.dataset, thing.refs))
        return found

    def _misspelt(self, text: str) -> str:
        """With a letter of a word wrong; a code is copied from paper."""
        return (" " in text and misspelt(text, self.chance)) or text

    def _row(self, dataset: str, keep: Callable[[Row], Any] = lambda row: True) -> Row:
        while True:
            row = self.chance.choice(self.rows[dataset])
            if keep(row):
                return row

    def _same(self, dataset: str, row: Row, *names: str) -> frozenset[str]:
        return frozenset(
            one["ref"] for one in self.rows[dataset] if all(one.get(name) == row.get(name) for name in names)
        )

    # Places

    def unit(self) -> Thing:
        unit = self.chance.choice(list(self.units.values()))
        same = {one.ref for one in self.units.values() if one.name == unit.name}
        return Thing(unit.name, english_place(unit.name), "unit", "admin-units", frozenset(same))

    def unit_code(self) -> Thing:
        unit = self.chance.choice(list(self.units.values()))
        same = frozenset(one.ref for one in self.units.values() if one.code == unit.code)
        return Thing(unit.code, unit.code, "unit code", "admin-units", same)

    def district(self) -> Thing:
        names = sorted(
            {name for unit in self.units.values() for name in (unit.district_name, unit.province_name) if name}
        )
        name = self.chance.choice(names)
        column = "district_name" if any(unit.district_name == name for unit in self.units.values()) else "province_name"
        return Thing(
            name, english_place(name), "district", ANYWHERE, frozenset({f"/places/?{column}=", "/places/755-b"})
        )

    # Plots, zones, auctions

    def plot(self) -> Thing:
        row = self._row("public-land")
        name = f"{row['name']}, {row['commune_name']}"
        return Thing(name, f"{row['name']} in {english_place(row['commune_name'])}", "plot", "public-land",
                     self._same("public-land", row, "name", "commune_name"))  # fmt: skip

    def plot_code(self) -> Thing:
        ref = self._row("public-land")["ref"]
        return Thing(ref, f"plot {ref}", "plot code", "public-land", frozenset({ref}))

    def address(self) -> Thing:
        row = self._row("public-land", lambda row: (row["address"] or "").startswith("Số "))
        street = row["address"].split(",")[0]
        same = {
            one["ref"]
            for one in self.rows["public-land"]
            if (one["address"] or "").split(",")[0] == street and one["commune_name"] == row["commune_name"]
        }
        number, way = street.removeprefix("Số ").split(" ", 1)
        english = f"{number} {english_way(way)}, {english_place(row['commune_name'])}"
        return Thing(f"{street}, {row['commune_name']}", english, "address", "public-land", frozenset(same))

    def decision(self) -> Thing:
        row = self._row("public-land", lambda row: row["decision_no"])
        number = row["decision_no"]
        spaced = self.chance.choice([number, number.replace("/", " / ").replace("-", " - "), f"Quyết định số {number}"])
        return Thing(
            spaced, f"decision {number}", "decision", "public-land", self._same("public-land", row, "decision_no")
        )

    def zone(self) -> Thing:
        row = self._row("planning-zones")
        return Thing(row["name"], f"planning {row['name']}", "zone", "planning-zones",
                     self._same("planning-zones", row, "name"))  # fmt: skip

    def zone_code(self) -> Thing:
        ref = self._row("planning-zones")["ref"]
        return Thing(ref, f"zone {ref}", "zone code", "planning-zones", frozenset({ref}))

    def lot(self) -> Thing:
        row = self._row("auction-lots")
        return Thing(
            row["name"], f"auction {row['name']}", "lot", "auction-lots", self._same("auction-lots", row, "name")
        )

    def lot_code(self) -> Thing:
        ref = self._row("auction-lots")["ref"]
        return Thing(ref, f"lots {ref}", "lot code", "auction-lots", frozenset({ref}))

    def auction(self) -> Thing:
        row = self._row("auctions")
        return Thing(row["title"], row["auction_code"], "auction", "auctions", self._same("auctions", row, "title"))

    def public(self) -> Thing:
        """The list of the commune in the documents; that of the unit of today where it is called so, too."""
        row = self._row("public-land")
        commune, today = row["commune_name"], row["commune_today"]
        answers = {"/public-land/?commune_name="}
        if today and bare(today) == bare(commune):
            answers.add(f"/public-land/?{urlencode({'commune_today': today})}")
        return Thing(f"Đất công {commune}", f"public land in {english_place(commune)}", "public land of a commune", ANYWHERE,
                     frozenset(answers))  # fmt: skip

    def price(self) -> Thing:
        row = self._row("land-prices", lambda row: row["street"])
        same = self._same("land-prices", row, "street", "commune_name")
        english = f"land price {without_marks(row['street'])} street in {english_place(row['commune_name'])}"
        return Thing(f"giá đất đường {row['street']}, {row['commune_name']}", english, "price", "land-prices", same)

    # Parcels

    def parcel(self) -> Thing:
        row = self._row("parcels")
        same = self._same("parcels", row, "map_sheet", "parcel_no", "old_commune_name")
        number, place = row["parcel_no"], row["old_commune_name"]
        if row["twin"]:
            number = f"{number}{'-' if row['twin'].isdigit() else ''}{row['twin']}"
            same = frozenset({row["ref"]})
        way = self.chance.choice(["thửa {n} tờ {s} {p}", "tờ bản đồ số {s}, thửa đất số {n}, {p}"])
        english = f"parcel {number} on map sheet {row['map_sheet']} in {english_place(place)}"
        return Thing(way.format(n=number, s=row["map_sheet"], p=place), english, "parcel", "parcels", same)

    def parcels(self) -> Thing:
        row = self._row("parcels")
        place, sheet = row["old_commune_name"], row["map_sheet"]
        beside = [one for one in self.rows["parcels"] if (one["old_commune_name"], one["map_sheet"]) == (place, sheet)]
        numbers = sorted(
            {one["parcel_no"] for one in self.chance.sample(beside, min(2, len(beside)))} | {row["parcel_no"]}
        )
        refs = frozenset(one["ref"] for one in beside if one["parcel_no"] in numbers)
        printed = (
            f"tờ {sheet} thửa {', '.join(numbers[:-1])} và {numbers[-1]}"
            if len(numbers) > 1
            else f"tờ {sheet} thửa {numbers[0]}"
        )
        english = f"sheet {sheet} parcels {', '.join(numbers)}, {english_place(place)}".replace("parcels", "parcel")
        return Thing(f"{printed}, {place}", english, "several parcels", "parcels", refs)

    def parcel_code(self) -> Thing:
        row = self._row("parcels", lambda row: row["parcel_code"])
        return Thing(
            row["parcel_code"], f"parcel {row['parcel_code']}", "parcel code", "parcels", frozenset({row["ref"]})
        )


def english_way(way: str) -> str:
    """đường Lê Lợi as Le Loi street, quốc lộ 51 as highway 51."""
    if way.startswith("đường "):
        return f"{without_marks(way.removeprefix('đường '))} street"
    return f"highway {way.removeprefix('quốc lộ ')}"


def english_place(name: str) -> str:
    """Phường Vũng Tàu as Vung Tau ward, Phường 10 as ward 10."""
    for kind, way in ENGLISH_KINDS.items():
        if name.startswith(f"{kind} "):
            core = without_marks(name.removeprefix(f"{kind} "))
            return f"{way.removeprefix('{} ')} {core}" if core.isdigit() else way.format(core)
    return without_marks(name)
