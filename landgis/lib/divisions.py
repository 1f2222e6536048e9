"""Dividing areas and joining them, in the plane of their legal CRS.

All shapes are polygons or multipolygons in that plane. The corners that people give lie on the grid of a millimetre; where a line
crosses a side the new corner lies on that side to the micrometre, so that together the parts are what was there.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry as Shape

from landgis.lib import geometry, millimetres

FINE = 1e-3  # grids of a millimetre: how exactly a crossing lies on a side
NARROWEST = 10  # grids: what is nowhere wider is no part of its own
STEPS = 80  # halvings until a distance is as exact as a number can be


class NotDivided(Exception):
    """It cannot be done so. `why` is a code, `params` tell more."""

    def __init__(self, why: str, **params: Any):
        super().__init__(f"{why} {params}")
        self.why, self.params = why, params


@dataclass(frozen=True)
class Side:
    """A side of the outline: its ends (x, y), seen with the ground on its left."""

    start: tuple[float, float]
    end: tuple[float, float]

    @property
    def normal(self) -> np.ndarray:
        """Of length 1, into the ground."""
        along = np.subtract(self.end, self.start)
        found: np.ndarray = np.array([-along[1], along[0]]) / np.hypot(*along)
        return found


def sides(shape: Shape) -> list[Side]:
    """The sides of the outlines of all parts, in the order of their corners."""
    found = []
    for part in shapely.get_parts(shapely.orient_polygons(shape)):
        corners = shapely.get_coordinates(part.exterior).tolist()
        found += [Side(tuple(one), tuple(other)) for one, other in itertools.pairwise(corners)]
    return found


def by_line(shape: Shape, line: Sequence[tuple[float, float]], srid: int, *, reach_m: float = 0.0) -> list[Shape]:
    """The parts into which a line divides an area, from west to east.

    Its ends may lie short of the outline by `reach_m`. A part of the area that it does not cross stays with the largest.
    Raises NotDivided: line-short, line-misses, line-touches, line-ends-inside, too-narrow.
    """
    step = millimetres.grid(srid)
    drawn = shapely.set_precision(shapely.LineString(line), step) if len(line) > 1 else shapely.LineString()
    if drawn.is_empty or drawn.length == 0:
        raise NotDivided("line-short")
    cut = shapely.snap(_reaching(drawn, reach_m / _metre(srid)), shapely.multipoints(_corners(shape)), step)
    parts = list(shapely.get_parts(shape))
    divided = [_faces(part, cut, step) for part in parts]
    if all(len(faces) == 1 for faces in divided):
        raise NotDivided(_why_not(shape, cut, step))
    found: list[Shape] = [face for faces in divided if len(faces) > 1 for face in faces]
    rest = [face for faces in divided if len(faces) == 1 for face in faces]
    return _ordered(_checked(_with_rest(found, rest), srid))


def by_distance(shape: Shape, side: Side, distance_m: float, srid: int) -> list[Shape]:
    """The ground up to so many metres from a side, measured square to it, and the rest.

    Raises NotDivided: no-plane, distance-beyond, in-pieces, too-narrow.
    """
    _must_measure(srid)
    part, others = _part_of(shape, side)
    away = distance_m / _metre(srid)
    near, far = _halves(part, side, away)
    if not distance_m > 0 or near.is_empty or far.is_empty:
        raise NotDivided("distance-beyond", most=float(_farthest(part, side) * _metre(srid)))
    return _two(part, side, away, others, srid)


def by_area(shape: Shape, side: Side, area_m2: float, srid: int) -> list[Shape]:
    """Ground of so many square metres along a side, up to a line parallel to it, and the rest.

    Raises NotDivided: no-plane, area-beyond, in-pieces, too-narrow.
    """
    _must_measure(srid)
    part, others = _part_of(shape, side)
    wished, whole = area_m2 / _metre(srid) ** 2, part.area
    if not 0 < wished < whole:
        raise NotDivided("area-beyond", most=float(whole * _metre(srid) ** 2))
    low, high = _nearest(part, side), _farthest(part, side)
    for _step in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _halves(part, side, middle)[0].area < wished else (low, middle)
    return _two(part, side, (low + high) / 2, others, srid)


def joined(shapes: Sequence[Shape], srid: int) -> Shape:
    """Neighbours as one area, without what is narrower than the grid between them. Raises NotDivided: apart.

    Corners stay where the neighbours have them, so that the area is the sum of theirs: on the grid their sides would move,
    and corners that others have on these sides would lie beside them.
    """
    step = millimetres.grid(srid)
    fitted = shapely.coverage_clean(list(shapes), snapping_distance=step, gap_width=millimetres.NARROW * step)
    united = shapely.coverage_union_all(fitted)
    if shapely.get_num_geometries(united) > sum(shapely.get_num_geometries(one) - 1 for one in shapes) + 1:
        raise NotDivided("apart", count=int(shapely.get_num_geometries(united)))
    return united


def with_corners_of(
    shapes: Sequence[Shape], before_wgs84: Sequence[Shape], srid: int, *, beside_wgs84: Sequence[Shape] = ()
) -> list[Shape]:
    """The shapes as EPSG:4326, each corner that is one of those before just where it was: neighbours share it.

    Corners of what lies `beside` count where none of those before does.
    """
    there = np.array([*before_wgs84, *beside_wgs84], dtype=object)
    degrees, of_shape = shapely.get_coordinates(there, return_index=True)
    is_before = of_shape < len(before_wgs84)
    known = shapely.points(shapely.get_coordinates(geometry.from_wgs84(there, srid)))
    tree = shapely.STRtree(known)
    found = []
    for shape in shapes:
        moved = shapely.get_coordinates(geometry.to_wgs84(shape, srid))
        corners = shapely.points(shapely.get_coordinates(shape))
        for within in (1.0, FINE):  # only the very same ones where the outline would cross itself
            at, near = tree.query(corners, predicate="dwithin", distance=within * millimetres.grid(srid))
            order = np.lexsort([-shapely.distance(corners[at], known[near]), is_before[near]])
            placed = moved.copy()
            placed[at[order]] = degrees[near[order]]  # what is written last counts: of those before the nearest
            restored = shapely.set_coordinates(shapely.transform(shape, lambda xy: xy), placed)
            if restored.is_valid:
                break
        found.append(restored if restored.is_valid else geometry.to_wgs84(shape, srid))
    return found


def _metre(srid: int) -> float:
    """Metres per unit; 1 where the unit is the degree, of which no lengths are asked."""
    return geometry.crs(srid).unit_m or 1.0


def _must_measure(srid: int) -> None:
    system = geometry.crs(srid)
    if system.in_degrees or system.area != "planar":
        raise NotDivided("no-plane", name=system.name)


def _corners(shape: Shape) -> np.ndarray:
    found: np.ndarray = shapely.get_coordinates(shape)
    return found


def _reaching(line: Shape, by: float) -> Shape:
    """The line with both ends drawn out."""
    corners = shapely.get_coordinates(line)
    if by > 0:
        for at, before in ((0, 1), (-1, -2)):
            along = corners[at] - corners[before]
            corners[at] = corners[at] + along / np.hypot(*along) * by
    return shapely.linestrings(corners)


def _faces(part: Shape, cut: Shape, step: float) -> list[Shape]:
    """The ground of one part on each side of the line; the part itself where it is not divided."""
    lines = shapely.union_all([part.boundary, shapely.intersection(cut, part)], grid_size=step * FINE)
    faces = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(lines))))
    inside = shapely.contains_properly(part, shapely.point_on_surface(faces))
    found = list(faces[inside])
    return found if len(found) > 1 else [part]


def _why_not(shape: Shape, cut: Shape, step: float) -> str:
    inner = shapely.buffer(shape, -step)
    if cut.intersects(inner):
        return "line-ends-inside"
    return "line-touches" if cut.distance(shape) <= step else "line-misses"


def _with_rest(found: list[Shape], rest: list[Shape]) -> list[Shape]:
    """What was not crossed stays with the largest."""
    if not rest:
        return found
    at = int(np.argmax(shapely.area(found)))
    return [*found[:at], shapely.multipolygons([*shapely.get_parts(found[at]), *rest]), *found[at + 1 :]]


def _checked(found: list[Shape], srid: int) -> list[Shape]:
    narrow = [one for one in found if shapely.buffer(one, -NARROWEST / 2 * millimetres.grid(srid)).is_empty]
    if narrow:
        raise NotDivided("too-narrow", area=float(geometry.area_m2(narrow[0], srid)))
    return found


def _ordered(found: list[Shape]) -> list[Shape]:
    return sorted(found, key=lambda one: (round(one.centroid.x, 3), -one.centroid.y))


def _part_of(shape: Shape, side: Side) -> tuple[Shape, list[Shape]]:
    """The part of the area that has the side, and the others."""
    parts = list(shapely.get_parts(shape))
    middle = shapely.Point(np.add(side.start, side.end) / 2)
    at = int(np.argmin(shapely.distance([part.exterior for part in parts], middle)))
    return parts[at], parts[:at] + parts[at + 1 :]


def _away(part: Shape, side: Side) -> np.ndarray:
    """How far the corners lie from the line of the side, into the ground."""
    found: np.ndarray = (_corners(part) - side.start) @ side.normal
    return found


def _nearest(part: Shape, side: Side) -> float:
    return float(_away(part, side).min())


def _farthest(part: Shape, side: Side) -> float:
    return float(_away(part, side).max())


def _parallel(part: Shape, side: Side, away: float) -> np.ndarray:
    """The ends of the line parallel to a side, beyond the part in both directions."""
    along = np.subtract(side.end, side.start)
    along = along / np.hypot(*along)
    reach = (_corners(part) - side.start) @ along
    foot = np.add(side.start, side.normal * away)
    margin = reach.max() - reach.min() + 1
    return np.array([foot + along * (reach.min() - margin), foot + along * (reach.max() + margin)])


def _halves(part: Shape, side: Side, away: float) -> tuple[Shape, Shape]:
    """The ground on this side of the parallel, and that beyond it."""
    one, other = _parallel(part, side, away)
    deep = side.normal * (_farthest(part, side) - _nearest(part, side) + abs(away) + 1)
    near = shapely.Polygon([one, other, other - deep, one - deep])
    return shapely.intersection(part, near), shapely.difference(part, near)


def _two(part: Shape, side: Side, away: float, others: list[Shape], srid: int) -> list[Shape]:
    step = millimetres.grid(srid)
    cut = shapely.LineString(_parallel(part, side, away))
    faces = _faces(part, cut, step)
    near = [face for face in faces if (np.array(face.point_on_surface().coords[0]) - side.start) @ side.normal < away]
    far = [face for face in faces if not any(face is one for one in near)]
    if len(near) != 1 or len(far) != 1:
        raise NotDivided("in-pieces", count=len(faces))
    rest = shapely.multipolygons([far[0], *others]) if others else far[0]
    return _checked([near[0], rest], srid)
