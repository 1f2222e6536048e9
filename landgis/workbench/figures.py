"""Boundaries drawn over each other, on the newest scenes that are seen there."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import urlencode

import shapely
from django.urls import reverse

from landgis.catalog.dataset import Dataset
from landgis.imagery.queries import Mosaic, PublicScene
from landgis.imagery.sights import SceneSight
from landgis.lib import webmap
from landgis.lib.webmap import Padding, View

WIDTH_PX, HEIGHT_PX, RIM_PX = 360, 270, 40
NEWEST = 2  # scenes that each feature is shown on
NEAREST = 20.0  # zoom: a corner that moved by a decimetre is to be seen, and no picture is made nearer
Shape: TypeAlias = shapely.Geometry | None


def of_states(before: Shape, after: Shape, known: Sequence[PublicScene]) -> list[dict[str, Any]]:
    """Two states of the same ground."""
    return over_each_other({"before": before, "after": after}, known)


def over_each_other(
    shapes: Mapping[str, Shape], known: Sequence[PublicScene], most: int = NEWEST
) -> list[dict[str, Any]]:
    """Shapes (EPSG:4326) by their side, over as many scenes as are seen there; over nothing where there is none."""
    there = {side: shape for side, shape in shapes.items() if shape is not None}
    if not there:
        return []
    bounds = shapely.total_bounds(list(there.values())).tolist()
    view = webmap.fit(bounds, WIDTH_PX, HEIGHT_PX, Padding(RIM_PX, RIM_PX, RIM_PX, RIM_PX), nearest=NEAREST)
    paths = [{"side": side, "d": _path(shape, view)} for side, shape in there.items()]
    drawn = {"width": WIDTH_PX, "height": HEIGHT_PX, "paths": paths}
    seen = [scene for scene in known if SceneSight([scene], view.box_3857).of(Mosaic(scene.name, (scene,)))][:most]
    return [drawn | _under(scene, view) for scene in seen] or [drawn]


def _under(scene: PublicScene, view: View) -> dict[str, Any]:
    query = {"view": view.text, "size": f"{WIDTH_PX}x{HEIGHT_PX}", "layers": "", "scene": scene.name}
    return {"day": scene.acquired_on, "image": f"{reverse('pictures:still', args=['webp'])}?{urlencode(query)}"}


def shape_of(dataset: Dataset, row: Any) -> Shape:
    """The geometry of a row or an item, EPSG:4326."""
    stored = getattr(row, str(dataset.geometry), None)
    return shapely.from_wkb(bytes(stored.wkb)) if stored is not None else None


def _path(shape: shapely.Geometry, view: View) -> str:
    """The shape as the path of an SVG over the picture."""
    if shape.geom_type == "Point":
        x, y = view.pixel(*webmap.metres(shape.x, shape.y))
        return f"M{x - 6:.1f} {y:.1f}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0Z"
    rings = shapely.get_parts(shape)
    if "Polygon" in shape.geom_type:
        rings = shapely.get_rings(rings)
    return "".join(_line(ring, view) + ("Z" if "Polygon" in shape.geom_type else "") for ring in rings)


def _line(line: shapely.Geometry, view: View) -> str:
    pixels = [view.pixel(*webmap.metres(x, y)) for x, y in shapely.get_coordinates(line)]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in pixels)
