"""The ground that a scene shows: where it has pixels, and not the box round it."""

import json
from typing import Any

import shapely
from affine import Affine
from rasterio import features
from shapely.geometry import box, mapping, shape

from landgis.imagery.cover import NONE
from landgis.imagery.queries import PublicScene
from landgis.lib import geometry


def footprint_of(scene: PublicScene) -> dict[str, Any]:
    """The footprint as GeoJSON in degrees, drawn to one cell of the scene's cover (a 64th of its longer side); its box where
    nobody has looked at its pixels."""
    cover = scene.cover
    if cover is None or not (cover.states != NONE).any():
        content: dict[str, Any] = json.loads(scene.footprint)
        return content
    cell_m = cover.cell_px * scene.pixel_m
    west, _south, _east, north = frame = scene.box_3857
    seen = (cover.states != NONE).astype("uint8")
    found = features.shapes(seen, mask=seen > 0, transform=Affine(cell_m, 0, west, 0, -cell_m, north))
    ground = shapely.union_all([shape(part) for part, _value in found]).intersection(box(*frame))
    drawn = geometry.to_wgs84(ground.simplify(cell_m), 3857)
    return dict(mapping(shapely.set_precision(drawn, 1e-6)))
