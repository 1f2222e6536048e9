"""The coordinate grid of a printed map: lines of round numbers in the legal coordinate system, with their numbers."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from landgis.lib import geometry
from landgis.lib.webmap import metres
from landgis.pages.sheets import Sheet
from landgis.pages.texts import count_text

LEAST_MM = 40  # between two lines
POINTS = 9  # of a line, which is a little bent on the paper
NAMES = ("Y", "X")  # of the easting and the northing on survey papers


def lines(sheet: Sheet, srid: int) -> dict[str, Any] | None:
    """The lines as points in millimetres of the map on paper; None where the system is in degrees."""
    if geometry.crs(srid).in_degrees:
        return None
    ground = geometry.from_wgs84(shapely.segmentize(shapely.box(*sheet.view.box), 0.01), srid)
    west, south, east, north = ground.bounds
    step = _step(sheet.scale)
    ranges = ((west, east), (south, north))
    return {
        "system": geometry.crs(srid).name,
        "srid": srid,
        "step": count_text(step),
        "lines": [
            line
            for axis in (0, 1)
            for at in range(math.ceil(ranges[axis][0] / step) * step, math.ceil(ranges[axis][1]), step)
            for line in _line(sheet, srid, axis, at, ranges[1 - axis])
        ],
    }


def _step(scale: int) -> int:
    """Metres between two lines: 1, 2 or 5 with noughts."""
    least = LEAST_MM / 1000 * scale
    power = 10 ** math.floor(math.log10(least))
    return int(min(step * power for step in (1, 2, 5, 10) if step * power >= least))


def _line(sheet: Sheet, srid: int, axis: int, at: int, along: tuple[float, float]) -> Iterator[dict[str, str]]:
    """A line of one easting (axis 0) or northing, as far as it lies on the map."""
    run = np.linspace(*along, POINTS)
    flat = [(at, other) if axis == 0 else (other, at) for other in run]
    placed = shapely.get_coordinates(geometry.to_wgs84(shapely.LineString(flat), srid))
    wide_mm, high_mm = sheet.size_mm
    view = sheet.view
    pixels = [view.pixel(*metres(longitude, latitude)) for longitude, latitude in placed]
    drawn = shapely.LineString([(x * wide_mm / view.width, y * high_mm / view.height) for x, y in pixels])
    shown = drawn.intersection(shapely.box(0, 0, wide_mm, high_mm))
    if shown.geom_type == "LineString" and not shown.is_empty:
        x, y = max(shown.coords, key=lambda place: place[1]) if axis == 0 else min(shown.coords)
        yield {
            "points": " ".join(f"{px:.2f},{py:.2f}" for px, py in shown.coords),
            "x": f"{x + 0.6:.2f}",
            "y": f"{y - 0.8:.2f}",
            "label": f"{NAMES[axis]} {count_text(at)}",
        }
