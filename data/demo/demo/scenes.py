"""Two dated satellite scenes of the made-up province: 10 m over all of it, 0.5 m over three towns, 40 m around it.

They are drawn from the landscape, the fabric and the public plots, so that lots, streets and roofs lie where the other
recipes say. Between the dates roofs appear, plots are cleared, the motorway is paved and fields change. The same seed
gives the same pixels. Files are GeoTIFFs in VN-2000 / TM-3 107-45 (EPSG:5899), as a survey company delivers them;
`manage.py scene add` makes them cloud-optimised.
"""

import os
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas
import numpy as np
import rasterio
import shapely
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine
from rasterio.windows import Window

from . import SRID, public_land, scene_ground, scene_town
from .landscape import province
from .scene_ground import Canvas
from .scene_world import World
from .sheet import SUN, SUN_RISE, PixelGrid, chance, cloud, crowns

DATES = (date(2024, 2, 11), date(2026, 2, 20))
CHUNK = (
    512  # pixels; a chunk is painted at a time (larger ones fall out of the cache), with a margin for what reaches in
)
MARGIN = 28


@dataclass(frozen=True)
class Frame:
    """What one file covers: metres of EPSG:5899 and the size of a pixel."""

    name: str
    title: str
    west: float
    south: float
    east: float
    north: float
    pixel: float


FRAMES = (
    Frame("ba-ria-vung-tau", "Bà Rịa - Vũng Tàu", 415_500, 1_139_500, 483_500, 1_196_500, 10.0),
    # So that the map does not end with the province: what lies around it, on a phone held upright too.
    Frame("vung-lan-can", "Vùng lân cận", 397_500, 1_108_000, 499_500, 1_213_500, 40.0),
    Frame("con-dao", "Côn Đảo", 361_500, 950_500, 392_500, 968_500, 10.0),
    Frame("vung-tau", "Vũng Tàu", 425_400, 1_147_900, 426_600, 1_149_000, 0.5),
    Frame("ba-ria", "Bà Rịa", 439_300, 1_158_800, 440_300, 1_159_800, 0.5),
    Frame("phu-my", "Phú Mỹ", 422_000, 1_171_600, 423_400, 1_172_950, 0.5),
)


@dataclass(frozen=True)
class Made:
    """A written file and what is to be said of it."""

    path: Path
    name: str
    title: str
    acquired_on: date
    resolution_m: float


def write_all(folder: Path, plots: geopandas.GeoDataFrame | None = None, frames=FRAMES, dates=DATES) -> Iterator[Made]:
    """Write every scene into the folder, frame by frame; the caller may remove files before the next."""
    world = World(province(), public_land.plots() if plots is None else plots)
    for frame in frames:
        paths = [folder / f"{frame.name}-{day.isoformat()}.tif" for day in dates]
        write(paths, world, frame, dates)
        for path, day in zip(paths, dates, strict=True):
            yield Made(path, path.stem, frame.title, day, frame.pixel)


def write(paths: Sequence[Path], world: World, frame: Frame, dates: Sequence[date]) -> None:
    """A frame at each date as tiled GeoTIFFs: red, green, blue. Uses every core."""
    columns, rows = round((frame.east - frame.west) / frame.pixel), round((frame.north - frame.south) / frame.pixel)
    near = shapely.box(frame.west, frame.south, frame.east, frame.north).buffer(30)
    fabric = scene_town.Fabric(world, near, frame.pixel < scene_ground.FINE)
    _prepare(world)
    corners = [(r, c) for r in range(0, rows, CHUNK) for c in range(0, columns, CHUNK)]

    def paint(corner):
        row, column = corner
        window = Window(column, row, min(CHUNK, columns - column), min(CHUNK, rows - row))
        sheet = _sheet(frame, window)
        pictures = [picture(sheet, world, fabric, day.year) for day in dates]
        return window, [pixels[:, MARGIN:-MARGIN, MARGIN:-MARGIN] for pixels in pictures]

    with ExitStack() as stack:
        files = [stack.enter_context(_created(path, frame, day)) for path, day in zip(paths, dates, strict=True)]
        pool = stack.enter_context(ThreadPoolExecutor(os.cpu_count()))
        stack.enter_context(warnings.catch_warnings())
        # rasterio says it of the array that it burns shapes into, whose place it is told only afterwards
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        for window, pictures in pool.map(paint, corners):
            for file, pixels in zip(files, pictures, strict=True):
                file.write(pixels, window=window)


