"""What a .prj or the like describes, compared whole: datum, ellipsoid, projection with all its parameters, unit.

A description that differs from every known system in something is not taken for the one that it is most like: what it
differs in is named, and a person decides. Names and the order of axes do not count.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info
from pyproj.enums import PJType
from pyproj.exceptions import CRSError, ProjError

from landgis.ingest import mistakes
from landgis.ingest.errors import marked as _
from landgis.ingest.mistakes import Mistake
from landgis.ingest.placements import Placement, on_globe
from landgis.lib import crs_register, geometry

SURE = 70  # of PROJ's confidence: equivalent but for its name
AS_WRITTEN, NAMELESS = "as-written", "unnamed"
SAME_ELLIPSOID_M = 1.0
PREFIX = 1e6  # a zone's number stands before the false easting in millions
MOST_DIFFERENCES, MOST_ALIKE = 2, 3


@dataclass(frozen=True)
class Likeness:
    """A reading by a known system that is like the one described, and what differs: (what, as written, as known)."""

    placement: Placement
    differences: tuple[tuple[str, str, str], ...]


def crs_of(text: str) -> pyproj.CRS | None:
    """The horizontal system that a text describes; None when it describes none."""
    if not text:
        return None
    try:
        crs = pyproj.CRS.from_user_input(text)
        crs = (crs.sub_crs_list[0] if crs.is_compound else crs).to_2d()
    except CRSError:
        return None
    return crs if crs.is_projected or crs.is_geographic else None


def srid_of(text: str) -> int | None:
    """The EPSG number of the system that a text describes whole, or None."""
    crs = crs_of(text)
    if crs is None:
        return None
    if crs.is_geographic and "CRS84" in crs.name:
        return geometry.WGS84
    return _number(crs)


def _number(crs: pyproj.CRS) -> int | None:
    """The number in the register; names do not count, and PROJ lets some of them mislead it."""
    found = crs.to_epsg(min_confidence=SURE)
    if found is None:
        nameless = crs.to_json_dict() | {"name": NAMELESS}
        if "base_crs" in nameless:
            nameless["base_crs"] = nameless["base_crs"] | {"name": NAMELESS}
        found = pyproj.CRS.from_json_dict(nameless).to_epsg(min_confidence=SURE)
    return found


def as_written(text: str) -> Placement | None:
    """A reading of a system that has no number, through its datum: it is kept in WGS 84. None where that is not known."""
    crs = crs_of(text)
    base = _number(crs.geodetic_crs) if crs is not None and crs.geodetic_crs is not None else None
    if crs is None or base is None:
        return None
    try:
        way = crs_register.through_datum(crs, base, geometry.crs(base).pipeline)
    except (geometry.UnknownCRS, CRSError, ProjError, ValueError):
        return None
    name = _("the coordinates are those of the system that the file describes")
    return Placement(geometry.WGS84, Mistake(AS_WRITTEN, name, to_wgs84=way))


def alike(text: str, points: np.ndarray) -> list[Likeness]:
    """Readings by known systems that are like the one described, those with fewer differences first."""
    crs = crs_of(text)
    if crs is None or not crs.is_projected:
        return []
    found = []
    for srid in _candidates(crs, points):
        differences = _differences(crs, crs_register.horizontal(srid))
        if differences is not None and len(differences) <= MOST_DIFFERENCES:
            found += [Likeness(one, differences) for one in _readings(srid, differences)]
    equal = [one for one in found if not one.differences]
    return equal[:1] or sorted(found, key=lambda one: len(one.differences))[:MOST_ALIKE]


def nameless(srid: int, points: np.ndarray) -> list[Likeness]:
    """Known systems of where the points lie that differ from this one, of WGS 84, in their datum alone.

    A form of files without a name for their datum says WGS 84 of them.
    """
    written = crs_register.horizontal(srid)
    base = written.geodetic_crs
    if base is None or _number(base) != geometry.WGS84:
        return []
    differ = _differences if written.is_projected else _differences_of_degrees
    others = [one for one in geometry.known_srids() if one != srid]
    told = [(one, differ(written, crs_register.horizontal(one))) for one in others]
    found = [(one, said) for one, said in told if said and [what for what, *_ in said] == ["datum"]]
    if not written.is_projected:
        found = [(one, said) for one, said in found if _is_made_for(crs_register.horizontal(one), points)]
    return [Likeness(Placement(one), said) for one, said in found]


def _is_made_for(crs: pyproj.CRS, points: np.ndarray) -> bool:
    """Whether the middle of the points (degrees, whichever stands first) lies where a system is used."""
    area = crs.area_of_use
    if area is None or not len(points):
        return False
    place = np.median(shapely.get_coordinates(points), axis=0)
    lower, upper = (area.west, area.south), (area.east, area.north)
    return any(np.all(lower <= one) and np.all(one <= upper) for one in (place, place[::-1]))


def _candidates(crs: pyproj.CRS, points: np.ndarray) -> list[int]:
    """Known systems, and those of the register that were made for where the points lie, were there no datum shift."""
    known = [srid for srid in geometry.known_srids() if not 32600 < srid < 32800]
    try:
        x, y = shapely.get_coordinates(points).T
        places = np.column_stack(pyproj.Proj(crs)(x, y, inverse=True))
    except ProjError:
        return known
    places = places[on_globe(places)]
    if not len(places):
        return known
    lon, lat = np.median(places, axis=0)
    made_for = query_crs_info("EPSG", PJType.PROJECTED_CRS, AreaOfInterest(lon, lat, lon, lat), contains=True)
    return list(dict.fromkeys([*known, *(int(one.code) for one in made_for)]))


def _differences(written: pyproj.CRS, known: pyproj.CRS) -> tuple[tuple[str, str, str], ...] | None:
    """What two projected systems differ in; None where they are not alike."""
    mine, its = _parameters(written), _parameters(known)
    if mine is None or its is None or mine["method"] != its["method"]:
        return None
    if abs(mine["ellipsoid"] - its["ellipsoid"]) > SAME_ELLIPSOID_M:
        return None
    names = {*mine, *its} - {"method", "ellipsoid", "datum", *LOOSE}
    if any(abs(mine.get(name, 0.0) - its.get(name, 0.0)) > 1e-9 for name in names):
        return None
    found = [
        (what, f"{mine.get(name, 1.0):.12g}", f"{its.get(name, 1.0):.12g}")
        for name, what in LOOSE.items()
        if abs(mine.get(name, 1.0) - its.get(name, 1.0)) > 1e-9
    ]
    if (its["False easting"] - mine["False easting"]) % PREFIX:
        return None
    same_datum = mine["datum"] == its["datum"]
    return tuple(found) if same_datum else (("datum", mine["datum"], its["datum"]), *found)


def _differences_of_degrees(written: pyproj.CRS, known: pyproj.CRS) -> tuple[tuple[str, str, str], ...] | None:
    """What two systems of degrees on the same ellipsoid differ in; None where they are not alike.

    A form that names ellipsoids keeps those apart that differ in flattening alone (ETRS89, NAD83).
    """
    if not known.is_geographic or not (written.ellipsoid and written.datum and known.ellipsoid and known.datum):
        return None
    for name in ("semi_major_metre", "inverse_flattening"):
        if abs(getattr(written.ellipsoid, name) - getattr(known.ellipsoid, name)) > 1e-9:
            return None
    return () if written.datum.name == known.datum.name else (("datum", written.datum.name, known.datum.name),)


# Parameters in which like systems may differ, and how they are called in issues.
LOOSE = {"Scale factor at natural origin": "scale", "False easting": "easting", "unit": "unit"}


def _parameters(crs: pyproj.CRS) -> dict[str, Any] | None:
    """Method, datum, ellipsoid, unit and parameters (SI units) of a projected system."""
    operation = crs.coordinate_operation
    if operation is None or crs.ellipsoid is None or crs.datum is None:
        return None
    parameters = {one.name: float(one.value) * one.unit_conversion_factor for one in operation.params}
    if "False easting" not in parameters:
        return None
    return parameters | {
        "method": operation.method_name,
        "datum": crs.datum.name,
        "ellipsoid": crs.ellipsoid.semi_major_metre,
        "meridian": crs.prime_meridian.longitude if crs.prime_meridian else 0.0,
        "unit": crs.axis_info[0].unit_conversion_factor,
    }


def _readings(srid: int, differences: tuple[tuple[str, str, str], ...]) -> Iterator[Placement]:
    """The known system as it is, and with what differs taken back where that is a known mistake."""
    written = {what: float(as_written) for what, as_written, _known in differences if what != "datum"}
    if "easting" in written:  # the plain reading would lie in another zone
        if (fix := mistakes.by_code(mistakes.PREFIX_MISSING, srid)) is not None:
            yield Placement(srid, fix)
        return
    yield Placement(srid)
    if any(what == "datum" for what, _written, _known in differences):
        yield from (Placement(srid, fix) for fix in mistakes.small(srid) if fix.to_wgs84)
    if "scale" in written and (fix := mistakes.scale(srid, written["scale"])) is not None:
        yield Placement(srid, fix)
