"""The search box as a reader uses it: typed without marks, chosen by keys or finger, and without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser


def typed(page: Page, text: str) -> Any:
    """The suggestions after the text has been typed letter by letter."""
    page.locator("#search-text").press_sequentially(text, delay=20)
    options = page.locator("#search-list").get_by_role("option")
    options.first.wait_for()
    return options


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_the_keys_alone_lead_to_the_page(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    with visit("/public-land/", size) as page:
        box = page.locator("#search-text")
        assert box.get_attribute("role") == "combobox"
        options = typed(page, "long dien")
        expect(options.first).to_contain_text("Xã Long Điền")
        assert box.get_attribute("aria-expanded") == "true"
        page.keyboard.press("ArrowDown")
        assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
        assert options.first.get_attribute("aria-selected") == "true"
        page.keyboard.press("Enter")
        page.wait_for_url("**/places/26659-c/")
        assert "Xã Long Điền" in page.inner_text("h1")


def test_escape_closes_and_enter_searches_for_the_text(visit: Callable[..., Any]) -> None:
    with visit("/en/planning/") as page:
        options = typed(page, "thang tam")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")  # back to the text
        page.keyboard.press("Escape")
        expect(options).to_have_count(0)
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/search?q=thang+tam")
        assert "Phường Thắng Tam" in page.inner_text("main")


def test_a_finger_chooses(visit: Callable[..., Any]) -> None:
    with visit("/public-land/", PHONE, has_touch=True) as page:
        typed(page, "vt 26535 0078").first.tap()
        page.wait_for_url("**/public-land/VT-26535-0078/")


def test_on_the_map_a_suggestion_stays_on_the_map(visit: Callable[..., Any]) -> None:
    with visit("/") as page:
        page.locator("#map[data-drawn=true]").wait_for(timeout=30_000)
        typed(page, "con dao").first.click()
        page.wait_for_function("() => location.hash.includes('/8.6') || location.hash.includes('/8.7')")
        assert "/places/" not in page.url


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_without_scripts_the_form_finds(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    with visit("/", size, java_script_enabled=False) as page:
        page.locator("#search-text").fill("long dein")
        page.get_by_role("button", name="Tìm kiếm").click()
        page.wait_for_url("**/search?q=long+dein")
        page.get_by_role("link", name="Xã Long Điền").first.click()
        page.wait_for_url("**/places/26659-c/")
