"""Coordinates in metres of national grids: which grid is meant is known by where the point comes to lie."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import shapely

from landgis.lib import geometry
from landgis.lib.text import fold

_NUMBER = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[. ]\d{3})+(?:,\d+)?(?![\w.])|(?<![\w.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w,])|(?<![\w.,])\d{6,7}(?:[.,]\d+)?(?!\w)"
)
FALSE_EASTING = 500_000
WIDEST = 400_000  # metres from the middle of a zone
_LABEL = re.compile(r"[^\W\d_]+\d*")
_known_labels = {"x", "y", "n", "e", "m"}


@dataclass(frozen=True)
class Grid:
    """A plane system in metres with a false easting of 500,000 m: its SRID and what people call it."""

    srid: int
    label: str


@dataclass(frozen=True)
class Candidate:
    """Where a pair of numbers lies (longitude, latitude in degrees) if it is meant in a grid."""

    grid: Grid
    point: tuple[float, float]


_grids: dict[int, Grid] = {}


def register(grids: Iterable[Grid], labels: Iterable[str] = ()) -> None:
    """Add the grids of a country, the usual ones first, and words that may stand beside their numbers."""
    _grids.update({grid.srid: grid for grid in grids})
    _known_labels.update(word for label in labels for word in fold(label).split())


def parse(text: str) -> tuple[float, float] | None:
    """Easting and northing of a text of two numbers in metres, in whichever order; None when it is something else."""
    folded = fold(text)
    found = list(_NUMBER.finditer(folded))
    if len(found) != 2:
        return None
    rest = _NUMBER.sub(" ", folded)
    if any(word not in _known_labels for word in _LABEL.findall(re.sub(r"[:=;,()/°']", " ", rest))):
        return None
    one, other = (_metres(match[0]) for match in found)
    fitting = [(e, n) for e, n in ((one, other), (other, one)) if abs(e - FALSE_EASTING) <= WIDEST and n > 0]
    return fitting[0] if fitting else None


def candidates(easting: float, northing: float) -> list[Candidate]:
    """Where the numbers would lie in every grid known."""
    found = []
    for grid in _grids.values():
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
