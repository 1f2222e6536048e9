"""The ground of blocks that are withheld cannot be made out on any image, near or far."""

import datetime
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from django.test import Client
from django.test.utils import override_settings
from PIL import Image
from psycopg import sql
from rasterio.transform import from_origin
from shapely import Point

from landgis.catalog.queries import fetch
from landgis.imagery.actions import About, add_scene, withdraw_scene
from landgis.imagery.models import Scene
from landgis.imagery.queries import mosaics, scenes
from landgis.lib import geometry
from tests.cadastre.conftest import EAST, NORTH, load, mask, parcel, placed, places_world  # noqa: F401  # fixtures

# The middle of the mask, and a place 400 m away.
_BOTH = geometry.to_wgs84([Point(EAST + 20, NORTH + 20), Point(EAST + 420, NORTH + 20)], 5899)
HERE, APART = ((place.x, place.y) for place in _BOTH)


@pytest.fixture
def speckled(places_world: str, tmp_path: Path) -> Iterator[None]:  # noqa: F811
    """An image of 1 m round the small cadastre, in which every pixel has a grey of its own."""
    path = tmp_path / "speckled.tif"
    pixels = np.random.default_rng(5).integers(0, 256, (1, 2000, 2000), dtype="uint8").repeat(3, axis=0)
    profile = {"driver": "GTiff", "count": 3, "dtype": "uint8", "width": 2000, "height": 2000, "crs": "EPSG:4326"}
    with rasterio.open(
        path, "w", transform=from_origin(HERE[0] - 0.009, HERE[1] + 0.009, 9e-6, 9e-6), **profile
    ) as image:
        image.write(pixels)
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        add_scene(path, About("speckled", datetime.date(2026, 2, 20), "test", "CC0-1.0", "test"), by="test")
        yield


def still(place: tuple[float, float], zoom: float) -> np.ndarray:
    """200 x 200 pixels round a place, without features."""
    asked = {"view": f"{zoom}/{place[1]}/{place[0]}", "size": "200x200", "layers": "", "lang": "vi"}
    answer = Client().get("/pictures/still.png", asked)
    assert answer.status_code == 200
    return np.asarray(Image.open(io.BytesIO(answer.content)).convert("L"), dtype=float)


def tile(place: tuple[float, float], zoom: int) -> np.ndarray:
    x = (place[0] + 180) / 360 * 2**zoom
    y = (1 - np.arcsinh(np.tan(np.radians(place[1]))) / np.pi) / 2 * 2**zoom
    answer = Client().get(f"/imagery/speckled/{zoom}/{int(x)}/{int(y)}.webp")
    assert answer.status_code == 200
    pixels = np.asarray(Image.open(io.BytesIO(answer.content)).convert("L"), dtype=float)
    column, row = int(x % 1 * 512), int(y % 1 * 512)
    return pixels[max(row - 8, 0) : row + 8, max(column - 8, 0) : column + 8]


def test_what_is_withheld_has_one_colour_and_the_rest_is_as_it_was(speckled: None, load: Any, mask: Any) -> None:  # noqa: F811
    load([parcel(1)])
    before = still(APART, 17)
    assert still(HERE, 17)[90:110, 90:110].std() > 20 and tile(HERE, 16).std() > 15
    name = mosaics(scenes())[0].fingerprint
    load([mask], "parcel-masks")
    assert still(HERE, 17)[90:110, 90:110].std() < 2
    assert tile(HERE, 16).std() < 4  # WebP is not exact
    assert (still(APART, 17) == before).all()
    assert mosaics(scenes())[0].fingerprint != name, "what caches keep is asked for anew"


def test_a_block_that_is_withheld_no_more_is_seen_again(speckled: None, load: Any, mask: Any) -> None:  # noqa: F811
    load([mask], "parcel-masks")
    load([{**mask, "mask_code": "M2", "shape": mask["shape"].buffer(1)}], "parcel-masks", complete=True)
    assert still(HERE, 17)[90:110, 90:110].std() < 2
    far = mask["shape"].centroid.buffer(5)
    moved = type(far)([(x + 600, y) for x, y in far.exterior.coords])
    load([{**mask, "mask_code": "M3", "shape": moved}], "parcel-masks", complete=True)
    assert still(HERE, 17)[90:110, 90:110].std() > 20


