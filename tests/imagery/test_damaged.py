"""Damaged images: refused with a sentence when they are added; where one rots later, the others are shown, and the log says so."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from django.conf import settings
from django.core.management import CommandError
from django.test import Client
from rasterio.transform import Affine, from_origin

from landgis.imagery import kept_tiles
from landgis.imagery.models import Scene
from tests.imagery.conftest import add, image
from tests.imagery.test_scenes import PHU_MY, around, nothing_is_left, tile_of


def cut(share: float) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])

    return damage


def written(content: bytes) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        path.write_bytes(content)

    return damage


def flipped(seed: int, among: int) -> Callable[[Path], None]:
    """Some bytes of the first ones are others: tags, sizes, places of the parts."""

    def damage(path: Path) -> None:
        content = bytearray(path.read_bytes())
        chance = np.random.default_rng(seed)
        for place in chance.integers(4, min(among, len(content)), 6):
            content[place] = int(chance.integers(0, 256))
        path.write_bytes(content)

    return damage


def another(**about: Any) -> Callable[[Path], None]:
    """Another file stands in its place."""

    def damage(path: Path) -> None:
        path.unlink()
        profile = {"driver": "GTiff", "count": 4, "dtype": "uint8", "crs": "EPSG:3857", "width": 50, "height": 50,
                   "transform": from_origin(0, 0, 1, 1), "sparse_ok": True, **about}  # fmt: skip
        rasterio.open(path, "w", **profile).close()

    return damage


DAMAGES: dict[str, Callable[[Path], None]] = {
    "gone": Path.unlink,
    "empty": cut(0),
    "words": written(b"this is no image"),
    "no start": written(b"II*\x00" + b"\xa5" * 40_000),
    "one band": another(count=1),
    "16 bit": another(dtype="uint16"),
    "elsewhere": another(),
    "another CRS": another(crs="EPSG:32648"),
    "turned": another(transform=Affine.rotation(30)),
    "huge": another(width=2_000_000, height=2_000_000, tiled=True, bigtiff="YES"),
    **{f"cut at {share}": cut(share) for share in (0.001, 0.02, 0.3)},
}
CHANCES = {f"flipped {seed}": flipped(seed, among) for seed in range(16) for among in (100 if seed % 2 else 1200,)}


@pytest.fixture
def town(client: Client, tmp_path: Path, store: Path) -> tuple[Path, bytes]:
    """The stored file of a scene, and what is in it."""
    add(image(tmp_path / "town.tif", **around(1.0, 200)), name="town")
    path = store / Scene.objects.get().stored
    return path, path.read_bytes()


def answers(client: Client) -> dict[str, int]:
    x, y, *_ = tile_of(*PHU_MY, 15)
    asked = [f"/imagery/town/15/{x}/{y}.webp", f"/imagery/2026-02/14/{x // 2}/{y // 2}.webp", "/imagery/map.json",
             f"/pictures/still.png?view=15/{PHU_MY[1]}/{PHU_MY[0]}&size=60x60&layers="]  # fmt: skip
    return {address: client.get(address).status_code for address in asked}


@pytest.mark.prove
def test_a_scene_that_rots_is_left_out(client: Client, town: tuple[Path, bytes], caplog: Any) -> None:
    path, content = town
    assert set(answers(client).values()) == {200}
    for name, damage in {**DAMAGES, **CHANCES}.items():
        damage(path)
        shutil.rmtree(
            Path(settings.TILES, kept_tiles.FOLDER), ignore_errors=True
        )  # what was cut before the damage is as it was
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            found = answers(client)
        assert set(found.values()) <= {200, 204}, (name, found)
        if name in DAMAGES:
            assert "scene left out" in caplog.text and "town" in caplog.text, name
        path.write_bytes(content)


def test_what_lacks_a_scene_is_not_kept_for_ever(client: Client, town: tuple[Path, bytes]) -> None:
    path, content = town
    told = client.get("/imagery/map.json").json()["scenes"][0]["tiles"][0]
    x, y, *_ = tile_of(*PHU_MY, 15)
    address = told.format(z=15, x=x, y=y)
    path.unlink()
    assert client.get(address)["Cache-Control"] == "no-cache"
    path.write_bytes(content)
    assert "immutable" in client.get(address)["Cache-Control"]


def refusal(path: Path) -> CommandError | None:
    """What is said when an image is added; None where it became a scene."""
    try:
        add(path, name="town")
    except CommandError as refused:
        return refused
    return None


def test_a_damaged_image_is_refused_with_a_sentence_or_is_one(client: Client, tmp_path: Path, store: Path) -> None:
    """Whatever is wrong with it: it is a scene that can be shown, or nothing is left of it."""
    somehow = {*CHANCES, "elsewhere", "another CRS", "turned"}  # these may be images of another place
    for name, damage in {**DAMAGES, **CHANCES}.items():
        (tmp_path / "odd.tif").unlink(missing_ok=True)
        path = image(tmp_path / "odd.tif", **around(1.0, 200), compress="deflate")
        if name == "gone":
            continue
        damage(path)
        refused = refusal(path)
        if refused is not None:
            assert refused.returncode == 2 and str(refused), name
            nothing_is_left(store)
            continue
        assert name in somehow, name
        assert set(answers(client).values()) <= {200, 204}, name
        Scene.objects.all().delete()
        for file in store.rglob("*.tif"):
            file.unlink()
