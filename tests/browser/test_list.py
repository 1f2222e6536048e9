"""The list of a dataset in a browser: its table has room, and its address says what is filtered."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import COARSE, DESKTOP, PHONE, SIZES
from tests.members import some_of

pytestmark = pytest.mark.browser


LISTS = [
    *("/lots/", "/en/auctions/"),  # the widest table, and the other language
    *(
        pytest.param(f"{language}/{path}/", marks=pytest.mark.prove)
        for language in ("", "/en")
        for path in ("lots", "auctions", "public-land", "planning", "parcels", "places", "land-prices")
        if (language, path) not in (("", "lots"), ("/en", "auctions"))
    ),
]


@pytest.mark.parametrize("path", some_of(LISTS, every=2))
def test_no_table_scrolls_sideways(visit: Callable[..., Any], path: str) -> None:
    with visit(path, (1440, 800), with_map=False) as page:
        for width in (1440, 1376, 1280, 1100, 960):
            page.set_viewport_size({"width": width, "height": 800})
            page.reload()  # whether the map is folded is decided when the page is opened
            box = page.locator(".list-page__rows")
            assert box.evaluate("box => box.scrollWidth") <= box.evaluate("box => box.clientWidth"), width
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.prove
def test_on_a_laptop_the_map_of_the_lots_is_folded_and_opens(visit: Callable[..., Any]) -> None:
    with visit("/lots/", (1280, 800), **COARSE) as page:
        page.wait_for_load_state("networkidle")
        expect(page.locator("#map")).not_to_be_visible()
        page.locator(".map-fold > summary").click()
        page.locator("#map[data-drawn=true]").wait_for()


@pytest.mark.parametrize("size", [PHONE, pytest.param((1280, 800), marks=pytest.mark.prove)])
def test_the_address_names_only_the_filters_that_are_set(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    with visit("/lots/", size, with_map=False) as page:
        page.wait_for_load_state("networkidle")
        if size == PHONE:
            page.locator(".filters > summary").click()
        page.select_option("#filter-status", "open")
        page.get_by_role("button", name="Lọc", exact=True).click()
        page.wait_for_url("**/lots/?status=open")
        expect(page.locator(".chip")).to_have_count(1)


def test_all_is_said_where_the_list_would_show_less(visit: Callable[..., Any]) -> None:
    with visit("/places/", (1440, 900), with_map=False) as page:
        page.wait_for_load_state("networkidle")
        page.select_option("#filter-is_current", "")
        page.get_by_role("button", name="Lọc", exact=True).click()
        page.wait_for_url("**/places/?is_current=")


def test_without_scripts_the_filter_works_too(visit: Callable[..., Any]) -> None:
    with visit("/lots/", (1440, 900), java_script_enabled=False) as page:
        page.select_option("#filter-status", "open")
        page.get_by_role("button", name="Lọc", exact=True).click()
        page.wait_for_url("**/lots/?*status=open*")
        expect(page.locator(".chip")).to_have_count(1)


@pytest.mark.parametrize("path", ["/lots/", "/lots/?status=open&sort=opens_at", "/auctions/"])
def test_on_a_phone_the_first_row_stands_in_the_first_screen(visit: Callable[..., Any], path: str) -> None:
    """Its name and state at least, whatever is filtered."""
    width, height = PHONE
    with visit(path, PHONE, with_map=False) as page:
        row = page.locator("tr[data-ref]").first.bounding_box()
        assert row and row["y"] < height - 100
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", ["/lots/", "/en/auctions/", pytest.param("/public-land/", marks=pytest.mark.prove)])
@pytest.mark.parametrize("size", [(667, 375), pytest.param((844, 390), marks=pytest.mark.prove)])
def test_on_a_telephone_on_its_side_the_first_row_stands_in_the_first_screen(
    visit: Callable[..., Any], path: str, size: tuple[int, int]
) -> None:
    with visit(path, size, with_map=False) as page:
        page.wait_for_load_state("networkidle")
        name = page.locator("tr[data-ref] .rows__name a").first.bounding_box()
        assert name and name["y"] + name["height"] <= size[1]
        assert page.evaluate("() => document.documentElement.scrollWidth") <= size[0]
        # What is opened has the whole width.
        page.locator(".filters > summary").click()
        form = page.locator(".filters").bounding_box()
        assert form and form["width"] > size[0] * 0.9


def test_lots_are_sorted_by_the_day_of_their_auction_and_by_distance(visit: Callable[..., Any]) -> None:
    own_place = {"geolocation": {"latitude": 10.34961, "longitude": 107.08432}, "permissions": ["geolocation"]}
    with visit("/lots/?status=open", DESKTOP, with_map=False, **own_place) as page:
        page.locator(".sorts a").nth(1).click()
        page.wait_for_url("**/lots/?*sort=opens_at*")
        expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)
        page.get_by_role("button", name="gần tôi").click()
        page.wait_for_url("**near=10.350%2C107.084*")  # no more than a hundred metres of it
        far = [
            float(text.split()[0].replace(",", "."))
            for text in page.locator("tr[data-ref] td:first-of-type").all_inner_texts()
        ]
        assert len(far) > 5 and far == sorted(far)
        assert page.locator(".chip").count() == 2


def test_a_refused_position_is_said(visit: Callable[..., Any]) -> None:
    with visit("/lots/", PHONE, with_map=False, permissions=[]) as page:
        page.wait_for_load_state("networkidle")
        page.get_by_role("button", name="gần tôi").click()
        expect(page.locator(".sorts__told")).to_contain_text("Trình duyệt không cho biết vị trí")


@SIZES
def test_each_lot_is_listed_with_a_picture_of_its_ground(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    with visit("/lots/", size, with_map=False) as page:
        page.wait_for_load_state("networkidle")
        assert page.locator(".rows tr[data-ref]").count() == page.locator(".rows__picture").count()
        first = page.locator(".rows__picture").first
        box = first.bounding_box()
        assert box and box["y"] + box["height"] <= size[1] and box["width"] >= 60
        assert first.evaluate("image => image.complete && image.naturalWidth") == 192
    with visit("/auctions/", size, with_map=False) as page:
        assert page.locator(".rows__picture").count() == 0
