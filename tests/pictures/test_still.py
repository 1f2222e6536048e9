"""The server's picture of the map: what it shows lies where it lies, is filtered as lists are, and stays small."""

import io
import json
import re

import numpy as np
import pytest
from django.http import QueryDict
from django.test import Client
from PIL import Image
from shapely.geometry import shape

from landgis.catalog import ground, queries, registry
from landgis.imagery import basemaps
from landgis.lib.filters import ALL
from landgis.lib.webmap import View
from landgis.pages.sheets import PAPERS, Sheet
from landgis.pictures import parameters
from landgis.pictures.furniture import draw_furniture
from tests.browser.pixels import best_shift, changed, mask_of

pytestmark = pytest.mark.usefixtures("world")
BARE = (236, 238, 232)
WIDE, HIGH = 720, 540


def largest() -> dict:
    return max(queries.rows(registry.get("public-land")), key=lambda row: row["area_legal_m2"])


def picture(view: str, kind: str = "png", **more: object) -> Image.Image:
    asked = {"view": view, "size": f"{WIDE}x{HIGH}", "scene": "none", "lang": "vi", **more}
    response = Client().get(f"/pictures/still.{kind}", asked)
    assert response.status_code == 200, response.content[:300]
    return Image.open(io.BytesIO(response.content)).convert("RGB")


def share_drawn(image: Image.Image) -> float:
    return float((np.abs(np.asarray(image, dtype=int) - np.array(BARE)).max(axis=2) > 12).mean())


def test_a_plot_is_drawn_where_it_lies() -> None:
    """The drawn area is the one computed from its coordinates, within a pixel."""
    row = largest()
    feature = queries.geojson_feature(registry.get("public-land"), row["ref"])
    assert feature is not None
    outline = shape(feature["geometry"])
    middle, zoom = outline.centroid, 14
    image = picture(f"{zoom}/{middle.y}/{middle.x}", layers="public-land", area_legal_m2_min=row["area_legal_m2"])
    wanted = mask_of(outline, middle, zoom, image.size)
    seen = np.abs(np.asarray(image, dtype=int) - np.array(BARE)).max(axis=2) > 12
    shift, score = best_shift(wanted, seen, np.ones_like(wanted))
    assert wanted.sum() > 2000
    assert score > 0.9
    assert max(map(abs, shift)) <= 1


def test_filters_and_past_states_are_those_of_the_lists() -> None:
    view = "12/10.5/107.17"
    everything = share_drawn(picture(view, layers="public-land"))
    some = share_drawn(picture(view, layers="public-land", current_use="lent"))
    none = share_drawn(picture(view, layers="public-land", area_legal_m2_min="9999999999"))
    assert none == 0 < some < everything


def test_each_layer_can_be_left_out_and_the_headline_is_seen_far_out() -> None:
    view = "9.5/10.5/107.25"
    bare = picture(view, layers="")
    assert share_drawn(bare) < 0.001
    lots = picture(view, layers="auction-lots")
    assert changed(bare, lots).sum() > 100


def test_places_are_named_by_their_units_of_today_and_in_full_letters() -> None:
    view = "11/10.5/107.17"
    with_names = picture(view, layers="admin-units")
    white = (np.asarray(with_names.convert("L")) > 250).sum()
    assert white > 800


