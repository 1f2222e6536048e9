"""Geometry: the one transform to WGS 84 and back, areas and lengths. How geometries are stored is in `canonical_forms`.

Coordinates are x, y: easting, northing in metres or feet, or longitude, latitude in degrees.
Every CRS is an explicit PROJ pipeline that was registered from a TOML file. PROJ's own search
for "the best" operation between two codes is never used: it chooses per point and may change with
the version of its database, and in some countries the seam between two choices runs through a
province.

All functions take shapely geometries, or lists, arrays or GeoSeries of them, and are
deterministic: a geometry gives the same bytes alone or in any batch.
"""

import functools
import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Geod, Transformer
from pyproj.enums import TransformDirection

WGS84 = 4326

_GEOD = Geod(ellps="WGS84")


# --- The register of coordinate reference systems -------------------------------------------


@dataclass(frozen=True)
class CRS:
    """A coordinate reference system: how to reach WGS 84 from it, and what its unit is.

    pipeline: PROJ text from x, y of this CRS to WGS 84 longitude, latitude in degrees.
    unit_m: metres per unit; 0 when the unit is the degree.
    area: "planar" when areas may be measured in this plane, "geodesic" when they may not
    (degrees, Web Mercator).
    """

    srid: int
    name: str
    pipeline: str
    unit_m: float = 0.0
    area: str = "planar"

    @property
    def in_degrees(self) -> bool:
        return self.unit_m == 0


class UnknownCRS(LookupError):
    """No transform is registered for this SRID. The text says what to do."""

    def __init__(self, srid: int):
        self.srid = srid
        because = _refused.get(srid)
        super().__init__(
            f"EPSG:{srid} is refused: {because}"
            if because
            else f"EPSG:{srid} has no registered transform to WGS 84. "
            f"Convert the file to one of {_ranges(known_srids())}; or add [crs.{srid}] with an "
            "explicit PROJ pipeline to a TOML file and register it with "
            "landgis.lib.geometry.register_crs_file(). "
            "If a country's package should have brought it, check that the package is installed."
        )


_known: dict[int, CRS] = {}
_refused: dict[int, str] = {}


def register_crs_file(path: str | Path) -> None:
    """Register every CRS of a TOML file; the format is described at the top of lib/crs.toml.

    Registering the same file again changes nothing. Raises ValueError, and registers none of the
    file, when an entry is wrong or differs from one that is already registered.
    """
    with Path(path).open("rb") as file:
        content = tomllib.load(file)
    try:
        entries = {entry.srid: entry for entry in _entries(content)}
        refused = {int(srid): str(table["because"]) for srid, table in content.get("refused", {}).items()}
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error!r}. See the top of landgis/lib/crs.toml for the format.") from error
    for srid, entry in entries.items():
        if _known.get(srid, entry) != entry:
            raise ValueError(
                f"{path}: EPSG:{srid} is already registered with another definition. One place "
                "must decide how a CRS reaches WGS 84: remove one of the two."
            )
    _known.update(entries)
    _refused.update(refused)


def _entries(content: dict[str, Any]) -> Iterator[CRS]:
    for srid, table in content.get("crs", {}).items():
        yield _checked(CRS(int(srid), **table))
    for family in content.get("family", []):
        family = dict(family)
        first, last = family.pop("first"), family.pop("last")
        for srid in range(first, last + 1):
            zone = str(srid - first + 1)
            texts = {k: v.replace("{n}", zone) for k, v in family.items() if isinstance(v, str)}
            yield _checked(CRS(srid, **{**family, **texts}))


def _checked(entry: CRS) -> CRS:
    if not entry.pipeline.startswith("+proj="):
        raise ValueError(f"EPSG:{entry.srid}: pipeline must start with +proj=")
    if not entry.unit_m >= 0:
        raise ValueError(f"EPSG:{entry.srid}: unit_m must be metres per unit, or 0 for degrees")
    if entry.area not in ("planar", "geodesic"):
        raise ValueError(f'EPSG:{entry.srid}: area must be "planar" or "geodesic"')
    return entry


