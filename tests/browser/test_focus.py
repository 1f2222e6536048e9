"""What was found is shown: the thing outlined, named, its card open and its neighbours quiet, wherever a reader comes from."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from shapely.geometry import Point, shape

from landgis.catalog import queries, registry
from tests.browser.conftest import COARSE, DESKTOP, PHONE, SIZES
from tests.browser.pixels import drawn, mask_of, settled

pytestmark = pytest.mark.browser


def a_lot() -> dict[str, Any]:
    dataset = registry.get("auction-lots")
    lot = queries.feature(dataset, queries.rows(dataset, limit=1)[0]["ref"])
    assert lot is not None
    return lot


def looks_found(page: Page, lot: dict[str, Any]) -> None:
    """The outline lies where the boundary says, free of the card, whose first item it is; the address names it."""
    title = page.locator(".card__title").first
    expect(title).to_have_text(lot["name"])
    expect(title).to_have_attribute("href", f"/lots/{lot['ref']}/")
    assert f"feature=auction-lots/{lot['ref']}" in page.url.replace("%2F", "/")
    image = drawn(page)
    zoom, lat, lon = map(float, page.evaluate("location.hash").removeprefix("#").split("/"))
    assert zoom > 15
    feature = queries.geojson_feature(registry.get("auction-lots"), lot["ref"])
    assert feature is not None
    pixel = 360 / 512 / 2**zoom
    lies, middle = shape(feature["geometry"]), Point(lon, lat)
    outer, inner = (mask_of(lies.buffer(side * 1.5 * pixel), middle, zoom, image.size) for side in (1, -1))
    there = outer & ~inner
    red = registry.get("auction-lots").selected_colour
    colour = np.array([int(red[start : start + 2], 16) for start in (1, 3, 5)])
    away = np.abs(np.asarray(image, dtype=int) - colour).max(axis=2)
    assert (away[there] <= 60).mean() > 0.6
    canvas, card = page.locator(".map__canvas").bounding_box(), page.locator(".card:not(.tools)").bounding_box()
    assert canvas and card
    rows, columns = np.nonzero(there)
    left, right = canvas["x"] + columns.min(), canvas["x"] + columns.max()
    top, bottom = canvas["y"] + rows.min(), canvas["y"] + rows.max()
    beside = left > card["x"] + card["width"] or bottom < card["y"]
    assert beside and right < canvas["x"] + canvas["width"] and top > canvas["y"]


@SIZES
def test_every_arrival_shows_the_same(visit: Callable[..., Any], address: str, size: tuple[int, int]) -> None:
    lot = a_lot()
    with visit("/", size) as page:
        settled(page)
        page.locator("#search-text").fill(lot["ref"])
        page.locator("#search-list [role=option]").first.click()
        looks_found(page, lot)
        page.locator(".card__title").first.click()
        page.wait_for_url(f"**/lots/{lot['ref']}/")
        page.go_back()
        looks_found(page, lot)
        page.goto(f"{address}/lots/{lot['ref']}/")
        page.get_by_role("link", name="Xem trên bản đồ lớn").click()
        looks_found(page, lot)
        page.locator(".card:not(.tools) .card__close").click()
        settled(page)
        assert "feature=" not in page.url


def test_a_double_tap_asks_nothing(visit: Callable[..., Any]) -> None:
    lot = a_lot()
    with visit(f"/#16/{lot['lat']}/{lot['lon']}", PHONE, has_touch=True, **COARSE) as page:
        settled(page)
        box = page.locator(".map__canvas").bounding_box()
        page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
        settled(page)
        assert float(page.evaluate("location.hash").removeprefix("#").split("/")[0]) > 16.5
        expect(page.locator(".card:not(.tools)")).to_be_hidden()


def test_the_card_never_throws_the_place_off_the_map(visit: Callable[..., Any]) -> None:
    """A long card at the left of a desktop's map, and a place under it."""
    lot = a_lot()
    with visit(f"/#17/{lot['lat']}/{lot['lon']}", DESKTOP, **COARSE) as page:
        settled(page)
        canvas = page.locator(".map__canvas").bounding_box()
        page.mouse.click(canvas["x"] + 120, canvas["y"] + canvas["height"] / 2)
        page.locator(".card:not(.tools)").wait_for()
        settled(page)
        mark, card = page.locator(".asked").bounding_box(), page.locator(".card:not(.tools)").bounding_box()
        assert mark["x"] > card["x"] + card["width"]
        assert canvas["x"] < mark["x"] < canvas["x"] + canvas["width"]
        assert canvas["y"] < mark["y"] < canvas["y"] + canvas["height"]
