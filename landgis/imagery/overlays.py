"""Scenes over each other, the newest on top: tiles and pictures cut from them.

A dataset of GDAL is opened for each request and never shared between threads.
"""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import rasterio
import structlog
from PIL import Image

from landgis.imagery.concealing import concealed_boxes, cover, covered
from landgis.imagery.queries import PublicScene
from landgis.imagery.raster import ENVIRONMENT, TILE_PX, WEB_MERCATOR, RasterError
from landgis.imagery.sights import has_pixels, is_seen
from landgis.lib.webmap import EQUATOR_M, Box, metres

log = structlog.get_logger(__name__)

NEAR_FROM = 12  # the zoom


@dataclass
class Overlay:
    """What is laid: colours (3, height, width) of EPSG:3857, the pixels that have one, and the scenes whose pixels they are."""

    colours: np.ndarray
    is_filled: np.ndarray
    shares: dict[PublicScene, np.ndarray] = field(default_factory=dict)
    is_whole: bool = True  # whether every scene could be read: one whose file has rotted is left out
    is_covered: np.ndarray | None = None

    def lay(self, scene: PublicScene, colours: np.ndarray, is_valid: np.ndarray) -> None:
        """Put what is valid under what lies there."""
        fresh = is_valid & ~self.is_filled
        if fresh.any():
            np.copyto(self.colours, colours, where=fresh)
            self.is_filled |= fresh
            self.shares[scene] = fresh

    @property
    def seen(self) -> list[PublicScene]:
        """The scenes that show, the newest first; of what is covered none."""
        shown = self.shares.items()
        return [one for one, part in shown if is_seen(part if self.is_covered is None else part & ~self.is_covered)]


def tile(scenes: Sequence[PublicScene], z: int, x: int, y: int) -> tuple[bytes | None, bool]:
    """A 512 px tile in WebP, the first scenes on top, None where none has a pixel; and whether all could be read."""
    side = EQUATOR_M / 2**z
    west, north = x * side - EQUATOR_M / 2, EQUATOR_M / 2 - y * side
    # From far a tile is there to find one's way; near it is there to be looked at.
    quality = 50 if z < NEAR_FROM else 75
    overlay = _laid(scenes, (west, north - side, west + side, north), TILE_PX, TILE_PX)
    return _webp(overlay, quality), overlay.is_whole


def picture(
    scenes: Sequence[PublicScene], bounds: Box, width: int, height: int
) -> tuple[np.ndarray | None, list[PublicScene]]:
    """Pixels (height, width, 4) of a box in EPSG:3857, the first scenes on top, see-through where nothing is, None where that is
    everywhere; and which are seen."""
    overlay = _laid(scenes, bounds, width, height)
    if not overlay.is_filled.any():
        return None, []
    return _pixels(overlay), overlay.seen


def _laid(scenes: Sequence[PublicScene], bounds: Box, width: int, height: int) -> Overlay:
    """The scenes over each other; none is read of which nothing would show. What is concealed is covered at the end, in
    whole cells."""
    overlay = Overlay(np.zeros((3, height, width), "uint8"), np.zeros((height, width), bool))
    for scene in scenes:
        if not has_pixels(scene, bounds, ~overlay.is_filled):
            continue
        try:
            piece = _piece(scene, bounds, width, height)
        except Exception as error:  # it fails in many ways, and the others are as they were
            log.error("scene left out", scene=scene.name, error=repr(error))
            overlay.is_whole = False
            continue
        if piece is not None:
            overlay.lay(scene, *piece)
        if overlay.is_filled.all():
            break
    boxes = concealed_boxes(scenes, bounds, _pixel(bounds, width, height)[0])
    if boxes:
        overlay.is_covered = covered(bounds, width, height, boxes)
        cover(overlay.colours, overlay.is_covered)
        overlay.is_filled |= overlay.is_covered
    return overlay


def _piece(scene: PublicScene, bounds: Box, width: int, height: int) -> tuple[np.ndarray, np.ndarray] | None:
    """Colours of one scene in a box of EPSG:3857, and which of them are its own; None where it does not reach.

    Only what the file covers is read: asked for a box beyond its edge, GDAL reads the full resolution (seconds).
    Raises whatever a damaged file makes of it.
    """
    from rio_tiler.io import Reader  # every command would start half a second later

    with rasterio.Env(**ENVIRONMENT), Reader(str(scene.path)) as reader:
        _must_be_as_stored(reader.dataset, scene)
        west, _south, _east, north = bounds
        pixel_x, pixel_y = _pixel(bounds, width, height)
        left, bottom, right, top = reader.bounds
        columns = _within((left - west) / pixel_x, (right - west) / pixel_x, width)
        rows = _within((north - top) / pixel_y, (north - bottom) / pixel_y, height)
        if not (columns and rows):
            return None
        read = reader.part(
            (
                west + columns.start * pixel_x,
                north - rows.stop * pixel_y,
                west + columns.stop * pixel_x,
                north - rows.start * pixel_y,
            ),
            bounds_crs=WEB_MERCATOR,
            dst_crs=WEB_MERCATOR,
            width=len(columns),
            height=len(rows),
            indexes=(1, 2, 3),
            resampling_method="bilinear",
        )
    colours, is_valid = np.zeros((3, height, width), "uint8"), np.zeros((height, width), bool)
    place = (slice(rows.start, rows.stop), slice(columns.start, columns.stop))
    colours[:, *place] = read.array.data
    is_valid[place] = ~np.ma.getmaskarray(read.array).any(axis=0)
    return colours, is_valid


def _must_be_as_stored(image: Any, scene: PublicScene) -> None:
    """Raises RasterError for a file whose bands, size or place are no longer those that it was stored with."""
    sides = (*metres(*scene.box[:2]), *metres(*scene.box[2:]))
    is_there = all(abs(one - other) < 2 * scene.pixel_m for one, other in zip(image.bounds, sides, strict=True))
    if image.count < 3 or set(image.dtypes) != {"uint8"} or image.crs != WEB_MERCATOR or not is_there:
        raise RasterError("the file is not the one that was stored")


def _pixel(bounds: Box, width: int, height: int) -> tuple[float, float]:
    """Width and height of a pixel in metres of EPSG:3857."""
    return (bounds[2] - bounds[0]) / width, (bounds[3] - bounds[1]) / height


def _within(first: float, last: float, count: int) -> range:
    """The whole pixels of `count` that lie between two positions; a hair less, so that none reaches over the edge."""
    hair = 1e-6
    return range(max(0, math.ceil(first + hair)), min(count, math.floor(last - hair)))


def _webp(overlay: Overlay, quality: int) -> bytes | None:
    """The pixels as WebP, see-through where there are none. By Pillow: the image may be laid from several."""
    if not overlay.is_filled.any():
        return None
    pixels = _pixels(overlay) if not overlay.is_filled.all() else np.moveaxis(overlay.colours, 0, -1)
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()


def _pixels(overlay: Overlay) -> np.ndarray:
    """Red, green, blue and how opaque."""
    opaque = np.where(overlay.is_filled, 255, 0).astype("uint8")
    return np.ascontiguousarray(np.dstack([*overlay.colours, opaque]))
