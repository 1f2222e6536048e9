"""How far a geometry lies from where it lay before."""

import numpy as np
import shapely

from landgis.lib.webmap import DEGREE_M

# Programs that write seven decimals of a degree take 107.1999993 and 107.2000007 for calculated values of 107.2.
TRIMMED_TO, TRIMMED_BY = 2, 1e-6


def displacement_m(new: np.ndarray, old: np.ndarray, most_m: float, *, is_directed: bool = False) -> np.ndarray:
    """Metres by which geometries (degrees) lie off those before them; infinite for what lies farther off than `most_m`.

    It is how far vertices lie off; of areas with other vertices than before `most_m` where no ground between the two
    outlines is wider: where a ring begins, vertices in the middle of a side, and spikes without ground make no
    difference. One that `is_directed` has moved, too, when it runs the other way.
    """
    found = np.full(len(new), np.inf)
    there = np.flatnonzero(~shapely.is_empty(new) & ~shapely.is_empty(old))
    origin = shapely.bounds(old[there])[:, :2]
    one, other = (_in_metres(shapes, origin) for shapes in (_untrimmed(new[there], old[there]), old[there]))
    away = _vertex_by_vertex(one, other)
    # A hole that is filled may have the same outline.
    away[np.abs(shapely.area(one) - shapely.area(other)) > most_m * shapely.length(other)] = np.inf
    if not is_directed:
        rest = np.flatnonzero((away > most_m) & (shapely.area(other) > 0))
        away[rest[_is_narrow(one[rest], other[rest], most_m)]] = most_m
    found[there] = away
    found[found > most_m] = np.inf
    return found


def _in_metres(shapes: np.ndarray, origin: np.ndarray) -> np.ndarray:
    """The shapes in the plane round their own origin (degrees); copies."""
    degrees, at = shapely.get_coordinates(shapes, return_index=True)
    metres = np.column_stack([np.cos(np.radians(origin[:, 1])), np.ones(len(origin))]) * DEGREE_M
    flat: np.ndarray = shapely.set_coordinates(shapes.copy(), (degrees - origin[at]) * metres[at])
    return flat


def _untrimmed(new: np.ndarray, old: np.ndarray) -> np.ndarray:
    """The shapes with coordinates that a program has trimmed as they were."""
    shapes = new.copy()
    same = np.flatnonzero(shapely.get_num_coordinates(new) == shapely.get_num_coordinates(old))
    if same.size:
        places, before = shapely.get_coordinates(new[same]), shapely.get_coordinates(old[same])
        is_trimmed = (np.round(places, TRIMMED_TO) == places) & (np.abs(places - before) <= TRIMMED_BY)
        shapes[same] = shapely.set_coordinates(shapes[same], np.where(is_trimmed, before, places))
    return shapes


def _vertex_by_vertex(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The farthest that a vertex lies from the one of the same number; infinite where there are more or fewer."""
    found = np.full(len(one), np.inf)
    same = np.flatnonzero(shapely.get_num_coordinates(one) == shapely.get_num_coordinates(other))
    if same.size:
        places, at = shapely.get_coordinates(one[same], return_index=True)
        away = np.hypot(*(places - shapely.get_coordinates(other[same])).T)
        found[same] = np.maximum.reduceat(away, np.searchsorted(at, np.arange(len(same))))
    return found


def _is_narrow(one: np.ndarray, other: np.ndarray, most_m: float) -> np.ndarray:
    """Whether the ground of one area that is not of the other is nowhere wider than so many metres."""
    try:
        ground = shapely.symmetric_difference(one, other)
    except shapely.GEOSException:  # of one that cannot be laid over the other nothing is known
        return np.zeros(len(one), dtype=bool)
    narrow: np.ndarray = shapely.is_empty(shapely.buffer(ground, -most_m / 2))
    return narrow
