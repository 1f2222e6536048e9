"""Which columns of a table are its geometry: told by headings and by the values of the first rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from landgis.ingest.formats import Shape, coordinate_texts, corners
from landgis.ingest.headings import EAST, LATITUDE, LONGITUDE, NORTH, X, Y, bare, group_of_coordinate, of_coordinate
from landgis.lib import angles

WKT = re.compile(
    r"\s*(SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON|CURVE|SURFACE|GEOMETRYCOLLECTION|CURVEPOLYGON|CIRCULARSTRING|COMPOUNDCURVE)\b",
    re.I,
)
_NUMBER = r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
PAIR = re.compile(rf"[(,]\s*{_NUMBER}\s+{_NUMBER}")  # the first two numbers of a corner of WKT
HEX_WKB = re.compile(r"0[01][0-9A-F]{16,}", re.I)
BESIDE = {LONGITUDE: LATITUDE, EAST: NORTH, X: Y}
# A transverse Mercator grid has its false easting of 500 km in the middle.
EASTINGS = (100_000.0, 900_000.0)


@dataclass(frozen=True)
class TableGeometry:
    """The geometry of a table, and the CRS when the values say it themselves.

    `either_way`: the headings are X and Y, and neither values nor headings tell which of the two is the easting.
    """

    shape: Shape
    srid: int | None = None
    either_way: bool = False

    @property
    def turned(self) -> "TableGeometry":
        """The same with the two columns in the other order."""
        return replace(self, shape=_turned(self.shape))


def find(headings: Sequence[str], columns: Sequence[Sequence[str]]) -> TableGeometry | None:
    """The geometry of a table, by its headings and the first values of each column; None when it has none."""
    for heading, values in zip(headings, columns, strict=True):
        given = [value for value in values if value.strip()]
        if given and all(WKT.match(value) or HEX_WKB.match(value) for value in given):
            return TableGeometry(Shape("wkt", (heading,)), _said_srid(given[0]) or _degrees_of(given))
    named = {bare(heading): at for at, heading in reversed(list(enumerate(headings)))}
    for at, heading in enumerate(headings):
        if leaf := group_of_coordinate(heading):
            named.setdefault(leaf, at)
    for firsts in (LONGITUDE, EAST, X):
        first = next((named[name] for name in named if name in of_coordinate(firsts)), None)
        second = next((named[name] for name in named if name in of_coordinate(BESIDE[firsts])), None)
        if first is None or second is None:
            continue
        shape = points((headings[first], headings[second]), columns[first], columns[second])
        a, b = (numbers(columns[at], shape, place) for place, at in enumerate((first, second)))
        if a.size and b.size:
            is_named = firsts != X
            is_degrees = in_degrees(a, b)
            either_way = not is_named and not is_degrees and is_easting(a) == is_easting(b)
            if not is_named and _is_north_then_east(a, b):
                shape = _turned(shape)
            return TableGeometry(shape, 4326 if is_degrees else None, either_way)
    return None


def of_rows(shape: Shape, values: Mapping[str, Sequence[str]]) -> Shape:
    """The shape of points with the identity by which rows are corners; without it, where each row is a feature.

    Rows are corners where most of them stand with as many others of one identity as a boundary or a line needs.
    """
    if shape.kind != "points" or not shape.identity:
        return shape
    columns = [values[name] for name in (*shape.identity, *shape.facts)]
    identity = range(len(shape.identity))
    facts = range(len(shape.identity), len(columns))
    runs: list[int] = []
    first: Sequence[str] | None = None
    for cells in zip(*columns, strict=True):
        if first is not None and corners.goes_on(first, cells, identity, facts):
            runs[-1] += 1
        else:
            first = cells
            runs.append(1)
    needed = 2 if shape.is_line else 3
    are_corners = 2 * sum(run for run in runs if run >= needed) >= sum(runs)
    return shape if are_corners else replace(shape, identity=(), facts=())


def points(headings: tuple[str, str], first: Sequence[str], second: Sequence[str]) -> Shape:
    """The shape of two columns of coordinates, with the way in which their values are written."""
    groups = coordinate_texts.groups_of(first, second)
    letters = tuple((letter, axis, sign) for letter, (axis, sign) in angles.letters().items())
    return Shape("points", headings, groups=groups, letters=letters)


def numbers(values: Sequence[str], shape: Shape, place: int) -> np.ndarray:
    """The values that are coordinates, of the first or the second column of a shape."""
    found = []
    for value in values:
        try:
            found.append(coordinate_texts.number(value, shape, place))
        except ValueError:
            continue
    return np.array(found, dtype=float)


def _turned(shape: Shape) -> Shape:
    return replace(shape, columns=shape.columns[::-1], groups=shape.groups[::-1])


def _is_north_then_east(x: np.ndarray, y: np.ndarray) -> bool:
    """Whether X is the northing, as surveyors write it, and Y the easting.

    Only one of the two can be an easting where the other leaves the width of a zone; otherwise X is the easting until
    the places say otherwise: four degrees from its meridian an easting is as large as a northing.
    In degrees X is the longitude unless it cannot be: a latitude is never beyond 90.
    """
    if in_degrees(x, y) or in_degrees(y, x):
        return bool(np.abs(y).max() > 90 >= np.abs(x).max())
    return is_easting(y) and not is_easting(x)


def is_easting(values: np.ndarray) -> bool:
    return bool(((values > EASTINGS[0]) & (values < EASTINGS[1])).all())


def in_degrees(longitudes: np.ndarray, latitudes: np.ndarray) -> bool:
    return bool(np.abs(longitudes).max() <= 180 and np.abs(latitudes).max() <= 180)


def _degrees_of(texts: Sequence[str]) -> int | None:
    """4326 when no coordinate of the WKT leaves the globe: no sheet in metres lies so near its origin."""
    written = [text for text in texts if WKT.match(text)]
    pairs = np.array([pair for text in written for pair in PAIR.findall(text)], dtype=float).reshape(-1, 2)
    return 4326 if pairs.size and in_degrees(*pairs.T) else None


def _said_srid(text: str) -> int | None:
    said = re.match(r"\s*SRID=(\d{1,6});", text, re.I)
    return int(said[1]) if said else None