def known_srids() -> list[int]:
    """The registered SRIDs, in ascending order."""
    return sorted(_known)


def crs(srid: int | str) -> CRS:
    """The registered CRS of an SRID (anything that parse_srid() reads). Raises UnknownCRS."""
    number = parse_srid(srid)
    if number not in _known:
        raise UnknownCRS(number)
    return _known[number]


_SRID = re.compile(r"(?:(?:.*[:/])?EPSG(?:[:/][^:/]*)?[:/])?([0-9]{1,9})", re.I)
_CRS84 = re.compile(r"(?:.*[:/])?CRS84", re.I)


def parse_srid(text: int | np.integer | str) -> int:
    """5899 from 5899, "5899", "EPSG:5899" or the OGC URN or address of it; CRS84 is 4326.

    Says nothing about whether the CRS is registered. Raises ValueError.
    """
    words = text.strip() if isinstance(text, str) else repr(text)
    if isinstance(text, np.integer):
        words = str(int(text))
    if _CRS84.fullmatch(words):
        return WGS84
    match = _SRID.fullmatch(words)
    if match is None or int(match[1]) == 0:
        raise ValueError(
            f'{text!r} is not a coordinate reference system: write its EPSG number, as in 5899 or "EPSG:5899".'
        )
    return int(match[1])


def _ranges(srids: Sequence[int]) -> str:
    """'3405-3406, 5899' from [3405, 3406, 5899]."""
    groups = itertools.groupby(enumerate(srids), lambda pair: pair[1] - pair[0])
    runs = [[srid for _, srid in group] for _, group in groups]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


# --- The transform --------------------------------------------------------------------------


def to_wgs84(geometry: Any, srid: int | str) -> Any:
    """Geometry in the CRS `srid` to longitude, latitude in degrees (EPSG:4326).

    geometry: one shapely geometry, or an array of them; None stays None. The answer has the same
    shape and is 2D. A vertex with no place in WGS 84 comes out as (inf, inf), which out_of_world()
    reports: one bad row must not stop a file. Raises UnknownCRS.
    """
    return _moved(geometry, srid, TransformDirection.FORWARD)


def from_wgs84(geometry: Any, srid: int | str) -> Any:
    """Geometry in longitude, latitude (EPSG:4326) to the CRS `srid`; see to_wgs84()."""
    return _moved(geometry, srid, TransformDirection.INVERSE)


def through(geometry: Any, pipeline: str, *, back: bool = False) -> Any:
    """Geometry through another PROJ pipeline, such as one that takes a mistake back; else as to_wgs84()."""
    return _through(geometry, pipeline, TransformDirection.INVERSE if back else TransformDirection.FORWARD)


def _moved(geometry: Any, srid: int | str, direction: TransformDirection) -> Any:
    return _through(geometry, crs(srid).pipeline, direction)