@pytest.mark.parametrize("name", ["Hoàng Sa", "Trường Sa"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_archipelagos_are_named_at_low_zooms(name: str, language: str) -> None:
    [found] = [one for one in ground.names() if name in one.texts[language]]
    at = f"{found.latitude}/{found.longitude}"
    far, near = picture(f"5/{at}", lang=language), picture(f"12/{at}", lang=language)
    assert share_drawn(far) > 0.003
    assert share_drawn(near) == 0


def test_without_a_country_no_names_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground, "_names", [])
    assert share_drawn(picture("5.01/16.5/112")) == 0


def test_what_is_said_of_a_narrow_picture_stands_in_lines_that_fit() -> None:
    image = Image.new("RGB", (200, 200))
    draw_furniture(image, 10.0, "20/02/2026 · Bản đồ nền minh họa · dữ liệu minh họa")
    light = (np.asarray(image.crop((0, 120, 200, 200))) == 255).all(axis=-1)
    assert not light[:, :8].any(), "nothing is cut at the edge"
    assert light[:40, 100:].any() and light[50:, 100:].any()


def test_date_scale_and_north_are_added_when_asked() -> None:
    view = "12.3/10.5/107.17"
    furniture = changed(picture(view), picture(view, furniture=1))
    assert furniture[-40:, :200].any() and furniture[:40, -40:].any()
    assert not furniture[60:-60, 60:-60].any()


def test_what_comes_with_a_first_view_is_small_where_most_is_to_be_drawn() -> None:
    response = Client().get("/pictures/still.webp", {"view": "13/10.5/107.17", "size": "1280x800", "scene": "none"})
    assert response["Content-Type"] == "image/webp"
    assert len(response.content) <= 56_000


def test_a_picture_is_asked_for_again_each_time() -> None:
    """Something in it may be withheld the next second; what has not changed is not sent again."""
    asked = {"view": "9/10.5/107.17", "size": "200x150", "scene": "none"}
    plain = Client().get("/pictures/still.webp", {**asked, "v": "1"})
    assert plain["Cache-Control"] == "no-cache"
    again = Client().get("/pictures/still.webp", asked, headers={"If-None-Match": plain["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"view": "x"}, "view"),
        ({"view": "9/95/107"}, "view"),
        ({"view": "20.1/10.5/107"}, "view"),
        ({"size": "9x9"}, "size"),
        ({"size": "9999x9999"}, "size"),
        ({"size": "1600x1251"}, "size"),
        ({"size": "4000x4000"}, "size"),
        ({"layers": "never-was"}, "layers"),
        ({"named": "public-land"}, "named"),
        ({"ratio": "nan"}, "ratio"),
        ({"as_of": "99"}, "as_of"),
        ({"current_use": "x"}, "current_use"),
    ],
)
def test_a_wrong_question_is_named(more: dict[str, str], named: str) -> None:
    response = Client().get("/pictures/still.webp", {"view": "9/10.5/107.17", "size": "200x150", **more})
    assert response.status_code == 400
    assert named in response.content.decode()


def test_the_largest_size_is_told_and_may_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not refused stands drawn, also four times as fine, within a number of pixels that a process can hold."""
    asked = {"view": "12/0.5/107.17", "scene": "none", "layers": ""}
    refused = Client().get("/pictures/still.png", {**asked, "size": "4000x4000", "lang": "en"})
    assert refused.status_code == 400 and "2,000,000 pixels" in refused.content.decode()
    drawn: list[tuple[int, int]] = []
    new = Image.new

    def counted(mode: str, size: tuple[int, int], *more: object) -> Image.Image:
        drawn.append(size)
        return new(mode, size, *more)

    monkeypatch.setattr(Image, "new", counted)
    answer = Client().get("/pictures/still.png", {**asked, "size": "1600x1250"})
    assert Image.open(io.BytesIO(answer.content)).size == (1600, 1250)
    assert max(width * height for width, height in drawn) <= 4 * 2_000_000


@pytest.mark.parametrize("paper", PAPERS)
def test_the_map_of_every_sheet_can_be_drawn_for_the_sheet_and_not_for_a_reader(paper: str) -> None:
    """At the equator a sheet is highest."""
    view = Sheet(paper, 10_000, 107.17, 0.0).view
    asked = f"view={view.text}&size={view.width}x{view.height}"
    plan = parameters.still_plan(QueryDict(asked), parameters.SHEET)
    assert (plan.view.width, plan.view.height) == (view.width, view.height)
    if view.width * view.height > parameters.READER.most_pixels:
        assert Client().get(f"/pictures/still.webp?{asked}").status_code == 400


def test_what_is_not_there_is_not_found() -> None:
    asked = {"view": "9/10.5/107.17", "size": "200x150"}
    assert Client().get("/pictures/still.webp", {**asked, "scene": "never-was"}).status_code == 404
    assert Client().get("/pictures/still.gif", asked).status_code == 404


@pytest.mark.parametrize("path", ["/", "/public-land/", "/embed"])
def test_the_pictures_of_a_page_show_the_whole_of_its_box(path: str) -> None:
    """What the page's map would show is inside the picture of every shape of screen."""
    html = Client().get(path).content.decode()
    bounds = json.loads(re.search(r'id="map-config"[^>]*>(.*?)</script>', html)[1])["bounds"]
    found = re.findall(r"view=([\d./-]+)&amp;size=(\d+)x(\d+)", html)
    assert found
    for text, width, height in found[: 4 if path == "/" else 1]:
        zoom, latitude, longitude = map(float, text.split("/"))
        west, south, east, north = View(longitude, latitude, zoom, int(width), int(height)).box
        assert west <= bounds[0] and south <= bounds[1] and east >= bounds[2] and north >= bounds[3]


def test_over_the_map_of_another_publisher_nothing_is_drawn() -> None:
    """Made-up features are not drawn over a real map, which the server does not draw either."""
    row = queries.feature(registry.get("public-land"), largest()["ref"])
    assert row
    view = f"12/{(row['south'] + row['north']) / 2}/{(row['west'] + row['east']) / 2}"
    assert share_drawn(picture(view, scene="none")) > 0
    assert share_drawn(picture(view, scene=next(iter(basemaps.by_name())))) == 0


def test_a_picture_names_what_its_features_stand_for() -> None:
    lots = registry.get("auction-lots")
    [one, *_others] = queries.named_ground(lots, "auction_code", ALL)
    asked = {"layers": "auction-lots", "auction_code": one.name}
    view = f"13/{one.place[1]}/{one.place[0]}"
    named = changed(picture(view, **asked), picture(view, **asked, named="auctions"))
    rows, columns = np.nonzero(named)
    assert 50 < len(rows) < 3000
    # Below the place, and round it.
    height, width = named.shape
    assert rows.min() >= height / 2 and abs(columns.mean() - width / 2) < 8
    assert not changed(picture(view, **asked), picture(view, **asked, named="")).any()
