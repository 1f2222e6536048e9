"""The way to WGS 84 for coordinates in a system that is not registered here: one of PROJ's, chosen once for the file."""

from dataclasses import replace
from typing import Any

import shapely

from landgis.changes.issues import STOP, Finding, severity
from landgis.ingest import coordinates, mistakes, placements, witnesses
from landgis.ingest.areas import Areas
from landgis.ingest.coordinates import Decision
from landgis.ingest.errors import FileError
from landgis.ingest.placements import Placement, Sample
from landgis.lib import geometry
from landgis.lib.crs_register import Bounds, Operation

DIFFER_M = 0.1
UNKNOWN = {"withdrawn": "crs-withdrawn", "grid": "crs-grid", "number": "crs-unknown"}


def known(srid: int) -> int:
    """The number of a system that can be read. Raises FileError, which says why one cannot."""
    try:
        return geometry.crs(srid).srid
    except geometry.UnknownCRS as error:
        raise FileError(UNKNOWN[error.why], srid=srid, **error.params) from error


def settled(decision: Decision, how: str, sample: Sample, areas: Areas | None) -> Decision:
    """The decision with the way that is taken, or a question where several differ."""
    placement, bounds = decision.placement, _bounds(decision.placement, sample)
    if placement is None or bounds is None:
        return decision
    ways = {mistakes.of_operation(one): one for one in geometry.operations(placement.srid, bounds) if one.code}
    if not ways:
        return decision
    readings = [placement] if placement.mistake else [_by(placement.srid, way) for way in ways]
    found = witnesses.apart([witnesses.witnessed(one, sample, areas) for one in readings], sample, DIFFER_M)
    kept = [one for one in found if witnesses.IN_FORCE in one.because] or found
    is_asked = any(severity(finding.code) == STOP for finding in decision.findings)
    if len(kept) > 1 and not is_asked and how != coordinates.CONFIRMED:
        params = {"name": geometry.crs(placement.srid).name, "best": False, **kept[0].placement.as_params}
        asked = Finding("crs-operations", params=params | {"readings": witnesses.as_params(kept, sample, areas)})
        return Decision(kept[0].placement, (*decision.findings, asked))
    best = kept[0].placement
    return replace(decision, placement=best, findings=(*decision.findings, _told(best)))


def _by(srid: int, way: mistakes.Mistake) -> Placement:
    """A reading by a way; by the first of the register, which is taken anyway, it needs no mention."""
    return Placement(srid, None if way.to_wgs84 == geometry.crs(srid).pipeline else way)


def _told(placement: Placement) -> Finding:
    way = operation(placement)
    params: dict[str, Any] = {"name": placement.name, "operation": way.name, "accuracy": f"{way.accuracy_m:g}"}
    return Finding("crs-operation", params=params)


def operation(placement: Placement) -> Operation:
    """The way of PROJ's that a reading takes."""
    every = geometry.operations(placement.srid)
    code = placement.mistake.code if placement.mistake else ""
    return next((one for one in every if mistakes.OPERATION + one.code == code), every[0])


def _bounds(placement: Placement | None, sample: Sample) -> Bounds | None:
    if placement is None or not len(sample.points):
        return None
    places = shapely.get_coordinates(placement.degrees(sample.points))
    places = places[placements.on_globe(places)]
    if not len(places):
        return None
    west, south = places.min(axis=0).tolist()
    east, north = places.max(axis=0).tolist()
    return west, south, east, north


def as_report(placement: Placement) -> dict[str, Any]:
    """The way as it is kept with the file: its text, its name and how exact it is."""
    text = placement.mistake.to_wgs84 if placement.mistake and placement.mistake.to_wgs84 else ""
    if not geometry.operations(placement.srid):
        return {"pipeline": text or geometry.crs(placement.srid).pipeline}
    way = operation(placement)
    return {"pipeline": way.pipeline, "operation": way.name, "accuracy_m": way.accuracy_m}
