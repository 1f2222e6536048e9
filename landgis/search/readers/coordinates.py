"""Coordinates: of the world in degrees, or of a national grid in metres, whose zone is recognised."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from landgis.search import degrees, grids, misses
from landgis.search.answers import Reading
from landgis.search.grids import Candidate
from landgis.search.hits import Hit, hits_of
from landgis.search.points import Lying, Point, features_at, in_known_places, map_hit
from landgis.search.questions import Question


def read_degrees(question: Question, limit: int) -> Reading | None:
    """The point of a pair in degrees; of two readings, latitude first or longitude first, the one that lies here."""
    points = degrees.parse(question.text)
    if not points:
        return None
    covered = features_at(points)
    best = next((place for place, found in enumerate(covered) if found), 0)
    lon, lat = points[best]
    return at_point(
        points[best],
        covered[best],
        limit,
        understood=_("Latitude %(lat)s, longitude %(lon)s (WGS 84)") % {"lat": f"{lat:.6f}", "lon": f"{lon:.6f}"},
    )


def read_grid(question: Question, limit: int) -> Reading | None:
    """The point of a pair in metres, in the grid in which it lies in what is published; all of them where more do."""
    pair = grids.parse(question.text)
    named = grids.named_in(question.text)
    found = grids.candidates(*pair, named) if pair else []
    if not found:
        return None
    inside_a_place = in_known_places([candidate.point for candidate in found])
    near = [candidate for candidate, is_inside in zip(found, inside_a_place, strict=True) if is_inside]
    covered = features_at([candidate.point for candidate in near])
    landed = [(candidate, inside) for candidate, inside in zip(near, covered, strict=True) if inside]
    # Neighbouring zones are a few ten kilometres apart, so more than one may land here; the papers of what lies there
    # say which zone is used there.
    usual = [one for one in landed if one[0].grid.srid in {lying.srid for lying in one[1]}] or landed
    usual = landed[:1] if named else usual
    if len(usual) != 1:
        return _which(landed or [(candidate, []) for candidate in found], is_inside=bool(landed))
    candidate, inside = usual[0]
    reading = at_point(candidate.point, inside, limit, understood=_in_grid(candidate))
    others = [one for one in landed if one is not usual[0]]
    return replace(reading, hits=[*reading.hits, *_choices(others)])


def at_point(point: Point, inside: Sequence[Lying], limit: int, *, understood: str) -> Reading:
    """A point of the map, and what covers it."""
    hits = hits_of([lying.found for lying in inside[: limit - 1]])
    notes = [] if hits else [_("Nothing published covers this point (data of %(date)s).") % {"date": misses.date_of()}]
    title = f"{point[1]:.6f}, {point[0]:.6f}"
    detail = hits[-1].title if hits else ""
    return Reading(understood, [map_hit(point, title=title, detail=detail), *hits], notes)


Landed = Sequence[tuple[Candidate, Sequence[Lying]]]


def _which(landed: Landed, *, is_inside: bool) -> Reading:
    """The choice between grids, each with where the point would lie."""
    note = (
        _("These numbers lie within the published area in more than one system. Which one does the paper name?")
        if is_inside
        else _("In no zone do these numbers lie in what is published here. Which meridian does the paper name?")
    )
    return Reading(_("Coordinates in metres"), _choices(landed), [note])


def _choices(landed: Landed) -> list[Hit]:
    """A hit for each grid, with the widest of what lies at its point."""
    names = {hit.ref: hit.title for hit in hits_of([inside[-1].found for _grid, inside in landed if inside])}
    return [
        map_hit(
            candidate.point,
            title=str(candidate.grid.label),
            detail=names.get(inside[-1].found.ref, "")
            if inside
            else f"{candidate.point[1]:.5f}, {candidate.point[0]:.5f}",
        )
        for candidate, inside in landed
    ]


def _in_grid(candidate: Candidate) -> str:
    return _("%(grid)s: latitude %(lat)s, longitude %(lon)s (WGS 84)") % {
        "grid": candidate.grid.label,
        "lat": f"{candidate.point[1]:.6f}",
        "lon": f"{candidate.point[0]:.6f}",
    }
