"""The map as a reader sees it: pixels, clicks, keys, both languages, both sizes, and without what it needs."""

import itertools
import math
import re
from collections.abc import Callable
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
from playwright.sync_api import Route, expect
from shapely.geometry import shape

from landgis.catalog import queries, registry
from landgis.catalog.dataset import Dataset
from landgis.lib.webmap import EQUATOR_M, View, metres
from landgis.pages.maps import drawn_datasets as on_maps
from landgis.pictures.shapes import counts
from landgis.tiles.queries import tile
from tests.browser.conftest import COARSE, DESKTOP, PHONE, SIZES
from tests.browser.pixels import best_shift, drawn, mask_of, settled, share_like

pytestmark = pytest.mark.browser
GROUND = (236, 238, 232)
PICTURE = re.compile(r'<img\s+class="map__picture"[^>]*>')


def a_plot() -> dict[str, Any]:
    dataset = registry.get("public-land")
    found = queries.feature(dataset, queries.rows(dataset, limit=1)[0]["ref"])
    assert found is not None
    return found


def colour_of(dataset: str) -> tuple[int, int, int]:
    text = registry.get(dataset).map.colour.removeprefix("#")
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def everything_but(name: str) -> str:
    return ",".join(dataset.name for dataset in on_maps(registry.all_datasets()) if dataset.name != name)


@pytest.mark.prove
@SIZES
@pytest.mark.parametrize("path", ["/", pytest.param("/en/", marks=pytest.mark.prove)])
def test_the_plots_are_drawn_in_their_colour(visit: Callable[..., Any], path: str, size: tuple[int, int]) -> None:
    with visit(f"{path}?scene=none#14/10.49/107.18", size) as page:
        image = drawn(page)
    assert share_like(image, colour_of("public-land")) > 0.002
    assert share_like(image, GROUND, within=6) < 0.98


def test_a_plot_is_drawn_where_it_lies(visit: Callable[..., Any], world: None) -> None:
    """The drawn area of a large plot is the one computed from its coordinates, within 2 pixels."""
    dataset = registry.get("public-land")
    ref = max(queries.rows(dataset), key=lambda row: row["area_legal_m2"])["ref"]
    feature = queries.geojson_feature(dataset, ref)
    assert feature is not None
    outline = shape(feature["geometry"])
    zoom, middle = 14, outline.centroid
    with visit(f"/?scene=none&off={everything_but('public-land')}#{zoom}/{middle.y}/{middle.x}") as page:
        image = drawn(page)
    wanted = mask_of(outline, middle, zoom, image.size)
    seen = np.abs(np.asarray(image, dtype=int) - np.array(GROUND)).max(axis=2) > 30
    around = mask_of(outline.envelope.buffer(outline.length / 60), middle, zoom, image.size)
    shift, score = best_shift(wanted, seen, around)
    assert wanted.sum() > 2000
    assert score > 0.75
    assert max(map(abs, shift)) <= 2


def test_a_click_names_the_plot_and_leads_to_its_page(visit: Callable[..., Any], world: None) -> None:
    plot = a_plot()
    middle = ((plot["south"] + plot["north"]) / 2, (plot["west"] + plot["east"]) / 2)
    with visit(f"/#17/{middle[0]}/{middle[1]}", **COARSE) as page:
        settled(page)
        box = page.locator(".map__canvas").bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        link = page.locator(".card__title").first
        link.wait_for()
        assert plot["ref"] in (link.get_attribute("href") or "")
        link.click()
        page.wait_for_url(f"**/public-land/{plot['ref']}/")
        assert plot["plot_code"] in page.inner_text("main")


@pytest.mark.prove  # as it finds one from the search on (test_accessibility.py)
def test_the_keyboard_alone_finds_the_plot_at_the_centre(visit: Callable[..., Any], world: None) -> None:
    plot = a_plot()
    middle = ((plot["south"] + plot["north"]) / 2, (plot["west"] + plot["east"]) / 2)
    with visit(f"/#17/{middle[0]}/{middle[1]}", **COARSE) as page:
        settled(page)
        page.locator(".maplibregl-canvas").focus()
        page.keyboard.press("Enter")
        link = page.locator(".card__title").first
        link.wait_for()
        page.keyboard.press("Escape")
        link.wait_for(state="hidden")


