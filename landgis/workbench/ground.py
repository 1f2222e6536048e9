"""The map of a change set, for officers' eyes: what is added, changed, retired and in trouble, before and after."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.gis.geos import GEOSException, GEOSGeometry

from landgis.catalog.dataset import Dataset
from landgis.changes.models import Action, ChangeSet, Severity
from landgis.ingest.report import issue_line
from landgis.workbench.change_sets import in_force_of, items_of

MOST = 5000  # features that a browser draws without a pause
MOST_TEXTS = 3
DECIMALS = 7


def collection(change_set: ChangeSet, dataset: Dataset) -> dict[str, Any]:
    """GeoJSON of the items (`side` "after") and of what they replace ("before"); `total` counts all items."""
    troubles = _troubles(change_set, dataset)
    items = items_of(change_set, dataset)
    chosen = list(
        items.filter(row__in=list(troubles)[:MOST])
        .annotate(shape=AsGeoJSON(str(dataset.geometry), precision=DECIMALS))
        .values("ref", "row", "action", "shape", "raw")
    )
    others = items.exclude(row__in=list(troubles)[:MOST]).exclude(action=Action.UNCHANGED)
    chosen += (
        others.annotate(shape=AsGeoJSON(str(dataset.geometry), precision=DECIMALS))
        .order_by("id")
        .values("ref", "row", "action", "shape", "raw")[: max(0, MOST - len(chosen))]
    )
    return {
        "type": "FeatureCollection",
        "total": items.exclude(action=Action.UNCHANGED).count(),
        "features": [*_before(change_set, dataset, chosen), *_after(chosen, troubles)],
    }


def _after(items: list[dict[str, Any]], troubles: dict[int, list[str]]) -> Iterator[dict[str, Any]]:
    for item in items:
        said = troubles.get(item["row"], [])
        shape = json.loads(item["shape"]) if item["shape"] else _raw_shape(item["raw"], "boundary")
        if shape is not None and item["action"] != Action.RETIRE:
            yield _feature("after", item, "trouble" if said else item["action"], shape, said)
        elif shape is not None:
            yield _feature("before", item, "retire", shape, said)
        repaired = _raw_shape(item["raw"], "repaired")
        if repaired is not None:
            yield _feature("after", item, "repair", repaired, said)


def _before(change_set: ChangeSet, dataset: Dataset, items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    refs = [
        item["ref"] for item in items if item["action"] == Action.CHANGE or (item["action"] is None and item["ref"])
    ]
    rows = in_force_of(dataset).filter(ref__in=refs, until_revision=change_set.revision)
    for row in rows.annotate(shape=AsGeoJSON(str(dataset.geometry), precision=DECIMALS)).values("ref", "shape"):
        if row["shape"]:
            yield _feature("before", {"ref": row["ref"], "row": None}, "change", json.loads(row["shape"]), [])


def _feature(side: str, item: dict[str, Any], kind: str, shape: Any, said: list[str]) -> dict[str, Any]:
    properties = {"side": side, "ref": item["ref"], "row": item["row"], "kind": kind, "says": said[:MOST_TEXTS]}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def _troubles(change_set: ChangeSet, dataset: Dataset) -> dict[int, list[str]]:
    """Row -> what is wrong with it, errors before warnings; of as many rows as are drawn."""
    found: dict[int, list[str]] = defaultdict(list)
    stopping = change_set.issues.exclude(row=None).order_by("severity", "row")
    for issue in stopping.filter(severity=Severity.STOP)[: 2 * MOST]:
        if issue.row is not None:
            found[issue.row].append(issue_line(dataset, issue, on_page=True)["message"])
    return dict(found)


def _raw_shape(raw: dict[str, Any] | None, name: str) -> Any:
    """A boundary that could not be stored, as it was or would be repaired."""
    text = (raw or {}).get(name)
    if not text:
        return None
    try:
        return json.loads(GEOSGeometry(text).geojson)
    except (ValueError, GEOSException):
        return None
