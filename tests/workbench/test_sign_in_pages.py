"""The pages of the sign-in and of people in a browser: by keyboard, on a telephone, with a passkey, and without a broken rule."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page

from landgis.accounts import factors
from landgis.accounts.models import User
from tests import factors as telephones
from tests.serving import server_of
from tests.waiting import PATIENCE_MS
from tests.workbench.conftest import PASSWORD

pytestmark = pytest.mark.browser
SIZES = [(390, 844), pytest.param((1440, 900), marks=pytest.mark.prove)]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture
def served(people: dict[str, User]) -> Iterator[str]:
    """A server whose address passkeys take for a safe one; everybody has a password."""
    for user in people.values():
        user.set_password(PASSWORD)
        user.save()
    with server_of(get_wsgi_application()) as port:
        yield f"http://localhost:{port}"


@pytest.fixture(params=SIZES, ids=str)
def page(request: pytest.FixtureRequest, served: str, chromium: Callable[..., Browser]) -> Iterator[Page]:
    """A browser with a device that keeps passkeys; the test fails on any error the pages report."""
    width, height = request.param
    context = chromium().new_context(viewport={"width": width, "height": height}, service_workers="block")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type in ("error", "warning") else None)
    page.on("pageerror", lambda one: said.append(str(one)))
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**kind, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    yield page
    context.close()
    assert [line for line in said if "Service Worker" not in line and "status of 4" not in line] == []


def is_sound(page: Page) -> None:
    """No rule is broken, and nothing makes the page wider than the screen."""
    found = Axe().run(page, options=RULES).response["violations"]
    assert [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def sign_in(page: Page, served: str, name: str) -> None:
    """By keyboard alone."""
    page.goto(f"{served}/officer/sign-in/")
    page.locator("#id_login").focus()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def test_an_approver_sets_up_a_factor_and_a_passkey_and_signs_in_by_each(
    page: Page, served: str, people: dict[str, User]
) -> None:
    factors.take_away(people["approver"])
    page.goto(f"{served}/officer/sign-in/")
    is_sound(page)
    sign_in(page, served, "approver")
    page.get_by_text("Vai trò của bạn bắt buộc").wait_for()
    is_sound(page)
    page.get_by_role("link", name="Thiết lập ứng dụng").click()
    page.fill("#id_password", PASSWORD)
    is_sound(page)
    page.keyboard.press("Enter")
    secret = page.locator("main code").inner_text()
    page.locator("main img").wait_for()
    is_sound(page)
    page.fill("#id_code", telephones.code_of(secret))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Mã dự phòng").wait_for()
    assert page.locator("main ol li").count() == 10
    is_sound(page)
    page.get_by_role("link", name="Tôi đã cất giữ").click()
    page.get_by_role("link", name="Thêm khóa truy cập").click()
    is_sound(page)
    page.fill("#id_name", "Máy của tôi")
    page.get_by_role("button", name="Thêm khóa truy cập").click()
    page.get_by_text("Máy của tôi").wait_for()
    is_sound(page)
    page.goto(f"{served}/officer/")
    page.get_by_role("button", name="Đăng xuất").click()
    # By the passkey alone.
    page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
    page.get_by_role("heading", name="Đợt cập nhật").wait_for()
    page.get_by_role("button", name="Đăng xuất").click()
    # By the password, and the passkey as the second factor.
    sign_in(page, served, "approver")
    page.get_by_role("button", name="Dùng khóa truy cập").wait_for()
    is_sound(page)
    page.get_by_role("button", name="Dùng khóa truy cập").click()
    page.get_by_role("heading", name="Đợt cập nhật").wait_for()


@pytest.mark.prove
def test_whoever_guesses_does_not_keep_the_owner_of_a_passkey_out(
    page: Page, served: str, people: dict[str, User]
) -> None:
    """Not even from the owner's own device and address."""
    sign_in(page, served, "officer")
    page.get_by_role("heading", name="Đợt cập nhật").wait_for()
    page.goto(f"{served}/officer/account/factors/passkeys/")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Thêm khóa truy cập").click()
    page.get_by_role("heading", name="Mã dự phòng").wait_for()
    page.goto(f"{served}/officer/")
    page.get_by_role("button", name="Đăng xuất").click()
    for _attempt in range(6):
        page.fill("#id_login", "officer")
        page.fill("#id_password", "wrong")
        page.keyboard.press("Enter")
        page.get_by_role("alert").first.wait_for()
    page.get_by_text("Hãy chờ").wait_for()
    page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
    page.get_by_role("heading", name="Đợt cập nhật").wait_for()


@pytest.mark.prove
def test_an_administrator_invites_somebody_who_chooses_a_password(
    page: Page, served: str, people: dict[str, User]
) -> None:
    sign_in(page, served, "admin")
    page.fill("#id_code", telephones.code(people["admin"]))
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Người dùng").click()
    is_sound(page)
    page.fill("#id_username", "lan")
    page.fill("#id_last_name", "Trần Thị Lan")
    page.fill("#id_email", "lan@example.org")
    page.get_by_role("button", name="Mời", exact=True).click()
    link = re.sub(r"^https?://[^/]*", served, page.locator("#link").inner_text())
    is_sound(page)
    page.select_option("#id_territory", index=1)
    page.get_by_role("button", name="Giao vai trò").click()
    page.get_by_role("button", name="Kết thúc vai trò này").wait_for()
    is_sound(page)
    page.get_by_role("button", name="Đăng xuất").click()
    page.goto(link)
    is_sound(page)
    page.fill("#id_new_password1", PASSWORD + " lan")
    page.fill("#id_new_password2", PASSWORD + " lan")
    page.keyboard.press("Enter")
    page.get_by_text("Đã lưu mật khẩu").wait_for()
    page.fill("#id_login", "lan")
    page.fill("#id_password", PASSWORD + " lan")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Đợt cập nhật").wait_for()
    page.goto(f"{served}/officer/sign-in/forgotten/")
    is_sound(page)
    page.goto(link)
    page.get_by_role("heading", name="Liên kết này đã hết hiệu lực").wait_for()
    is_sound(page)
