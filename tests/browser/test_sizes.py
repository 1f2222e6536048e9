"""Every kind of page at every size: a telephone on its side, the smallest one, a tablet, letters of twice the size, and a
desk magnified four times (WCAG 1.4.10): nothing runs out of the page, the open tab is in sight, the map keeps its room."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from landgis.catalog import queries, registry
from tests.browser.conftest import COARSE, PHONE
from tests.members import some_of

pytestmark = pytest.mark.browser

LANDSCAPE, SMALLEST, TABLET, MAGNIFIED = (844, 390), (320, 568), (768, 1024), (320, 256)
SIZES = (LANDSCAPE, SMALLEST, TABLET, MAGNIFIED)
LARGE_LETTERS = ("--blink-settings=defaultFontSize=32",)
PROVE = pytest.mark.prove
KINDS = ("home", "list", "auctions", "lot", "auction", "parcel", "plot", "ward", "coverage", "guide", "search", "report", "backlog", "officers")  # fmt: skip
# Twice drawn, so that what follows a new size has followed it.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
TAB = """() => {
  const tab = document.querySelector(".site-nav [aria-current]");
  const box = tab?.getBoundingClientRect();
  return box ? [box.left, box.right, box.width] : null;
}"""
FURNITURE = """() => [...document.querySelectorAll(".map .maplibregl-ctrl")]
  .map((part) => [part.className, part.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && box.height > 0)
  .map(([name, box]) => [name, box.left, box.top, box.right, box.bottom])"""


def path_of(kind: str) -> str:
    def page(name: str) -> str:
        dataset = registry.get(name)
        return f"/{dataset.path}/{queries.rows(dataset, limit=1)[0]['ref']}/"

    fixed = {"home": "/", "list": "/lots/", "auctions": "/auctions/", "coverage": "/datasets/public-land/"}
    fixed |= {"guide": "/guides/words/", "search": "/search?q=phuoc", "backlog": "/feedback/", "officers": "/officer/"}
    named = {"lot": "auction-lots", "auction": "auctions", "parcel": "parcels", "plot": "public-land"}
    if kind == "ward":
        units = queries.rows(registry.get("admin-units"), fields=("ref", "name"))
        return f"/places/{next(row['ref'] for row in units if row['name'] == 'Phường Bà Rịa')}/"
    if kind == "report":
        return "/feedback" + page("public-land")
    return fixed[kind] if kind in fixed else page(named[kind])


def stays_inside(page: Page, size: tuple[int, int]) -> None:
    page.evaluate(DRAWN)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= size[0], size
    tab = page.evaluate(TAB)
    if tab:
        left, right, width = tab
        assert left >= -1 or width > size[0], size
        assert right <= size[0] + 1 or width > size[0], size


@pytest.mark.parametrize("kind", some_of(KINDS, every=2))
@pytest.mark.parametrize("language", ["", pytest.param("/en", marks=PROVE)])
def test_nothing_runs_out_of_the_page(visit: Callable[..., Any], world: None, language: str, kind: str) -> None:
    path = path_of(kind)
    with visit(path if kind == "officers" else language + path, PHONE, with_map=False) as page:
        page.wait_for_load_state("networkidle")
        for size in SIZES:
            page.set_viewport_size({"width": size[0], "height": size[1]})
            stays_inside(page, size)


@pytest.mark.parametrize("kind", [*KINDS[1:4], *(pytest.param(kind, marks=PROVE) for kind in (KINDS[0], *KINDS[4:]))])
def test_nothing_runs_out_of_the_page_with_letters_of_twice_the_size(
    visit: Callable[..., Any], world: None, kind: str
) -> None:
    with visit(path_of(kind), PHONE, with_map=False, arguments=LARGE_LETTERS) as page:
        page.wait_for_load_state("networkidle")
        assert page.evaluate("() => parseFloat(getComputedStyle(document.documentElement).fontSize)") == 32
        for size in (PHONE, (1280, 800)):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            stays_inside(page, size)


@pytest.mark.parametrize(
    "size", [PHONE, LANDSCAPE, MAGNIFIED, *(pytest.param(size, marks=PROVE) for size in (TABLET, SMALLEST))]
)
def test_the_map_keeps_half_of_the_screen_and_its_buttons(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    """None lies under the sheet, over another, or outside; and the sheet can still be drawn up."""
    width, height = size
    with visit("/", size, **COARSE) as page:
        page.locator("#map[data-ready]").wait_for()
        page.locator(".map-tools").wait_for()
        map_box, sheet = page.locator("#map").bounding_box(), page.locator("#panel").bounding_box()
        assert map_box and sheet
        assert (sheet["y"] - map_box["y"]) * map_box["width"] >= width * height / 2
        found = page.evaluate(FURNITURE)
        for number, (name, left, top, right, bottom) in enumerate(found):
            assert left >= 0 and right <= width + 1 and top >= map_box["y"] and bottom <= sheet["y"] + 1, name
            for other, left2, top2, right2, bottom2 in found[number + 1 :]:
                apart = right <= left2 + 1 or right2 <= left + 1 or bottom <= top2 + 1 or bottom2 <= top + 1
                assert apart, f"{name} and {other}"
        page.locator(".panel__handle").click()
        page.wait_for_function(
            "() => document.querySelector('#panel').getBoundingClientRect().bottom <= innerHeight + 1"
        )


def test_the_uses_of_a_parcel_break_no_word(visit: Callable[..., Any], world: None) -> None:
    with visit(path_of("parcel"), PHONE, with_map=False) as page:
        # The sheet that says so comes after the page.
        page.wait_for_function(
            """() => {
                const cells = [...document.querySelectorAll(".uses tbody td")];
                return cells.length && Math.min(...cells.map((cell) => cell.clientWidth)) > 250;
            }"""
        )
        assert (
            page.locator(".uses tbody td").first.evaluate("cell => getComputedStyle(cell, '::before').content")
            != "none"
        )
