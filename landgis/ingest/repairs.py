"""Repairs of boundaries: proposed for each that cannot be stored as it is, and done only where somebody accepts the kind.

What a kind does is said in `landgis.changes.words`.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

import numpy as np
import shapely

from landgis.changes.words import REPAIRS
from landgis.ingest.errors import FileError
from landgis.lib import geometry
from landgis.lib.canonical_forms import Fault

SMALLEST_M2 = 0.01  # a part that is left of a spike


class Repair(NamedTuple):
    """What a boundary would become, the change of its area in m2, and the kind: of several steps the one that weighs most."""

    boundary: shapely.Geometry
    change_m2: float
    kind: str


def known(kinds: Collection[str]) -> frozenset[str]:
    """The kinds as a set. Raises FileError for one that there is not, and where none is named."""
    if not kinds or not REPAIRS.keys() >= set(kinds):
        said = [kind for kind in kinds if kind and kind not in REPAIRS]
        raise FileError("repair-unknown", said=said or "-", kinds=[f"{kind} ({REPAIRS[kind]})" for kind in REPAIRS])
    return frozenset(kinds)


def proposed(drawn: np.ndarray, faults: Iterable[Fault], srid: int) -> dict[int, Repair]:
    """Row -> repair, for the faults that can be repaired."""
    found = {}
    for row, code, _params in faults:
        shape = drawn[row]
        if shape is None or code not in ("geometry-invalid", "geometry-kind"):
            continue
        flat = shapely.force_2d(shape)
        made = _repaired(flat, srid)
        if made is not None:
            before = geometry.area_m2(flat, srid) if code == "geometry-invalid" else 0.0
            found[row] = Repair(made, float(geometry.area_m2(made, srid) - before), _kind(flat))
    return found


def _kind(shape: shapely.Geometry) -> str:
    if shape.geom_type in ("LineString", "MultiLineString", "LinearRing"):
        return "lines"
    if shape.geom_type == "GeometryCollection":
        parts = shapely.get_parts(shape)
        return "collections" if any(_is_area(part) for part in parts) else "lines"
    parts = shapely.get_parts(shape)
    if any(shapely.get_num_interior_rings(part) > shapely.get_num_interior_rings(_kept(part)) for part in parts):
        return "holes"
    return "parts" if shapely.is_valid(parts).all() else "crossings"


def _repaired(shape: shapely.Geometry, srid: int) -> shapely.Geometry | None:
    try:
        made = shapely.make_valid(_as_areas(shape), method="structure", keep_collapsed=False)
    except shapely.GEOSException:
        return None
    areas = np.array([part for part in shapely.get_parts(made) if part.geom_type == "Polygon"], dtype=object)
    if not areas.size:
        return None
    large = areas[geometry.area_m2(areas, srid) >= SMALLEST_M2]
    if not large.size:
        return None
    whole = shapely.multipolygons(large) if large.size > 1 else large[0]
    return whole if shapely.is_valid(whole) else None


def _as_areas(shape: shapely.Geometry) -> shapely.Geometry:
    """Areas without holes that lie outside of them; of a collection the areas; lines as areas where all are closed."""
    parts = shapely.get_parts(shape)
    areas = [_kept(area) for part in parts if _is_area(part) for area in shapely.get_parts(part)]
    if areas:
        return shapely.multipolygons(areas)
    lines = [line for part in parts for line in shapely.get_parts(part)]
    if not lines or not all(_can_close(line) for line in lines):
        return shapely.MultiPolygon()
    made = shapely.Polygon(lines[0])
    for line in lines[1:]:  # a ring inside another is a hole, one beside it a part
        ring = shapely.Polygon(line)
        made = shapely.symmetric_difference(made, ring) if shapely.is_valid([made, ring]).all() else shapely.Polygon()
    return made if made.geom_type in ("Polygon", "MultiPolygon") else shapely.MultiPolygon()


def _is_area(part: shapely.Geometry) -> bool:
    return part.geom_type in ("Polygon", "MultiPolygon") and not part.is_empty


def _kept(area: shapely.Geometry) -> shapely.Geometry:
    """The area without holes that lie outside of it."""
    if not area.interiors:
        return area
    shell = shapely.make_valid(shapely.Polygon(area.exterior))
    return shapely.Polygon(area.exterior, [hole for hole in area.interiors if shell.intersects(hole)])


def _can_close(part: shapely.Geometry) -> bool:
    """A line that ends where it begins, with three different corners at least."""
    is_line = part.geom_type in ("LineString", "LinearRing") and not part.is_empty
    return bool(is_line and part.is_closed and len(np.unique(shapely.get_coordinates(part), axis=0)) >= 3)