def _sheet(frame, window):
    """The pixels of a window with the margin round them."""
    west = frame.west + (window.col_off - MARGIN) * frame.pixel
    north = frame.north - (window.row_off - MARGIN) * frame.pixel
    return PixelGrid(west, north, frame.pixel, window.height + 2 * MARGIN, window.width + 2 * MARGIN)


def _created(path, frame, day):
    profile = {
        "driver": "GTiff", "count": 3, "dtype": "uint8", "crs": f"EPSG:{SRID}", "photometric": "RGB",
        "width": round((frame.east - frame.west) / frame.pixel),
        "height": round((frame.north - frame.south) / frame.pixel),
        "transform": Affine(frame.pixel, 0, frame.west, 0, -frame.pixel, frame.north),
        "tiled": True, "blockxsize": 512, "blockysize": 512, "interleave": "pixel",
    }  # fmt: skip
    file = rasterio.open(path, "w", **profile)
    file.update_tags(TIFFTAG_DATETIME=day.strftime("%Y:%m:%d 10:20:00"), TIFFTAG_SOFTWARE="landgis demo")
    return file


def _prepare(world):
    """Work out what all chunks share, before threads ask for it at the same time."""
    for name in ("ground", "slopes", "reserves", "mangrove", "shore", "built", "patches", "ways"):
        getattr(world, name)
    crowns(14, 3.2, 7.6, 60)
    crowns(7, 1.6, 3.4, 61)


def picture(sheet: PixelGrid, world: World, fabric: scene_town.Fabric, year: int):
    """The pixels of a sheet as array (3, rows, columns), uint8."""
    lasting = sheet.once("lasting", lambda: _lasting(sheet, world, fabric))
    is_land, open_land, blocks = sheet.once("masks", lambda: _masks(lasting, fabric))
    canvas = lasting.copy(year)
    scene_ground.paint_fields(canvas, open_land)
    scene_ground.paint_streams(canvas, open_land)
    scene_ground.paint_roads(canvas, fabric.marks if canvas.fine else {})
    scene_town.paint_blocks(canvas, fabric, blocks)
    scene_town.paint_traffic(canvas, fabric)
    scene_town.paint_boats(canvas, is_land)
    if canvas.fine:
        for layer in ((7, 1.6, 3.4, 61), (14, 3.2, 7.6, 60)):
            _plant(canvas, layer)
        canvas.colour *= _shadows(canvas.height)[..., None]
    else:
        canvas.colour += (canvas.leaf - canvas.colour) * (canvas.trees * 0.55)[..., None]
    canvas.colour *= sheet.once(
        "light", lambda: np.where(is_land, scene_ground.relief(canvas), np.float32(1))[..., None]
    )
    return _finished(canvas)


def _lasting(sheet, world, fabric):
    """What is the same at every date, without the blocks: woods, gardens, shores, water, streets."""
    canvas = Canvas(sheet, world)
    is_land, wood, swamp, built, _, streets = sheet.once("covers", lambda: _covers(canvas, fabric))
    scene_ground.paint_woods(canvas, wood & is_land, swamp & is_land)
    scene_town.paint_outskirts(canvas, built & is_land & ~wood & (streets == 0))
    scene_ground.paint_shore(canvas, is_land, wood | swamp)
    scene_ground.paint_water(canvas)
    scene_town.paint_streets(canvas, fabric, streets)
    scene_ground.paint_sea(canvas, is_land)
    canvas.trees[~is_land] = 0
    return canvas


