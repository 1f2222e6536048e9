"""Who asks for ever smaller windows, from every zoom, road and format, learns nothing of the ground that is withheld."""

import datetime
import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from django.core.management import call_command
from django.test import Client
from django.test.utils import override_settings
from PIL import Image, ImageColor
from rasterio.transform import from_origin

from landgis.catalog.symbols import LAND
from landgis.imagery.actions import About, add_scene
from landgis.imagery.basemap.actions import AboutArchive, add_base_map
from landgis.imagery.basemap.cutting import tile_box
from landgis.imagery.queries import CONCEALED_COLOUR, scenes
from landgis.lib import geometry
from landgis.lib.webmap import CONCEALED_CELL_M, EQUATOR_M, RADIUS_M, Box, View, degrees
from tests import base_maps, databases, pdf
from tests.cadastre.conftest import EAST, NORTH, parcel, placed, write  # noqa: F401  # a fixture

PIXEL_M, DETAIL_M, SIDE_M = 0.1, 3.0, 120.0  # of EPSG:3857: of the image, of what stands on the ground, of all of it
_PLACE = geometry.from_wgs84(geometry.to_wgs84(shapely.Point(EAST + 40, NORTH + 40), 5899), 3857)
WEST, SOUTH = (math.floor(place / CONCEALED_CELL_M) * CONCEALED_CELL_M for place in (_PLACE.x, _PLACE.y))
EAST_END, NORTH_END = WEST + CONCEALED_CELL_M, SOUTH + CONCEALED_CELL_M
MIDDLE = (WEST + CONCEALED_CELL_M / 2, SOUTH + CONCEALED_CELL_M / 2)
LEFT, TOP = MIDDLE[0] - SIDE_M / 2, MIDDLE[1] + SIDE_M / 2  # of the image
FIRST, SECOND = "2026-02", "2025-02"

Seen = tuple[float, float]  # the truth of a window, and what the picture shows there


def ground(seed: int) -> np.ndarray:
    """Grey squares of 3 m, by chance; those in the cell by the seed, those round it always the same."""
    count = round(SIDE_M / DETAIL_M)
    squares = np.random.default_rng(1).integers(0, 256, (count, count), dtype="uint8")
    inside = slice(round(count * 0.2), round(count * 0.8))
    squares[inside, inside] = np.random.default_rng(seed).integers(0, 256, squares[inside, inside].shape, dtype="uint8")
    return np.kron(squares, np.ones((round(DETAIL_M / PIXEL_M),) * 2, "uint8"))


def truth(box: Box) -> float:
    """The mean grey of what a box shows of the cell."""
    west, south, east, north = max(box[0], WEST), max(box[1], SOUTH), min(box[2], EAST_END), min(box[3], NORTH_END)
    rows = slice(round((TOP - north) / PIXEL_M), round((TOP - south) / PIXEL_M))
    columns = slice(round((west - LEFT) / PIXEL_M), round((east - LEFT) / PIXEL_M))
    return float(ground(7)[rows, columns].mean())


def place(x: float, y: float, srid: int) -> shapely.Point:
    """A place of EPSG:3857 in another system."""
    found = geometry.to_wgs84(shapely.Point(x, y), 3857)
    return geometry.from_wgs84(found, srid)


