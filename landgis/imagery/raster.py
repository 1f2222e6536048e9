"""Pixels: files made ready for the web, and tiles and pictures cut from them.

A dataset of GDAL is opened for each request and never shared between threads.
"""

import io
import logging
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
import structlog
from django.utils.translation import gettext as _
from PIL import Image
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.shutil import copy
from rasterio.warp import reproject
from rio_tiler.io import Reader
from rio_tiler.models import ImageData

from landgis.imagery.concealing import concealed_cells, cover
from landgis.imagery.queries import PublicScene
from landgis.lib import geometry
from landgis.lib.webmap import DEGREE_M, EQUATOR_M, RADIUS_M, Box, degrees, metres

log = structlog.get_logger(__name__)

TILE_PX = 512
NEAR_FROM = 12  # the zoom
WEB_MERCATOR = CRS.from_epsg(3857)
BESIDE = (33, 60, 76)  # the tone of a deep sea, as in landgis/static/js/map/scenes.js: most edges lie there
# Nothing is read but the one file: no neighbours of it, nothing from the network.
ENVIRONMENT = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_CACHEMAX": 256,
    "GDAL_NUM_THREADS": "ALL_CPUS",
}
MOST_PIXELS = 40_000_000_000  # a province at half a metre
SMALL_PIXELS, MOST_PIXELS_A_BYTE = 25_000_000, 5_000  # what is larger and says nothing but itself is no image
TIFF_STARTS = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")


def _is_news(record: logging.LogRecord) -> bool:
    """Not, that the warper does not know the operation: rasterio hands it the options of the placing, too.

    GDAL says so since 3.11, for each image. The placing takes it, as the tests of the verified vectors show.
    """
    return "does not support option COORDINATE_OPERATION" not in record.getMessage()


logging.getLogger("rasterio._env").addFilter(_is_news)


class RasterError(Exception):
    """A file that cannot become a scene; the text says why and what to do."""


def optimise(source: Path, target: Path, srid: int | None) -> dict[str, Any]:
    """Write `source` as a cloud-optimised GeoTIFF in EPSG:3857 and tell what it is.

    It is placed by the registered pipeline of its CRS (`srid`, else what the file says), as every geometry
    is. Returns srid, resolution_m (of the source, metres), maxzoom and bounds (EPSG:3857). Raises RasterError.
    """
    with source.open("rb") as file:
        if file.read(4) not in TIFF_STARTS:
            raise RasterError(_("The file is no GeoTIFF. Export the image as GeoTIFF."))
    try:
        with rasterio.Env(**ENVIRONMENT), rasterio.open(source, driver="GTiff") as image:
            crs = _crs_of(image, srid)
            _check(image, source.stat().st_size)
            return _warp(image, crs, target)
    except RasterError:
        raise
    except Exception as error:  # a damaged file fails in many ways: of GDAL, of what it wants to hold, of numbers
        raise RasterError(_("The file cannot be read as GeoTIFF: %(reason)s") % {"reason": error}) from error


def _check(image: Any, size: int) -> None:
    """Whether a file of `size` bytes can be an image of the ground. Raises RasterError."""
    if image.count < 3 or image.dtypes[0] != "uint8":
        raise RasterError(_("An image of three bands (red, green, blue) of 8 bits is needed."))
    if image.transform.is_identity or not image.transform.a or not image.transform.e:
        raise RasterError(_("The file does not say where the image lies. Export it with its place."))
    pixels = image.width * image.height
    if pixels > MOST_PIXELS or (pixels > SMALL_PIXELS and pixels > size * MOST_PIXELS_A_BYTE):
        raise RasterError(
            _(
                "The file says that it has %(width)s x %(height)s pixels, which it cannot hold. Export it again, in parts if need be."
            )
            % {"width": image.width, "height": image.height}
        )


def _crs_of(image: Any, srid: int | None) -> geometry.CRS:
    said = srid or (image.crs.to_epsg() if image.crs else None)
    if said is None:
        raise RasterError(_("The file does not say its coordinate system; say it with --crs, for example EPSG:5899."))
    try:
        return geometry.crs(said)
    except geometry.UnknownCRS as error:
        raise RasterError(str(error)) from error


def _warp(image: Any, crs: geometry.CRS, target: Path) -> dict[str, Any]:
    # The same way as every boundary takes, then on to Web Mercator: never GDAL's own choice of a datum shift.
    to_mercator = f"{crs.pipeline} +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=webmerc +ellps=WGS84"
    # Degrees of the registered kind are WGS 84's own (a null shift), from which there is but one way.
    placing = {} if crs.in_degrees else {"COORDINATE_OPERATION": to_mercator}
    corners = [
        image.transform * corner
        for corner in ((0, 0), (image.width, 0), (0, image.height), (image.width, image.height))
    ]
    west, south, east, north = _mercator_box(corners, crs.srid)
    pixel_m = abs(image.transform.a) * (crs.unit_m or DEGREE_M)
    # A pixel on the ground is stretched by the latitude in Web Mercator.
    latitude = math.atan(math.sinh((south + north) / 2 / RADIUS_M))
    maxzoom = max(5, min(22, round(math.log2(EQUATOR_M * math.cos(latitude) / TILE_PX / pixel_m))))
    size = EQUATOR_M / TILE_PX / 2**maxzoom
    profile = {
        "driver": "GTiff", "count": 4, "dtype": "uint8", "crs": WEB_MERCATOR, "photometric": "RGB", "alpha": "YES",
        "transform": rasterio.transform.from_origin(west, north, size, size),
        "width": math.ceil((east - west) / size),
        "height": math.ceil((north - south) / size),
        "tiled": True, "bigtiff": "IF_SAFER",
    }  # fmt: skip
    warped = target.with_suffix(".warped.tif")
    with rasterio.open(warped, "w+", **profile) as flat:
        reproject(
            rasterio.band(image, [1, 2, 3]),
            rasterio.band(flat, [1, 2, 3]),
            # Longitude first, as in every file of pixels, whatever order EPSG gives the axes of degrees.
            src_crs=CRS.from_string("OGC:CRS84") if crs.in_degrees else CRS.from_epsg(crs.srid),
            src_nodata=image.nodata,
            dst_alpha=4,
            init_dest_nodata=False,
            resampling=Resampling.bilinear,
            num_threads=os.cpu_count() or 1,
            **placing,
        )
    _write_optimised(warped, target)
    return {"srid": crs.srid, "resolution_m": pixel_m, "maxzoom": maxzoom, "bounds": (west, south, east, north)}


