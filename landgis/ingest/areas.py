"""Where data belong: the areas in force of reference datasets, such as administrative units."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from pyproj import Geod

from landgis.catalog import registry
from landgis.lib.text import fold

MOST = 0.6  # of the values of a column must name an area before the column is believed to name areas
CODE_DIGITS, NAME_LETTERS = 5, 5  # a code or a name in the name of a file is at least so long

_GEOD = Geod(ellps="WGS84")
_kinds: list[str] = []  # words for a kind of place, folded, the longest first: "thi tran", "phuong"
_written_out: dict[str, str] = {}  # abbreviations of such words


def register_file(path: Path) -> None:
    """The words for kinds of places from the words of search of a country; see docs/a-country.md. Twice is once."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    _kinds.extend(fold(kind) for kind in content.get("places", {}).get("kinds", []) if fold(kind) not in _kinds)
    _kinds.sort(key=len, reverse=True)
    for short, word in content.get("abbreviations", {}).get("written_out", {}).items():
        if fold(word) in _kinds:
            _written_out[fold(short)] = fold(word)


@dataclass
class Areas:
    """Areas in EPSG:4326, which of them a text names, and how each is called."""

    shapes: np.ndarray
    named: dict[str, set[int]] = field(default_factory=dict)
    titles: Sequence[str] = ()

    def __post_init__(self) -> None:
        shapely.prepare(self.shapes)
        self._tree = shapely.STRtree(self.shapes)

    def hits(self, points: np.ndarray, belongs: Sequence[set[int] | None]) -> np.ndarray:
        """Which points (degrees) lie in an area that their row names, or in any where it names none."""
        inside = np.zeros(len(points), dtype=bool)
        at, area = self._tree.query(points, predicate="intersects")
        for point, found in zip(at.tolist(), area.tolist(), strict=True):
            owner = belongs[point]
            inside[point] |= owner is None or found in owner
        return inside

    def metres_to(self, points: np.ndarray) -> float:
        """How far the middle one of the points (degrees) lies from the nearest area, about."""
        places = shapely.get_coordinates(points)
        places = places[np.isfinite(places).all(axis=1)]
        lon, lat = np.median(places, axis=0) if len(places) else (np.nan, np.nan)
        if not np.isfinite(lon):
            return float("inf")
        middle = shapely.Point(lon, lat)
        line = shapely.shortest_line(middle, self.shapes[self._tree.nearest(middle)])
        return float(_GEOD.geometry_length(line))

    def titles_at(self, points: np.ndarray, most: int = 3) -> list[str]:
        """The names of the areas in which the points (degrees) lie, those with most of them first."""
        _at, area = self._tree.query(points, predicate="intersects")
        counted: dict[str, int] = defaultdict(int)
        for found in area.tolist():
            if found < len(self.titles):
                counted[self.titles[found]] += 1
        return sorted(counted, key=lambda title: (-counted[title], title))[:most]

    def within(self, bounds: tuple[float, float, float, float]) -> list[tuple[str, shapely.Geometry]]:
        """The areas that meet a box, with their names: of those that lie on one another the one that came last."""
        found: list[tuple[str, shapely.Geometry]] = []
        for at in sorted(self._tree.query(shapely.box(*bounds), predicate="intersects").tolist(), reverse=True):
            shape = self.shapes[at]
            middle = shapely.point_on_surface(shape)
            if not any(shapely.intersects(other, middle) for _name, other in found):
                found.append((self.titles[at] if at < len(self.titles) else "", shape))
        return found

    def belonging(self, columns: Sequence[Sequence[object]]) -> list[set[int] | None]:
        """For each row the areas that it names: in the column of which most values do, else None."""
        best: list[set[int] | None] = [None] * (len(columns[0]) if columns else 0)
        most = MOST
        for values in columns:
            owners = [self._owners(value) for value in values]
            given = sum(value not in (None, "") for value in values)
            share = sum(owner is not None for owner in owners) / given if given else 0.0
            if share > most:
                best, most = owners, share
        return best

    def of_file_name(self, name: str) -> frozenset[int]:
        """The areas that the name of a file names, by a code or a whole name; the longest where one holds another."""
        apart = re.sub(r"(?<=[a-zà-ỹ0-9])(?=[A-ZĐ])", " ", name)  # NgaiGiao
        apart += " " + re.sub(r"(?<=\D)(?=\d)|(?<=\d)(?=\D)", " ", apart)  # ngaigiao2024
        words = " ".join(re.findall(r"\w+", fold(apart.replace("_", " "))))
        tokens = set(words.split())
        found = {key for key in self.named if _may_be_in_a_file_name(key) and _holds(words, tokens, key)}
        longest = [key for key in found if not any(key != other and key in other for other in found)]
        return frozenset(at for key in longest for at in self.named[key])

    def _owners(self, value: object) -> set[int] | None:
        """The areas that a value names: as it stands, before a comma, or without the word for their kind."""
        if value is None:
            return None
        whole = key(value)
        for text in (whole, whole.split(",")[0].strip()):
            for spoken in (text, _core(text)):
                if spoken and (owners := self.named.get(spoken)):
                    return owners
        return None


