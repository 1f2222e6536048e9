"""The forms in which areas, lines and points are stored, and what keeps a geometry from being stored.

All functions take lists, arrays or GeoSeries of shapely geometries; what is measured is measured in a CRS that is
registered (see `geometry`). Heights are not kept: the height of a point is a field.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import GeometryType

from landgis.lib import geometry
from landgis.lib.geometry import flat, rows_of

Rows = np.ndarray
Fault = tuple[int, str, dict[str, Any]]
# In a Mercator map of the world there is nothing beyond this longitude and latitude.
EDGE = (180.0, 85.0)


@dataclass(frozen=True)
class CanonicalForm:
    """How geometries of one kind are stored: all of one type, in two dimensions.

    `taken` are the types that files bring, `stored` is the one they become by `built`. `measured` gives metres or
    square metres; None where there is nothing to measure.
    """

    taken: Sequence[GeometryType]
    stored: GeometryType
    built: Callable[[Rows], Rows]
    faulty: Callable[[Rows, Rows], None]
    measured: Callable[[Any, int | str], Any] | None = None

    @property
    def type_name(self) -> str:
        """The stored type as PostGIS and GeoJSON write it: MultiPolygon, MultiLineString, Point."""
        return _NAMES[self.stored]

    @property
    def type_names(self) -> list[str]:
        """Every type that is read, the usual one first."""
        return [_NAMES[one] for one in self.taken]

    def canonical(self, geometries: Iterable[Any]) -> Rows:
        """The form that is stored. None stays None; vertices and parts stay as they are: nothing is merged or repaired.

        Raises ValueError for other kinds, which faults() would have reported.
        """
        rows = flat(rows_of(geometries))
        wrong = np.flatnonzero(~self._is_taken(rows) & ~shapely.is_missing(rows))
        if wrong.size:
            raise ValueError(
                f"row {wrong[0]} is a {rows[wrong[0]].geom_type}, not a {self.type_names[0]}: "
                "leave out the rows that faults() reports"
            )
        return self.built(rows)

    def faults(self, geometries: Iterable[Any]) -> list[Fault]:
        """What keeps geometries from being stored: (row, code, params), one a row at most, in order.

        geometry-missing; geometry-empty; geometry-kind (params kind: what it is); geometry-not-finite (NaN or infinite x
        or y); of a line geometry-no-length; geometry-invalid (params reason in the words of GEOS, and x, y of the place
        in the CRS of the input).
        """
        rows = rows_of(geometries)
        # From the least to the most telling: what is written last is reported.
        code = np.full(len(rows), "", dtype=object)
        code[_first_vertices(rows, lambda xy: ~np.isfinite(xy))[0]] = "geometry-not-finite"
        code[shapely.is_empty(rows)] = "geometry-empty"
        code[~self._is_taken(rows)] = "geometry-kind"
        code[shapely.is_missing(rows)] = "geometry-missing"
        self.faulty(rows, code)
        return [(int(row), code[row], _params(code[row], rows[row])) for row in np.flatnonzero(code)]

    def _is_taken(self, rows: Rows) -> Rows:
        """Of one type that is read; what is stored in one part has no more than one."""
        is_taken = np.isin(shapely.get_type_id(rows), [int(one) for one in self.taken])
        if self.stored == GeometryType.POINT:
            is_taken &= shapely.get_num_geometries(rows) < 2
        return is_taken


def _areas(rows: Rows) -> Rows:
    """MultiPolygons, shells counter-clockwise, holes clockwise."""
    single = shapely.get_type_id(rows) == GeometryType.POLYGON
    rows[single] = shapely.multipolygons(rows[single].reshape(-1, 1))
    rows[shapely.is_empty(rows)] = shapely.MultiPolygon()
    oriented: np.ndarray = shapely.orient_polygons(rows, exterior_cw=False)
    return oriented


def _lines(rows: Rows) -> Rows:
    """MultiLineStrings that run as they were drawn."""
    single = shapely.get_type_id(rows) == GeometryType.LINESTRING
    rows[single] = shapely.multilinestrings(rows[single].reshape(-1, 1))
    rows[shapely.is_empty(rows)] = shapely.MultiLineString()
    return rows


def _points(rows: Rows) -> Rows:
    """Points; the only one of a MultiPoint."""
    several = shapely.get_type_id(rows) == GeometryType.MULTIPOINT
    rows[several] = shapely.get_geometry(rows[several], 0)
    rows[shapely.is_empty(rows) | (several & shapely.is_missing(rows))] = shapely.Point()
    return rows


def _invalid(rows: Rows, code: Rows) -> None:
    sound = np.flatnonzero(code == "")
    code[sound[~shapely.is_valid(rows[sound])]] = "geometry-invalid"


def _without_length(rows: Rows, code: Rows) -> None:
    """A line may cross itself; each of its parts leads somewhere."""
    sound = np.flatnonzero(code == "")
    parts, row_of_part = shapely.get_parts(rows[sound], return_index=True)
    code[sound[np.unique(row_of_part[shapely.length(parts) == 0])]] = "geometry-no-length"
    _invalid(rows, code)


_NAMES = {
    GeometryType.POLYGON: "Polygon",
    GeometryType.MULTIPOLYGON: "MultiPolygon",
    GeometryType.LINESTRING: "LineString",
    GeometryType.MULTILINESTRING: "MultiLineString",
    GeometryType.POINT: "Point",
    GeometryType.MULTIPOINT: "MultiPoint",
}

AREA = CanonicalForm(
    (GeometryType.POLYGON, GeometryType.MULTIPOLYGON), GeometryType.MULTIPOLYGON, _areas, _invalid, geometry.area_m2
)
LINE = CanonicalForm(
    (GeometryType.LINESTRING, GeometryType.MULTILINESTRING),
    GeometryType.MULTILINESTRING,
    _lines,
    _without_length,
    geometry.length_m,
)
POINT = CanonicalForm((GeometryType.POINT, GeometryType.MULTIPOINT), GeometryType.POINT, _points, _invalid)


def _params(code: str, shape: Any) -> dict[str, Any]:
    if code == "geometry-kind":
        return {"kind": shape.geom_type}
    if code == "geometry-invalid":
        return _reason(shapely.is_valid_reason(shape))
    return {}


def _reason(text: str) -> dict[str, Any]:
    """{reason, x, y} from "Self-intersection[1.5 2]", as GEOS writes it."""
    match = re.fullmatch(r"(.*?)\s*\[(\S+) (\S+)\]", text, re.S)
    if match is None or not all(math.isfinite(float(number)) for number in match.groups()[1:]):
        return {"reason": match[1] if match else text, "x": None, "y": None}
    return {"reason": match[1], "x": float(match[2]), "y": float(match[3])}


def out_of_world(geometries_wgs84: Iterable[Any]) -> list[Fault]:
    """Geometries in EPSG:4326 with a vertex that no map of ours shows, as faults.

    The code is geometry-out-of-world; params x, y in degrees are the first vertex beyond 85 of
    latitude or 180 of longitude, or None where the transform had no answer.
    """
    rows, places = _first_vertices(rows_of(geometries_wgs84), lambda xy: ~(np.abs(xy) <= EDGE))
    return [
        (int(row), "geometry-out-of-world", _place(*place)) for row, place in zip(rows, places.tolist(), strict=True)
    ]


def _first_vertices(rows: Rows, test: Callable[[np.ndarray], np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The rows with a vertex whose x or y fulfils the test, and the first such vertex of each."""
    vertices, row_of_vertex = shapely.get_coordinates(rows, return_index=True)
    hit = test(vertices).any(axis=1)
    found, first = np.unique(row_of_vertex[hit], return_index=True)
    return found, vertices[hit][first]


def _place(x: float, y: float) -> dict[str, float | None]:
    """A place that JSON can carry: None for what is not finite."""
    if not (math.isfinite(x) and math.isfinite(y)):
        return {"x": None, "y": None}
    return {"x": x, "y": y}
