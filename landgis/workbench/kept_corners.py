"""Corners that were typed or dragged and did not move: each stays where it is in force, to the last bit.

Numbers are written to the millimetre, so that a corner which two neighbours share would else lie in two places.
"""

from typing import Any

import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import GEOSGeometry

from landgis.catalog.dataset import Dataset
from landgis.catalog.geometry_kinds import POINT
from landgis.lib import divisions
from landgis.workbench import change_sets, corners
from landgis.workbench.corners import ReadShape
from landgis.workbench.models import Edit

NEAR_DEGREES = 1e-7  # a centimetre


def read(dataset: Dataset, edit: Edit, fact: dict[str, Any]) -> ReadShape:
    """As `corners.read`, with the corners of the feature and of its neighbours in force where those typed lie on them."""
    drawn = corners.read(dataset, fact)
    if drawn.shape is None or drawn.plane is None or "text" not in fact or dataset.geometry_kind is POINT:
        return drawn
    own, others = _known(dataset, edit.ref, drawn.shape)
    if not own and not others:
        return drawn
    (kept,) = divisions.with_corners_of([drawn.plane], own, fact["srid"], beside_wgs84=others)
    return corners.stored(dataset, kept, drawn.plane, fact["srid"])


def _known(
    dataset: Dataset, ref: str, shape: shapely.Geometry
) -> tuple[list[shapely.Geometry], list[shapely.Geometry]]:
    """The feature itself, and what lies beside a shape in force."""
    near = GEOSGeometry(shapely.buffer(shapely.box(*shape.bounds), NEAR_DEGREES).wkt, srid=4326)
    column = str(dataset.geometry)
    rows = change_sets.in_force_of(dataset).filter(until_revision=None, **{f"{column}__bboverlaps": near})
    found = [(one, shapely.from_wkb(bytes(wkb))) for one, wkb in rows.values_list("ref", AsWKB(column))]
    return [one for name, one in found if name == ref], [one for name, one in found if name != ref]
