"""The map of a change set, for officers' eyes: what is added, changed, retired and in trouble, before and after."""

import itertools
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import shapely
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.gis.geos import GEOSException, GEOSGeometry

from landgis.catalog.dataset import Dataset
from landgis.changes import items
from landgis.changes.models import Action, ChangeSet, Severity
from landgis.ingest.report import issue_line
from landgis.workbench.change_sets import in_force_of

MOST = 5000  # features that a browser draws without a pause
MOST_TEXTS = 3
DECIMALS = 7


def collection(change_set: ChangeSet, dataset: Dataset) -> dict[str, Any]:
    """GeoJSON of the items (`side` "after") and of what they replace ("before"); `total` counts all items."""
    troubles = _troubles(change_set, dataset)
    every, rows = items.of(change_set), list(troubles)[:MOST]
    chosen = list(every.of_rows(rows))
    others = (item for item in every.first(MOST, without=[Action.UNCHANGED]) if item.row not in troubles)
    chosen += itertools.islice(others, max(0, MOST - len(chosen)))
    return {
        "type": "FeatureCollection",
        "total": every.count(without=[Action.UNCHANGED]),
        "features": [*_before(change_set, dataset, chosen), *_after(dataset, chosen, troubles)],
    }


def _after(dataset: Dataset, chosen: list[Any], troubles: dict[int, list[str]]) -> Iterator[dict[str, Any]]:
    for item in chosen:
        said = troubles.get(item.row, [])
        stored = getattr(item, str(dataset.geometry))
        shape = _geojson(stored) if stored is not None else _raw_shape(item.raw, "boundary")
        if shape is not None and item.action != Action.RETIRE:
            yield _feature("after", item.ref, item.row, "trouble" if said else item.action, shape, said)
        elif shape is not None:
            yield _feature("before", item.ref, item.row, "retire", shape, said)
        repaired = _raw_shape(item.raw, "repaired")
        if repaired is not None:
            yield _feature("after", item.ref, item.row, "repair", repaired, said)


def _geojson(stored: GEOSGeometry) -> Any:
    rounded = shapely.transform(shapely.from_wkb(bytes(stored.wkb)), lambda found: found.round(DECIMALS))
    return json.loads(shapely.to_geojson(rounded))


def _before(change_set: ChangeSet, dataset: Dataset, chosen: list[Any]) -> Iterator[dict[str, Any]]:
    refs = [item.ref for item in chosen if item.action == Action.CHANGE or (item.action is None and item.ref)]
    rows = in_force_of(dataset).filter(ref__in=refs, until_revision=change_set.revision)
    for row in rows.annotate(shape=AsGeoJSON(str(dataset.geometry), precision=DECIMALS)).values("ref", "shape"):
        if row["shape"]:
            yield _feature("before", row["ref"], None, "change", json.loads(row["shape"]), [])


def _feature(side: str, ref: str, row: int | None, kind: str, shape: Any, said: list[str]) -> dict[str, Any]:
    properties = {"side": side, "ref": ref, "row": row, "kind": kind, "says": said[:MOST_TEXTS]}
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
