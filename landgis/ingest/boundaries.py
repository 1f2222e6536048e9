"""Boundaries of a batch: found sound, moved to EPSG:4326, measured in the legal CRS."""

from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from landgis.changes.issues import Finding
from landgis.ingest.formats import WKB
from landgis.ingest.understanding import Plan
from landgis.lib import geometry


def columns(
    batch: pa.RecordBatch, rows: list[int], already_faulty: set[int], plan: Plan, findings: list[Finding]
) -> list[list[Any]]:
    """Columns boundary (hexadecimal EWKB, EPSG:4326), area_m2 and legal_srid of a batch.

    A geometry with a fault has no area, and no boundary either when it cannot be drawn.
    """
    srid = int(plan.srid or 0)
    size = batch.num_rows
    wkb = batch.column(WKB).to_pylist()
    drawn = shapely.from_wkb(np.array(wkb, dtype=object), on_invalid="ignore")
    unreadable = [index for index, raw in enumerate(wkb) if raw is not None and drawn[index] is None]
    faults = [fault for fault in geometry.faults(drawn) if fault[0] not in unreadable]
    faults += [(index, "geometry-invalid", {"reason": "WKB", "x": None, "y": None}) for index in unreadable]
    faulty = {index for index, _code, _params in faults}
    sound = np.array([index not in faulty for index in range(size)], dtype=bool)
    meant = plan.mistake.corrected(drawn[sound], srid) if plan.mistake else drawn[sound]
    boundaries = np.full(size, None, dtype=object)
    boundaries[sound] = geometry.canonical(geometry.to_wgs84(meant, srid))
    areas = np.full(size, None, dtype=object)
    areas[sound] = geometry.area_m2(meant, srid)
    outside = geometry.out_of_world(boundaries)
    faults += outside
    for index, _code, _params in outside:
        boundaries[index] = areas[index] = None
    findings.extend(
        Finding(code, row=rows[index], field="", params=params)
        for index, code, params in sorted(faults, key=lambda fault: fault[0])
        if index not in already_faulty
    )
    with_srid = shapely.set_srid(boundaries, 4326)
    return [
        shapely.to_wkb(with_srid, hex=True, include_srid=True).tolist(),
        areas.tolist(),
        [plan.srid] * size,
    ]
