"""Where scenes meet the ground goes on: their colours are matched and one fades into the other, in what is laid together alone."""

import io
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from django.test import Client
from PIL import Image
from rasterio.transform import from_origin

from landgis.imagery import kept_tiles
from landgis.imagery.models import Scene
from landgis.imagery.overlays import picture
from landgis.imagery.queries import Mosaic, mosaics, scenes
from landgis.imagery.seams import FEATHER_PX, opacity
from landgis.imagery.tones import AS_TAKEN, MOST_SHIFT, Tones, tones_of
from landgis.lib.webmap import EQUATOR_M, metres
from tests.imagery.conftest import add
from tests.imagery.test_places import at
from tests.imagery.test_scenes import PHU_MY_5899

X, Y = PHU_MY_5899
SIDE_M = 1000  # of the newer image
ZOOM = 16


def ground(
    path: Path, pixel: float, side: float, *, east: float = 0, north: float = 0, factor: float = 1, more: int = 0
) -> Path:
    """An image of fields of 200 m, `side` metres wide, whose middle lies so far from the middle of all; in a light of its own."""
    size = round(side / pixel)
    places = (np.arange(size) + 0.5) * pixel - side / 2
    x, y = places[None, :] + east, -places[:, None] + north
    waves = np.sin(x / 32) * np.cos(y / 32)
    pixels = np.stack([(100 + 10 * band + 25 * waves) * factor + more for band in range(3)])
    profile = {"driver": "GTiff", "count": 3, "dtype": "uint8", "width": size, "height": size, "crs": "EPSG:5899"}
    to_place = from_origin(X + east - side / 2, Y + north + side / 2, pixel, pixel)
    with rasterio.open(path, "w", transform=to_place, **profile) as file:
        file.write(pixels.round().clip(0, 255).astype("uint8"))
    return path


@pytest.fixture
def old(client: Client, tmp_path: Path) -> Client:
    add(ground(tmp_path / "old.tif", 2.0, 4000), name="old", acquired="2026-02-20")
    return client


@pytest.fixture
def both(old: Client, tmp_path: Path) -> Client:
    """The newer one is a little brighter, of more contrast, and has smaller pixels."""
    add(ground(tmp_path / "new.tif", 1.0, SIDE_M, factor=1.15, more=8), name="new", acquired="2026-03-01")
    return old


def seen(mosaic: Mosaic, *, west: float, width: int = 200, zoom: int = ZOOM, **how: Any) -> np.ndarray:
    """(rows, columns, 3) of pixels `west` metres from the middle on, in the middle from north to south."""
    pixel = EQUATOR_M / 512 / 2**zoom
    x, y = metres(*at(west, 0))
    pixels, _seen = picture(mosaic.scenes, (x, y - 50 * pixel, x + width * pixel, y + 50 * pixel), width, 100, **how)
    assert pixels is not None
    return pixels[..., :3].astype(float)


def newest() -> Mosaic:
    return mosaics(scenes())[0]


def alone(name: str) -> Mosaic:
    return next(Mosaic(name, (scene,)) for scene in scenes() if scene.name == name)


def steepest(pixels: np.ndarray) -> float:
    """The largest step between columns, of the mean of a column."""
    return float(np.abs(np.diff(pixels.mean(axis=0), axis=0)).max())


def test_there_is_no_step_where_two_meet(both: Client) -> None:
    west = SIDE_M / 2 - 120
    ground_itself = steepest(seen(alone("old"), west=west))
    assert steepest(seen(newest(), west=west, is_matched=False)) > ground_itself + 12
    assert steepest(seen(newest(), west=west)) < ground_itself + 2
    assert np.abs(seen(newest(), west=west) - seen(alone("old"), west=west)).mean() < 3


def test_away_from_the_seam_the_newer_one_has_its_own_structure(both: Client) -> None:
    shown, taken = seen(newest(), west=-200, width=150), seen(alone("new"), west=-200, width=150)
    assert np.corrcoef(shown.ravel(), taken.ravel())[0, 1] > 0.995
    assert 5 < np.abs(shown - taken).max() <= MOST_SHIFT


def test_what_has_the_most_ground_is_as_it_was_taken(both: Client) -> None:
    assert (seen(newest(), west=700) == seen(alone("old"), west=700)).all()


def test_a_single_scene_is_as_it_was_taken(old: Client, tmp_path: Path) -> None:
    add(ground(tmp_path / "new.tif", 1.0, SIDE_M, factor=1.15, more=8), name="new", acquired="2026-03-01")
    place = metres(*at(SIDE_M / 2, 0))
    side = EQUATOR_M / 2**ZOOM
    address = (
        f"/imagery/new/{ZOOM}/{int((place[0] + EQUATOR_M / 2) // side)}/{int((EQUATOR_M / 2 - place[1]) // side)}.webp"
    )
    beside_another = old.get(address).content
    Scene.objects.filter(name="old").delete()
    kept_tiles.sweep([])
    assert old.get(address).content == beside_another


def test_as_it_was_taken_is_an_address_of_its_own(both: Client) -> None:
    """Two kept files: neither is given for the other."""
    (x, y), side = metres(*at(SIDE_M / 2, 0)), EQUATOR_M / 2**ZOOM
    tile = f"/imagery/2026-03/{ZOOM}/{int((x + EQUATOR_M / 2) // side)}/{int((EQUATOR_M / 2 - y) // side)}.webp"
    bodies = [both.get(address).content for address in (tile, f"{tile}?look=taken", tile, f"{tile}?look=taken")]
    assert bodies[:2] == bodies[2:] and bodies[0] != bodies[1]
    assert both.get(f"{tile}?look=other").status_code == 400


