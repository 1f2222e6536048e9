"""A small newer image changes its own ground and nothing else: at each place the newest image that has a pixel there is
shown and dated, in every exit."""

import dataclasses
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from django.core.management import CommandError
from django.test import Client
from django.utils import translation
from PIL import Image
from shapely import Point, box

from landgis.catalog import office, pictures, registry
from landgis.imagery.cover import ALL, NONE, SOME, cover_of, decoded
from landgis.imagery.models import Scene
from landgis.imagery.overlays import picture
from landgis.imagery.queries import mosaics, scenes, usual
from landgis.imagery.seams import FEATHER_PX
from landgis.lib import geometry
from landgis.lib.webmap import View, metres
from tests import pdf, samples
from tests.imagery.conftest import add, image
from tests.imagery.test_scenes import BLUE, PHU_MY_5899, RED, around, pixels_of, tile_of

OLD, NEW = "2026-02", "2026-03"
SIDE_M = 900  # of the small image: 0.8 km²
X, Y = PHU_MY_5899


def at(east: float, north: float) -> tuple[float, float]:
    """Longitude and latitude of a place by its metres from the middle of both images."""
    place = geometry.to_wgs84(Point(X + east, Y + north), 5899)
    return place.x, place.y


INSIDE, HOLE, EDGE, OUTSIDE = at(200, 0), at(-200, 0), at(SIDE_M / 2, 0), at(1500, 1500)


def lay_old(folder: Path) -> None:
    add(image(folder / "old.tif", **around(2.0, 2000), colour=RED), name="old", acquired="2026-02-20")


