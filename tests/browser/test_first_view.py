"""What a first visit costs: bytes and requests on a cold cache, through the real server with its compression."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from landgis.catalog import queries, registry
from tests.browser.conftest import COARSE, PHONE, SIZES
from tests.browser.pixels import best_shift, changed, drawn, settled
from tests.serving import Counted

pytestmark = pytest.mark.browser
KB = 1000

# Of the document and all that it waited for: kind, bytes over the line with their headers.
BEFORE_LOAD = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const first = performance.getEntriesByType("resource").filter((entry) => entry.startTime < page.loadEventStart);
  return [page, ...first].map((entry) => [entry.name, entry.transferSize]);
}"""

# None of the parts lies over another by more than a pixel.
MOVES = [".insets--still", ".still-buttons"]
STAND_APART = """(parts) => {
  const boxes = parts.map((part) => document.querySelector(part).getBoundingClientRect());
  const apart = (one, other) => [[one, other], [other, one]].some(([a, b]) => a.right <= b.left + 1 || a.bottom <= b.top + 1);
  return boxes.every((box, index) => box.width > 0 && boxes.slice(index + 1).every((other) => apart(box, other)));
}"""


def before_load(page: Page) -> list[tuple[str, int]]:
    page.wait_for_function("() => performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
    found = [(name, size) for name, size in page.evaluate(BEFORE_LOAD)]
    assert all(size > 0 for _name, size in found), found
    return found


def total(found: list[tuple[str, int]]) -> int:
    return sum(size for _name, size in found)


def pictures(found: list[tuple[str, int]]) -> int:
    return sum(size for name, size in found if "/pictures/" in name)


@SIZES
@pytest.mark.parametrize("path", ["/", pytest.param("/en/", marks=pytest.mark.prove)])
def test_the_first_view_of_the_map_is_small_and_useful(
    visit: Callable[..., Any], path: str, size: tuple[int, int]
) -> None:
    """Six requests and 150 kB, and with them the picture, the auctions and the legend can be seen."""
    with visit(path, size) as page:
        found = before_load(page)
        picture = page.evaluate("() => document.querySelector('.map__still')?.naturalWidth")
        assert page.locator(".coming__item").count() > 0
        assert page.locator(".legend__item").count() > 0
    assert len(found) <= 6, found
    assert total(found) <= 150 * KB, found
    assert picture > 0


@SIZES
def test_the_whole_map_stays_within_its_budget(
    visit: Callable[..., Any], counted: Counted, size: tuple[int, int]
) -> None:
    counted.sent.clear()
    with visit("/", size) as page:
        settled(page)
        sent = sorted(counted.sent, key=lambda line: -line[1])
    assert any(path.endswith("maplibre-gl.mjs") for path, _length in sent)
    assert sum(length for _path, length in sent) <= (600 if size[0] < 400 else 700) * KB, sent


@SIZES
def test_the_live_map_takes_over_without_a_jump(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    """The coast of the picture and that of the live map lie on each other; a shift by 6 pixels would be seen."""
    off = ",".join(dataset.name for dataset in registry.all_datasets())
    with visit(f"/?off={off}", size) as page:
        live = np.asarray(drawn(page).convert("L"), dtype=float)
        page.evaluate("() => { document.querySelector('.map__canvas').style.display = 'none'; }")
        page.evaluate("() => document.querySelectorAll('#map > *:not(picture)').forEach((part) => part.remove())")
        still = page.locator("#map").screenshot()
    picture = np.asarray(Image.open(io.BytesIO(still)).convert("L"), dtype=float)
    middle = np.s_[live.shape[0] // 8 : live.shape[0] // 2, live.shape[1] // 5 : live.shape[1] * 3 // 4]
    away = {
        (dx, dy): np.abs(np.roll(picture, (dy, dx), axis=(0, 1))[middle] - live[middle]).mean()
        for dx in range(-8, 9, 2)
        for dy in range(-8, 9, 2)
    }
    assert live[middle].std() > 10
    assert min(away, key=away.__getitem__) == (0, 0)


@SIZES
def test_the_picture_has_the_discs_of_the_live_map(
    visit: Callable[..., Any], address: str, size: tuple[int, int]
) -> None:
    """Both count the parcels of the places in the same discs: what they add to a map is the same, pixel by pixel."""
    view, names = "9/10.5/107.17", [dataset.name for dataset in registry.all_datasets()]
    live, still = [], []
    for layers in (["parcels"], []):
        off = ",".join(name for name in names if name not in layers)
        with visit(f"/?off={off}#{view}", size) as page:
            live.append(drawn(page))
            asked = {"view": view, "size": "{}x{}".format(*live[0].size), "layers": ",".join(layers), "lang": "vi"}
            body = page.request.get(f"{address}/pictures/still.png", params=asked).body()
            still.append(Image.open(io.BytesIO(body)).convert("RGB"))
    width, height = live[0].size
    middle = np.s_[height // 8 : height // 2, width // 5 : width * 3 // 4]
    on_map, on_picture = changed(*live)[middle], changed(*still)[middle]
    assert on_map.sum() > 500
    shift, score = best_shift(on_picture, on_map, np.ones_like(on_map))
    assert score > 0.8 and max(map(abs, shift)) <= 1
    # The numbers too: where both are changed they are as dark or as light as each other.
    both = on_map & on_picture
    lights = [np.asarray(one.convert("L"), dtype=float)[middle][both] for one in (live[0], still[0])]
    assert np.corrcoef(*lights)[0, 1] > 0.75


@SIZES
@pytest.mark.parametrize("path", ["/public-land/", "/lots/", pytest.param("/en/public-land/", marks=pytest.mark.prove)])
def test_a_list_is_small(visit: Callable[..., Any], path: str, size: tuple[int, int]) -> None:
    """62 kB with its letters and styles, of which 2 are the communes of today beside the former ones; on a wide screen the
    picture of the map comes beside it, and wherever rows are seen at once the small pictures of their ground.
    """
    with visit(path, size) as page:
        found = before_load(page)
    assert total(found) - pictures(found) <= 62 * KB, found
    assert pictures(found) <= 48 * KB
    assert size != PHONE or not any("/pictures/still" in name for name, _size in found)


@SIZES
@pytest.mark.parametrize("name", ["public-land", "auction-lots"])
def test_the_page_of_a_plot_is_small_without_its_images(
    visit: Callable[..., Any], world: None, name: str, size: tuple[int, int]
) -> None:
    dataset = registry.get(name)
    ref = queries.rows(dataset, limit=1)[0]["ref"]
    with visit(f"/{dataset.path}/{ref}/", size) as page:
        found = before_load(page)
    assert total(found) - pictures(found) <= 60 * KB, found
    assert pictures(found) > 0


@pytest.mark.prove
def test_a_view_in_the_address_is_not_hidden_by_the_picture_of_the_whole(visit: Callable[..., Any]) -> None:
    with visit("/#14/10.497/107.17", **COARSE) as page:
        assert page.locator(".map__still").count() == 0
        near = drawn(page)
    with visit("/", **COARSE) as page:
        far = drawn(page)
    assert changed(near, far).mean() > 0.3


@SIZES
def test_without_webgl_pictures_of_the_server_are_moved_by_buttons(
    visit: Callable[..., Any], size: tuple[int, int]
) -> None:
    with visit("/", size, arguments=("--disable-3d-apis",)) as page:
        shown = "() => document.querySelector('.map__drawn')?.naturalWidth > 0"
        page.wait_for_function(shown)
        # The styles of what only scripts make come late.
        page.wait_for_function(STAND_APART, arg=[".map__status", ".map__key:not([hidden])", *MOVES])
        # Scale and date stand at the lower edge of the picture: the sheet of a phone may not cover it.
        page.wait_for_function(STAND_APART, arg=[".map__drawn", "#panel"])
        first = page.locator(".map__drawn").get_attribute("src")
        page.get_by_role("button", name="Phóng to").click()
        page.wait_for_function("() => document.querySelector('.map__drawn')?.complete")
        assert page.locator(".map__drawn").get_attribute("src") != first
        page.locator("[data-layer=public-land]").dispatch_event("click")
        assert "layers=auction-lots%2Cplanning-zones" in (page.locator(".map__drawn").get_attribute("src") or "")
        page.wait_for_function("() => document.querySelector('.map__drawn')?.complete")
        assert page.evaluate("() => document.querySelector('.map__drawn')?.naturalWidth") > 0
