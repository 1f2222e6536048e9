"""Scenes: what is refused, where pixels lie, what is served, and what is not any more."""

import io
import json
import logging
import math
import warnings

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils.dateparse import parse_datetime
from PIL import Image
from shapely.geometry import Point, box, shape

from landgis.imagery import raster
from landgis.imagery.models import Scene
from tests.imagery.conftest import add, image

# A verified vector (tests/vn/test_datum.py), in the west, where PROJ's own choice lies 0.8 m off.
PHU_MY_5899, PHU_MY = (421_564.329, 1_171_200.530), (107.034_999_996_55, 10.589_999_996_74)
PHU_MY_9210 = (640_426.274, 1_171_399.411)  # the same in the neighbouring meridian
WHITE, BLUE, RED = (250, 250, 250), (30, 60, 200), (200, 40, 30)


def tile_of(longitude: float, latitude: float, z: int) -> tuple[int, int, float, float]:
    """Column and row of the 512 px tile, and the pixel in it, of a place."""
    x = (longitude + 180) / 360 * 2**z
    y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * 2**z
    return int(x), int(y), (x % 1) * 512, (y % 1) * 512


def pixels_of(response) -> np.ndarray:
    assert response.status_code == 200 and response["Content-Type"] == "image/webp"
    return np.asarray(Image.open(io.BytesIO(response.content)).convert("RGB")).astype(int)


def around(pixel: float, size: int, place=PHU_MY_5899) -> dict[str, float]:
    """An image whose middle is the place."""
    return {"west": place[0] - pixel * size / 2, "north": place[1] + pixel * size / 2, "pixel": pixel, "size": size}


# --- What is refused


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("words.tif", b"this is no image", "GeoTIFF"),
        ("other.tif", b"<VRTDataset><SRS>EPSG:3857</SRS></VRTDataset>", "GeoTIFF"),
        ("cut.tif", b"II*\x00\x08\x00\x00\x00", "GeoTIFF"),
    ],
)
def test_what_is_no_geotiff_is_refused_by_its_content(client, tmp_path, store, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CommandError, match=says) as refused:
        add(tmp_path / name)
    assert refused.value.returncode == 2
    nothing_is_left(store)


@pytest.mark.parametrize(
    ("about", "options", "says"),
    [
        ({"crs": None}, {}, "--crs"),
        ({"crs": None}, {"crs": "EPSG:6959"}, "EPSG:6959"),
        ({"bands": 1}, {}, "8 bit"),
        ({"dtype": "uint16"}, {}, "8 bit"),
    ],
)
def test_an_image_that_cannot_be_placed_or_shown_is_refused(client, tmp_path, store, about, options, says):
    path = image(tmp_path / "odd.tif", **around(1.0, 100), **about)
    with pytest.raises(CommandError, match=says):
        add(path, **options)
    nothing_is_left(store)


def nothing_is_left(store) -> None:
    assert not Scene.objects.exists()
    assert not [path for path in store.rglob("*") if path.is_file()]


def test_a_name_is_given_once(client, tmp_path):
    add(image(tmp_path / "one.tif", **around(1.0, 100)), name="town")
    with pytest.raises(CommandError, match="town"):
        add(image(tmp_path / "two.tif", **around(1.0, 100), colour=BLUE), name="town")
    assert Scene.objects.count() == 1


def test_the_same_file_again_changes_nothing(client, tmp_path, store):
    path = image(tmp_path / "one.tif", **around(1.0, 100))
    add(path)
    before = {file: file.stat().st_mtime_ns for file in store.rglob("*.tif")}
    add(path)
    add(path, name="under-another-name")
    assert {file: file.stat().st_mtime_ns for file in store.rglob("*.tif")} == before
    assert [scene.name for scene in Scene.objects.all()] == ["one"]


# --- Where pixels lie