def lay_new(folder: Path, **about: Any) -> None:
    """Blue, without pixels in its western half."""
    path = image(folder / "new.tif", **around(3.0, SIDE_M // 3), colour=BLUE, bands=4, **about)
    with rasterio.open(path, "r+") as file:
        alpha = np.full((file.height, file.width), 255, "uint8")
        alpha[:, : file.width // 2] = 0
        file.write(alpha, 4)
    add(path, name="new", acquired="2026-03-01", attribution="New & Co", made_up=True)


@pytest.fixture
def both(client: Client, tmp_path: Path) -> Client:
    lay_old(tmp_path)
    lay_new(tmp_path)
    return client


def still(client: Client, place: tuple[float, float], zoom: float = 16, **more: Any) -> np.ndarray:
    asked = {"view": f"{zoom}/{place[1]}/{place[0]}", "size": "200x200", "layers": "", **more}
    answer = client.get("/pictures/still.png", asked)
    assert answer.status_code == 200
    return np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB")).astype(int)


def tile(client: Client, place: tuple[float, float], zoom: int) -> bytes:
    """Of what the map shows at first."""
    told = client.get("/imagery/map.json").json()
    [template] = next(one for one in told["scenes"] if one["name"] == told["usual"])["tiles"]
    x, y, *_pixel = tile_of(*place, zoom)
    answer = client.get(template.format(z=zoom, x=x, y=y))
    assert answer.status_code == 200 and "immutable" in answer["Cache-Control"]
    return answer.content


def is_like(pixel: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool(np.abs(pixel - colour).max() < 25)


def days(client: Client, choice: str = NEW, **asked: str) -> tuple[str, list[str]]:
    """What is told of a place or box: the days, and the scenes."""
    told = client.get("/imagery/seen.json", asked).json()["scenes"]
    here = next(one for one in told if one["name"] == choice)
    return here["days"], [one["scene"] for one in here["seen"]]


def text(*numbers: float) -> str:
    return ",".join(f"{number:.7f}" for number in numbers)


def test_beside_its_ground_no_byte_is_another(client: Client, tmp_path: Path) -> None:
    lay_old(tmp_path)
    views = [(OUTSIDE, 16.0), (at(-1200, 0), 15.3), (at(0, 900), 16.7)]
    before = [still(client, *view) for view in views], tile(client, at(1900, 1900), 15)
    inside = still(client, INSIDE)
    lay_new(tmp_path)
    after = [still(client, *view) for view in views], tile(client, at(1900, 1900), 15)
    assert all((one == other).all() for one, other in zip(before[0], after[0], strict=True))
    assert before[1] == after[1]
    assert is_like(inside[100, 100], RED) and is_like(still(client, INSIDE)[100, 100], BLUE)


def test_a_picture_over_an_edge_shows_each_where_it_has_pixels(both: Client, tmp_path: Path) -> None:
    """In the half that has none (by its alpha) and beside it the older one is as it was."""
    shown = still(both, at(0, 0), zoom=13.2, scene=NEW)
    alone = still(both, at(0, 0), zoom=13.2, scene=OLD)
    view = View(*at(0, 0), 13.2, 200, 200)
    west, east = (round(view.pixel(*metres(*place))[0]) for place in (at(0, 0), EDGE))
    top, bottom = (round(view.pixel(*metres(*at(0, north)))[1]) for north in (SIDE_M / 2, -SIDE_M / 2))
    is_new = np.zeros((200, 200), bool)
    is_new[top:bottom, west:east] = True
    near = np.zeros((200, 200), bool)
    near[top - 2 : bottom + 2, west - 2 : east + 2] = True
    assert 0.1 < is_new.mean() < 0.6
    assert (shown[~near] == alone[~near]).all()
    inner, edge = is_new.copy(), 2 + FEATHER_PX
    inner[: top + edge], inner[bottom - edge :], inner[:, : west + edge], inner[:, east - edge :] = [False] * 4
    assert np.abs(shown[inner] - BLUE).max() < 25
    # No dark rim between them: what lies at the edge is of one or the other, or mixed of both.
    red_and_blue = shown[near & ~inner][:, (0, 2)].sum(axis=1)
    assert np.abs(red_and_blue - 230).max() < 30


def test_a_tile_over_the_edge_is_laid_of_both(both: Client) -> None:
    x, y, column, row = tile_of(*EDGE, 14)
    shown = pixels_of(both.get(f"/imagery/{NEW}/14/{x}/{y}.webp"))
    *_tile, there, _row = tile_of(*INSIDE, 14)
    assert is_like(shown[int(row), int(there)], BLUE)
    assert is_like(shown[int(row), int(2 * column - there)], RED)


def test_of_every_place_the_days_are_told_that_are_seen(both: Client) -> None:
    for place, wanted, scene in (
        (INSIDE, "01/03/2026", "new"),
        (HOLE, "20/02/2026", "old"),
        (OUTSIDE, "20/02/2026", "old"),
    ):
        assert days(both, at=text(*place), lang="vi") == (wanted, [scene])
    assert days(both, at=text(*INSIDE), lang="en") == ("1 Mar 2026", ["new"])
    assert days(both, OLD, at=text(*INSIDE)) == ("20/02/2026", ["old"])
    assert days(both, at="100,10") == ("", [])
    crossing = text(*at(100, -100), *at(1200, 100))
    assert days(both, box=crossing, lang="vi") == ("01/03/2026, 20/02/2026", ["new", "old"])
    [new, old] = next(
        one["seen"] for one in both.get("/imagery/seen.json", {"box": crossing}).json()["scenes"] if one["name"] == NEW
    )
    assert (new["resolution_m"], new["is_made_up"]) == (3, True)
    assert (old["resolution_m"], old["is_made_up"]) == (2, False)


def test_a_box_that_is_none_is_named(client: Client) -> None:
    for asked in ("", "box=1,2,3", "box=2,1,1,2", "at=x,1", "at=107,10,1", "box=nan,1,2,3", "at=190,10"):
        answer = client.get(f"/imagery/seen.json?{asked}")
        assert answer.status_code == 400, asked
        assert ("“at”" if asked.startswith("at") else "“box”") in answer.json()["title"], asked


def test_pictures_and_paper_tell_the_days_that_they_show(both: Client) -> None:
    west, south, east, north = box(*metres(*at(100, -100)), *metres(*at(1200, 100))).bounds
    _pixels, seen = picture(mosaics(scenes())[0].scenes, (west, south, east, north), 200, 60)
    assert [scene.name for scene in seen] == ["new", "old"]
    for place, wanted in ((OUTSIDE, "20/02/2026"), (INSIDE, "01/03/2026"), (EDGE, "01/03/2026, 20/02/2026")):
        about = pictures.sight(None, (*place, *place) if place != EDGE else (*at(300, -100), *at(600, 100)))
        assert about is not None and about.days == wanted
        assert ("New & Co" in about.attribution, about.is_made_up) == ("01/03" in wanted, "01/03" in wanted)
    assert pictures.sight("none", (*INSIDE, *INSIDE)) is None
    for place, wanted in ((OUTSIDE, "20/02/2026"), (INSIDE, "01/03/2026, 20/02/2026")):
        printed = both.get("/print.pdf", {"view": f"15/{place[1]}/{place[0]}", "scale": "5000", "layers": ""})
        assert f"Ảnh chụp ngày {wanted}" in pdf.read(printed.content).pages[0]


def test_the_page_of_a_feature_tells_of_the_image_that_lies_under_it(both: Client) -> None:
    """Two plots, one in the new image, one in its half that has no pixels."""

    def plot(number: int, place: tuple[float, float]) -> samples.Plot:
        return samples.plot(number) | {"box": (*place, place[0] + 2e-4, place[1] + 2e-4)}

    samples.the_whole_state([plot(1, INSIDE), plot(2, HOLE)])
    dataset = registry.get("public-land")
    with translation.override("vi"):
        found = [
            [one.days for one in pictures.pictures_of(dataset, ref, (*place, place[0] + 2e-4, place[1] + 2e-4))]
            for ref, place in (("P-00001", INSIDE), ("P-00002", HOLE))
        ]
    assert found == [["01/03/2026", "20/02/2026"], ["20/02/2026"]]
    page = both.get("/public-land/P-00002/").content.decode()
    assert "01/03/2026" not in page and "Ảnh chụp ngày 20/02/2026" in page


def test_a_frame_that_the_file_does_not_name_is_asked_about(client: Client, tmp_path: Path) -> None:
    """Black pixels that were shown as ground would hide what lies under them."""
    lay_old(tmp_path)
    framed = image(tmp_path / "framed.tif", **around(3.0, 300), colour=BLUE, square=(0, 0, 150, (0, 0, 0)))
    with pytest.raises(CommandError, match="--nodata"):
        add(framed, name="framed", acquired="2026-03-01")
    add(framed, name="framed", acquired="2026-03-01", nodata="0")
    corner = at(-225, 225)
    assert is_like(still(client, corner)[100, 100], RED) and is_like(still(client, INSIDE)[100, 100], BLUE)
    assert days(client, at=text(*corner))[1] == ["old"]
    ground = image(tmp_path / "ground.tif", **around(3.0, 301), colour=BLUE, square=(0, 0, 150, (0, 0, 0)))
    add(ground, name="ground", acquired="2026-03-02", nodata="none")
    assert is_like(still(client, corner)[100, 100], (0, 0, 0))


def test_the_office_pins_what_is_shown_at_first(both: Client, monkeypatch: Any) -> None:
    plain = still(both, INSIDE)
    pinned = dataclasses.replace(office.current(), pinned_month="2026-02")
    monkeypatch.setattr(office, "current", lambda: pinned)
    assert both.get("/imagery/map.json").json()["usual"] == OLD
    assert is_like(plain[100, 100], BLUE) and is_like(still(both, INSIDE)[100, 100], RED)
    assert is_like(still(both, INSIDE, scene=NEW)[100, 100], BLUE)
    for month, name in (("2026-12", NEW), ("2026-03", NEW), ("2019-01", OLD)):
        pinned = dataclasses.replace(pinned, pinned_month=month)
        found = usual(mosaics(scenes()))
        assert found is not None and found.name == name


def test_the_newest_of_a_month_lies_on_top_and_of_a_day_the_finest(client: Client, tmp_path: Path) -> None:
    for name, pixel, day in (("fine", 1.0, "11"), ("coarse", 4.0, "20"), ("finer", 2.0, "20")):
        add(image(tmp_path / f"{name}.tif", **around(pixel, 100)), name=name, acquired=f"2026-02-{day}")
    assert [scene.name for scene in scenes()] == ["finer", "coarse", "fine"]


def test_what_the_cover_says_spares_the_file(both: Client, monkeypatch: Any) -> None:
    """Where all pixels are valid no older image is opened, and where none is, that one is not; a cover that is not known
    (of a scene of before) changes no picture."""
    opened: list[str] = []
    monkeypatch.setattr("landgis.imagery.pieces._must_be_as_stored", lambda _file, scene: opened.append(scene.name))
    still(both, INSIDE, zoom=17)
    still(both, at(-200, 50), zoom=17)
    assert opened == ["new", "old"]
    known = still(both, at(0, 0), zoom=14.2)
    told = days(both, at=text(*HOLE)), days(both, at=text(*OUTSIDE))
    Scene.objects.update(cover=None)
    assert (still(both, at(0, 0), zoom=14.2, lang="en") == known).all()
    assert (days(both, at=text(*HOLE)), days(both, at=text(*OUTSIDE))) == told


def test_a_cover_says_of_each_cell_whether_all_some_or_no_pixel_is_valid(tmp_path: Path) -> None:
    mask = np.full((100, 130), 255, "uint8")
    mask[:, :10] = 0
    mask[50, 100] = 0
    path = tmp_path / "masked.tif"
    with rasterio.open(path, "w", driver="GTiff", width=130, height=100, count=1, dtype="uint8") as file:
        file.write(np.ones((1, 100, 130), "uint8"))
        file.write_mask(mask)
    with rasterio.open(path) as file:
        found = decoded(cover_of(file).encoded())
    assert found.cell_px == 3 and found.states.shape == (34, 44)
    corners = found.at(np.array([-1.0, 1.0, 50.0, 99.0, 103.0]), np.array([1.0, 10.0, 100.5, 129.0]))
    assert corners.tolist() == [
        [NONE, NONE, NONE, NONE],
        [NONE, SOME, ALL, ALL],
        [NONE, SOME, SOME, ALL],
        [NONE, SOME, ALL, ALL],
        [NONE, NONE, NONE, NONE],
    ]
