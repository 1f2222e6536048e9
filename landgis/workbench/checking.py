"""What the checks and the measures say of a form as it stands, for who is still drawing: data, of which nothing is kept."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely
from django.http import QueryDict
from django.utils import formats

from landgis.accounts.models import User
from landgis.catalog import tolerances
from landgis.catalog.dataset import Dataset
from landgis.catalog.geometry_kinds import AREA, LEGAL_SRID
from landgis.changes import issues
from landgis.changes.issues import PLACE
from landgis.changes.models import Issue, Severity
from landgis.lib import geometry
from landgis.workbench import alongside, corner_forms, corners, edit_fields, edit_forms, edit_pages, staging
from landgis.workbench.corners import ReadShape
from landgis.workbench.edit_fields import Fact
from landgis.workbench.edits import Feature
from landgis.workbench.models import Edit, EditKind

READ_ELSEWHERE = ("value-unreadable", "geometry-missing")  # what the form itself says better
Told = dict[str, Any]


def of_form(person: User, found: Feature, said: QueryDict) -> Told:
    """Of the form of one feature, and of the neighbours that it moves along."""
    dataset = found.dataset
    facts = edit_forms.facts_of(found, said)
    fact = facts.get(str(dataset.geometry))
    srid = _srid(found, fact, said)
    drawn = corners.read(dataset, fact) if fact and "as_of" not in fact else _in_force(found)
    told = _measured(found, facts, drawn, srid)
    wrong = [_unread(name, text) for name, text in _unreadable(dataset, facts).items()]
    if drawn.error:
        return told | {
            "issues": wrong,
            "error": drawn.error,
            "error_at": _rounded(drawn.wrong_at, srid),
            "is_stopped": True,
        }
    try:
        neighbours = alongside.said_in(found, said, person)
    except alongside.NotTogether as refused:
        return told | {"issues": wrong, "error": str(refused), "error_at": None, "is_stopped": True}
    edits = [_edit(found, facts, said), *(one.edit() for one in neighbours)]
    tried = edit_pages.tried_with(person, found, edits) if any(edit.facts for edit in edits) else []
    found_issues = [issue for issue in tried if issue.code not in READ_ELSEWHERE]
    is_stopped = bool(wrong) or any(one.severity == Severity.STOP for one in found_issues)
    listed = [*wrong, *in_words(dataset, found_issues, srid)]
    return told | {"issues": listed, "error": "", "error_at": None, "is_stopped": is_stopped}


def _edit(found: Feature, facts: Mapping[str, Fact], said: QueryDict) -> Edit:
    """As the form would be saved."""
    text = said.get("base", "")
    base = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
    kind = EditKind.ADD if found.row is None and base is None else EditKind.CHANGE
    ref = found.ref or staging.ref_of(found.dataset, facts)
    return Edit(ref=ref, kind=kind, base_revision=base, facts=dict(facts))


def _srid(found: Feature, fact: Fact | None, said: QueryDict) -> int:
    """The system of the answer: that of the form."""
    if fact and "srid" in fact:
        return int(fact["srid"])
    return corner_forms.chosen_system(found, said) if found.dataset.geometry else geometry.WGS84


def _in_force(found: Feature) -> ReadShape:
    """What is drawn where nobody drew."""
    dataset, row = found.dataset, found.base
    stored = getattr(row, str(dataset.geometry), None)
    if stored is None:
        return ReadShape()
    shape, measure = shapely.from_wkb(bytes(stored.wkb)), dataset.geometry_kind.measure
    plane = geometry.from_wgs84(shape, getattr(row, LEGAL_SRID))
    return ReadShape(shape, measure=getattr(row, measure.column) if measure else None, plane=plane)


def _unreadable(dataset: Dataset, facts: Mapping[str, Fact]) -> dict[str, str]:
    read = {
        name: edit_fields.read(dataset, name, fact).error
        for name, fact in facts.items()
        if name != dataset.geometry and "text" in fact
    }
    return {name: error for name, error in read.items() if error}


def _unread(name: str, text: str) -> Told:
    issue = {"code": "value-unreadable", "severity": Severity.STOP.value, "field": name, "message": text}
    return issue | {"remedy": "", "ref": "", "at": None}


# Measures


def _measured(found: Feature, facts: Mapping[str, Fact], drawn: ReadShape, srid: int) -> Told:
    """Areas on paper and computed with what they differ in, and the sides in the order of the corners."""
    dataset = found.dataset
    is_area = dataset.geometry_kind is AREA
    legal = _legal_m2(found, facts)
    computed = drawn.measure if is_area else None
    sides = side_lengths(drawn.plane, srid)
    return {
        "area_m2": computed,
        "area": edit_fields.square_metres(computed)
        if computed is not None
        else corners.size_text(dataset, drawn.measure),
        "legal": "" if legal is None else edit_fields.square_metres(legal),
        "difference": "" if legal is None or computed is None else edit_fields.square_metres(legal - computed),
        "tolerance": _tolerance(found, facts, drawn, srid),
        "perimeter": _metres(sum(sides)) if sides else "",
        "sides": [_metres(one) for one in sides],
    }


def _value(found: Feature, facts: Mapping[str, Fact], name: str) -> Any:
    """A field as the form has it."""
    fact = facts.get(name)
    if fact is None or "text" not in fact:
        return getattr(found.base, name, None)
    return edit_fields.read(found.dataset, name, fact).value


def _legal_m2(found: Feature, facts: Mapping[str, Fact]) -> float | None:
    name = found.dataset.legal_area
    value = _value(found, facts, name) if name else None
    return None if value is None else float(value)


def _tolerance(found: Feature, facts: Mapping[str, Fact], drawn: ReadShape, srid: int) -> str:
    """How far off the computed area may be by the scale of the map."""
    scale = found.dataset.drawn_at
    if scale is None or drawn.plane is None or found.dataset.geometry_kind is not AREA or drawn.error:
        return ""
    play = tolerances.of([_value(found, facts, scale.scale)], [_value(found, facts, scale.use)])[0]
    return f"± {edit_fields.square_metres(tolerances.area_m2([drawn.plane], float(play), geometry.crs(srid).unit_m))}"


def side_lengths(plane: shapely.Geometry | None, srid: int) -> list[float]:
    """In metres, ring by ring or line by line."""
    if plane is None or plane.geom_type == "Point":
        return []
    parts = shapely.get_parts(plane)
    rings = shapely.get_rings(parts) if "Polygon" in plane.geom_type else parts
    pairs = [pair for ring in rings for pair in itertools.pairwise(shapely.get_coordinates(ring).tolist())]
    return [float(one) for one in geometry.length_m(shapely.linestrings(pairs), srid)] if pairs else []


def _metres(length: float) -> str:
    return f"{formats.number_format(round(length, 2), 2, force_grouping=True)} m"


# Issues


def in_words(dataset: Dataset, found: Iterable[Issue], srid: int) -> list[Told]:
    """Issues as data, `at` being their place (east, north) in a system."""
    lines = []
    for issue in found:
        message, remedy = issues.text(dataset, issue.code, issue.field, issue.params, on_page=True)
        place = issue.params.get(PLACE)
        at = geometry.from_wgs84(shapely.Point(place), srid).coords[0] if place else None
        told: Told = {"code": issue.code, "severity": str(issue.severity), "field": issue.field, "ref": issue.ref}
        lines.append(told | {"message": message, "remedy": remedy, "at": _rounded(at, srid)})
    return lines


def _rounded(at: Sequence[float] | None, srid: int) -> list[float] | None:
    places = corners.DEGREE_PLACES if geometry.crs(srid).in_degrees else corners.METRE_PLACES
    return [round(one, places) for one in at] if at else None
