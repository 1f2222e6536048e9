"""The journey in a browser: a file is handed in, read, confirmed, submitted, approved by another person, and public."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page

from landgis.accounts.models import User
from tests import factors
from tests.serving import QuietHandler
from tests.waiting import PATIENCE_MS, PATIENCE_S
from tests.workbench import files
from tests.workbench.conftest import PASSWORD, a_worker

pytestmark = pytest.mark.browser
SIZES = [(390, 844), pytest.param((1440, 900), marks=pytest.mark.prove)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def served(people: dict[str, User], state: Path) -> Iterator[str]:
    """The address of a server on a world of its own, with a worker beside it."""
    for name in ("officer", "approver"):
        people[name].set_password(PASSWORD)
        people[name].save()
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with a_worker(state):
        yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(PATIENCE_S)


@pytest.fixture
def person(served: str, chromium: Callable[..., Browser]) -> Callable[..., object]:
    """`with person(name, size) as page`: signed in at the list; the test fails on any error the pages report."""

    @contextmanager
    def opened(name: str, size: tuple[int, int]) -> Iterator[Page]:
        width, height = size
        context = chromium().new_context(
            viewport={"width": width, "height": height}, service_workers="block", bypass_csp=False
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda one: said.append(one.text) if one.type in ("error", "warning") else None)
        page.on("pageerror", lambda one: said.append(str(one)))
        page.goto(f"{served}/officer/")
        page.fill("#id_login", name)
        page.fill("#id_password", PASSWORD)
        page.get_by_role("button", name="Đăng nhập", exact=True).click()
        if name == "approver":  # whose role demands a second factor
            page.fill("#id_code", factors.code(User.objects.get(username=name)))
            page.get_by_role("button", name="Đăng nhập", exact=True).click()
        page.get_by_role("heading", name="Đợt cập nhật").wait_for()
        try:
            yield page
        finally:
            context.close()
        assert [line for line in said if "Service Worker" not in line] == []

    return opened


def hand_in(page: Page, path: Path) -> None:
    """Hand a file in and wait for what has been understood."""
    page.get_by_role("link", name="Nộp tệp").first.click()
    page.set_input_files("#file", path)
    page.get_by_role("button", name="Đọc tệp").click()


def fits(page: Page) -> bool:
    """Nothing makes the page wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desktop"])
def test_from_a_shapefile_without_prj_to_the_public_page(
    served: str, person: Callable, tmp_path: Path, size: tuple[int, int]
) -> None:
    with person("officer", size) as page:
        hand_in(page, files.zones(tmp_path))
        page.get_by_text("TCVN3 · kinh tuyến 107°45′ · 5 khu vực · 1 lỗi").wait_for()
        assert page.locator("table").get_by_text("Chợ Vũng Tàu").first.is_visible()
        page.locator("#map[data-drawn=true]").wait_for()
        assert fits(page)
        page.get_by_label("A. VN-2000 / TM-3 107-45").check()
        page.get_by_role("button", name="Gửi câu trả lời").click()
        page.get_by_text("5 khu vực · không có lỗi").wait_for()
        page.locator("#map[data-drawn=true]").wait_for()
        page.get_by_role("button", name="Trước", exact=True).click()
        page.get_by_role("button", name="Trình duyệt").click()
        page.get_by_text("Đang chờ người duyệt").wait_for()
        address = page.url
    with person("approver", size) as page:
        page.goto(address)
        page.get_by_role("button", name="Duyệt và công bố").click()
        page.get_by_role("link", name="Xem trang công khai").wait_for()
        assert fits(page)
        page.goto(f"{served}/planning/QH-2/")
        page.get_by_role("heading", name="Chợ Vũng Tàu").first.wait_for()


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desktop"])
def test_a_drawing_and_a_workbook(served: str, person: Callable, tmp_path: Path, size: tuple[int, int]) -> None:
    with person("officer", size) as page:
        hand_in(page, files.sheet(tmp_path))
        page.locator("#constant-map_sheet").wait_for()
        assert fits(page)
        page.fill("#constant-map_sheet", "12")
        page.fill("#constant-old_commune_code", "26506")
        page.get_by_role("button", name="Gửi câu trả lời").click()
        page.get_by_text("tờ bản đồ 12 · 2 thửa").wait_for()
        hand_in(page, files.lots(tmp_path))
        page.get_by_text("kinh tuyến 107°45′ · 2 lô").wait_for()
        assert page.get_by_text("Cách xử lý:").first.is_visible()


def tab_to(page: Page, selector: str) -> None:
    """Go on with the key for it until the element has the focus."""
    for _step in range(80):
        if page.evaluate("one => document.activeElement.matches(one)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not lead to {selector}")


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desktop"])
def test_the_answers_need_no_mouse(served: str, person: Callable, tmp_path: Path, size: tuple[int, int]) -> None:
    with person("officer", size) as page:
        hand_in(page, files.zones(tmp_path, bow_tie=True))
        page.locator("#answers").wait_for()
        for selector in ("[name=reading]", "[name=repairs]"):
            tab_to(page, selector)
            page.keyboard.press("Space")
        tab_to(page, "#answers button")
        assert fits(page)
        page.keyboard.press("Enter")
        page.get_by_text("5 khu vực · không có lỗi").wait_for()


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desktop"])
def test_no_page_breaks_a_rule(served: str, person: Callable, tmp_path: Path, size: tuple[int, int]) -> None:
    with person("officer", size) as page:
        found = violations(page)
        page.goto(f"{served}/officer/upload/")
        found += violations(page)
        hand_in(page, files.zones(tmp_path, bow_tie=True))
        page.locator("#map[data-drawn=true]").wait_for()
        found += violations(page)
        page.get_by_text("Cách đọc tệp", exact=True).click()
        found += violations(page)
    assert found == []


def violations(page: Page) -> list[str]:
    """What axe finds; its script is brought past the policy by the test, its styles are refused without harm."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['html'][:160]} {node['target']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desktop"])
def test_what_is_too_large_is_said_before_it_is_sent(
    served: str, person: Callable, tmp_path: Path, size: tuple[int, int], settings: Any
) -> None:
    settings.MAX_UPLOAD = 2 * 10**6
    large = tmp_path / "large.gpkg"
    large.write_bytes(bytes(2_000_001))
    with person("officer", size) as page:
        page.get_by_role("link", name="Nộp tệp").first.click()
        page.get_by_text("Tối đa 2 MB.").wait_for()
        page.set_input_files("#file", large)
        page.get_by_role("alert").get_by_text("Tệp lớn hơn 2 MB").wait_for()
        page.get_by_role("button", name="Đọc tệp").click()
        assert page.url.endswith("/officer/upload/")
        assert fits(page)
        page.set_input_files("#file", files.zones(tmp_path))
        assert page.get_by_text("Tệp lớn hơn 2 MB").is_hidden()
