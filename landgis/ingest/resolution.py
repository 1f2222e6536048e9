"""How finely a file says where things are: by the decimals of its coordinates."""

import numpy as np
import shapely

from landgis.ingest import files
from landgis.ingest.formats import WKB
from landgis.ingest.plans import ReadingPlan
from landgis.lib import geometry
from landgis.lib.webmap import DEGREE_M

MOST_DECIMALS = 9
COARSEST_M = 0.012  # seven decimals of a degree: of what is coarser nobody can say whether it moved


def resolution_m(plan: ReadingPlan) -> float:
    """The farthest (m) that a place may lie off because its coordinates are rounded; 0 where they are so coarse that this
    could hide a change, or so fine that it does not matter.
    """
    batch = files.sample(plan.source, plan.shape) if plan.brings_geometry else None
    if batch is None or plan.srid is None:
        return 0.0
    places = shapely.get_coordinates(
        shapely.from_wkb(np.array(batch.column(WKB).to_pylist(), dtype=object), on_invalid="ignore")
    )
    system = geometry.crs(plan.srid)
    step = 10.0 ** -_decimals(places) * (DEGREE_M if system.in_degrees else system.unit_m)
    return float(step * np.sqrt(0.5)) if step <= COARSEST_M else 0.0


def _decimals(places: np.ndarray) -> int:
    return next(
        (n for n in range(MOST_DECIMALS) if np.array_equal(np.round(places, n), places, equal_nan=True)), MOST_DECIMALS
    )
