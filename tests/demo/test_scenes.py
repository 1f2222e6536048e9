"""The drawn scenes: the same from the same seed, and lying where the other recipes say."""

from datetime import date

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.features import geometry_mask

from demo import scene_town, scenes
from demo.landscape import province
from demo.scene_world import World
from demo.scenes import Frame, picture
from demo.sheet import PixelGrid, chance, cloud

pytestmark = pytest.mark.prove
EARLY, LATE = scenes.DATES
BEACH = Frame("beach", "", 425_730, 1_143_950, 425_830, 1_144_050, 0.5)


@pytest.fixture(scope="module")
def world(plots):
    return World(province(), plots)


def drawn(world, west, north, pixel, rows, columns, year=LATE.year):
    sheet = PixelGrid(west, north, pixel, rows, columns)
    fabric = scene_town.Fabric(world, sheet.box.buffer(30), pixel < 2)
    return sheet, picture(sheet, world, fabric, year).astype(int)


def inside(sheet, shape):
    transform = rasterio.transform.from_origin(sheet.west, sheet.north, sheet.pixel, sheet.pixel)
    return geometry_mask([shape], sheet.shape, transform, invert=True)


def test_a_file_is_the_same_each_time_and_another_at_the_other_date(world, tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        paths = [tmp_path / folder / f"{day}.tif" for day in scenes.DATES]
        scenes.write(paths, world, BEACH, scenes.DATES)
    one, two = ([(tmp_path / folder / f"{day}.tif") for day in scenes.DATES] for folder in ("one", "two"))
    read = [rasterio.open(path).read() for path in one]
    for path, pixels in zip(two, read, strict=True):
        with rasterio.open(path) as file:
            assert (file.read() == pixels).all()
            assert file.crs.to_epsg() == 5899 and file.res == (0.5, 0.5) and file.shape == (200, 200)
            assert tuple(file.bounds) == (BEACH.west, BEACH.south, BEACH.east, BEACH.north)
            assert date.fromisoformat(path.stem).strftime("%Y:%m:%d") in file.tags()["TIFFTAG_DATETIME"]
    assert (read[0] != read[1]).mean() > 0.5


def test_chunks_meet_without_a_seam(world):
    """A pixel of a frame is the same whatever rectangle it is drawn in."""
    fabric = scene_town.Fabric(world, shapely.box(425_570, 1_148_730, 425_770, 1_148_930), True)
    corners = (PixelGrid(425_600, 1_148_900, 0.5, 280, 280), PixelGrid(425_630, 1_148_870, 0.5, 200, 200))
    whole, part = (picture(sheet, world, fabric, LATE.year).astype(int) for sheet in corners)
    margin = scenes.MARGIN
    difference = np.abs(whole[:, 60:260, 60:260] - part)[:, margin:-margin, margin:-margin]
    assert (difference > 2).mean() < 0.002


def test_plots_for_auction_are_levelled_between_the_dates_and_their_neighbours_are_not(world):
    plots = world.plots
    auctioned = plots[(plots["PHUONGAN"] == "DAUGIA") & (plots["HIENTRANG"] == "TRONG") & (plots["LOAIDAT"] == "ODT")]
    near = shapely.box(425_520, 1_148_740, 425_660, 1_148_880)
    chosen = [shape for shape in auctioned.geometry if near.contains(shape)]
    assert len(chosen) > 5
    ground = shapely.unary_union(chosen).buffer(-1.2)
    (sheet, before), (_, after) = (drawn(world, 425_520, 1_148_880, 0.5, 280, 280, day.year) for day in scenes.DATES)
    lots = inside(sheet, ground)
    beside = inside(sheet, shapely.unary_union(chosen).buffer(30)) & ~inside(sheet, shapely.unary_union(chosen))
    assert bare(after[:, lots]) > 0.8
    assert bare(after[:, beside]) < 0.4 and bare(before[:, lots]) < 0.5


def bare(pixels):
    """Share of pixels that show bare earth."""
    red, green, blue = pixels
    return ((red > 145) & (red > green + 8) & (green > blue + 8)).mean()


def test_streets_run_between_the_blocks(world):
    sheet, pixels = drawn(world, 425_500, 1_148_950, 0.5, 280, 280)
    near = world.block_shapes[shapely.intersects(world.block_shapes, sheet.box)]
    streets = inside(
        sheet, shapely.unary_union(shapely.buffer(near, 4.5, join_style="mitre")) - shapely.union_all(near).buffer(1)
    )
    blocks = inside(sheet, shapely.union_all(near).buffer(-2))
    colourful = np.ptp(pixels, axis=0)
    assert np.median(colourful[streets]) < 22 < np.median(colourful[blocks])


def test_land_and_sea_keep_to_the_coast(world):
    sheet, pixels = drawn(world, 440_000, 1_155_000, 20, 280, 280)
    far = inside(sheet, world.ground.buffer(60)), inside(sheet, world.ground.buffer(-200))
    sea, land = pixels[:, ~far[0]], pixels[:, far[1]]
    assert (sea[2] > sea[0]).mean() > 0.98
    assert (land[1] > land[2]).mean() > 0.8
    assert land.std() > 1.5 * sea.std()


def test_the_frames_hold_the_lots_and_the_province(world):
    plots = world.plots
    fine = shapely.unary_union([shapely.box(f.west, f.south, f.east, f.north) for f in scenes.FRAMES if f.pixel < 1])
    coarse = shapely.unary_union([shapely.box(f.west, f.south, f.east, f.north) for f in scenes.FRAMES if f.pixel > 1])
    assert coarse.contains(world.land.land) and coarse.contains(fine)
    assert shapely.within(shapely.centroid(plots.geometry.to_numpy()), fine).sum() > 60


def test_noise_depends_on_the_place_alone():
    whole, part = PixelGrid(1000, 2000, 0.5, 80, 80), PixelGrid(1010, 1990, 0.5, 40, 40)
    for texel in (0.5, 3.0):
        values = cloud(1.0, 1, size=64)
        assert np.allclose(whole.texture(values, texel)[20:60, 20:60], part.texture(values, texel), atol=1e-4)
    drawn_numbers = chance(np.arange(100_000), seed=3)
    assert abs(drawn_numbers.mean() - 0.5) < 0.01 and drawn_numbers.min() >= 0 and drawn_numbers.max() < 1
    assert (chance(np.arange(9), seed=3) == drawn_numbers[:9]).all()
    assert (chance(np.arange(9), seed=4) != drawn_numbers[:9]).any()
