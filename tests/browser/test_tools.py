"""The tools of the map as a reader uses them: by pointer, by finger, by keyboard."""

import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.templatetags.static import static
from PIL import Image
from playwright.sync_api import Page
from pyproj import Geod
from shapely import Point

from landgis.lib import geometry
from tests.browser.conftest import COARSE, PHONE, SIZES
from tests.browser.pixels import at_rest, changed, drawn, settled
from tests.vn.test_datum import rows as vectors

pytestmark = pytest.mark.browser
TOWN = (10.497, 107.17)
MM = 0.001
COPYING = ["clipboard-read", "clipboard-write", "geolocation"]  # what is not named is refused, and the map says so


def figures(text: str) -> list[float]:
    """The numbers of a Vietnamese text: 1.234,56."""
    return [float(number.replace(".", "").replace(",", ".")) for number in re.findall(r"\d[\d.]*,\d+", text)]


def opened(page: Page, tool: str) -> None:
    page.locator(".map-tools").click()
    page.locator(".tools__choice", has_text=tool).click()
    page.locator(".tools .tool > *").first.wait_for()  # its script has come


def test_the_scripts_compute_coordinates_to_the_millimetre(visit: Callable[..., Any]) -> None:
    """The ten vectors, in both meridians and both directions, by the texts of the registered pipelines."""
    run = """async ([url, pipeline, way, point]) => (await import(url)).pipeline(pipeline)[way](point)"""
    with visit("/search") as page:
        for row in vectors():
            in_5899, degrees, in_9210 = row.values
            for plane, srid in ((in_5899, 5899), (in_9210, 9210)):
                text = geometry.crs(srid).pipeline
                east, north = page.evaluate(
                    run, [static("js/lib/pipeline.js"), text, "inverse", [degrees.x, degrees.y]]
                )
                assert geometry.from_wgs84(degrees, srid).distance(Point(east, north)) < MM / 10
                assert plane.distance(Point(east, north)) < MM
                there = page.evaluate(run, [static("js/lib/pipeline.js"), text, "forward", [plane.x, plane.y]])
                assert Geod(ellps="WGS84").inv(*there, degrees.x, degrees.y)[2] < MM


def test_a_pipeline_of_another_kind_is_left_to_others(visit: Callable[..., Any]) -> None:
    with visit("/search") as page:
        run = "async ([url, text]) => (await import(url)).pipeline(text)"
        for srid in (2154, 4326):
            assert page.evaluate(run, [static("js/lib/pipeline.js"), geometry.crs(srid).pipeline]) is None