def _write_optimised(warped: Path, target: Path) -> None:
    # The driver reads its source several times: once for the pixels and once for each overview.
    copy(
        warped, target, driver="COG", compress="JPEG", quality=82, blocksize=TILE_PX,
        overview_resampling="average", bigtiff="IF_SAFER",
    )  # fmt: skip
    warped.unlink()


def _mercator_box(corners: Sequence[tuple[float, float]], srid: int) -> tuple[float, float, float, float]:
    placed = geometry.from_wgs84(geometry.to_wgs84(shapely.MultiPoint(corners), srid), 3857)
    if not all(math.isfinite(side) and abs(side) <= EQUATOR_M / 2 for side in placed.bounds):
        raise RasterError(_("The image does not lie on the earth. Look at its place and its coordinate system."))
    return placed.bounds


def tile(scenes: Sequence[PublicScene], z: int, x: int, y: int) -> tuple[bytes | None, bool]:
    """A 512 px tile in WebP, the first scenes on top, None where none has a pixel; and whether all could be read."""
    side = EQUATOR_M / 2**z
    west, north = x * side - EQUATOR_M / 2, EQUATOR_M / 2 - y * side
    # From far a tile is there to find one's way; near it is there to be looked at.
    quality = 50 if z < NEAR_FROM else 75
    laid, is_whole = _laid(scenes, (west, north - side, west + side, north), TILE_PX, TILE_PX)
    return _webp(laid, quality), is_whole


def picture(scenes: Sequence[PublicScene], bounds: Box, width: int, height: int) -> np.ndarray | None:
    """Pixels (height, width, 3) of a box in EPSG:3857, the first scenes on top; None where nothing is."""
    laid, _is_whole = _laid(scenes, bounds, width, height)
    if laid is None:
        return None
    empty = np.asarray(np.ma.getmaskarray(laid.array).any(axis=0))[..., None]
    return np.where(empty, np.array(BESIDE, "uint8"), np.moveaxis(laid.array.data, 0, -1))


def _laid(scenes: Sequence[PublicScene], bounds: Box, width: int, height: int) -> tuple[ImageData | None, bool]:
    """The scenes over each other, the first on top; no further one is read once nothing shows through.

    What is concealed is covered at the end, in whole cells. Also whether every scene could be read: one whose file has
    rotted is left out.
    """
    box = (*degrees(*bounds[:2]), *degrees(*bounds[2:]))
    top: ImageData | None = None
    is_whole = True
    for scene in scenes:
        try:
            piece = _piece(scene, bounds, width, height) if scene.touches(box) else None
        except Exception as error:  # it fails in many ways, and the others are as they were
            log.error("scene left out", scene=scene.name, error=repr(error))
            is_whole, piece = False, None
        if piece is None or piece.array.mask.all():
            continue
        if top is None:
            top = piece
        else:
            top.array = np.ma.where(np.ma.getmaskarray(top.array), piece.array, top.array)
        if not np.ma.getmaskarray(top.array).any():
            break
    cells = concealed_cells(scenes, bounds, _pixel(bounds, width, height)[0])
    if cells:
        top = top or _empty(bounds, width, height)
        cover(top.array, bounds, cells)
    return top, is_whole


def _empty(bounds: Box, width: int, height: int) -> ImageData:
    """A picture without a pixel."""
    return ImageData(
        np.ma.masked_array(np.zeros((3, height, width), "uint8"), mask=True), bounds=bounds, crs=WEB_MERCATOR
    )


def _piece(scene: PublicScene, bounds: Box, width: int, height: int) -> ImageData | None:
    """The pixels of one scene in a box of EPSG:3857, masked where it has none; None where it does not reach.

    Only what the file covers is read: asked for a box beyond its edge, GDAL reads the full resolution (seconds).
    Raises whatever a damaged file makes of it.
    """
    with rasterio.Env(**ENVIRONMENT), Reader(str(scene.path)) as reader:
        _must_be_as_stored(reader.dataset, scene)
        west, _south, _east, north = bounds
        pixel_x, pixel_y = _pixel(bounds, width, height)
        left, bottom, right, top = reader.bounds
        columns = _within((left - west) / pixel_x, (right - west) / pixel_x, width)
        rows = _within((north - top) / pixel_y, (north - bottom) / pixel_y, height)
        if not (columns and rows):
            return None
        covered = reader.part(
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
    whole = _empty(bounds, width, height)
    whole.array[:, rows.start : rows.stop, columns.start : columns.stop] = covered.array
    return whole


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


def _webp(image: ImageData | None, quality: int) -> bytes | None:
    """The pixels as WebP, see-through where there are none. By Pillow: the image may be laid from several."""
    if image is None:
        return None
    pixels = np.moveaxis(image.array.data, 0, -1)
    empty = np.ma.getmaskarray(image.array).any(axis=0)
    if empty.any():
        pixels = np.dstack([pixels, np.where(empty, 0, 255).astype("uint8")])
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()
