"""How exact the boundary of a feature is, and what follows for its area: by the rule of the survey, or not known."""

import math
from typing import Any

import numpy as np
import shapely
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from landgis.catalog import tolerances
from landgis.catalog.subject import Subject
from landgis.lib import geometry
from landgis.pages.texts import number_text


def of_boundary(subject: Subject) -> str:
    """A sentence with the metres, by which a corner may lie off, and the rule that says so; or why it is not known."""
    found, scale, surveyed_on = _by_rule(subject), *_survey(subject)
    if found:
        metres, rule = found
        return _(
            "±%(metres)s m: the most by which a point of the boundary may lie off the nearest control point on a map at"
            " 1:%(scale)s, by %(rule)s."
        ) % {"metres": number_format(metres), "scale": number_format(scale, force_grouping=True), "rule": rule}
    if scale and surveyed_on:
        return _(
            "How exact the boundary is, is not known: the map at 1:%(scale)s was surveyed on %(day)s, and no figures of"
            " the rule of that time are at hand."
        ) % {
            "scale": number_format(scale, force_grouping=True),
            "day": date_format(surveyed_on, "SHORT_DATE_FORMAT"),
        }
    return _(
        "How exact the boundary is, is not known: the source does not give both the scale of the map and the day of the"
        " survey."
    )


def of_area(subject: Subject) -> str:
    """A sentence with the square metres that follow for the area; empty where nobody knows how exact the boundary is."""
    found, boundary = _by_rule(subject), subject.boundary
    if not found or boundary is None or geometry.crs(subject.row["legal_srid"]).in_degrees:
        return ""
    size = standard_error_m2(boundary, subject.row["legal_srid"], found[0])
    return _(
        "±%(size)s m² if each corner lies off by ±%(metres)s m, independently of the others: an estimate without legal"
        " force."
    ) % {"size": number_text(size, 1), "metres": number_format(found[0])}


def standard_error_m2(boundary: Any, srid: int, metres: float) -> float:
    """Of the area of a boundary (EPSG:4326) whose corners are off by so many metres: m √(Σ d²/8).

    d leads from the corner before to the one after, in the plane of the legal system. Points within the tolerance of a
    straight line are no corners: they were not measured one by one.
    """
    unit_m = geometry.crs(srid).unit_m
    plane = shapely.simplify(geometry.from_wgs84(boundary, srid), metres / unit_m)
    squares = 0.0
    for part in shapely.get_parts(plane):
        for ring in (part.exterior, *part.interiors):
            corners = shapely.get_coordinates(ring)[:-1] * unit_m
            across = np.roll(corners, -1, axis=0) - np.roll(corners, 1, axis=0)
            squares += float((across**2).sum())
    return metres * math.sqrt(squares / 8)


def _survey(subject: Subject) -> tuple[Any, Any]:
    """Scale and day of the survey, each None where it is not given."""
    dataset, row = subject.dataset, subject.row
    scale = row.get(dataset.drawn_at.scale) if dataset.drawn_at else None
    return scale, row.get(dataset.surveyed_field) if dataset.surveyed_field else None


def _by_rule(subject: Subject) -> tuple[float, Any] | None:
    scale, surveyed_on = _survey(subject)
    drawn_at = subject.dataset.drawn_at
    return tolerances.by_rule(scale, subject.row.get(drawn_at.use), surveyed_on) if drawn_at else None
