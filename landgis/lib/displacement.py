"""How far a geometry lies from where it lay before."""

import numpy as np
import shapely

from landgis.lib.webmap import DEGREE_M

MOST_PAIRS = 4_000_000  # of vertices that are compared, each with every side of the other shape


def displacement_m(new: np.ndarray, old: np.ndarray, most_m: float, *, is_directed: bool = False) -> np.ndarray:
    """Metres by which geometries (degrees) lie off those before them, up to `most_m`; infinite for what is farther off.

    The farthest that any vertex of one lies from the outline of the other: where a ring begins, and vertices in the
    middle of a side, make no difference. One that `is_directed` has moved, too, when it runs the other way.
    """
    found = np.full(len(new), np.inf)
    there = np.flatnonzero(~shapely.is_empty(new) & ~shapely.is_empty(old))
    origin = shapely.bounds(old[there])[:, :2]
    one, other = (_in_metres(shapes[there], origin) for shapes in (new, old))
    is_near = (np.abs(shapely.bounds(one) - shapely.bounds(other)) <= most_m).all(axis=1)
    # A hole that is filled has the same outline.
    is_near &= np.abs(shapely.area(one) - shapely.area(other)) <= most_m * shapely.length(other)
    near, one, other = there[is_near], one[is_near], other[is_near]
    found[near] = _vertex_by_vertex(one, other)
    if not is_directed:
        vertices = shapely.get_num_coordinates(one) * shapely.get_num_coordinates(other)
        rest = np.flatnonzero((found[near] > most_m) & (vertices <= MOST_PAIRS))
        found[near[rest]] = shapely.hausdorff_distance(one[rest], other[rest])
    found[found > most_m] = np.inf
    return found


def _in_metres(shapes: np.ndarray, origin: np.ndarray) -> np.ndarray:
    """The shapes in the plane round their own origin (degrees); copies."""
    degrees, at = shapely.get_coordinates(shapes, return_index=True)
    metres = np.column_stack([np.cos(np.radians(origin[:, 1])), np.ones(len(origin))]) * DEGREE_M
    # The ground turns by less than a thousandth of a millimetre in the millimetres that are asked for.
    flat: np.ndarray = shapely.set_coordinates(shapes.copy(), (degrees - origin[at]) * metres[at])
    return flat


def _vertex_by_vertex(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The farthest that a vertex lies from the one of the same number; infinite where there are more or fewer."""
    found = np.full(len(one), np.inf)
    same = np.flatnonzero(shapely.get_num_coordinates(one) == shapely.get_num_coordinates(other))
    if same.size:
        places, at = shapely.get_coordinates(one[same], return_index=True)
        away = np.hypot(*(places - shapely.get_coordinates(other[same])).T)
        found[same] = np.maximum.reduceat(away, np.searchsorted(at, np.arange(len(same))))
    return found