def _through(geometry: Any, pipeline: str, direction: TransformDirection) -> Any:
    transformer = _transformer(pipeline)

    def move(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        x, y = transformer.transform(x, y, direction=direction)
        lost = ~(np.isfinite(x) & np.isfinite(y))
        # NaN would leave a ring unclosed (NaN != NaN) and GEOS would refuse to build it.
        x[lost] = y[lost] = np.inf
        return x, y

    # Flat first: shapely.transform() alone keeps the Z and M dimensions, filled with NaN.
    return shapely.transform(flat(_objects(geometry)), move, interleaved=False)


@functools.cache
def _transformer(pipeline: str) -> Transformer:
    """One transformer for each pipeline, shared by all threads.

    Sharing is safe: a pyproj Transformer (3.1 and later) holds the PROJ object, which is not
    thread-safe, in thread-local storage, and builds it again from the text in each new thread.
    A pipeline has no alternatives, so the object carries nothing over from one point to the next.
    """
    return Transformer.from_pipeline(pipeline)


def _objects(geometry: Any) -> Any:
    """A single geometry (or None) as it is, anything else as an array of objects."""
    if geometry is None or isinstance(geometry, shapely.Geometry):
        return geometry
    return np.asarray(geometry, dtype=object)


def flat(geometry: Any) -> Any:
    """The geometry, or a new array of them, in two dimensions; what is so already is not built anew."""
    deep = shapely.has_z(geometry) | shapely.has_m(geometry)
    if not isinstance(geometry, np.ndarray):
        return shapely.force_2d(geometry) if deep else geometry
    flat = geometry.copy()
    flat[deep] = shapely.force_2d(geometry[deep])
    return flat


def rows_of(geometries: Iterable[Any]) -> np.ndarray:
    """A one-dimensional array of geometries and Nones."""
    rows = np.asarray(geometries, dtype=object)
    if rows.ndim != 1:
        raise ValueError(f"expected a list or a one-dimensional array of geometries, not {type(geometries).__name__}")
    return rows


# --- Areas and lengths ----------------------------------------------------------------------------------


def area_m2(geometries: Any, srid: int | str) -> Any:
    """Area in square metres, in the plane of the CRS; geodesic where that measures no area.

    A float for one geometry, an array of floats for an array; NaN for None. Nothing is rounded.
    Raises UnknownCRS.
    """
    system = crs(srid)
    objects = _objects(geometries)
    if system.area == "planar" and not system.in_degrees:
        return shapely.area(objects) * system.unit_m**2
    degrees = objects if system.in_degrees else to_wgs84(objects, system.srid)
    areas = _geodesic_area(np.atleast_1d(np.asarray(degrees, dtype=object)))
    return areas if isinstance(objects, np.ndarray) else float(areas[0])


def length_m(lines: Any, srid: int | str) -> Any:
    """Length of lines in metres, in the plane of the CRS; along the ellipsoid where that is no measure.

    A float for one geometry, an array of floats for an array; NaN for None. Raises UnknownCRS.
    """
    system = crs(srid)
    objects = _objects(lines)
    if system.area == "planar" and not system.in_degrees:
        return shapely.length(objects) * system.unit_m
    degrees = objects if system.in_degrees else to_wgs84(objects, system.srid)
    lengths = _geodesic_length(np.atleast_1d(np.asarray(degrees, dtype=object)))
    return lengths if isinstance(objects, np.ndarray) else float(lengths[0])


def _geodesic_length(degrees: np.ndarray) -> np.ndarray:
    """Length on the ellipsoid in metres, of all parts together."""
    parts, row_of_part = shapely.get_parts(degrees, return_index=True)
    lengths = [_GEOD.line_length(*np.ascontiguousarray(shapely.get_coordinates(part).T)) for part in parts]
    totals = np.bincount(row_of_part, weights=np.array(lengths, dtype=float), minlength=len(degrees))
    return np.where(shapely.is_missing(degrees), np.nan, totals)


def _geodesic_area(degrees: np.ndarray) -> np.ndarray:
    """Area on the ellipsoid in m2; shells count positive and holes negative, however they turn."""
    parts, row_of_part = shapely.get_parts(degrees, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    vertices, ring_of_vertex = shapely.get_coordinates(rings, return_index=True)
    x, y = np.ascontiguousarray(vertices.T)
    ends = np.searchsorted(ring_of_vertex, np.arange(len(rings) + 1)).tolist()
    areas = np.array(
        [abs(_GEOD.polygon_area_perimeter(x[a:b], y[a:b])[0]) for a, b in itertools.pairwise(ends)],
        dtype=float,
    )
    is_hole = np.zeros(len(rings), dtype=bool)
    is_hole[1:] = part_of_ring[1:] == part_of_ring[:-1]
    totals = np.bincount(row_of_part[part_of_ring], weights=np.where(is_hole, -areas, areas), minlength=len(degrees))
    return np.where(shapely.is_missing(degrees), np.nan, totals)


register_crs_file(Path(__file__).with_name("crs.toml"))
WORLDWIDE = frozenset(_known)  # beside them stand those of a country
