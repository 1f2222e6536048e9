"""The search box as a reader uses it: typed without marks, chosen by keys or finger, and without scripts."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import segno
from playwright.sync_api import Page, expect

from tests.browser.conftest import COARSE, PHONE, SIZES

pytestmark = pytest.mark.browser


def typed(page: Page, text: str) -> Any:
    """The suggestions after the text has been typed letter by letter."""
    page.locator("#search-text").press_sequentially(text, delay=20)
    options = page.locator("#search-list").get_by_role("option")
    options.first.wait_for()
    return options


@SIZES
def test_the_keys_alone_lead_to_the_page(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    with visit("/public-land/", size, with_map=False) as page:
        box = page.locator("#search-text")
        expect(box).to_have_attribute("role", "combobox")
        options = typed(page, "long dien")
        expect(options.first).to_contain_text("Xã Long Điền")
        assert box.get_attribute("aria-expanded") == "true"
        page.keyboard.press("ArrowDown")
        assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
        assert options.first.get_attribute("aria-selected") == "true"
        page.keyboard.press("Enter")
        page.wait_for_url("**/places/26659-c/")
        assert "Xã Long Điền" in page.inner_text("h1")


def test_what_was_typed_before_the_script_came_has_suggestions(visit: Callable[..., Any], address: str) -> None:
    with visit("/offline", with_map=False) as page:
        page.route(
            "**/search/box*.js", lambda route: (page.locator("#search-text").fill("long dien"), route.continue_())
        )
        page.goto(f"{address}/public-land/")
        expect(page.locator("#search-list [role=option]").first).to_contain_text("Xã Long Điền")


def test_whoever_chooses_is_not_given_another_list(visit: Callable[..., Any]) -> None:
    """What was typed last is asked for a moment later: its answer must not take away what the keys stand on."""
    with visit("/public-land/", with_map=False) as page:
        options = typed(page, "long")
        page.keyboard.type(" dien")
        page.keyboard.press("ArrowDown")
        text = options.first.inner_text()
        page.wait_for_timeout(600)
        assert options.first.inner_text() == text
        assert options.first.get_attribute("aria-selected") == "true"


def test_escape_closes_and_enter_searches_for_the_text(visit: Callable[..., Any]) -> None:
    with visit("/en/planning/", with_map=False) as page:
        options = typed(page, "thang tam")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")  # back to the text
        page.keyboard.press("Escape")
        expect(options).to_have_count(0)
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/search?q=thang+tam")
        assert "Phường Thắng Tam" in page.inner_text("main")


def test_a_finger_chooses(visit: Callable[..., Any]) -> None:
    with visit("/public-land/", PHONE, with_map=False, has_touch=True) as page:
        typed(page, "vt 26535 0078").first.tap()
        page.wait_for_url("**/public-land/VT-26535-0078/")


@pytest.mark.parametrize("motion", ["reduce", pytest.param("no-preference", marks=pytest.mark.prove)])
def test_on_the_map_a_suggestion_stays_on_the_map(visit: Callable[..., Any], motion: str) -> None:
    with visit("/", reduced_motion=motion, **COARSE) as page:
        page.locator("#map[data-drawn=true]").wait_for()
        typed(page, "con dao").first.click()
        page.wait_for_function("() => location.hash.includes('/8.6') || location.hash.includes('/8.7')")
        page.locator(".card__title").first.wait_for()
        assert "/places/" not in page.url


@SIZES
def test_without_scripts_the_form_finds(visit: Callable[..., Any], size: tuple[int, int]) -> None:
    with visit("/", size, java_script_enabled=False) as page:
        page.locator("#search-text").fill("long dein")
        page.get_by_role("button", name="Tìm kiếm").click()
        page.wait_for_url("**/search?q=long+dein")
        page.get_by_role("link", name="Xã Long Điền").first.click()
        page.wait_for_url("**/places/26659-c/")


def test_how_a_question_was_read_stands_above_the_suggestions(visit: Callable[..., Any]) -> None:
    with visit("/public-land/", with_map=False) as page:
        options = typed(page, "1160772.907 436318.316")
        told = page.locator(".search-box__told")
        expect(told).to_contain_text("kinh tuyến trục 107°45'")
        expect(page.locator(".search-box [role=status]")).to_contain_text("kinh tuyến trục 107°45'")
        expect(options.first).to_contain_text("10.496000, 107.170000")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/#17/10.496*/107.17*")


def test_why_something_is_missed_is_said_while_one_types(visit: Callable[..., Any]) -> None:
    with visit("/en/public-land/", PHONE, with_map=False) as page:
        page.locator("#search-text").press_sequentially("thửa 345", delay=20)
        expect(page.locator(".search-box__told")).to_contain_text("Write the number of the map sheet too")


# The code of a certificate or of a printed sheet


def scannable(text: str, path: Path) -> Path:
    """A QR code as a film that a camera could have taken, of one picture."""
    matrix = np.array([[0 if dark else 255 for dark in row] for row in segno.make(text, error="m").matrix], "uint8")
    side = np.kron(np.pad(matrix, 4, constant_values=255), np.ones((6, 6), "uint8"))
    frame = np.full((480, 640), 255, "uint8")
    frame[: side.shape[0], : side.shape[1]] = side[:480, :640]
    grey = np.full(640 * 480 // 2, 128, "uint8").tobytes()
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\nFRAME\n" + frame.tobytes() + grey)
    return path


def test_a_code_before_the_camera_is_searched_for(visit: Callable[..., Any], tmp_path: Path) -> None:
    film = scannable("https://landgis.example/public-land/VT-26535-0078/", tmp_path / "code.y4m")
    camera = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
              f"--use-file-for-fake-video-capture={film}")  # fmt: skip
    with visit("/public-land/", PHONE, with_map=False, arguments=camera) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        button = page.get_by_role("button", name="Quét mã trên Giấy chứng nhận")
        assert not any("index.min.js" in url for url in asked)
        button.click()
        page.wait_for_url("**/search?q=https*")
        assert all(url.startswith((page.url.split("/search")[0], "blob:", "data:")) for url in asked)
        page.get_by_role("link", name="Lô C2-14").first.click()
        page.wait_for_url("**/public-land/VT-26535-0078/")


def test_without_a_camera_a_picture_of_the_code_will_do(visit: Callable[..., Any]) -> None:
    with visit("/en/public-land/", with_map=False, may_say=("MultiFormatReader",)) as page:
        button = page.get_by_role("button", name="Scan the code of a certificate")
        button.press("Enter")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("The camera cannot be used")
        chosen = page.locator("#scanner-picture")
        chosen.set_input_files({"name": "nothing.png", "mimeType": "image/png", "buffer": b"no picture"})
        expect(dialog).to_contain_text("No code was found")
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(button).to_be_focused()
        button.press("Enter")
        drawn = io.BytesIO()
        segno.make("10.496, 107.17", micro=False).save(drawn, kind="png", scale=6)
        chosen.set_input_files({"name": "code.png", "mimeType": "image/png", "buffer": drawn.getvalue()})
        page.wait_for_url("**/en/search?q=10.496*")
        assert "Phường Bà Rịa" in page.inner_text("main")
