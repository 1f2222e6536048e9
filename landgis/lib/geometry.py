"""Geometry: the one transform to WGS 84 and back, areas and lengths. How geometries are stored is in `canonical_forms`.

Coordinates are x, y: easting, northing in metres or feet, or longitude, latitude in degrees.
Every CRS is an explicit PROJ pipeline: registered from a TOML file, or one of the ways that PROJ's register lists
(`crs_register`). PROJ's own search for "the best" operation between two codes is never used: it chooses per point and
may change with the version of its database, and in some countries the seam between two choices runs through a province.

All functions take shapely geometries, or lists, arrays or GeoSeries of them, and are
deterministic: a geometry gives the same bytes alone or in any batch.
"""

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from pyproj.enums import TransformDirection

from landgis.lib import crs_register, geodesics
from landgis.lib.crs_register import Operation

WGS84 = 4326

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
    """An SRID that cannot be read. `why` is "withdrawn", "grid" or "number"; `params` tell more."""

    def __init__(self, srid: int, why: str, **params: Any):
        self.srid, self.why, self.params = srid, why, params
        super().__init__(f"EPSG:{srid} is refused: {_WHY[why]}".format(**params))


_WHY = {
    "withdrawn": "it was withdrawn, and EPSG:{meant} was meant: give that.",
    "grid": "all ways from {name} to WGS 84 need grid files ({grids}). Convert the file first.",
    "number": "no system of places on the map has that number in the register.",
}


_known: dict[int, CRS] = {}
_refused: dict[int, int] = {}


def register_crs_file(path: str | Path) -> None:
    """Register every CRS of a TOML file; the format is described at the top of lib/crs.toml.

    The same file again changes nothing. ValueError, and none of it, when an entry is wrong or differs from a known one.
    """
    with Path(path).open("rb") as file:
        content = tomllib.load(file)
    try:
        entries = {entry.srid: entry for entry in _entries(content)}
        refused = {int(srid): int(table["meant"]) for srid, table in content.get("refused", {}).items()}
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
    """The CRS of an SRID (anything that parse_srid() reads): as registered here, else of PROJ's register.

    Raises UnknownCRS.
    """
    number = parse_srid(srid)
    return _known[number] if number in _known else _of_register(number)


@functools.lru_cache(256)
def _of_register(srid: int) -> CRS:
    """A CRS that nobody registered, by the first of PROJ's ways; whoever reads a file may choose another."""
    with _refusals(srid):
        found = crs_register.system(srid, _pinned())
    return CRS(srid, found.name, found.operations[0].pipeline, found.unit_m, found.area)


def operations(srid: int, bounds: crs_register.Bounds | None = None) -> tuple[Operation, ...]:
    """PROJ's ways from a CRS that nobody registered, for data in the bounds or all; empty for one that is registered.

    Raises UnknownCRS.
    """
    if srid in _known:
        return ()
    with _refusals(srid):
        return crs_register.operations(srid, _pinned(), bounds)


@contextmanager
def _refusals(srid: int) -> Iterator[None]:
    if srid in _refused:
        raise UnknownCRS(srid, "withdrawn", meant=_refused[srid])
    try:
        yield
    except crs_register.NotInRegister as error:
        raise UnknownCRS(srid, "number") from error
    except crs_register.NeedsGrid as error:
        raise UnknownCRS(srid, "grid", name=error.name, grids=", ".join(error.grids) or "-") from error


def _pinned() -> dict[int, str]:
    """The ways to WGS 84 of the datums that are registered: those of systems in degrees."""
    return {srid: known.pipeline for srid, known in _known.items() if known.in_degrees}


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
    areas = geodesics.area(np.atleast_1d(np.asarray(degrees, dtype=object)))
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
    lengths = geodesics.length(np.atleast_1d(np.asarray(degrees, dtype=object)))
    return lengths if isinstance(objects, np.ndarray) else float(lengths[0])


register_crs_file(Path(__file__).with_name("crs.toml"))
WORLDWIDE = frozenset(_known)  # beside them stand those of a country