@pytest.fixture(scope="module")
def withheld(placed: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:  # noqa: F811
    """Two images of different ground in a cell, which is withheld, as is one at their edge; parcels east of it."""
    folder = tmp_path_factory.mktemp("ground")
    files = override_settings(MEDIA_ROOT=folder / "media")
    with django_db_blocker.unblock(), databases.made(placed) as name, databases.used(name), files:
        for seed, month in ((7, FIRST), (8, SECOND)):
            photograph(folder / f"{month}.tif", ground(seed), datetime.date.fromisoformat(f"{month}-20"))
        load(
            folder,
            "parcels",
            [
                parcel(
                    number, area_legal_m2=9, shape=place(MIDDLE[0] + 50 + number * 5, MIDDLE[1], 5899).buffer(1.5, 1)
                )
                for number in range(8)
            ],
        )
        load(
            folder,
            "parcel-masks",
            [
                {"mask_code": "M1", "name": "Block", "shape": place(*MIDDLE, 5899).buffer(8)},
                {"mask_code": "M2", "name": "Edge", "shape": place(LEFT - 5, MIDDLE[1], 5899).buffer(1)},
            ],
        )
        yield


def photograph(path: Path, grey: np.ndarray, day: datetime.date) -> None:
    about = {"driver": "GTiff", "count": 3, "dtype": "uint8", "width": len(grey), "height": len(grey)}
    to_place = from_origin(LEFT, TOP, PIXEL_M, PIXEL_M)
    with rasterio.open(path, "w", crs="EPSG:3857", transform=to_place, **about) as image:
        image.write(np.broadcast_to(grey, (3, *grey.shape)))
    add_scene(path, About(f"of-{day:%Y-%m}", day, "test", "CC0-1.0", "test"), by="test")


def load(folder: Path, dataset: str, features: list[dict[str, Any]]) -> None:
    path = write(folder / f"{dataset}.gpkg", features)
    call_command("load", path, dataset=dataset, commit=True, verbosity=0)


def windows(count: int) -> Iterator[tuple[float, float]]:
    """The middles of `count` x `count` windows in the cell."""
    for row in range(count):
        for column in range(count):
            yield WEST + CONCEALED_CELL_M * (column + 0.5) / count, SOUTH + CONCEALED_CELL_M * (row + 0.5) / count


def still(kind: str, x: float, y: float, zoom: float, width: int, height: int, **more: Any) -> Seen:
    """What a still picture shows of the cell."""
    longitude, latitude = degrees(x, y)
    view = View(longitude, latitude, zoom, width, height)
    asked = {"view": f"{zoom}/{latitude}/{longitude}", "size": f"{width}x{height}", "layers": "", "lang": "vi", **more}
    return seen(Client().get(f"/pictures/still.{kind}", asked), view.box_3857)


def tile(x: float, y: float) -> Seen:
    """What the tile of a place shows."""
    zoom = scenes()[0].maxzoom
    side = EQUATOR_M / 2**zoom
    column, row = int((x + EQUATOR_M / 2) // side), int((EQUATOR_M / 2 - y) // side)
    west, north = column * side - EQUATOR_M / 2, EQUATOR_M / 2 - row * side
    answer = Client().get(f"/imagery/{FIRST}/{zoom}/{column}/{row}.webp")
    return seen(answer, (west, north - side, west + side, north))


def outline(number: int) -> Seen:
    """What the picture of a parcel beside the cell shows of it: a strip, by where the parcel lies."""
    answer = Client().get(f"/pictures/outline/parcels/26558-12-{number}.webp?width=240&scene={FIRST}")
    half = 55 * math.cosh(MIDDLE[1] / RADIUS_M)
    x = MIDDLE[0] + 50 + number * 5
    return seen(answer, (x - half, MIDDLE[1] - half, x + half, MIDDLE[1] + half))


def seen(answer: Any, box: Box) -> Seen:
    """The truth of a box and the grey of what a picture of it shows of the cell, without what is written at its foot."""
    assert answer.status_code == 200
    grey = np.asarray(Image.open(io.BytesIO(answer.content)).convert("L"), dtype=float)
    pixel = (box[2] - box[0]) / grey.shape[1]
    columns = slice(max(0, round((WEST - box[0]) / pixel)), round((EAST_END - box[0]) / pixel))
    return truth(box), float(np.median(grey[: grey.shape[0] * 2 // 3, columns]))


def correlation(found: list[Seen]) -> float:
    """Between what is and what is seen; none where all is seen alike, but for what the formats lose."""
    is_there, is_seen = np.array(found).T
    assert is_there.std() > 0.5
    return float(np.corrcoef(is_there, is_seen)[0, 1]) if is_seen.std() > 1 else 0.0


def roads(count: int) -> dict[str, list[Seen]]:
    """The cell by small windows, `count` x `count` of them as stills: what each road gives of it."""
    near = 20.0
    pixel_m = EQUATOR_M / 512 / 2**near
    strips = [EAST_END - metres for metres in (2, 5, 8, 11, 14)]
    return {
        "tiles": [tile(x, y) for x, y in windows(2)],
        "stills": [still("png", x, y, 20, 40, 40) for x, y in windows(count)],
        "small stills": [still("webp", x, y, 20, 40, 40) for x, y in windows(3)],
        "outlines": [outline(number) for number in range(8)],
        # Of a card and of a sheet the cell is at the edge, and ever more of it comes in.
        "share": [still("jpg", x + 120 * pixel_m, MIDDLE[1], near, 240, 126, furniture=1) for x in strips],
        "print": [still("jpg", x + 150 * pixel_m, MIDDLE[1], near, 300, 240, ratio="2.083") for x in strips],
    }


def test_the_attack_learns_nothing(withheld: None) -> None:
    told = {road: correlation(found) for road, found in roads(3).items()}
    assert all(abs(found) < 0.1 for found in told.values()), told


def test_what_lies_in_a_cell_changes_no_byte_of_any_picture(withheld: None) -> None:
    """In no zoom, wherever the pixels fall: not in the cell, and not in the pixels beside it that are mixed of both."""
    ask = Client().get
    pixel_m = EQUATOR_M / 512
    for zoom, part in ((5, 0.0), (9.5, 0.3), (11, 0.5), (12.5, 0.8), (14, 0.0), (16.5, 0.4), (18.2, 0.7)):
        longitude, latitude = degrees(*(place + part * pixel_m / 2**zoom for place in MIDDLE))
        asked = {"view": f"{zoom}/{latitude}/{longitude}", "size": "120x120", "layers": ""}
        one, other = (ask("/pictures/still.png", {**asked, "scene": month}).content for month in (FIRST, SECOND))
        assert one == other, zoom
        shown = np.asarray(Image.open(io.BytesIO(one)).convert("RGB"))
        assert (shown[58:62, 58:62] == CONCEALED_COLOUR).all() or zoom < 11, zoom
    for zoom in (5, 12, 17, 19):
        side = EQUATOR_M / 2**zoom
        at = f"{zoom}/{int((MIDDLE[0] + EQUATOR_M / 2) // side)}/{int((EQUATOR_M / 2 - MIDDLE[1]) // side)}"
        one, other = (ask(f"/imagery/{month}/{at}.webp").content for month in (FIRST, SECOND))
        assert one == other and one, zoom


def test_a_cell_that_an_image_reaches_is_covered_whole_where_it_has_no_pixel_too(withheld: None) -> None:
    longitude, latitude = degrees(LEFT - 10, MIDDLE[1])
    answer = Client().get("/pictures/still.png", {"view": f"20/{latitude}/{longitude}", "size": "40x40", "layers": ""})
    assert (np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB")) == CONCEALED_COLOUR).all()


@pytest.fixture
def base_map(withheld: None, tmp_path: Path) -> Iterator[str]:
    """A road, a lake and a market in the cell and beyond it; gives a word that stands on the map in the cell alone."""
    path = base_maps.over(tmp_path / "ground.pmtiles", *degrees(*MIDDLE), (5, 9, 12, 14), "Chợ Zqhidden")
    made, _is_new = add_base_map(path, AboutArchive("ground"), by="test")
    yield "Zqhidden"
    made.delete()


def test_of_the_base_map_what_lies_in_a_cell_is_cut_out(base_map: str) -> None:
    for zoom in (5, 9, 12, 14):
        column, row = (int(place) for place in base_maps.at(*degrees(*MIDDLE), zoom))
        body = Client().get(f"/basemap/{zoom}/{column}/{row}.mvt").content
        west, _south, east, north = tile_box(zoom, column, row)
        unit = (east - west) / base_maps.EXTENT
        cell = shapely.box(
            (WEST - west) / unit, (north - NORTH_END) / unit, (EAST_END - west) / unit, (north - SOUTH) / unit
        )
        found = base_maps.decoded(body)
        assert set(found) == {"roads", "road-names", "water"} and base_map.encode() not in body, zoom
        for features in found.values():
            for feature in features:
                assert not shapely.geometry.shape(feature["geometry"]).intersects(cell), (zoom, feature)


def test_pictures_of_the_base_map_show_nothing_of_it(base_map: str) -> None:
    longitude, latitude = degrees(*MIDDLE)
    asked = {"view": f"18.5/{latitude}/{longitude}", "size": "60x60", "layers": "", "scene": "map"}
    shown = Image.open(io.BytesIO(Client().get("/pictures/still.png", asked).content)).convert("RGB")
    assert shown.getcolors() == [(3600, ImageColor.getrgb(LAND))]


@pytest.mark.prove
def test_the_attack_of_576_windows_learns_nothing_on_paper_either(withheld: None) -> None:
    told = {road: correlation(found) for road, found in roads(24).items()}
    assert all(abs(found) < 0.1 for found in told.values()), told
    longitude, latitude = degrees(*MIDDLE)
    sheet = Client().get(f"/print.pdf?view=18/{latitude}/{longitude}&scale=500&layers=&scene={FIRST}")
    [(picture, _wide, _high), *_rest] = pdf.read(sheet.content).photographs
    middle = np.asarray(picture.convert("RGB"), dtype=int)
    height, width = middle.shape[:2]
    assert np.abs(middle[height // 3 : height * 2 // 3, width * 2 // 5 : width * 3 // 5] - CONCEALED_COLOUR).max() < 12