@pytest.mark.parametrize(
    ("place", "crs", "options"),
    [
        (PHU_MY_5899, "EPSG:5899", {}),
        (PHU_MY_5899, None, {"crs": "EPSG:5899"}),
        (PHU_MY_9210, "EPSG:9210", {}),
    ],
)
def test_a_vn2000_image_lies_where_the_vector_says(client, tmp_path, place, crs, options):
    """A white square of 10 m round a verified point is found round it, to a quarter of a metre."""
    frame = around(0.25, 280, place)
    add(image(tmp_path / "sharp.tif", **frame, square=(120, 120, 40, WHITE), crs=crs), **options)
    z = Scene.objects.get().maxzoom
    x, y, column, row = tile_of(*PHU_MY, z)
    picture = pixels_of(client.get(f"/imagery/sharp/{z}/{x}/{y}.webp"))
    rows, columns = np.nonzero(picture.min(axis=2) > 170)
    metres = 2 * math.pi * 6378137 * math.cos(math.radians(PHU_MY[1])) / 512 / 2**z
    off = math.hypot(columns.mean() + 0.5 - column, rows.mean() + 0.5 - row)
    assert off < 2 and off * metres < 0.25
    assert abs(len(rows) * metres**2 - 100) < 12


def test_placing_an_image_says_nothing(tmp_path, caplog):
    """Neither a warning nor a line of the log, whatever GDAL came with."""
    path = image(tmp_path / "sharp.tif", **around(0.25, 280), square=(120, 120, 40, WHITE), crs="EPSG:5899")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", PendingDeprecationWarning)  # of affine to its own users; nobody is shown it
        raster.optimise(path, tmp_path / "placed.tif", None)
    assert not caplog.records


def test_what_gdal_says_of_the_operation_is_no_news_and_all_else_is(caplog):
    told = logging.getLogger("rasterio._env")
    told.warning("CPLE_NotSupported in warp options does not support option COORDINATE_OPERATION")
    told.warning("CPLE_NotSupported in warp options does not support option RESAMPLE")
    assert [record.getMessage()[-8:] for record in caplog.records] == ["RESAMPLE"]


def test_the_finest_scene_of_a_month_lies_on_top(client, tmp_path):
    add(image(tmp_path / "wide.tif", **around(2.0, 600), colour=RED), acquired="2026-02-11")
    add(image(tmp_path / "near.tif", **around(0.5, 200), colour=BLUE), acquired="2026-02-20")
    add(image(tmp_path / "old.tif", **around(0.5, 200), colour=WHITE), acquired="2024-02-11")
    x, y, column, row = tile_of(*PHU_MY, 16)
    picture = pixels_of(client.get(f"/imagery/2026-02/16/{x}/{y}.webp"))
    assert np.abs(picture[int(row), int(column)] - BLUE).max() < 25
    edge = int(80 / (2 * math.pi * 6378137 * math.cos(math.radians(PHU_MY[1])) / 512 / 2**16))
    beside = int(column) + edge if column < 256 else int(column) - edge
    assert np.abs(picture[int(row), beside] - RED).max() < 25


# --- What is served


def test_tiles_know_empty_from_outside(client, tmp_path):
    add(image(tmp_path / "town.tif", **around(1.0, 300)), name="town")
    x, y, *_ = tile_of(*PHU_MY, 14)
    far = tile_of(100.0, 10.0, 14)
    assert client.get(f"/imagery/town/14/{x}/{y}.webp").status_code == 200
    assert client.get(f"/imagery/town/14/{far[0]}/{far[1]}.webp").status_code == 204
    for outside in (f"town/14/{2**14}/{y}", "town/30/1/1", f"never/14/{x}/{y}", f"2019-01/14/{x}/{y}"):
        assert client.get(f"/imagery/{outside}.webp").status_code == 404


def test_addresses_for_maps_may_be_kept_and_others_ask_again(client, tmp_path):
    add(image(tmp_path / "town.tif", **around(1.0, 300)), name="town", made_up=True)
    scene = client.get("/imagery/map.json?lang=vi").json()["scenes"][0]
    assert (scene["name"], scene["acquired_on"], scene["acquired"]) == ("2026-02", "2026-02-20", "20/02/2026")
    assert scene["is_made_up"] and scene["attribution"] == "Sample & Co" and scene["tile_size"] == 512
    assert box(*scene["bounds"]).contains(Point(PHU_MY))
    x, y, *_ = tile_of(*PHU_MY, 14)
    told = scene["tiles"][0].replace("{z}", "14").replace("{x}", str(x)).replace("{y}", str(y))
    assert "immutable" in client.get(told)["Cache-Control"]
    plain = client.get(told.partition("?")[0])
    assert plain["Cache-Control"] == "no-cache"
    assert client.get(told.partition("?")[0], headers={"If-None-Match": plain["ETag"]}).status_code == 304
    add(image(tmp_path / "more.tif", **around(0.5, 100), colour=BLUE), acquired="2024-02-11")
    assert "immutable" not in client.get(told)["Cache-Control"]


