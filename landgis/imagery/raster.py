"""Files of pixels, made ready for the web."""

import logging
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rasterio
import shapely
from django.utils.translation import gettext as _
from rasterio.crs import CRS
from rasterio.enums import ColorInterp, MaskFlags, Resampling
from rasterio.shutil import copy
from rasterio.warp import reproject
from rasterio.windows import Window

from landgis.imagery.cover import cover_of
from landgis.lib import geometry
from landgis.lib.webmap import DEGREE_M, EQUATOR_M, RADIUS_M

TILE_PX = 512
WEB_MERCATOR = CRS.from_epsg(3857)
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
COLLAR_SHARE = (
    1 / 16
)  # of a side, from a corner: what is black or white all over and as large is rather a frame than ground
GROUND = -1  # said of an image whose black and white pixels are all ground
TIFF_STARTS = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")


def _is_news(record: logging.LogRecord) -> bool:
    """Not, that the warper does not know the operation: rasterio hands it the options of the placing, too.

    GDAL says so since 3.11, for each image. The placing takes it, as the tests of the verified vectors show.
    """
    return "does not support option COORDINATE_OPERATION" not in record.getMessage()


logging.getLogger("rasterio._env").addFilter(_is_news)


class RasterError(Exception):
    """A file that cannot become a scene; the text says why and what to do."""


def optimise(source: Path, target: Path, srid: int | None, nodata: int | None = None) -> dict[str, Any]:
    """Write `source` as a cloud-optimised GeoTIFF in EPSG:3857 and tell what it is.

    It is placed by the registered pipeline of its CRS (`srid`, else what the file says), as every geometry
    is. Where the file does not say which pixels are none, `nodata` is their value in all bands, or GROUND. Returns srid, resolution_m (of the source, metres), maxzoom, bounds (EPSG:3857) and cover. Raises RasterError.
    """
    with source.open("rb") as file:
        if file.read(4) not in TIFF_STARTS:
            raise RasterError(_("The file is no GeoTIFF. Export the image as GeoTIFF."))
    try:
        with rasterio.Env(**ENVIRONMENT), rasterio.open(source, driver="GTiff") as image:
            crs = _crs_of(image, srid)
            _check(image, source.stat().st_size)
            found = _warp(image, crs, target, _nodata(image, nodata))
        with rasterio.open(target) as stored:
            return found | {"cover": cover_of(stored).encoded()}
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


def _nodata(image: Any, said: int | None) -> float | None:
    """The value of pixels that are none; None where there is no such value. Raises RasterError where that is a question."""
    if said is not None:
        return None if said == GROUND else said
    if image.nodata is None and MaskFlags.all_valid in image.mask_flag_enums[0] and _has_collar(image):
        raise RasterError(
            _(
                "A corner of the image is black or white all over, and the file does not say whether that is ground:"
                " it would hide older images. Say it with --nodata 0 or --nodata 255, or with --nodata none if it is ground."
            )
        )
    return image.nodata


def _has_collar(image: Any) -> bool:
    """Whether a corner is of one of the two colours with which programs fill what lies beside an image."""
    side = math.ceil(min(image.width, image.height) * COLLAR_SHARE)
    places = ((x, y) for x in (0, image.width - side) for y in (0, image.height - side))
    corners = (image.read((1, 2, 3), window=Window(x, y, side, side)) for x, y in places)
    return any((corner == 0).all() or (corner == 255).all() for corner in corners)


def _warp(image: Any, crs: geometry.CRS, target: Path, nodata: float | None) -> dict[str, Any]:
    # The same way as every boundary takes, then on to Web Mercator: never GDAL's own choice of a datum shift.
    to_mercator = f"{crs.pipeline} +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=webmerc +ellps=WGS84"
    # From degrees of WGS 84, and of datums with a null shift, there is but one way.
    placing = {} if crs.pipeline == "+proj=noop" else {"COORDINATE_OPERATION": to_mercator}
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
            src_nodata=nodata,
            src_alpha=_alpha_band(image),
            dst_alpha=4,
            init_dest_nodata=False,
            resampling=Resampling.bilinear,
            num_threads=os.cpu_count() or 1,
            **placing,
        )
    _write_optimised(warped, target)
    return {"srid": crs.srid, "resolution_m": pixel_m, "maxzoom": maxzoom, "bounds": (west, south, east, north)}


def _alpha_band(image: Any) -> int:
    """The band that says where there are pixels; 0 where none does. A fourth band may as well be near infrared."""
    return image.colorinterp.index(ColorInterp.alpha) + 1 if ColorInterp.alpha in image.colorinterp else 0


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
