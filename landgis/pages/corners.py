"""The corners of a feature in its legal coordinate system, as surveyors write them."""

import itertools
from collections.abc import Iterator
from typing import Any

import shapely

from landgis.catalog.geometry_kinds import POINT
from landgis.catalog.subject import Subject
from landgis.lib import geometry
from landgis.pages import accuracy
from landgis.pages.texts import number_text

MOST_CORNERS = 500  # a longer boundary is for a program: its GeoJSON has every corner
METRE_PLACES, DEGREE_PLACES = 3, 9


def table(subject: Subject) -> dict[str, Any] | None:
    """Context of pages/_corners.html: the corners of an area, the place of a point; None for lines and without either.

    In a plane X is the northing and Y the easting, as on survey papers, in metres (or the unit of the system); where
    the legal system is in degrees the columns are latitude and longitude.
    """
    kind = subject.dataset.geometry_kind
    if subject.boundary is None or not (kind.covers or kind is POINT):
        return None
    boundary, srid = subject.boundary, subject.row["legal_srid"]
    system = geometry.crs(srid)
    if kind is POINT:
        return {"system": system.name, "srid": srid, "in_degrees": system.in_degrees, "point": _point(boundary, system)}
    rings = [ring for part in shapely.get_parts(boundary) for ring in (part.exterior, *part.interiors)]
    count = sum(len(ring.coords) - 1 for ring in rings)
    legal = [geometry.from_wgs84(ring, srid) for ring in rings] if count <= MOST_CORNERS else []
    numbers = itertools.count(1)
    return {
        "system": system.name,
        "srid": srid,
        "in_degrees": system.in_degrees,
        "count": count,
        "accuracy": accuracy.of_boundary(subject),
        "rings": [
            {"is_hole": _is_hole(rings, place), "corners": list(_corners(ring, system, numbers))}
            for place, ring in enumerate(legal)
        ],
    }


def _point(point: shapely.Point, system: geometry.CRS) -> dict[str, str]:
    places = DEGREE_PLACES if system.in_degrees else METRE_PLACES
    ((x, y),) = shapely.get_coordinates(geometry.from_wgs84(point, system.srid))
    return {"first": number_text(y, places), "second": number_text(x, places)}


def _is_hole(rings: list[Any], place: int) -> bool:
    """Stored holes turn clockwise, shells counter-clockwise."""
    return not shapely.is_ccw(rings[place])


def _corners(ring: Any, system: geometry.CRS, numbers: Iterator[int]) -> Iterator[dict[str, str]]:
    places = DEGREE_PLACES if system.in_degrees else METRE_PLACES
    for (x, y), (next_x, next_y) in itertools.pairwise(ring.coords):
        side = ((next_x - x) ** 2 + (next_y - y) ** 2) ** 0.5 * system.unit_m
        yield {
            "no": str(next(numbers)),
            "first": number_text(y, places),
            "second": number_text(x, places),
            "side": "" if system.in_degrees else number_text(side, 2),
        }
