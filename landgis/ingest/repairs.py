"""Repairs of boundaries: proposed for each that cannot be stored as it is, and done only when somebody accepts them."""

from collections.abc import Iterable

import numpy as np
import shapely

from landgis.lib import geometry
from landgis.lib.canonical_forms import Fault

SMALLEST_M2 = 0.01  # a part that is left of a spike


def proposed(drawn: np.ndarray, faults: Iterable[Fault], srid: int) -> dict[int, tuple[shapely.Geometry, float]]:
    """Row -> (repaired boundary, change of its area in m2), for the faults that can be repaired.

    Rings that cross themselves are taken apart, holes outside are dropped, a closed line becomes an area, and of a
    collection the areas are kept.
    """
    found = {}
    for row, code, _params in faults:
        shape = drawn[row]
        if shape is None or code not in ("geometry-invalid", "geometry-kind"):
            continue
        repaired = _repaired(shapely.force_2d(shape), srid)
        if repaired is not None:
            before = geometry.area_m2(shapely.force_2d(shape), srid) if code == "geometry-invalid" else 0.0
            found[row] = (repaired, float(geometry.area_m2(repaired, srid) - before))
    return found


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
    """Areas without holes that lie outside of them; closed lines as areas; of a collection the areas."""
    parts = shapely.get_parts(shape)
    areas = [_without_stray_holes(part) for part in parts if part.geom_type == "Polygon"]
    lines = [shapely.Polygon(part) for part in parts if part.geom_type == "LineString" and _can_close(part)]
    chosen = areas or lines
    return shapely.multipolygons(chosen) if chosen else shapely.MultiPolygon()


def _without_stray_holes(area: shapely.Geometry) -> shapely.Geometry:
    if not area.interiors:
        return area
    shell = shapely.make_valid(shapely.Polygon(area.exterior))
    return shapely.Polygon(area.exterior, [hole for hole in area.interiors if shell.intersects(hole)])


def _can_close(line: shapely.Geometry) -> bool:
    return bool(line.is_closed and shapely.get_num_coordinates(line) >= 4)
