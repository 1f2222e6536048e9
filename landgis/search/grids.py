"""Coordinates in metres of national grids: which grid is meant is known by where the point comes to lie."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely

from landgis.lib import geometry
from landgis.lib.text import fold

_NUMBER = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[. ]\d{3})+(?:,\d+)?(?![\w.])|(?<![\w.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w,])|(?<![\w.,])\d{6,7}(?:[.,]\d+)?(?!\w)"
)
FALSE_EASTING = 500_000
WIDEST = 400_000  # metres from the middle of a zone
NARROW = 200_000  # beyond which a zone of three degrees has an end
_LABEL = re.compile(r"[^\W\d_]+\d*")
_known_labels = {"x", "y", "n", "e", "m", "me", "mn", "zone"}


@dataclass(frozen=True)
class Grid:
    """A plane system in metres with a false easting of 500,000 m: its SRID and what people call it.

    One with `named_by` has wide zones. It is meant where one of these words stands beside the numbers, and then no
    other, and where the numbers are too far from the middle of a narrow zone. Words of `also` say which of those.
    """

    srid: int
    label: str
    named_by: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def named_in(self, words: set[str]) -> int:
        """How many words name it."""
        return len(words.intersection((*self.named_by, *self.also))) if words.intersection(self.named_by) else 0


@dataclass(frozen=True)
class Candidate:
    """Where a pair of numbers lies (longitude, latitude in degrees) if it is meant in a grid."""

    grid: Grid
    point: tuple[float, float]


_grids: dict[int, Grid] = {}


def register(grids: Iterable[Grid], labels: Iterable[str] = ()) -> None:
    """Add the grids of a country, the usual ones first, and words that may stand beside their numbers."""
    added = {grid.srid: grid for grid in grids}
    _grids.update(added)
    _known_labels.update(
        word
        for grid in added.values()
        for name in (*grid.named_by, *grid.also)
        for word in (name, name.lstrip("0123456789"))
    )
    _known_labels.update(word for label in labels for word in fold(label).split())


def parse(text: str) -> tuple[float, float] | None:
    """Easting and northing of a text of two numbers in metres, in whichever order; None when it is something else."""
    folded = _apart(text)
    found = list(_NUMBER.finditer(folded))
    if len(found) != 2:
        return None
    rest = _NUMBER.sub(" ", folded)
    if any(word not in _known_labels for word in _LABEL.findall(re.sub(r"[:=;,()/°']", " ", rest))):
        return None
    one, other = (_metres(match[0]) for match in found)
    fitting = [(e, n) for e, n in ((one, other), (other, one)) if abs(e - FALSE_EASTING) <= WIDEST and n > 0]
    return fitting[0] if fitting else None


def named_in(text: str) -> list[Grid]:
    """The grids that words beside the numbers name, those that most of them name; the first is the usual one."""
    words = set(re.findall(r"\d{1,2}[a-z]?\b|[^\W\d_]+\d*", _NUMBER.sub(" ", _apart(text))))
    most = max((grid.named_in(words) for grid in _grids.values()), default=0)
    return [grid for grid in _grids.values() if most and grid.named_in(words) == most]


def _apart(text: str) -> str:
    """The folded text with a blank between a number of metres and the letters behind it: 737000mE."""
    return re.sub(r"(\d{6,7}(?:[.,]\d+)?)\s*(m?[en]|m)\b", r"\1 \2", fold(text))


def candidates(easting: float, northing: float, named: Sequence[Grid] = ()) -> list[Candidate]:
    """Where the numbers would lie in each of the grids that are named; in every one they can be of where none is."""
    is_wide = abs(easting - FALSE_EASTING) > NARROW
    found = []
    for grid in named or [grid for grid in _grids.values() if bool(grid.named_by) == is_wide]:
        point = geometry.to_wgs84(shapely.Point(easting, northing), grid.srid)
        if abs(point.x) <= 180 and abs(point.y) <= 90:
            found.append(Candidate(grid, (point.x, point.y)))
    return found


def _metres(text: str) -> float:
    """1144203.102, 1144203,102, 1.144.203,10 and 1,144,203.10 as metres."""
    grouped = re.fullmatch(r"(\d{1,3}([., ])\d{3}(?:\2\d{3})*)(?:[.,](\d+))?", text)
    if grouped and len(whole := re.sub(r"\D", "", grouped[1])) >= 6:
        return float(f"{whole}.{grouped[3] or 0}")
    return float(text.replace(",", "."))
