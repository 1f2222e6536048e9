"""axe finds no violation on any page, size and language, nor while a tool is open; and what keys alone can do."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from landgis.catalog import queries, registry
from tests.browser.conftest import COARSE, DESKTOP, PHONE, SIZES
from tests.browser.pixels import at_rest, settled

pytestmark = pytest.mark.browser
# Text and language of every element of a selector.
LANGUAGES = (
    "(wanted) => [...document.querySelectorAll(wanted)].map((one) => [one.textContent, one.closest('[lang]').lang])"
)
NARROW, TABLET = (320, 640), (768, 1024)
PROVE = pytest.mark.prove
# What the criteria of WCAG 2.2 A and AA ask, and what axe counts as good practice.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def lot() -> str:
    return f"/lots/{queries.rows(registry.get('auction-lots'), limit=1)[0]['ref']}/"


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['html'][:160]} {node['target']}" for one in found for node in one["nodes"]]


# Another language changes the words, and they are narrowest on a small phone.
@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("", [NARROW, DESKTOP]),
        pytest.param("", [TABLET], marks=PROVE),
        pytest.param("/en", [NARROW], marks=PROVE),
    ],
    ids=["narrow-and-wide", "tablet", "english"],
)
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/public-land/",
        "/search?q=vung+tau",
        *(
            pytest.param(path, marks=PROVE)
            for path in ("lot", "/offline", "/search", "/embed", "/guides/auctions/", "/guides/words/")
        ),
    ],
)
def test_no_page_breaks_a_rule(
    visit: Callable[..., Any], world: None, path: str, language: str, wanted: list[tuple[int, int]]
) -> None:
    """Nor is one wider than the screen; 320 pixels are also what is left of 1280 at 400 percent."""
    # A list decides when it is opened whether its map is folded; the others follow the size.
    for sizes in [[size] for size in wanted] if path == "/public-land/" else [wanted]:
        # The styles of the scripts of axe are none of ours.
        with visit(language + (lot() if path == "lot" else path), sizes[0], bypass_csp=True, **COARSE) as page:
            for width, height in sizes:
                page.set_viewport_size({"width": width, "height": height})
                if page.locator("#map").count() and page.locator("#map").is_visible():
                    settled(page)
                assert page.evaluate("() => document.documentElement.scrollWidth") <= width
                assert violations(page) == [], width


@PROVE
@SIZES
def test_no_tool_breaks_a_rule(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    with visit("/#16/10.497/107.17", size, bypass_csp=True, **COARSE) as page:
        settled(page)
        for tool in ("", "Đo chiều dài", "So sánh", "Chia sẻ", "In bản đồ"):
            page.locator(".map-tools").click()
            if tool:
                page.locator(".tools__choice", has_text=tool).click()
                page.locator(".tools .tool > *").first.wait_for()
            at_rest(page)
            assert violations(page) == [], tool
            page.keyboard.press("Escape")
            page.locator(".tools").wait_for(state="hidden")
        page.locator(".maplibregl-canvas").focus()
        page.keyboard.press("Enter")
        page.locator(".place__facts").wait_for()
        at_rest(page)
        assert violations(page) == []


def test_keys_alone_find_a_plot_read_it_and_print_the_map(visit: Callable[..., Any], world: None) -> None:
    with visit("/", **COARSE) as page:
        settled(page)
        page.locator("#search-text").focus()
        page.keyboard.type("tam thang")
        page.locator("#search-list [role=option]").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.locator(".card__title").first.wait_for()
        page.keyboard.press("Escape")
        page.locator(".map-tools").focus()
        page.keyboard.press("Enter")
        page.locator(".tools__choice", has_text="In bản đồ").focus()
        page.keyboard.press("Enter")
        link = page.get_by_role("link", name="Tạo tệp PDF")
        link.focus()
        assert "print.pdf" in (link.get_attribute("href") or "")
        page.keyboard.press("Escape")
        page.locator(".tools").wait_for(state="hidden")
        assert page.evaluate("() => document.activeElement.className").startswith("map-tools")


TEXTS = ("/datasets/", "/datasets/auction-lots/", "/guides/auctions/", "/guides/words/", "/planning/")


@pytest.mark.parametrize(
    ("path", "width"),
    [
        *((path, NARROW[0]) for path in TEXTS),  # of the others axe's test says it
        *(pytest.param(path, 360, marks=PROVE) for path in (*TEXTS, "/", "/embed", "/public-land/", "/offline")),
    ],
)
def test_nothing_is_wider_than_a_small_phone(visit: Callable[..., Any], path: str, width: int) -> None:
    # The buttons of a map are part of its width; where they have room at 320 pixels they have it at 360.
    with visit(path, (width, 640), with_map=False) as page:
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


WIDER = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""
CUT_OFF = """() => [...document.querySelectorAll("main *, header *")]
  .filter((part) => ["hidden", "clip"].includes(getComputedStyle(part).overflowY) && !part.closest(".map, .panel"))
  .filter((part) => part.clientHeight > 1 && part.innerText && part.scrollHeight > part.clientHeight + 1)
  .map((part) => part.outerHTML.slice(0, 160))"""


TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter((part) => part.getBoundingClientRect().right > innerWidth + 1).map((part) => part.outerHTML.slice(0, 160))"""


