"""The sketch of an area for a sheet of paper: its outline, north up, with the numbers of its corners and the sides."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from landgis.catalog.subject import Subject
from landgis.lib import geometry
from landgis.pages.texts import number_text

WIDE_MM, HIGH_MM, ROOM_MM = 84.0, 74.0, 11.0
MOST_NUMBERED = 60  # corners: more cannot be told apart on a sheet
DIGIT_MM, HIGH_NUMBER_MM = 1.8, 2.6  # of the numbers of corners, with the air beside them
LEAST_SIDE_MM = 7.0  # on paper, to be lettered


@dataclass(frozen=True)
class _Frame:
    """From the plane to the paper."""

    west: float
    north: float
    scale: float  # millimetres a metre of the plane
    left: float
    top: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        return self.left + (x - self.west) * self.scale, self.top + (self.north - y) * self.scale


@dataclass(frozen=True)
class _Label:
    """A number by its middle, and how wide it is, in millimetres."""

    x: float
    y: float
    wide: float

    def meets(self, other: "_Label") -> bool:
        return abs(self.x - other.x) < (self.wide + other.wide) / 2 and abs(self.y - other.y) < HIGH_NUMBER_MM


def of_area(subject: Subject) -> dict[str, Any] | None:
    """Context of pages/_sketch.html; None of what is no area, and where the legal system is in degrees."""
    system = geometry.crs(subject.row["legal_srid"]) if subject.boundary is not None else None
    if system is None or system.in_degrees or not subject.dataset.geometry_kind.covers:
        return None
    return of_shape(geometry.from_wgs84(subject.boundary, system.srid), system)


def of_shape(flat: shapely.Geometry, system: geometry.CRS) -> dict[str, Any]:
    """The same of an area in the plane of its system."""
    rings = [ring for part in shapely.get_parts(flat) for ring in (part.exterior, *part.interiors)]
    frame = _frame(flat)
    count = sum(len(ring.coords) - 1 for ring in rings)
    numbers, taken = itertools.count(1), list[_Label]()
    is_numbered = count <= MOST_NUMBERED
    return {
        "wide": WIDE_MM,
        "high": HIGH_MM,
        "path": " ".join(_path(frame, ring) for ring in rings),
        "corners": [one for ring in rings for one in _corners(frame, ring, numbers, taken)] if is_numbered else [],
        "sides": [one for ring in rings for one in _sides(frame, ring, system.unit_m)] if is_numbered else [],
        "system": system.name,
        "srid": system.srid,
        "count": count,
    }


def _frame(flat: shapely.Geometry) -> _Frame:
    west, south, east, north = flat.bounds
    scale = min((WIDE_MM - 2 * ROOM_MM) / max(east - west, 0.01), (HIGH_MM - 2 * ROOM_MM) / max(north - south, 0.01))
    return _Frame(west, north, scale, (WIDE_MM - (east - west) * scale) / 2, (HIGH_MM - (north - south) * scale) / 2)


def _path(frame: _Frame, ring: Any) -> str:
    places = [frame.place(x, y) for x, y in ring.coords[:-1]]
    return "M" + " L".join(f"{x:.2f} {y:.2f}" for x, y in places) + " Z"


def _corners(frame: _Frame, ring: Any, numbers: Iterator[int], taken: list[_Label]) -> list[dict[str, Any]]:
    """Each corner with its number, outside of the ring and beside the numbers `taken`, to which its own are added."""
    middle = np.array(frame.place(*ring.centroid.coords[0]))
    told = []
    for x, y in ring.coords[:-1]:
        place, number = np.array(frame.place(x, y)), next(numbers)
        away = (place - middle) / max(float(np.hypot(*(place - middle))), 0.01)
        label = _free(place, away, DIGIT_MM * len(str(number)), taken)
        taken.append(label)
        told.append({"no": number, "x": _mm(place[0]), "y": _mm(place[1]), "at": (_mm(label.x), _mm(label.y + 1))})
    return told


def _free(place: Any, away: Any, wide: float, taken: Sequence[_Label]) -> _Label:
    """Beside a corner, away from the middle, or as near to that as no other number stands."""
    found = None
    for distance, turn in itertools.product((3.2, 5.0, 7.0), (0, 0.6, -0.6, 1.1, -1.1)):
        turned = np.array(((np.cos(turn), -np.sin(turn)), (np.sin(turn), np.cos(turn)))) @ away
        label = _label(place + turned * distance, wide)
        if not any(label.meets(other) for other in taken):
            return label
        found = found or label
    return found or _label(place, wide)


def _label(place: Any, wide: float) -> _Label:
    return _Label(float(place[0]), float(place[1]), wide)


def _sides(frame: _Frame, ring: Any, unit_m: float) -> list[dict[str, str]]:
    """The lengths that have room beside their side."""
    told = []
    for (x, y), (next_x, next_y) in itertools.pairwise(ring.coords):
        metres = float(np.hypot(next_x - x, next_y - y))
        if metres * frame.scale >= LEAST_SIDE_MM:
            left, top = frame.place((x + next_x) / 2, (y + next_y) / 2)
            turn = float(np.degrees(np.arctan2(y - next_y, next_x - x)))
            turn = turn - 180 if turn > 90 else turn + 180 if turn < -90 else turn
            told.append({"x": _mm(left), "y": _mm(top), "turn": _mm(turn), "text": number_text(metres * unit_m, 2)})
    return told


def _mm(value: float) -> str:
    return f"{value:.2f}"
