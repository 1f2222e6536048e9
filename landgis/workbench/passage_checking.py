"""What would come of a split or merge as its form stands, for who is still drawing: data, of which nothing is kept."""

import json
from typing import Any

import numpy as np
import shapely

from landgis.changes.models import Severity
from landgis.lib import geometry
from landgis.workbench import checking, dividing, edit_fields, surroundings
from landgis.workbench.checking import Told
from landgis.workbench.edits import Feature
from landgis.workbench.passage_pages import Asked


def of_form(asked: Asked, found: Feature) -> Told:
    """Of what its page was asked."""
    srid = dividing.ground_of(found.row).srid
    issues = [
        _wrong(at, child["error"]) for at, child in enumerate(asked.context.get("children", ())) if child["error"]
    ]
    issues += checking.in_words(found.dataset, asked.issues, srid)
    error = str(asked.context.get("error", ""))
    return {"children": _children(asked, srid), "issues": issues, "error": error, "is_stopped": asked.is_stopped}


def _wrong(at: int, text: str) -> Told:
    issue = {"code": "child-wrong", "severity": Severity.STOP.value, "field": f"child-{at}", "message": text}
    return issue | {"remedy": "", "ref": "", "at": None}


def _children(asked: Asked, srid: int) -> list[Told]:
    if asked.proposal is None:
        return []
    children: list[Any] = list(asked.proposal.children)
    shapes = geometry.from_wgs84(np.array([child.shape for child in children], dtype=object), srid)
    written = shapely.to_geojson(surroundings.rounded(shapes, srid))
    areas = [float(one) for one in geometry.area_m2(shapes, srid)]
    return [
        {"number": child.number, "area_m2": area, "area": edit_fields.square_metres(area), "shape": json.loads(text)}
        for child, area, text in zip(children, areas, written, strict=True)
    ]