def test_a_filter_changes_list_and_map_alike(visit: Callable[..., Any]) -> None:
    with visit("/public-land/", with_map=False) as page:
        page.select_option("#filter-current_use", "lent")
        page.get_by_role("button", name="Lọc").click()
        page.wait_for_url("**current_use=lent**")
        counted = page.locator("#rows-heading").inner_text()
    with visit(f"/?scene=none&off={everything_but('public-land')}#11/10.49/107.18", **COARSE) as page:
        everything = 1 - share_like(drawn(page), GROUND)
        page.goto(page.url.replace("#", "&current_use=lent#"))
        some = 1 - share_like(drawn(page), GROUND)
    assert 0 < some < everything
    assert "7.571" not in counted


@pytest.mark.prove
def test_what_a_busy_server_refused_is_asked_for_again(visit: Callable[..., Any], address: str) -> None:
    """Scenes, what the source of the tiles says of itself, and tiles: each is refused once."""
    refused: list[str] = []

    def once(route: Route) -> None:
        url = route.request.url
        if url in refused:
            route.continue_()
        else:
            refused.append(url)
            route.fulfill(status=503, headers={"Retry-After": "1"}, body="busy")

    with visit("/offline", may_say=("503",), **COARSE) as page:
        page.route(re.compile("/(tiles|imagery)/"), once)
        page.goto(f"{address}/?off={everything_but('public-land')}#14/10.49/107.18")
        image = drawn(page)
        assert page.locator(".map__status").inner_text() == ""
    for part in ("/imagery/map.json", ".webp", "/tiles/public-land.json", ".mvt"):
        assert any(part in url for url in refused), part
    assert share_like(image, colour_of("public-land")) > 0.002
    assert share_like(image, GROUND, within=4) < 0.02


