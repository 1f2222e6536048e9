"""Readings of coordinates drawn side by side: where the data would lie, on outlines and names of places.

A drawing of the server's own in SVG: it needs no script, no WebGL and a few kilobytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from landgis.changes import coordinate_words, words
from landgis.ingest import areas
from landgis.lib.webmap import DEGREE_M

WIDTH, HEIGHT, EDGE = 640, 420, 36
LEAST_DEGREES = 0.02  # about 2 km: the places round a few points
FAR_DEGREES = 3.0  # a reading that leads farther from the first is told and not drawn
LETTERS = "ABCDEFGH"
LETTER = 12  # width of a letter of a name


@dataclass(frozen=True)
class DrawingFrame:
    """From degrees to the drawing: a flat map whose unit is the same both ways in its middle."""

    west: float
    north: float
    stretch: float
    scale: float

    def place(self, degrees: np.ndarray) -> np.ndarray:
        return np.column_stack(
            [
                EDGE + (degrees[:, 0] - self.west) * self.stretch * self.scale,
                EDGE + (self.north - degrees[:, 1]) * self.scale,
            ]
        )


def listed(readings: Sequence[Mapping[str, Any]], best: bool) -> list[dict[str, Any]]:
    """The readings as the page lists them; the first is the main one only where more speaks for it than for any other."""
    return [
        {
            "letter": letter,
            "name": f"{one['name']} (EPSG:{one['srid']})",
            "told": [
                coordinate_words.differences(one),
                coordinate_words.cause(one),
                coordinate_words.witness(one["because"]),
                coordinate_words.distance(one),
            ],
            "places": ", ".join(one["places"]),
            "value": f"{one['srid']}:{one['fix'] or ''}",
            "is_main": best and at == 0,
        }
        for at, (letter, one) in enumerate(zip(LETTERS, readings, strict=False))
    ]


def drawn(readings: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The drawing as a template needs it; None where nothing can be drawn."""
    marks = [(letter, np.array(one["points"])) for letter, one in zip(LETTERS, readings, strict=False) if one["points"]]
    if not marks:
        return None
    first = np.median(marks[0][1], axis=0)
    near = [(letter, at) for letter, at in marks if np.abs(np.median(at, axis=0) - first).max() < FAR_DEGREES]
    frame, bounds = _frame(np.vstack([at for _letter, at in near]))
    published = areas.in_force()
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "areas": _legible(
            [_area(name, shape, frame, bounds) for name, shape in published.within(bounds)] if published else []
        ),
        "marks": [_mark(letter, at, frame) for letter, at in near],
        "undrawn": ", ".join(letter for letter, _at in marks if letter not in dict(near)),
        "scale": _scale(frame),
    }


def _frame(points: np.ndarray) -> tuple[DrawingFrame, tuple[float, float, float, float]]:
    """The frame that holds all points with some of what lies round them, and its box in degrees."""
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    stretch = float(np.cos(np.radians((south + north) / 2)))
    wide, high = max((east - west) * 1.4, LEAST_DEGREES) * stretch, max((north - south) * 1.4, LEAST_DEGREES)
    scale = min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / high)
    half_wide, half_high = WIDTH / 2 / scale / stretch, HEIGHT / 2 / scale
    lon, lat = (west + east) / 2, (south + north) / 2
    frame = DrawingFrame(lon - half_wide + EDGE / scale / stretch, lat + half_high - EDGE / scale, stretch, scale)
    return frame, (lon - half_wide, lat - half_high, lon + half_wide, lat + half_high)


def _area(name: str, shape: shapely.Geometry, frame: DrawingFrame, bounds: tuple[float, ...]) -> dict[str, Any]:
    seen = shapely.clip_by_rect(shape, *bounds).simplify(0.7 / frame.scale)
    rings = [np.array(ring.coords) for part in shapely.get_parts(seen) for ring in shapely.get_rings(part)]
    inside = shapely.get_coordinates(shapely.point_on_surface(seen)) if not seen.is_empty else np.empty((0, 2))
    x, y = frame.place(inside)[0].round() if len(inside) else (0, 0)
    return {"name": name, "path": " ".join(_path(frame.place(ring)) for ring in rings), "x": int(x), "y": int(y)}


def _legible(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The areas, those without their name where it would be cut off, cover another one or the bar."""
    taken = [shapely.box(0, HEIGHT - 60, WIDTH / 3, HEIGHT)]
    for area in found:
        half = LETTER * len(area["name"]) / 2
        box = shapely.box(area["x"] - half, area["y"] - 20, area["x"] + half, area["y"] + 6)
        if shapely.box(0, 0, WIDTH, HEIGHT).contains(box) and not shapely.intersects(box, taken).any():
            taken.append(box)
        else:
            area["name"] = ""
    return found


def _path(places: Iterable[Sequence[float]]) -> str:
    return "M" + "L".join(f"{x:.0f},{y:.0f}" for x, y in places) + "Z"


def _mark(letter: str, points: np.ndarray, frame: DrawingFrame) -> dict[str, Any]:
    places = frame.place(points).round().astype(int)
    x, y = np.median(places, axis=0).astype(int).tolist()
    return {"letter": letter, "dots": np.unique(places, axis=0).tolist(), "x": x, "y": y - 16}


def _scale(frame: DrawingFrame) -> dict[str, Any]:
    """A bar of a round number of metres, at most a third of the width."""
    metre = frame.scale / DEGREE_M
    size = next(
        one for one in (100_000, 50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100) if one * metre < WIDTH / 3
    )
    told = f"{words.figure(size // 1000)} km" if size >= 1000 else f"{size} m"
    return {"length": round(size * metre), "text": told}
