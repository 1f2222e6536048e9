"""The page of a lot as a bidder with a phone meets it, and its sheet of paper."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from landgis.catalog import queries, registry
from landgis.pictures.outline import SHARE
from tests.browser.conftest import DESKTOP, PHONE, open_before_scripts
from tests.members import some_of

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]


@pytest.fixture
def lot(address: str) -> dict[str, Any]:
    return next(row for row in queries.rows(registry.get("auction-lots")) if row["status"] == "open")


def bottom(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box and box["width"] > 20 and box["height"] > 10, selector
    return box["y"] + box["height"]


def colours(picture: bytes) -> int:
    """How many colours there are in a picture; an empty one has a handful."""
    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).reshape(-1, 3)
    return len(np.unique(pixels // 8, axis=0))


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_first_screen_of_a_phone_says_what_a_bidder_needs(visit: Visit, lot: dict[str, Any], prefix: str) -> None:
    with visit(f"{prefix}/lots/{lot['ref']}/", PHONE, java_script_enabled=False) as page:
        for selector in (".headline", "[data-directions]", 'a[href$="calendar.ics"]', ".map__picture"):
            assert bottom(page, selector) <= PHONE[1], selector
        caption = page.locator("figcaption").first.bounding_box()
        assert caption and caption["y"] < PHONE[1]
        assert page.evaluate("document.querySelector('.map__picture').naturalWidth") >= 600
        assert colours(page.locator(".map__picture").screenshot()) > 100
    with visit(f"{prefix}/lots/{lot['ref']}/", PHONE, with_map=False) as page:
        assert bottom(page, "[data-share]") <= PHONE[1]
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_the_browser_s_own_print_has_the_picture_and_no_buttons(visit: Visit, lot: dict[str, Any]) -> None:
    with visit(f"/lots/{lot['ref']}/", DESKTOP, with_map=False) as page:
        page.emulate_media(media="print")
        assert page.locator(".map__picture").first.is_visible()
        assert not page.locator(".actions").is_visible()
        assert page.locator(".box").first.is_visible()


def test_the_map_takes_over_from_the_picture(visit: Visit, lot: dict[str, Any]) -> None:
    with visit(f"/lots/{lot['ref']}/", PHONE) as page:
        page.locator("#map[data-drawn='true']").wait_for()
        assert colours(page.locator("#map").screenshot()) > 100
        # Nothing lies over the middle, which is the room of the feature.
        share = (1 - SHARE) / 2
        frame = page.locator("#map").bounding_box()
        assert frame
        for one in page.locator("#map .maplibregl-ctrl:visible").all():
            box = one.bounding_box()
            assert box
            left, right = ((x - frame["x"]) / frame["width"] for x in (box["x"], box["x"] + box["width"]))
            top, foot = ((y - frame["y"]) / frame["height"] for y in (box["y"], box["y"] + box["height"]))
            assert right < share or left > 1 - share or foot < share or top > 1 - share, one.get_attribute("class")


def test_the_address_is_copied_where_nothing_can_be_shared(visit: Visit, lot: dict[str, Any]) -> None:
    with visit(
        f"/lots/{lot['ref']}/", PHONE, with_map=False, permissions=["clipboard-read", "clipboard-write"]
    ) as page:
        page.evaluate("Object.defineProperty(navigator, 'share', { value: undefined })")
        page.locator("[data-share]").click()
        page.locator(".actions__said:not(:empty)").wait_for()
        assert page.locator(".actions__said").inner_text() == "Đã chép đường dẫn."
        assert page.evaluate("navigator.clipboard.readText()").endswith(f"/lots/{lot['ref']}/")


def test_the_share_sheet_of_the_device_is_asked_first(visit: Visit, lot: dict[str, Any]) -> None:
    with visit(f"/lots/{lot['ref']}/", PHONE, with_map=False) as page:
        page.evaluate("Object.defineProperty(navigator, 'share', { value: async (data) => { window.shared = data; } })")
        page.locator("[data-share]").click()
        page.wait_for_function("() => window.shared")
        shared = page.evaluate("window.shared")
        assert shared["title"] == lot["name"] and shared["url"].endswith(f"/lots/{lot['ref']}/")


def test_a_report_is_sent_without_scripts(visit: Visit, lot: dict[str, Any]) -> None:
    with visit(f"/lots/{lot['ref']}/", PHONE, java_script_enabled=False) as page:
        page.get_by_role("link", name="Phản ánh sai sót").click()
        page.get_by_label("Mô tả sai sót").fill("Ranh giới phía bắc lệch khoảng một mét.")
        page.get_by_role("button", name="Gửi phản ánh").click()
        assert page.locator("h1").inner_text().startswith("Phản ánh số ")
        assert "Đã tiếp nhận" in page.locator("main").inner_text()


@pytest.mark.parametrize(
    ("prefix", "told"), some_of([("", "Số tiền thấp nhất cho cả lô"), ("/en", "Lowest sum for the whole lot")], every=2)
)
def test_a_label_opens_what_it_means(visit: Visit, lot: dict[str, Any], prefix: str, told: str) -> None:
    """By finger and by keys; without scripts a link leads to the list of columns."""
    with visit(f"{prefix}/lots/{lot['ref']}/", PHONE, with_map=False) as page:
        meaning = page.locator('[data-meaning="starting_price_vnd"]')
        meaning.locator("summary").click()
        meaning.get_by_text(told).wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        other = page.locator('[data-meaning="bid_step_vnd"]')
        other.locator("summary").focus()
        page.keyboard.press("Enter")
        other.locator("p").nth(1).wait_for()
    with visit(f"{prefix}/lots/{lot['ref']}/", PHONE, java_script_enabled=False) as page:
        meaning = page.locator('[data-meaning="starting_price_vnd"]')
        meaning.locator("summary").click()
        meaning.get_by_role("link").click()
        assert page.url.endswith(f"{prefix}/datasets/auction-lots/#starting_price_vnd")
        assert page.locator("#starting_price_vnd").get_by_text(told).is_visible()


def test_what_was_opened_before_its_script_came_is_filled(visit: Visit) -> None:
    """On a slow line a reader is faster than the scripts: the meaning of the columns, and the map of a list."""
    with visit("/datasets/", PHONE, with_map=False) as page:
        lots = page.url.replace("/datasets/", "/lots/")
        let_come = open_before_scripts(page, lots, "**/js/meanings.*.js", "**/js/list.*.js")
        for fold in (".meaning--columns", ".map-fold"):
            page.locator(f"{fold} summary").first.click()
        let_come()
        page.locator(".meaning--columns dd").first.wait_for()
        page.locator(".map-fold .map__drawn").wait_for()


def test_a_list_opens_what_its_columns_mean(visit: Visit) -> None:
    with visit("/lots/", PHONE, with_map=False) as page:
        page.locator(".meaning--columns summary").click()
        page.locator(".meaning--columns dd").first.wait_for()
        assert page.locator(".meaning--columns dd").count() > 5
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