def test_the_picture_of_the_map_has_the_seam_of_the_live_map(both: Client) -> None:
    """Tiles are what the live map shows; the picture of the same ground is there before it, and in its place."""
    (x, y), side = metres(*at(SIDE_M / 2, 0)), EQUATOR_M / 2**ZOOM
    column, row = int((x + EQUATOR_M / 2) // side), int((EQUATOR_M / 2 - y) // side)
    longitude = ((column + 0.5) * side / EQUATOR_M - 0.5) * 360
    latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (row + 0.5) / 2**ZOOM))))
    still = {"view": f"{ZOOM}/{latitude}/{longitude}", "size": "512x512", "scene": "2026-03", "layers": "auction-lots"}
    tile = f"/imagery/2026-03/{ZOOM}/{column}/{row}.webp"
    shown, drawn, taken = (
        np.asarray(Image.open(io.BytesIO(both.get(*address).content)).convert("RGB").resize((512, 512)), dtype=float)
        for address in ((tile,), ("/pictures/still.png", still), (f"{tile}?look=taken",))
    )
    assert np.abs(drawn - shown).mean() < 2 and np.abs(taken - shown).mean() > 10
    assert max(steepest(drawn), steepest(shown)) < 5 < steepest(taken)


def test_a_picture_goes_on_as_the_one_beside_it_ends(both: Client) -> None:
    """Whatever lies at the edge of a tile: the seam, or pixels beside it."""
    pixel = EQUATOR_M / 512 / 2**ZOOM
    for part in (-FEATHER_PX - 3, -FEATHER_PX // 2, -1, 0, 3):
        west = SIDE_M / 2 - (100 - part) * pixel
        whole = seen(newest(), west=west, width=200)
        x, y = metres(*at(west, 0))
        halves = [
            picture(
                newest().scenes,
                (x + k * 100 * pixel, y - 50 * pixel, x + (k + 1) * 100 * pixel, y + 50 * pixel),
                100,
                100,
            )[0]
            for k in (0, 1)
        ]
        assert (np.concatenate([half[..., :3] for half in halves if half is not None], axis=1) == whole).all(), part


def test_other_ground_is_no_matter_of_light(old: Client, tmp_path: Path) -> None:
    add(ground(tmp_path / "flood.tif", 1.0, SIDE_M, factor=0.4), name="flood", acquired="2026-03-01")
    assert (seen(newest(), west=-200, width=150) == seen(alone("flood"), west=-200, width=150)).all()


def test_without_an_overlap_nothing_is_matched(client: Client, tmp_path: Path) -> None:
    for name, east, more in (("west", -500, 0), ("east", 500, 20)):
        add(ground(tmp_path / f"{name}.tif", 2.0, 1000, east=east, more=more), name=name, acquired="2026-02-20")
    tones = Tones(scenes())
    assert [tones.of(scene) == AS_TAKEN for scene in scenes()] == [True, True]


def test_a_chain_of_scenes_has_one_light(client: Client, tmp_path: Path) -> None:
    """The third meets the first only through the second."""
    for number, (east, side, more) in enumerate(((0, 2000, 0), (1200, 1200, 12), (1900, 800, 24))):
        path = ground(tmp_path / f"{number}.tif", 2.0, side, east=east, more=more)
        add(path, name=f"s{number}", acquired=f"2026-02-{number + 10}")
    shown = seen(newest(), west=1600, width=300) - 24
    assert np.abs(shown - seen(alone("s2"), west=1600, width=300) + 48)[:, -150:].mean() < 3


def test_a_scene_of_a_few_pixels_is_seen(old: Client, tmp_path: Path) -> None:
    add(ground(tmp_path / "dot.tif", 20.0, 60, factor=2), name="dot", acquired="2026-03-01")
    shown = seen(newest(), west=-120)
    assert np.abs(shown[50, 100] - seen(alone("dot"), west=0, width=1)[50, 0]).max() < 12
    assert steepest(shown) > 20


def test_the_file_that_others_follow_is_gone(both: Client) -> None:
    """The picture is drawn, and what is cut without it is not kept."""
    next(scene for scene in scenes() if scene.name == "old").path.unlink()
    tones_of.cache_clear()
    assert (seen(newest(), west=-200, width=150) == seen(alone("new"), west=-200, width=150)).all()
    place, side = metres(*at(0, 0)), EQUATOR_M / 2**ZOOM
    x, y = int((place[0] + EQUATOR_M / 2) // side), int((EQUATOR_M / 2 - place[1]) // side)
    answer = both.get(f"/imagery/2026-03/{ZOOM}/{x}/{y}.webp?v={newest().fingerprint}")
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-cache"


def test_what_fades_ends_with_the_feather() -> None:
    inside = np.ones((60, 60), bool)
    inside[:, :20] = False
    shown = opacity(inside, FEATHER_PX)
    assert (np.diff(shown[30]) >= 0).all() and (shown[:, 20 + FEATHER_PX :] == 1).all() and shown[30, 20] < 0.1
    assert (opacity(inside, 0)[inside] == 1).all()
