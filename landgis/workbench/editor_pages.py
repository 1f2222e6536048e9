"""What the map editor of a page knows: the plane, the scenes, where to ask, and its words.

It is a mirror of the form that stands beside it: what is drawn is written into the form's fields, and only the form is sent.
"""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

import shapely
from django.urls import reverse
from django.utils import translation

from landgis.lib import geometry, proj4
from landgis.workbench import change_sets, corners, surveys
from landgis.workbench.dividing import Ground
from landgis.workbench.editor_words import words
from landgis.workbench.edits import Feature
from landgis.workbench.models import EditKind

PLANE_PLACES, DEGREE_PLACES = 4, 10
ROUND_A_NEW_ONE_M, ROUND_A_NEW_ONE_DEGREES = 150.0, 0.0015


def of_form(found: Feature, srid: int | None = None) -> dict[str, Any] | None:
    """For the form of one feature; `srid` is that of what was typed. None where it has no place, or too many corners to edit."""
    dataset, row = found.dataset, found.base
    if not dataset.geometry or (
        row is not None and not corners.text_of(dataset, row) and _shape(found, row) is not None
    ):
        return None
    known = [one for one, _name in corners.systems(dataset, row)]
    chosen = srid if srid in known else known[0]
    kind, address = ("edit", [dataset.name, found.ref]) if found.row is not None else ("new", [dataset.name])
    form = reverse("workbench:edit" if kind == "edit" else "workbench:edit-new", args=address)
    return _config(kind, found, chosen, form) | {
        "proj4": _definitions([chosen, *(one for one in known if one not in geometry.WORLDWIDE)]),
        "shape": _plane(_shape(found, row), chosen),
        "bounds": _bounds(found, row, chosen),
        "survey": {
            "page": survey_url(found),
            "shapes": survey_url(found, "survey-shapes"),
            "most_mb": surveys.most_mb(),
        },
    }


def survey_url(found: Feature, name: str = "survey") -> str:
    """Where a surveyor's file is laid beside the feature."""
    is_added = found.edit is not None and found.edit.kind == EditKind.ADD
    said = {"draft": found.edit.pk} if found.edit and is_added else {"ref": found.ref} if found.ref else {}
    query = urlencode(said | ({"in": found.into.pk} if found.into else {}))
    return reverse(f"workbench:{name}", args=[found.dataset.name]) + (f"?{query}" if query else "")


def of_passage(kind: str, found: Feature, ground: Ground) -> dict[str, Any]:
    """For a split or a merge."""
    form = reverse(f"workbench:{kind}", args=[found.dataset.name, found.ref])
    return _config(kind, found, ground.srid, form) | {
        "proj4": _definitions([ground.srid]),
        "shape": _plane(ground.shape, ground.srid),
        "bounds": list(ground.plane.bounds),
    }


def _config(kind: str, found: Feature, srid: int, page: str) -> dict[str, Any]:
    dataset, system = found.dataset, geometry.crs(srid)
    return {
        "kind": kind,
        "dataset": dataset.name,
        "ref": found.ref,
        "srid": srid,
        "unit_m": system.unit_m,
        "geometry": dataset.geometry_kind.name,
        "most": corners.MOST_CORNERS,
        "ground": f"{reverse('workbench:edit-new', args=[dataset.name]).removesuffix('new/')}ground.json",
        "checks": f"{page}checks.json",
        "scenes": reverse("imagery:map") + f"?lang={translation.get_language()}",
        "words": words(),
    }


def _definitions(srids: Iterable[int]) -> dict[int, str]:
    found = {srid: proj4.definition(geometry.crs(srid)) for srid in dict.fromkeys(srids)}
    return {srid: text for srid, text in found.items() if text}


def _shape(found: Feature, row: Any) -> shapely.Geometry | None:
    """What is in force, in degrees."""
    stored = getattr(row, str(found.dataset.geometry), None) if row is not None else None
    return shapely.from_wkb(bytes(stored.wkb)) if stored is not None else None


def _plane(shape: shapely.Geometry | None, srid: int) -> Any:
    if shape is None:
        return None
    places = DEGREE_PLACES if geometry.crs(srid).in_degrees else PLANE_PLACES
    plane = shapely.transform(geometry.from_wgs84(shape, srid), lambda at: at.round(places))
    return json.loads(shapely.to_geojson(plane))


def _bounds(found: Feature, row: Any, srid: int) -> list[float] | None:
    """What is shown first: the feature, or for a new one some of what came into force last."""
    shape = _shape(found, row)
    if shape is None:
        newest = change_sets.in_force_of(found.dataset).filter(until_revision=None).order_by("-from_revision", "-pk")
        shape = _shape(found, newest.exclude(**{str(found.dataset.geometry): None}).first())
    if shape is None:
        return None
    system = geometry.crs(srid)
    room = ROUND_A_NEW_ONE_DEGREES if system.in_degrees else ROUND_A_NEW_ONE_M / system.unit_m
    west, south, east, north = geometry.from_wgs84(shape, srid).bounds
    spare = 0.0 if row is not None and east > west else room
    return [west - spare, south - spare, east + spare, north + spare]
