"""Lengths and areas on the ellipsoid of WGS 84, of geometries in degrees."""

import itertools

import numpy as np
import shapely
from pyproj import Geod

_GEOD = Geod(ellps="WGS84")


def length(degrees: np.ndarray) -> np.ndarray:
    """Length on the ellipsoid in metres, of all parts together."""
    parts, row_of_part = shapely.get_parts(degrees, return_index=True)
    lengths = [_GEOD.line_length(*np.ascontiguousarray(shapely.get_coordinates(part).T)) for part in parts]
    totals = np.bincount(row_of_part, weights=np.array(lengths, dtype=float), minlength=len(degrees))
    return np.where(shapely.is_missing(degrees), np.nan, totals)


def area(degrees: np.ndarray) -> np.ndarray:
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
