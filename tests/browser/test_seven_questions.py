"""A bidder's seven questions of a lot under a price: which, when, how much, where, what it looks like, how to get there,
what papers. From the map, by the search and by the list each is answered within three taps and two screens of a phone.
"""

import io
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page
from shapely.geometry import box, shape

from landgis.catalog import queries, registry
from landgis.lib.webmap import RADIUS_M
from landgis.pictures.outline import LEAST_M
from tests.browser.conftest import PHONE
from tests.browser.pixels import TILE, mask_of
from tests.members import some_of

pytestmark = pytest.mark.browser

TAPS, SCREENS = 3, 2
OUTLINE_PX = 3  # half of the outline on a telephone, and what the eye does not see
PRICE = 20_000_000_000
ASKED = {"": "dưới 20 tỷ, còn nhận hồ sơ", "/en": "under 20 billion, still taking dossiers"}
LOTS = {"": "lô", "/en": "lots"}


class Thumb:
    """Taps, and looks down a page; counts both."""

    def __init__(self, page: Page):
        self.page, self.taps, self.screens = page, 0, 0

    def write(self, box: Locator, text: str) -> None:
        self.look_at(box)
        box.fill(text)

    def tap(self, what: Locator) -> None:
        self.look_at(what)
        self.taps += 1
        what.click()
        self.page.wait_for_load_state("networkidle")

    def look_at(self, what: Locator) -> Locator:
        what.wait_for()
        place = what.bounding_box()
        assert place
        down = place["y"] + place["height"] + self.page.evaluate("() => scrollY")
        self.screens = max(self.screens, math.ceil(down / PHONE[1]))
        return what


def by_map(thumb: Thumb, prefix: str) -> None:
    thumb.tap(thumb.page.locator(".coming__figure").nth(1))
    by_list(thumb, prefix)


def by_list(thumb: Thumb, prefix: str) -> None:
    thumb.write(thumb.page.locator(".sentence input[name=q]"), ASKED[prefix])
    thumb.tap(thumb.page.locator(".sentence button[type=submit]"))
    thumb.tap(thumb.page.locator(".rows__name a").first)


def by_search(thumb: Thumb, prefix: str) -> None:
    thumb.write(thumb.page.locator("input[name=q]").first, f"{LOTS[prefix]} {ASKED[prefix]}")
    thumb.taps += 1
    thumb.page.keyboard.press("Enter")
    thumb.page.wait_for_url("**/search?**")
    thumb.tap(thumb.page.locator(".hit__title a").first)
    thumb.tap(thumb.page.locator(".rows__name a").first)


@pytest.mark.parametrize("prefix", ["", pytest.param("/en", marks=pytest.mark.prove)])
@pytest.mark.parametrize(
    ("start", "way"), some_of([("/", by_map), ("/lots/", by_list), ("/search", by_search)], every=2)
)
def test_each_way_answers_all_seven(visit: Callable[..., Any], start: str, way: Any, prefix: str) -> None:
    with visit(prefix + start, PHONE, with_map=False) as page:
        thumb = Thumb(page)
        way(thumb, prefix)
        lot = queries.feature(registry.get("auction-lots"), page.url.rstrip("/").rpartition("/")[2])
        assert lot and lot["starting_price_vnd"] < PRICE and lot["status"] == "open"
        answers(thumb, lot)
        assert thumb.taps <= TAPS and thumb.screens <= SCREENS, (thumb.taps, thumb.screens)


def answers(thumb: Thumb, lot: dict[str, Any]) -> None:
    page = thumb.page
    assert lot["name"] in thumb.look_at(page.locator("h1")).inner_text()  # which
    session = thumb.look_at(page.locator(".dates__item").last)  # when
    assert session.locator(".dates__when").inner_text().strip()
    headline = thumb.look_at(page.locator(".headline")).inner_text()  # how much, and where
    assert any(unit in headline for unit in ("tỷ", "triệu", "billion", "million"))
    assert lot["commune_name"].split()[-1] in headline
    assert lies_where_its_boundary_says(thumb.look_at(page.locator(".map__picture")), lot)  # what it looks like
    place = thumb.look_at(page.locator("[data-directions]")).get_attribute("data-directions")  # how to get there
    assert place
    latitude, longitude = map(float, place.split(","))
    assert lot["south"] < latitude < lot["north"] and lot["west"] < longitude < lot["east"]
    papers = thumb.look_at(page.locator("#papers li").first).inner_text()  # what papers
    assert papers.strip()


def lies_where_its_boundary_says(picture: Locator, lot: dict[str, Any]) -> bool:
    """Whether the outline of the lot, in its colour, is where the published boundary is on the picture, and not beside it."""
    pixels = np.asarray(Image.open(io.BytesIO(picture.screenshot())).convert("RGB")).astype(int)
    dataset = registry.get("auction-lots")
    colour = [int(dataset.selected_colour[k : k + 2], 16) for k in (1, 3, 5)]
    seen = np.abs(pixels - colour).max(axis=2) < 60
    height, width = seen.shape
    feature = queries.geojson_feature(dataset, lot["ref"])
    assert feature
    boundary = shape(feature["geometry"])
    # The lot stands in the middle, with so much ground round it that its street is seen.
    metres_high = LEAST_M / math.cos(math.radians(boundary.centroid.y))
    zoom = math.log2(2 * math.pi * RADIUS_M * height / metres_high / TILE)
    middle, degrees = box(*boundary.bounds).centroid, 360 / TILE / 2**zoom
    around, line = (edge(boundary, by * degrees, middle, zoom, (width, height)) for by in (4 * OUTLINE_PX, 0.5))
    beside = around & ~edge(boundary, OUTLINE_PX * degrees, middle, zoom, (width, height))
    reached = np.any([np.roll(seen, (x, y), (1, 0)) for x in range(-2, 3) for y in range(-2, 3)], axis=0)
    return bool((reached & line).sum() > 0.75 * line.sum() and (seen & beside).sum() < 0.05 * (seen & around).sum())


def edge(area: Any, by: float, *view: Any) -> np.ndarray:
    """The pixels that are so near to the boundary of an area, on both sides."""
    outer, inner = mask_of(area.buffer(by), *view), area.buffer(-by)
    return outer if inner.is_empty else outer & ~mask_of(inner, *view)
