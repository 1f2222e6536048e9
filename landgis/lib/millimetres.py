"""The grid of a millimetre in the plane of a legal CRS: geometries on it, and whether two lots of them are one ground.

What is stored lies in degrees; the way there and back moves nothing by as much as the grid is wide.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from landgis.lib import geometry

GRID_M = 0.001
GRID_DEGREES = 1e-8  # a millimetre, where the legal CRS has degrees
NARROW = 2.0  # grids: ground narrower than that is the rounding of corners


def grid(srid: int) -> float:
    """The width of the grid in the unit of a CRS."""
    system = geometry.crs(srid)
    return GRID_DEGREES if system.in_degrees else GRID_M / system.unit_m


def on_grid(shapes_wgs84: Any, srid: int) -> np.ndarray:
    """Areas in EPSG:4326 as areas in the plane of the CRS, every corner on the grid and every edge shared as before."""
    moved = geometry.from_wgs84(np.atleast_1d(np.asarray(shapes_wgs84, dtype=object)), srid)
    snapped: np.ndarray = shapely.set_precision(moved, grid(srid))
    return snapped


def united(shapes: Sequence[shapely.Geometry] | np.ndarray, srid: int) -> shapely.Geometry:
    """The ground of areas that lie on the grid, as one."""
    return shapely.union_all(list(shapes), grid_size=grid(srid))


def differing_m2(
    ones: Sequence[shapely.Geometry] | np.ndarray, others: Sequence[shapely.Geometry] | np.ndarray, srid: int
) -> float:
    """How much ground (m²) only one of two lots of areas has; 0 where what differs is nowhere wider than the grid."""
    step = grid(srid)
    ground = shapely.symmetric_difference(united(ones, srid), united(others, srid), grid_size=step)
    return _wide_m2(ground, srid)


def shared_m2(one: shapely.Geometry, other: shapely.Geometry, srid: int) -> float:
    """How much ground (m²) two areas share; 0 where it is nowhere wider than the grid."""
    return _wide_m2(shapely.intersection(one, other, grid_size=grid(srid)), srid)


def _wide_m2(ground: shapely.Geometry, srid: int) -> float:
    is_narrow = shapely.buffer(ground, -NARROW / 2 * grid(srid)).is_empty
    return 0.0 if is_narrow else float(geometry.area_m2(ground, srid))