@pytest.mark.parametrize("path", ["/public-land/", "/en/public-land/", "lot", "/search?q=vung+tau", "/datasets/"])
def test_wider_spacing_of_letters_cuts_nothing_off(visit: Callable[..., Any], world: None, path: str) -> None:
    with visit(lot() if path == "lot" else path, (360, 740), with_map=False, bypass_csp=True) as page:
        page.add_style_tag(content=WIDER)
        assert page.evaluate(CUT_OFF) == []
        assert page.evaluate(TOO_WIDE) == []


FOCUSED = """() => {
  const part = document.activeElement;
  const { left, top, width, height } = part.getBoundingClientRect();
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(part);
  const places = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
  const over = places.map(([x, y]) => document.elementFromPoint(left + x * width, top + y * height));
  return {
    name: part.outerHTML.slice(0, 160),
    isBody: part === document.body,
    isMarked: (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none",
    isInSight: over.some((found) => found && (part.contains(found) || found.contains(part))),
  };
}"""


@SIZES
@pytest.mark.parametrize("path", ["/", *(pytest.param(path, marks=PROVE) for path in ("/public-land/", "lot"))])
def test_what_has_the_focus_is_seen(visit: Callable[..., Any], world: None, path: str, size: tuple[int, int]) -> None:
    """Its line, and not under anything else."""
    with visit(lot() if path == "lot" else path, size, with_map=path == "/", **COARSE) as page:
        if path == "/":
            settled(page)
        stops = set()
        for _number in range(30):
            page.keyboard.press("Tab")
            at_rest(page)  # the sheet of the map takes its time
            focused = page.evaluate(FOCUSED)
            if focused["isBody"]:
                break
            stops.add(focused["name"])
            assert focused["isMarked"] and focused["isInSight"], focused
        assert len(stops) > 10


@pytest.mark.prove
@pytest.mark.parametrize("size", [(360, 740), pytest.param(PHONE, marks=PROVE)])
def test_the_furniture_of_the_map_does_not_overlap(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    boxes = """() => [...document.querySelectorAll(".maplibregl-ctrl:not([hidden]), .panel, .site-header")]
      .map((part) => [part.className, part.getBoundingClientRect()])
      .filter(([, box]) => box.width > 0 && box.height > 0)
      .map(([name, { left, top, right, bottom }]) => [name, left, top, right, bottom])"""
    with visit("/", size, has_touch=True, **COARSE) as page:
        settled(page)
        page.locator(".map-tools").wait_for()
        found = page.evaluate(boxes)
    for number, (name, left, top, right, bottom) in enumerate(found):
        assert left >= 0 and right <= size[0] + 1, name
        for other, left2, top2, right2, bottom2 in found[number + 1 :]:
            apart = right <= left2 + 1 or right2 <= left + 1 or bottom <= top2 + 1 or bottom2 <= top + 1
            assert apart, f"{name} and {other}"


def test_card_and_suggestions_say_in_which_language_they_are(visit: Callable[..., Any], world: None) -> None:
    """What the office wrote is Vietnamese on English pages too, and is to be spoken so (WCAG 3.1.2)."""
    dataset = registry.get("public-land")
    plot = max(queries.rows(dataset), key=lambda row: row["area_legal_m2"])
    row = queries.feature(dataset, plot["ref"])
    assert row
    middle = f"{(row['south'] + row['north']) / 2}/{(row['west'] + row['east']) / 2}"
    with visit(f"/en/?off=parcels,admin-units,planning-zones#15/{middle}", **COARSE) as page:
        settled(page)
        page.locator(".map__canvas canvas").focus()
        page.keyboard.press("Enter")
        title = page.locator(".card__title").first
        title.wait_for()
        assert title.get_attribute("lang") == "vi"
        spoken = page.evaluate(LANGUAGES, ".card__facts dd")
        assert "vi" not in [lang for text, lang in spoken if text in ("Vacant, not in use", "Lent", "Short lease")]
        page.locator(".search-box input").fill(row["name"])
        option = page.locator(".search-box__option strong", has_text=row["name"]).first
        option.wait_for()
        assert option.get_attribute("lang") == "vi"
        for text, lang in page.evaluate(LANGUAGES, ".search-box__option :is(strong, em, span:not(:has(span)))"):
            assert lang == "vi" or not re.search("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]", text), text