@SIZES
def test_without_webgl_the_list_and_the_facts_stay(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    with visit("/public-land/", size, arguments=("--disable-3d-apis",)) as page:
        assert page.locator("table.rows tr[data-ref]").count() == 50
    with visit("/", size, arguments=("--disable-3d-apis",)) as page:
        page.locator(".map--failed").wait_for()
        assert "Thiết bị" in page.locator(".map__status").inner_text()
        assert page.get_by_role("link", name="Xem danh sách").count() == len(on_maps(registry.all_datasets()))
        # The picture with date and scale follows once the list of scenes has been answered.
        page.locator(".map__drawn").wait_for(state="attached")


def test_without_webgl_nothing_is_written_over_the_outline_of_a_feature(visit: Callable[..., Any]) -> None:
    lot = queries.rows(registry.get("auction-lots"), limit=1)[0]["ref"]
    with visit(f"/lots/{lot}/", PHONE, with_map=False) as page:
        page.locator(".map--failed .map__picture").wait_for()
        assert not page.locator(".map__status").is_visible()
    # A frame that would stay empty is none.
    with visit(f"/lots/{lot}/", PHONE, with_map=False) as page:
        page.route(
            "**/lots/*/",
            lambda route: route.fulfill(body=PICTURE.sub("", route.fetch().text()), content_type="text/html"),
        )
        page.reload()
        page.locator("#map").wait_for(state="hidden")
        assert page.locator(".map__status").inner_text() == "Thiết bị này không hiển thị được bản đồ động."


@pytest.mark.parametrize("path", ["/", pytest.param("/lots/", marks=pytest.mark.prove)])
def test_the_browser_s_own_print_has_the_map_apart_from_the_text_and_nothing_to_press(
    visit: Callable[..., Any], path: str
) -> None:
    told = ".panel section, .panel li" if path == "/" else ".rows tr, .result-head"
    with visit(path, DESKTOP, with_map=False) as page:
        page.wait_for_function("() => document.querySelector('.map__drawn')?.naturalWidth > 0")
        page.wait_for_function("() => document.querySelectorAll('.map__picture').length === 1")
        page.emulate_media(media="print")
        picture = page.locator(".map__picture").first.bounding_box()
        assert picture and picture["height"] > 200
        beside = page.locator(told).evaluate_all(
            "(parts, [top, bottom]) => parts.filter((part) => { const box = part.getBoundingClientRect();"
            " return box.height > 0 && box.top < bottom - 1 && box.bottom > top + 1; }).length",
            [picture["y"], picture["y"] + picture["height"]],
        )
        assert beside == 0
        pressed = page.locator("main :is(button, input, select, .button, .sorts, .formats, .pager)")
        assert not any(one.is_visible() for one in pressed.all())


@pytest.mark.parametrize("path", ["/", "/en/public-land/", pytest.param("/public-land/", marks=pytest.mark.prove)])
def test_without_scripts_the_facts_are_there(visit: Callable[..., Any], path: str) -> None:
    with visit(path, PHONE, java_script_enabled=False) as page:
        text = page.inner_text("main")
    assert ("7.571" if not path.startswith("/en/") else "7,571") in text


@pytest.mark.parametrize("path", ["/", "/public-land/", "/planning/"])
def test_a_phone_never_scrolls_sideways(visit: Callable[..., Any], path: str) -> None:
    with visit(path, (360, 740), with_map=False) as page:
        width = page.evaluate("() => document.documentElement.scrollWidth")
    assert width <= 360


def test_a_zoom_beyond_the_last_is_the_last(visit: Callable[..., Any]) -> None:
    with visit("/?scene=none#25/10.497/107.17", PHONE, **COARSE) as page:
        settled(page)
        assert page.url.endswith("#20/10.497/107.17")
        page.evaluate("() => { location.hash = '#33/10.5/107.2'; }")
        page.wait_for_url("**#20/10.5/107.2")


def test_a_disc_leads_towards_what_it_stands_for(visit: Callable[..., Any], world: None) -> None:
    with visit(f"/?scene=none&off={everything_but('parcels')}#9/10.5/107.17", PHONE, **COARSE) as page:
        settled(page)
        canvas = page.locator(".maplibregl-canvas").bounding_box()
        assert canvas is not None
        view = View(107.17, 10.5, 9, round(canvas["width"]), round(canvas["height"]))
        middle = (view.width / 2, view.height / 3)  # where nothing covers the map
        places = [view.pixel(one.x, one.y) for one in counts(registry.get("parcels"), view)]
        x, y = min(places, key=lambda place: math.dist(place, middle))
        page.mouse.click(canvas["x"] + x, canvas["y"] + y)
        page.wait_for_function("() => Number(location.hash.slice(1).split('/')[0]) >= 10")
        assert page.locator(".card[aria-labelledby=card-title]").is_hidden()


@pytest.mark.parametrize(
    "path", ["/", "lot", *(pytest.param(path, marks=pytest.mark.prove) for path in ("/lots/", "/embed"))]
)
def test_a_refused_location_is_said_wherever_the_map_asks_for_it(
    visit: Callable[..., Any], world: None, path: str
) -> None:
    """Also to those who have refused before: their browser does not ask again."""
    lot = queries.rows(registry.get("auction-lots"), limit=1)[0]["ref"]
    with visit(f"/lots/{lot}/" if path == "lot" else path, DESKTOP, permissions=[], **COARSE) as page:
        page.locator(".maplibregl-ctrl-geolocate").click()
        expect(page.locator(".map__note")).to_contain_text("Trình duyệt không cho biết vị trí")


def test_a_dot_that_stands_for_several_leads_nearer(visit: Callable[..., Any], world: None) -> None:
    """The tile of that zoom names none of them."""
    dataset, zoom = registry.get("public-land"), 7
    with visit(f"/?scene=none&off={everything_but('public-land')}#{zoom}/10.5/107.17", DESKTOP, **COARSE) as page:
        settled(page)
        canvas = page.locator(".maplibregl-canvas").bounding_box()
        assert canvas is not None
        view = View(107.17, 10.5, zoom, round(canvas["width"]), round(canvas["height"]))
        middle = (view.width / 2, view.height / 2)
        right, down = min(heaps(dataset, zoom, view), key=lambda place: math.dist(place, middle))
        page.mouse.click(canvas["x"] + right, canvas["y"] + down)
        page.wait_for_function("() => Number(location.hash.slice(1).split('/')[0]) >= 8.5")
        assert page.locator(".card[aria-labelledby=card-title]").is_hidden()


def heaps(dataset: Dataset, zoom: int, view: View) -> list[tuple[float, float]]:
    """Pixels of a view at which one point stands for several."""
    side, half = EQUATOR_M / 2**zoom, EQUATOR_M / 2
    x, y = metres(view.longitude, view.latitude)
    column, row = int((x + half) // side), int((half - y) // side)
    found = []
    for x, y in itertools.product(range(column - 1, column + 2), range(row - 1, row + 2)):
        layers = mapbox_vector_tile.decode(tile(dataset, zoom, x, y), default_options={"y_coord_down": True})
        for one in layers.get(dataset.name, {"features": []})["features"]:
            if one["properties"].get("number", 0) > 1:
                right, down = (part / 4096 * side for part in one["geometry"]["coordinates"])
                found.append(view.pixel(x * side - half + right, half - y * side - down))
    return found