def _masks(lasting, fabric):
    """Land, fields, and the labels of the blocks."""
    is_land, *_, blocks, _ = lasting.sheet.once("covers", lambda: _covers(lasting, fabric))
    blocks = np.where(is_land, blocks, 0)
    return is_land, ~lasting.painted & (blocks == 0), blocks


def _covers(canvas, fabric):
    """Masks of land, forest, mangrove and built-up land, and the labels of blocks and of streets."""
    near = [area for area in canvas.world.built if area.intersects(canvas.sheet.box)]
    return (
        canvas.sheet.burn([canvas.world.ground]) == 1,
        *scene_ground.woods(canvas),
        canvas.sheet.burn(near) == 1,
        *scene_town.labels(canvas, fabric),
    )


def _plant(canvas: Canvas, layer):
    """Crowns of one size: a tree stands where the share under trees at its trunk is above its own number."""
    sheet = canvas.sheet
    near, dx, dy, key = (sheet.texture(values, 0.5) for values in crowns(*layer))
    rows = np.clip(np.arange(sheet.rows)[:, None] + dy, 0, sheet.rows - 1)
    columns = np.clip(np.arange(sheet.columns)[None, :] + dx, 0, sheet.columns - 1)
    share = canvas.trees[rows, columns]
    crown = np.flatnonzero(((near < 1) & (key < share * 0.95) & (canvas.height < 5)).ravel())
    if not len(crown):
        return
    at = (rows.ravel()[crown], columns.ravel()[crown])
    radius = layer[2]
    lit = (-dx.ravel()[crown] * SUN[0] + dy.ravel()[crown] * SUN[1]) / radius
    dome = 1 - near.ravel()[crown] ** 2
    own = chance((key.ravel()[crown] * 65_535), seed=70)
    tone = (0.74 + 0.3 * own + 0.2 * dome + 0.3 * lit) * (1 + 0.1 * canvas.grain[0].ravel()[crown])
    leaf = canvas.leaf[at] * tone[:, None]
    edge = np.clip((1 - near.ravel()[crown]) * 5, 0, 1)[:, None]
    flat = canvas.colour.reshape(-1, 3)
    flat[crown] += (leaf - flat[crown]) * edge
    canvas.height.ravel()[crown] = np.maximum(canvas.height.ravel()[crown], radius * 0.75 * np.sqrt(dome))


def _shadows(height):
    """A factor: what lies in the shadow of something higher towards the sun is darker and, at its edge, softly so."""
    shade = np.zeros(height.shape, np.float32)
    step = 0.5 * SUN_RISE
    for k in range(1, MARGIN - 4):
        up, right = -round(SUN[1] * k), round(SUN[0] * k)
        moved = np.zeros_like(height)
        moved[: height.shape[0] - up, : height.shape[1] - right] = height[up:, right:]
        np.maximum(shade, np.clip((moved - height - step * k) / 0.6, 0, 1), out=shade)
    return 1 - 0.56 * shade


def _finished(canvas: Canvas):
    """What the sensor and the air do: blur, grain, a veil of haze; the later scene is a little clearer."""
    colour = canvas.colour
    if canvas.fine:
        colour[:-1] = colour[:-1] * np.float32(0.72) + colour[1:] * np.float32(0.28)
        colour[:, :-1] = colour[:, :-1] * np.float32(0.72) + colour[:, 1:] * np.float32(0.28)
    early = canvas.year <= 2024
    haze, gain = (0.07, 1.04) if early else (0.045, 1.0)
    # saturation, gain and veil are one matrix and one offset
    matrix = (np.eye(3) * 0.88 + np.array([0.3, 0.55, 0.15])[:, None] * 0.12) * gain * (1 - haze)
    noise = canvas.sheet.texture(cloud(0.0, 80 + canvas.year % 100), canvas.sheet.pixel) * np.float32(1.3)
    colour = colour @ matrix.astype(np.float32) + np.array([126, 140, 158], np.float32) * np.float32(haze)
    colour += noise[..., None]
    return np.clip(colour, 0, 255, out=colour).astype(np.uint8).transpose(2, 0, 1)