def test_a_withdrawn_scene_is_gone_like_one_that_never_was(client, tmp_path):
    add(image(tmp_path / "town.tif", **around(1.0, 300)), name="town")
    x, y, *_ = tile_of(*PHU_MY, 14)
    call_command("scene", "withdraw", "town", "--reason", "wrong date")
    for address in (f"town/14/{x}/{y}.webp", f"2026-02/14/{x}/{y}.webp", "town.json"):
        assert client.get(f"/imagery/{address}").status_code == 404
    assert client.get("/imagery/map.json").json()["scenes"] == []
    assert "town" not in client.get("/imagery/").content.decode()


# --- STAC


def test_the_catalogue_is_stac_and_leads_to_its_items(client, tmp_path):
    add(image(tmp_path / "a.tif", **around(1.0, 300)), name="a", cloud=12.5)
    add(image(tmp_path / "b.tif", **around(0.5, 100), colour=BLUE), name="b", licence="Order 12, section 3")
    catalogue = client.get("/imagery/").json()
    assert catalogue["type"] == "Catalog" and catalogue["stac_version"] == "1.0.0"
    assert catalogue["id"] and catalogue["description"]
    assert {link["rel"] for link in catalogue["links"]} == {"self", "root", "item"}
    items = [client.get(link["href"]) for link in catalogue["links"] if link["rel"] == "item"]
    assert {answer["Content-Type"] for answer in items} == {"application/geo+json"}
    found = {answer.json()["id"]: answer.json() for answer in items}
    assert set(found) == {"a", "b"}
    for item in found.values():
        check_item(item)
    assert found["a"]["properties"]["license"] == "CC0-1.0" and found["a"]["properties"]["eo:cloud_cover"] == 12.5
    assert found["b"]["properties"]["license"] == "proprietary"
    assert found["b"]["properties"]["landgis:licence"] == "Order 12, section 3"
    assert "eo:cloud_cover" not in found["b"]["properties"]


def test_the_footprint_is_the_ground_that_is_seen_and_not_its_frame(client, tmp_path):
    about = around(1.0, 400)
    half = (0, 0, 200, (0, 0, 0))  # the north-west quarter has no pixels
    add(image(tmp_path / "a.tif", **about, square=half), name="a", nodata="0")
    item = client.get("/imagery/a.json").json()
    footprint, frame = shape(item["geometry"]), box(*item["bbox"])
    assert footprint.is_valid and frame.buffer(1e-6).contains(footprint)
    assert 0.7 < footprint.area / frame.area < 0.82
    west, south, east, north = item["bbox"]
    assert not footprint.contains(Point(west + (east - west) / 4, north - (north - south) / 4))
    assert footprint.contains(Point(west + (east - west) * 3 / 4, north - (north - south) / 4))


def check_item(item) -> None:
    """The rules of STAC 1.0 for an item without a collection."""
    assert item["type"] == "Feature" and item["stac_version"] == "1.0.0" and item["stac_extensions"] is not None
    footprint = shape(item["geometry"])
    assert footprint.is_valid and np.allclose(footprint.bounds, item["bbox"], atol=1e-6)
    assert footprint.contains(Point(PHU_MY))
    times = item["properties"]
    assert times["datetime"] is None  # then both ends are required
    start, end = parse_datetime(times["start_datetime"]), parse_datetime(times["end_datetime"])
    assert start.date().isoformat() == end.date().isoformat() == "2026-02-20" and start < end
    assert "collection" not in item and {"self", "root", "parent"} == {link["rel"] for link in item["links"]}
    for asset in item["assets"].values():
        assert asset["href"].startswith("http://") and asset["type"] == "image/webp"
    json.dumps(item, allow_nan=False)