def codes() -> frozenset[str]:
    """The keys of the codes of all reference areas: the first of the fields that name them."""
    found: set[str] = set()
    for dataset in registry.all_datasets():
        if dataset.names_areas_by:
            rows = dataset.in_force._default_manager.filter(until_revision=None)
            found.update(key(code) for code in rows.values_list(dataset.names_areas_by[0], flat=True) if code)
    return frozenset(found)


def in_force() -> Areas | None:
    """The areas of all reference datasets; None when there are none."""
    shapes: list[shapely.Geometry] = []
    titles: list[str] = []
    named: dict[str, set[int]] = defaultdict(set)
    for dataset in registry.all_datasets():
        if not (dataset.names_areas_by and dataset.geometry_kind.covers):
            continue
        rows = dataset.in_force._default_manager.filter(until_revision=None).order_by("pk")
        for boundary, *names in rows.values_list(str(dataset.geometry), *dataset.names_areas_by):
            if boundary is None or boundary.empty:
                continue
            for name in filter(None, names):
                for known in spoken(name):
                    named[known].add(len(shapes))
            shapes.append(shapely.from_wkb(bytes(boundary.wkb)))
            titles.append(str(names[-1] or names[0]))
    return Areas(np.array(shapes, dtype=object), dict(named), titles) if shapes else None


def spoken(name: object) -> set[str]:
    """The keys under which an area is found by one of its names or codes."""
    return {key(name), _core(key(name))}


def key(value: object) -> str:
    """Codes and names as they are compared; a code that a table took for a number keeps its digits."""
    is_whole = isinstance(value, float) and value.is_integer()
    return fold(str(int(value) if is_whole else value).removesuffix(".0")) if value is not None else ""  # type: ignore[call-overload]


def _core(key: str) -> str:
    """A name without the word for its kind: "xa ngai giao" and "x. ngai giao" are "ngai giao"; a number keeps it."""
    words = key.replace(".", " ").split()
    if words and (short := re.fullmatch(r"([^\d\W]+)(\d+)", words[0])) and short[1] in _written_out:
        words[:1] = [short[1], short[2]]  # P3
    if len(words) > 1:
        words[0] = _written_out.get(words[0], words[0])
    text = " ".join(words)
    for kind in _kinds:
        if text.startswith(kind + " "):
            rest = text.removeprefix(kind + " ")
            return text if rest.isdigit() else rest
    return text


def _may_be_in_a_file_name(key: str) -> bool:
    letters = key.replace(" ", "")
    return len(letters) >= (CODE_DIGITS if letters.isdigit() else NAME_LETTERS)


def _holds(words: str, tokens: set[str], key: str) -> bool:
    parts = re.findall(r"\w+", key)
    return f" {' '.join(parts)} " in f" {words} " or "".join(parts) in tokens
