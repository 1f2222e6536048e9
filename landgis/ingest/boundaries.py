"""Geometries of a batch: found sound, moved to EPSG:4326, measured in the legal CRS."""

from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from landgis.catalog.geometry_kinds import GeometryKind
from landgis.changes.issues import Finding
from landgis.ingest import repairs
from landgis.ingest.formats import WKB
from landgis.ingest.plans import ReadingPlan
from landgis.lib import canonical_forms, geometry
from landgis.lib.canonical_forms import Fault

REPAIRED = "geometry-repaired"
MAX_SHOWN = 50_000  # characters of a boundary that are kept to be shown


def columns(
    batch: pa.RecordBatch,
    kind: GeometryKind,
    rows: list[int],
    already_faulty: set[int],
    plan: ReadingPlan,
    raws: list[dict[str, Any]],
    findings: list[Finding],
) -> list[list[Any]]:
    """The columns of a kind of geometry (hexadecimal EWKB, EPSG:4326; what is measured; the legal SRID) of a batch.

    A geometry with a fault has no measure, and no shape either when it cannot be drawn. What a repair makes, or would
    make, of it is kept in `raws` beside what it was, both as WKT in EPSG:4326.
    """
    form, size = kind.form or canonical_forms.AREA, batch.num_rows
    drawn, faults = _drawn(batch.column(WKB).to_pylist(), form)
    if form is canonical_forms.AREA:
        faults = _with_repairs(drawn, faults, plan, raws)
    faulty = {index for index, code, _params in faults if code != REPAIRED}
    sound = np.array([index not in faulty for index in range(size)], dtype=bool)
    shapes, measures = _placed(drawn, sound, form, plan)
    outside = canonical_forms.out_of_world(shapes)
    faults += outside
    for index, _code, _params in outside:
        shapes[index] = measures[index] = None
    findings.extend(
        Finding(code, row=rows[index], field="", params=params)
        for index, code, params in sorted(faults, key=lambda fault: fault[0])
        if index not in already_faulty
    )
    # bytes.hex() is several times as fast as the hexadecimal form of shapely.
    ewkb = shapely.to_wkb(shapely.set_srid(shapes, 4326), include_srid=True)
    return [
        [None if shape is None else shape.hex() for shape in ewkb],
        *([measures.tolist()] if form.measured else []),
        [plan.srid] * size,
    ]


def _drawn(wkb: list[bytes | None], form: canonical_forms.CanonicalForm) -> tuple[np.ndarray, list[Fault]]:
    """The geometries as the file has them, and what is wrong with them."""
    drawn = shapely.from_wkb(np.array(wkb, dtype=object), on_invalid="ignore")
    unreadable = [index for index, raw in enumerate(wkb) if raw is not None and drawn[index] is None]
    faults = [fault for fault in form.faults(drawn) if fault[0] not in unreadable]
    faults += [(index, "geometry-invalid", {"reason": "WKB", "x": None, "y": None}) for index in unreadable]
    return drawn, faults


def _placed(
    drawn: np.ndarray, sound: np.ndarray, form: canonical_forms.CanonicalForm, plan: ReadingPlan
) -> tuple[np.ndarray, np.ndarray]:
    """Of the sound ones the shapes in EPSG:4326, and what is measured of them in the legal CRS; else None."""
    srid = int(plan.srid or 0)
    meant = plan.mistake.corrected(drawn[sound], srid) if plan.mistake else drawn[sound]
    shapes, measures = (np.full(len(drawn), None, dtype=object) for _each in range(2))
    shapes[sound] = form.canonical(geometry.to_wgs84(meant, srid))
    if form.measured:
        measures[sound] = form.measured(meant, srid)
    return shapes, measures


def _with_repairs(drawn: np.ndarray, faults: list[Fault], plan: ReadingPlan, raws: list[dict[str, Any]]) -> list[Fault]:
    """The faults with what a repair would change; where its kind is accepted, `drawn` is repaired."""
    proposed = repairs.proposed(drawn, faults, int(plan.srid or 0))
    told = []
    for row, code, params in faults:
        if row in proposed:
            repaired, change, of_kind = proposed[row]
            said = {"repair": of_kind, "repair_change": f"{change:+.2f}"}
            params = {"reason": code, "x": None, "y": None} | params | said
            raws[row] |= {"boundary": _shown(drawn[row], plan), "repaired": _shown(repaired, plan)}
            if of_kind in plan.repairs:
                drawn[row], code = repaired, REPAIRED
        told.append((row, code, params))
    return told


def _shown(shape: shapely.Geometry, plan: ReadingPlan) -> str:
    srid = int(plan.srid or 0)
    meant = plan.mistake.corrected(shape, srid) if plan.mistake else shapely.force_2d(shape)
    text = shapely.to_wkt(geometry.to_wgs84(meant, srid), rounding_precision=9)
    return text if len(text) <= MAX_SHOWN else ""