@SIZES
def test_a_place_has_its_coordinates_and_they_can_be_copied(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    permissions = COPYING
    with visit(f"/#16/{TOWN[0]}/{TOWN[1]}", size, permissions=permissions, **COARSE) as page:
        settled(page)
        page.locator(".maplibregl-canvas").focus()
        page.keyboard.press("Enter")
        lines = page.locator(".place__facts")
        lines.wait_for()
        legal = geometry.from_wgs84(Point(TOWN[1], TOWN[0]), 5899)
        assert figures(lines.inner_text())[:2] == pytest.approx([legal.y, legal.x], abs=0.02)
        assert f"{TOWN[0]:.6f}, {TOWN[1]:.6f}" in lines.inner_text()
        page.locator(".place .copy").first.click()
        page.get_by_text("Đã sao chép").wait_for()
        north, east = map(float, page.evaluate("() => navigator.clipboard.readText()").split())
        assert Point(east, north).distance(legal) < 0.02
        assert page.locator(".place a").get_attribute("href") == f"geo:{TOWN[0]:.6f},{TOWN[1]:.6f}"


def test_the_pointer_has_its_coordinates_and_the_right_button_asks_what_is_there(visit: Callable[..., Any]) -> None:
    with visit(f"/#16/{TOWN[0]}/{TOWN[1]}", **COARSE) as page:
        settled(page)
        box = page.locator(".map__canvas").bounding_box()
        middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.move(*middle)
        page.locator(".pointer-place").wait_for()
        legal = geometry.from_wgs84(Point(TOWN[1], TOWN[0]), 5899)
        assert figures(page.locator(".pointer-place").inner_text())[:2] == pytest.approx([legal.y, legal.x], abs=3)
        page.mouse.click(*middle, button="right")
        page.locator(".place__facts").wait_for()


@pytest.mark.prove  # what is shown is what the right button shows
def test_a_finger_that_stays_asks_what_is_there(visit: Callable[..., Any]) -> None:
    press = """() => {
      const canvas = document.querySelector(".maplibregl-canvas");
      const { left, top } = canvas.getBoundingClientRect();
      const touch = new Touch({ identifier: 1, target: canvas, clientX: left + 150, clientY: top + 120 });
      canvas.dispatchEvent(new TouchEvent("touchstart", { touches: [touch], targetTouches: [touch], changedTouches: [touch], bubbles: true }));
    }"""
    with visit(f"/#16/{TOWN[0]}/{TOWN[1]}", PHONE, has_touch=True, **COARSE) as page:
        settled(page)
        page.evaluate(press)
        page.locator(".place__facts").wait_for()


@pytest.mark.prove
@SIZES
def test_a_line_and_an_area_are_measured_without_dragging(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    """Points by the button and typed, in degrees and in the legal system."""
    with visit(f"/#16/{TOWN[0]}/{TOWN[1]}", size, **COARSE) as page:
        before = drawn(page)
        opened(page, "Đo chiều dài")
        legal = geometry.from_wgs84(Point(TOWN[1], TOWN[0]), 5899)
        places = [f"{legal.y + dy:.3f} {legal.x + dx:.3f}" for dx, dy in ((0, 0), (100, 0), (100, 100))]
        places.append(f"{TOWN[0] + 0.0009:.6f}, {TOWN[1]:.6f}")
        for place in places[:2]:
            page.locator("#typed-place").fill(place)
            page.keyboard.press("Enter")
        page.locator(".measured dd").first.wait_for()
        page.wait_for_function("() => document.querySelector('.measured')?.innerText.includes('100,00 m')")
        page.locator("#typed-place").fill(places[2])
        page.keyboard.press("Enter")
        page.get_by_role("radio", name="Diện tích").check()
        page.wait_for_function("() => document.querySelector('.measured')?.innerText.includes('5.000,0 m²')")
        page.locator("#typed-place").fill("somewhere")
        page.keyboard.press("Enter")
        assert page.locator(".tool__problem").first.inner_text()
        page.get_by_role("button", name="Thêm điểm ở tâm").click()
        page.get_by_role("button", name="Bỏ điểm cuối").click()
        page.wait_for_function("() => document.querySelector('.measured')?.innerText.includes('5.000,0 m²')")
        after = drawn(page)
        assert changed(before, after).mean() > 0.001
        page.keyboard.press("Escape")
        page.locator(".tools").wait_for(state="hidden")


@pytest.mark.prove
def test_clicks_measure_and_do_not_open_the_card(visit: Callable[..., Any]) -> None:
    with visit(f"/#16/{TOWN[0]}/{TOWN[1]}", **COARSE) as page:
        settled(page)
        opened(page, "Đo chiều dài")
        page.mouse.click(900, 400)
        page.mouse.click(1000, 400)
        page.wait_for_function("() => /\\d\\sm/.test(document.querySelector('.measured')?.innerText ?? '')")
        assert not page.locator(".card:not(.tools)").is_visible()
        # 100 pixels of zoom 16 at this latitude.
        metres = 100 * 40075016.686 / 512 / 2**16 * np.cos(np.radians(TOWN[0]))
        assert figures(page.locator(".measured").inner_text())[0] == pytest.approx(metres, rel=0.02)


@pytest.mark.prove
@SIZES
def test_two_dates_are_compared_by_a_line_that_keys_move(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    with visit("/#13/10.62/107.33", size, **COARSE) as page:
        plain = drawn(page)
        opened(page, "So sánh")
        page.locator(".compare[data-drawn]").wait_for()
        assert "compare=2024-02" in page.url
        for side in ("left", "right"):  # each half says what is true of its own image
            page.locator(f".compare__date--{side} small", has_text="m/điểm ảnh").wait_for()
        slider = page.locator(".compare__slider")
        slider.focus()
        page.keyboard.press("End")
        at_rest(page)
        everything = picture(page)
        page.keyboard.press("Home")
        at_rest(page)
        nothing = picture(page)
        for _ in range(30):
            page.keyboard.press("ArrowRight")
        assert slider.get_attribute("aria-valuetext").startswith("30 phần trăm: bên trái 11/02/2024")
        upper = np.s_[30 : plain.height // 3, : plain.width // 2]
        assert changed(everything, nothing, by=12)[upper].mean() > 0.05
        page.keyboard.press("Escape")
    with visit("/?compare=2024-02#13/10.62/107.33", size, **COARSE) as page:
        settled(page)
        page.locator(".compare[data-drawn]").wait_for()
        page.locator(".tools .card__close").last.click()
        page.wait_for_function("() => !location.search.includes('compare')")


def picture(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.locator("#map").screenshot())).convert("RGB")


@SIZES
def test_a_view_is_shared_by_link_code_and_frame(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    with visit(
        f"/?scene=2024-02&off=planning-zones#15/{TOWN[0]}/{TOWN[1]}",
        size,
        permissions=COPYING,
        **COARSE,
    ) as page:
        settled(page)
        opened(page, "Chia sẻ")
        link = page.locator("#share-link").input_value()
        assert link.endswith(f"/?scene=2024-02&off=planning-zones#15/{TOWN[0]}/{TOWN[1]}")
        page.get_by_role("button", name="Sao chép liên kết").click()
        page.get_by_text("Đã sao chép").wait_for()
        assert page.evaluate("() => navigator.clipboard.readText()") == link
        page.wait_for_function("() => document.querySelector('.share__code')?.naturalWidth > 0")
        code = page.locator("#share-code").input_value()
        frame = re.search(r'src="[^"]*(/embed[^"]*)"', code)[1].replace("&amp;", "&")
    with visit(frame, size, **COARSE) as page:
        assert drawn(page)
        assert page.locator(".scene-badge option:checked").inner_text() == "11/02/2024"
        page.locator(".embed__foot a").hover()


@pytest.mark.prove
@SIZES
def test_a_sheet_is_made_of_what_the_frame_on_the_map_shows(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    with visit(f"/?off=planning-zones#14/{TOWN[0]}/{TOWN[1]}", size) as page:
        before = drawn(page)
        opened(page, "In bản đồ")
        page.locator("select[name=scale]").select_option("10000")
        page.locator("select[name=paper]").select_option("A4-portrait")
        after = drawn(page)
        link = page.locator(".tool--print a").get_attribute("href")
        assert changed(before, after).mean() > 0.0005
        assert "scale=10000" in link and "paper=A4-portrait" in link and "planning-zones" not in link
        answer = page.request.get(page.url.split("/?")[0] + link)
        assert answer.body().startswith(b"%PDF-")


@pytest.mark.prove
@SIZES
def test_the_own_place_is_shown_with_its_accuracy(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    own = {"latitude": TOWN[0], "longitude": TOWN[1], "accuracy": 35}
    with visit("/", size, permissions=["geolocation"], geolocation=own, **COARSE) as page:
        settled(page)
        page.get_by_role("button", name="vị trí").click()
        page.wait_for_function("() => document.querySelector('.map__note')?.textContent.includes('35')")
        settled(page)
        page.wait_for_function(  # it grows while the map comes nearer
            "() => document.querySelector('.maplibregl-user-location-accuracy-circle').getBoundingClientRect().width > 20"
        )


@pytest.mark.prove
@pytest.mark.parametrize(("path", "name"), [("/", "Quần đảo"), ("/embed", "Quần đảo"), ("/en/", "Archipelago")])
def test_the_archipelagos_are_named_far_out(visit: Callable[..., Any], path: str, name: str) -> None:
    """The name of the one in the middle of the map is drawn: white letters where there is nothing else."""
    for latitude, longitude in ((16.5, 112.0), (9.6, 114.0)):
        with visit(f"{path}#6/{latitude}/{longitude}") as page:
            image = np.asarray(drawn(page).convert("L"), dtype=int)
            assert name in page.evaluate(
                "() => JSON.parse(document.getElementById('map-config').textContent).names[0].text"
            )
        middle = image[
            image.shape[0] // 2 - 25 : image.shape[0] // 2 + 25, image.shape[1] // 2 - 70 : image.shape[1] // 2 + 70
        ]
        assert (middle > 200).mean() > 0.03
        assert (image[450:600, :200] > 200).mean() < 0.01  # above it stands the short legend, below the badge


@pytest.mark.prove
@SIZES
def test_the_far_island_has_a_small_map_that_leads_to_it(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    with visit("/", size, **COARSE) as page:
        settled(page)
        inset = page.get_by_role("button", name="Côn Đảo")
        assert page.wait_for_function("() => document.querySelector('.inset img')?.naturalWidth > 0")
        inset.click()
        page.wait_for_function("() => Math.abs(Number(location.hash.split('/')[1]) - 8.7) < 0.2")
        inset.wait_for(state="hidden")


@SIZES
def test_a_colour_of_the_legend_filters_map_legend_and_list(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    with visit(
        f"/?off=planning-zones,admin-units,public-land&scene=none#11/{TOWN[0]}/{TOWN[1]}", size, **COARSE
    ) as page:
        before = drawn(page)
        link = page.locator(".legend .colours a", has_text="Đang nhận hồ sơ")
        number = page.locator(".legend .colours li", has_text="Đang nhận hồ sơ").locator(".soft").inner_text()
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**status=open**")
        assert "scene=none" in page.url and f"#11/{TOWN[0]}" in page.url
        after = drawn(page)
        assert page.locator(".legend__figures strong").first.inner_text() == number
        assert page.locator(".legend .colours a[aria-current]").inner_text() == "Đang nhận hồ sơ"
        page.locator(".legend__list").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/lots/?status=open")
        assert page.locator("table.rows tr[data-ref]").count() == int(number)
    assert changed(before, after).mean() > 0.0005
