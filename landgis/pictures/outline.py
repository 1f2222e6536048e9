"""A still picture of a feature on the best image of its place, for pages without scripts and for sharing."""

import io
import math
from collections.abc import Iterable

import shapely
from PIL import Image, ImageDraw
from shapely.geometry import shape

from landgis.catalog import queries, symbols
from landgis.catalog.dataset import Dataset
from landgis.imagery import overlays
from landgis.imagery.queries import Mosaic
from landgis.imagery.sights import days_text
from landgis.lib import geometry
from landgis.lib.webmap import RADIUS_M, Box
from landgis.pictures.furniture import draw_furniture
from landgis.pictures.paint import rgb

SHARE = 0.55  # of the picture that the feature takes
DRAWN_FOR_PX = 420  # the width at which letters and lines have their usual size: that of a phone
LETTERED_PX = 240  # in one that is narrower letters would hide the ground
PLAIN = (226, 231, 226)  # the ground of a small picture where no image has pixels: a list has no gap there
LEAST_M, SMALL_LEAST_M = 110, 60  # metres on the ground that a picture shows at least: a lot needs its street


def picture(dataset: Dataset, ref: str, mosaic: Mosaic, width: int, height: int, kind: str = "webp") -> bytes | None:
    """The outlined feature as "webp" or "jpeg"; None for what is not public, and where the mosaic has no pixels.

    A small one has no letters, and an outline where there are no pixels.
    """
    feature = queries.geojson_feature(dataset, ref)
    if feature is None or not feature["geometry"]:
        return None
    outline = geometry.from_wgs84(shape(feature["geometry"]), 3857)
    is_small = width < LETTERED_PX
    bounds = _frame(outline, width / height, SMALL_LEAST_M if is_small else LEAST_M)
    # It tells of the ground on a day: every pixel is as it was taken.
    pixels, seen = overlays.picture(mosaic.scenes, bounds, width, height, is_matched=False)
    if pixels is None and not is_small:
        return None
    image = Image.new("RGBA", (width, height), (*(PLAIN if pixels is None else rgb(symbols.UNDER_SEA)), 255))
    if pixels is not None:
        image.alpha_composite(Image.fromarray(pixels))
    image = image.convert("RGB")
    _draw_outline(image, outline, bounds, dataset, 0.5 if is_small else 1.0)
    if not is_small:
        middle = (bounds[1] + bounds[3]) / 2
        ground_m = (bounds[2] - bounds[0]) / width / math.cosh(middle / RADIUS_M)
        draw_furniture(image, ground_m, days_text(seen), max(1.0, width / DRAWN_FOR_PX))
    out = io.BytesIO()
    image.save(out, kind.upper(), quality=80)
    return out.getvalue()


def _frame(outline: shapely.Geometry, ratio: float, least_m: float) -> tuple[float, float, float, float]:
    """The box of the picture in EPSG:3857, with the feature in its middle."""
    west, south, east, north = outline.bounds
    stretch = math.cosh((south + north) / 2 / RADIUS_M)
    width = max((east - west) / SHARE, (north - south) / SHARE * ratio, least_m * stretch * ratio)
    x, y = (west + east) / 2, (south + north) / 2
    return x - width / 2, y - width / ratio / 2, x + width / 2, y + width / ratio / 2


def _draw_outline(
    image: Image.Image, outline: shapely.Geometry, bounds: Box, dataset: Dataset, thickness: float
) -> None:
    scale = image.width / (bounds[2] - bounds[0])
    draw, colour = ImageDraw.Draw(image), dataset.selected_colour
    for edge in symbols.selected(dataset.map.style.kind):
        for path in (path for part in shapely.get_parts(outline) for path in _paths(part)):
            places = [((x - bounds[0]) * scale, (bounds[3] - y) * scale) for x, y in path.coords]
            fill, width = edge.colour or colour, max(1, round(edge.width * thickness))
            if len(places) == 1:
                draw.circle(places[0], symbols.SELECTED_DOT + width / 2, fill=fill)
                continue
            closing = [places[1]] if path.is_ring else []
            draw.line([*places, *closing], fill=fill, width=width, joint="curve")


def _paths(part: shapely.Geometry) -> Iterable[shapely.Geometry]:
    """The rings of an area; a line or a point as it is."""
    return (part.exterior, *part.interiors) if part.geom_type == "Polygon" else (part,)
