"""The journey in a browser: a file is handed in, read, confirmed, submitted, approved by another person, and public."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page

from landgis.accounts.models import User
from landgis.catalog import queries, registry
from tests import factors
from tests.serving import SOFT, server_of
from tests.waiting import PATIENCE_MS
from tests.workbench import files
from tests.workbench.conftest import PASSWORD, a_worker

pytestmark = pytest.mark.browser
SIZES = [(390, 844), pytest.param((1440, 900), marks=pytest.mark.prove)]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture
def served(people: dict[str, User], state: Path) -> Iterator[str]:
    """The address of a server on a world of its own, with a worker beside it."""
    for name in ("officer", "approver", "second"):
        people[name].set_password(PASSWORD)
        people[name].save()
    with server_of(get_wsgi_application()) as port, a_worker(state):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def person(served: str, chromium: Callable[..., Browser]) -> Callable[..., object]:
    """`with person(name, size) as page`: signed in at the list; the test fails on any error the pages report."""

    @contextmanager
    def opened(name: str, size: tuple[int, int]) -> Iterator[Page]:
        width, height = size
        context = chromium(SOFT).new_context(
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


@pytest.mark.prove  # tests/workbench/test_officer.py hands both in
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


@pytest.mark.prove  # which answers are asked and taken is in tests/workbench/test_answers.py
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


def handed_in(page: Page) -> str:
    """Say that the form was read right, and hand the open change set in; its address."""
    page.get_by_role("button", name="Đã đọc đúng").click()
    page.get_by_label("Lý do thay đổi").fill("Đính chính")
    page.get_by_role("button", name="Nộp để duyệt").click()
    page.get_by_text("Đang chờ người duyệt").wait_for()
    assert fits(page)
    return page.url


def seen_within_5_s(page: Page, address: str, is_so: Callable[[int, str], bool]) -> bool:
    """Whether readers see it at that address within five seconds of the publication."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        answer = page.request.get(address)
        if is_so(answer.status, answer.text()):
            return True
        time.sleep(0.2)
    return False


@pytest.mark.prove
@pytest.mark.parametrize("size", SIZES, ids=["phone", "desktop"])
def test_a_price_is_corrected_a_plot_retired_and_two_officers_meet(
    served: str, person: Callable, size: tuple[int, int]
) -> None:
    lot, zone = (next(iter(queries.rows(registry.get(name))))["ref"] for name in ("auction-lots", "planning-zones"))
    form = f"{served}/officer/edit/auction-lots/{lot}/"
    with person("second", size) as late:
        late.goto(form)
        with person("officer", size) as page:
            page.goto(form)
            page.get_by_label("Giá khởi điểm (đ)").fill("1,35 tỷ")
            page.get_by_role("button", name="Kiểm tra").press("Enter")
            corrected = handed_in(page)
            page.goto(f"{served}/officer/edit/planning-zones/{zone}/")
            page.get_by_label("Lý do, viết để ai cũng đọc được").fill("Nhập vào quy hoạch mới")
            page.get_by_role("button", name="Chấm dứt hiệu lực").click()
            retired = handed_in(page)
        with person("approver", size) as page:
            for address in (corrected, retired):
                page.goto(address)
                page.get_by_role("button", name="Duyệt và công bố").click()
                page.get_by_role("link", name="Xem trang công khai").wait_for()
            assert seen_within_5_s(page, f"{served}/lots/{lot}.json", lambda _status, text: "1350000000" in text)
            assert seen_within_5_s(page, f"{served}/planning/{zone}/", lambda status, _text: status == 410)
        late.get_by_label("Địa chỉ", exact=False).first.fill("2 Lê Lai")
        late.get_by_label("Giá khởi điểm (đ)").fill("1,4 tỷ")
        late.get_by_role("button", name="Kiểm tra").click()
        late.get_by_text("Không có gì bị ghi đè").wait_for()
        assert fits(late)
        late.get_by_label("Của người khác, đang có hiệu lực").check()
        late.get_by_role("button", name="Tiếp tục với lựa chọn này").click()
        late.get_by_text("2 Lê Lai").first.wait_for()
        handed_in(late)
        assert Axe().run(late, options=RULES).response["violations"] == []
