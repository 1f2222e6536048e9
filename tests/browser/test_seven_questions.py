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

from landgis.catalog import queries, registry
from tests.browser.conftest import PHONE
from tests.members import some_of

pytestmark = pytest.mark.browser

TAPS, SCREENS = 3, 2
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
        box = what.bounding_box()
        assert box
        down = box["y"] + box["height"] + self.page.evaluate("() => scrollY")
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
    assert is_outlined_in_the_middle(thumb.look_at(page.locator(".map__picture")))  # what it looks like
    place = thumb.look_at(page.locator("[data-directions]")).get_attribute("data-directions")  # how to get there
    assert place
    latitude, longitude = map(float, place.split(","))
    assert lot["south"] < latitude < lot["north"] and lot["west"] < longitude < lot["east"]
    papers = thumb.look_at(page.locator("#papers li").first).inner_text()  # what papers
    assert papers.strip()


def is_outlined_in_the_middle(picture: Locator) -> bool:
    """Whether the picture of the lot has its outline round the middle."""
    pixels = np.asarray(Image.open(io.BytesIO(picture.screenshot())).convert("RGB")).astype(int)
    colour = registry.get("auction-lots").selected_colour
    rows, columns = np.nonzero(np.abs(pixels - [int(colour[k : k + 2], 16) for k in (1, 3, 5)]).max(axis=2) < 60)
    height, width = pixels.shape[:2]
    middle = (rows.min() + rows.max()) / 2 / height, (columns.min() + columns.max()) / 2 / width
    return rows.size > 50 and all(0.3 < at < 0.7 for at in middle)
