"""Image tiles that were cut are files, of which nobody is given an old one."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings

from landgis.imagery import kept_tiles
from landgis.imagery.actions import withdraw_scene
from landgis.imagery.models import Scene
from landgis.imagery.queries import scenes
from landgis.lib.webmap import EQUATOR_M, metres
from tests.cadastre.conftest import load, mask, parcel, placed, places_world  # noqa: F401  # fixtures
from tests.imagery.test_concealed import HERE, speckled  # noqa: F401  # a fixture
from tests.operations.test_web_server import serving, variables_of

MARK = b"from the disk"
ZOOM = 16


def address(zoom: int = ZOOM) -> str:
    """Of the tile of the image in which the parcel lies."""
    (east, north), side = metres(*HERE), EQUATOR_M / 2**zoom
    x, y = int((east + EQUATOR_M / 2) // side), int((EQUATOR_M / 2 - north) // side)
    return f"/imagery/speckled/{zoom}/{x}/{y}.webp"


def asked(zoom: int = ZOOM) -> HttpResponse:
    return Client().get(address(zoom))


def files() -> list[Path]:
    return sorted(Path(settings.TILES, kept_tiles.FOLDER).rglob("*.webp"))


def marked() -> None:
    """What is kept of the tile says that it is from the disk."""
    assert asked().status_code == 200
    (kept,) = files()
    kept.write_bytes(MARK)
    assert asked().content == MARK


@pytest.mark.usefixtures("speckled")
def test_a_tile_is_cut_once() -> None:
    marked()


@pytest.mark.usefixtures("speckled")
def test_ground_that_is_concealed_is_gone_at_once(load: Any, mask: Any) -> None:  # noqa: F811
    load([parcel(1)])
    marked()
    load([mask], "parcel-masks")
    assert asked().content != MARK
    kept_tiles.sweep(scenes())
    assert [path.read_bytes() for path in files()] == [asked().content], "and the old file is gone with the next hour"


@pytest.mark.usefixtures("speckled")
def test_a_scene_that_is_withdrawn_is_gone_at_once() -> None:
    marked()
    withdraw_scene(Scene.objects.get(), by="test", reason="test")
    assert asked().status_code == 404
    kept_tiles.sweep(scenes())
    assert files() == []


@pytest.mark.usefixtures("speckled")
def test_what_was_cut_first_goes_first() -> None:
    for age, zoom in enumerate((14, 15, 16)):
        asked(zoom)
        new = next(path for path in files() if path.parent.name == str(zoom))
        os.utime(new, (1000 + age, 1000 + age))
    newest = files()[-1]
    kept_tiles.sweep(scenes(), most=newest.stat().st_size)
    assert files() == [newest]


@pytest.mark.usefixtures("speckled")
def test_without_room_the_reader_has_the_tile() -> None:
    Path(settings.TILES).parent.mkdir(parents=True, exist_ok=True)
    Path(settings.TILES).write_text("no folder")
    assert asked().status_code == 200


@pytest.mark.prove
@pytest.mark.usefixtures("speckled")
def test_no_process_gives_what_another_one_kept_of_what_is_gone(load: Any, mask: Any, tmp_path: Path) -> None:  # noqa: F811
    """Two processes of the web server and this one, with one folder of tiles."""
    with override_settings(TILES=tmp_path / "tiles"), serving(variables_of(tmp_path)) as web:

        def told() -> set[tuple[int, bool]]:
            """The status, and whether it is the kept file of before, of both processes."""
            answers = [web.read(address()) for _ in range(12)]
            return {(status, text == MARK.decode()) for status, text in answers}

        marked()
        assert told() == {(200, True)}
        load([mask], "parcel-masks")
        assert told() == {(200, False)}
        kept_tiles.sweep(scenes())
        marked()
        assert told() == {(200, True)}
        withdraw_scene(Scene.objects.get(), by="test", reason="test")
        assert told() == {(404, False)}
