"""A piece of one scene, read from its file.

A dataset of GDAL is opened for each piece and never shared between threads.
"""

import math
from typing import Any

import numpy as np
import rasterio

from landgis.imagery.queries import PublicScene
from landgis.imagery.raster import ENVIRONMENT, WEB_MERCATOR, RasterError
from landgis.lib.webmap import Box, metres


def piece(scene: PublicScene, bounds: Box, width: int, height: int) -> tuple[np.ndarray, np.ndarray] | None:
    """Colours (3, height, width) of one scene in a box of EPSG:3857, and which of them are its own; None where it does not
    reach.

    Only what the file covers is read: asked for a box beyond its edge, GDAL reads the full resolution (seconds).
    Raises whatever a damaged file makes of it.
    """
    from rio_tiler.io import Reader  # every command would start half a second later

    with rasterio.Env(**ENVIRONMENT), Reader(str(scene.path)) as reader:
        _must_be_as_stored(reader.dataset, scene)
        west, _south, _east, north = bounds
        pixel_x, pixel_y = pixel_of(bounds, width, height)
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


def pixel_of(bounds: Box, width: int, height: int) -> tuple[float, float]:
    """Width and height of a pixel in metres of EPSG:3857."""
    return (bounds[2] - bounds[0]) / width, (bounds[3] - bounds[1]) / height


def _must_be_as_stored(image: Any, scene: PublicScene) -> None:
    """Raises RasterError for a file whose bands, size or place are no longer those that it was stored with."""
    sides = (*metres(*scene.box[:2]), *metres(*scene.box[2:]))
    is_there = all(abs(one - other) < 2 * scene.pixel_m for one, other in zip(image.bounds, sides, strict=True))
    if image.count < 3 or set(image.dtypes) != {"uint8"} or image.crs != WEB_MERCATOR or not is_there:
        raise RasterError("the file is not the one that was stored")


def _within(first: float, last: float, count: int) -> range:
    """The whole pixels of `count` that lie between two positions; a hair less, so that none reaches over the edge."""
    hair = 1e-6
    return range(max(0, math.ceil(first + hair)), min(count, math.floor(last - hair)))