def test_the_public_knows_cells_and_not_the_masks(speckled: None, load: Any, mask: Any) -> None:  # noqa: F811
    """What the public's role can read of it is a grid of some 75 m: nothing else than the picture shows."""
    load([mask], "parcel-masks")
    cells = fetch(
        sql.SQL("SELECT ST_XMin(cell) AS x, ST_XMax(cell) - ST_XMin(cell) AS side FROM published.concealed"), []
    )
    assert 1 <= len(cells) <= 6
    side = 40_075_016.68557849 / 2**19
    assert all(
        abs(cell["side"] - side) < 1e-3 and abs(cell["x"] / side - round(cell["x"] / side)) < 1e-6 for cell in cells
    )


def photograph(path: Path, name: str, pixel: float, size: int, day: datetime.date, *, hole: bool = False) -> None:
    """A grey image, coarse or not, over the mask and east of it; with a hole of 24 m in the middle of the mask."""
    grey = np.full((4, size, size), 140, "uint8")
    grey[3] = 255
    west, north = HERE[0] - 100 * 9e-6, HERE[1] + size / 2 * pixel * 9e-6
    if hole:
        row, column = round((north - HERE[1]) / pixel / 9e-6), round((HERE[0] - west) / pixel / 9e-6)
        grey[3, row - 12 : row + 12, column - 12 : column + 12] = 0
    profile = {"driver": "GTiff", "count": 4, "dtype": "uint8", "width": size, "height": size, "crs": "EPSG:4326"}
    with rasterio.open(path, "w", transform=from_origin(west, north, pixel * 9e-6, pixel * 9e-6), **profile) as image:
        image.write(grey)
    add_scene(path, About(name, day, "test", "CC0-1.0", "test"), by="test")


def test_a_coarse_newer_image_covers_its_own_ground(speckled: None, load: Any, mask: Any, tmp_path: Path) -> None:  # noqa: F811
    """West of it, beside the covered cell, all is as it was; of the cell nothing is told."""
    load([mask], "parcel-masks")
    west = (HERE[0] - 190 * 9e-6, HERE[1])
    before = still(west, 17.5)
    photograph(tmp_path / "coarse.tif", "coarse", 20.0, 30, datetime.date(2026, 3, 1))
    edge = round(100 + (90 * 9e-6) / (360 / 512 / 2**17.5))  # of the new image, in pixels of the picture
    assert (still(west, 17.5)[:, : edge - 3] == before[:, : edge - 3]).all()
    told = Client().get(f"/imagery/seen.json?at={HERE[0]},{HERE[1]}").json()
    assert [one["days"] for one in told["scenes"]] == ["", ""] and told["is_withheld"]
    assert not Client().get(f"/imagery/seen.json?at={west[0]},{west[1]}").json()["is_withheld"]


def test_a_mask_says_nothing_of_withheld_ground(speckled: None, load: Any, mask: Any, tmp_path: Path) -> None:  # noqa: F811
    """Whether a provider left something out there changes neither a picture, nor how its edges fade and its colours are
    matched, nor what is said of it."""
    load([mask], "parcel-masks")
    side = 60 * 9e-6
    box = f"{HERE[0] - side},{HERE[1] - side},{HERE[0] + side},{HERE[1] + side}"
    views = [{"view": f"{zoom}/{HERE[1]}/{HERE[0]}", "size": "200x200", "layers": ""} for zoom in (14.3, 17, 19.6)]
    shown, told = [], []
    for name, hole in (("whole", False), ("pierced", True)):
        photograph(tmp_path / f"{name}.tif", name, 1.0, 600, datetime.date(2026, 3, 1), hole=hole)
        ask = Client().get
        shown.append([ask("/pictures/still.png", view).content for view in views])
        for asked in (f"at={HERE[0]},{HERE[1]}", f"box={box}"):
            told.append(len(ask(f"/imagery/seen.json?{asked}").json()["scenes"][0]["seen"]))
        withdraw_scene(Scene.objects.get(name=name), by="test", reason="test")
    assert shown[0] == shown[1]
    assert told[:2] == told[2:] and max(told) <= 1
