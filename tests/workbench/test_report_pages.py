"""The pages of reports and mail in a browser: keys alone, no rule of accessibility broken, nothing wider than a telephone."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.wsgi import get_wsgi_application
from PIL import Image
from playwright.sync_api import Browser, Page

from landgis.accounts.models import User
from landgis.feedback.actions import take_in
from landgis.feedback.models import Report
from landgis.mail import actions as mail
from landgis.mail.models import Mail
from tests.serving import server_of
from tests.waiting import PATIENCE_MS
from tests.workbench.conftest import PASSWORD

pytestmark = pytest.mark.browser
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
FORM = "/feedback/public-land/VT-26508-0014/"
LOOKS = [("", (390, 844)), pytest.param("/en", (1440, 900), marks=pytest.mark.prove)]


@pytest.fixture
def page(people: dict[str, User], chromium: Callable[..., Browser]) -> Iterator[Page]:
    """A page of a server on a world of its own; addresses are paths."""
    people["officer"].set_password(PASSWORD)
    people["officer"].email = "officer@example.org"
    people["officer"].save()
    with server_of(get_wsgi_application()) as port:
        base = f"http://127.0.0.1:{port}"
        context = chromium().new_context(base_url=base, service_workers="block", bypass_csp=True)
        context.set_default_timeout(PATIENCE_MS)
        yield context.new_page()
        context.close()


def look(page: Page) -> None:
    """What every page has to be."""
    found = Axe().run(page, options=RULES).response["violations"]
    assert [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]] == [], page.url
    width = page.evaluate("() => document.documentElement.scrollWidth")
    assert page.viewport_size and width <= page.viewport_size["width"], page.url


def sign_in(page: Page) -> None:
    page.goto("/officer/sign-in/")
    page.fill("#id_login", "officer")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/officer/")


@pytest.mark.prove
@pytest.mark.parametrize(("language", "size"), LOOKS)
def test_no_page_of_reports_and_mail_breaks_a_rule(page: Page, language: str, size: tuple[int, int]) -> None:
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "green").save(file, "WEBP")
    said = {"dataset": "public-land", "ref": "VT-26508-0014", "revision": 1, "kind": "fact", "language": "vi"}
    said |= {"text": "Ranh giới phía đông lệch khoảng hai mét.", "contact": "reader@example.org", "wants_mail": True}
    first, _second = (
        take_in(sender="192.0.2.1", browser=f"{number}", picture=file.getvalue(), **said) for number in range(2)
    )
    mail.put("test", "one", "a@example.org", subject="Thư", text="Nội dung", language="vi", subscriber="1")
    kept = Mail.objects.get()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    sign_in(page)
    officers = ("reports/", f"reports/{first.number}/", "mail/", f"mail/{kept.pk}/", "account/")
    public = ("feedback/", "feedback/mine", f"feedback/mine?code={first.code}", f"mail/stop?token={kept.stop_token}")
    for path in (FORM[1:], *public, *(f"officer/{one}" for one in officers)):
        page.goto(f"{language}/{path}")
        look(page)
        if (read := page.locator("main button[value=read]")).count():
            if (reason := page.locator("#reason")).count():
                reason.fill("Nobody answers")
            read.click()
            page.get_by_text("reader@example.org").or_(page.get_by_text("a@example.org")).first.wait_for()
            look(page)


def test_keys_alone_report_an_error_and_answer_it(page: Page, tmp_path: Path) -> None:
    Image.new("RGB", (40, 30), "green").save(tmp_path / "photo.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(FORM)
    page.locator("#id_kind").focus()
    page.keyboard.press("ArrowDown")
    for text in ("Tên đường trên trang đã cũ, nay là đường khác.", "reader@example.org"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.id") == "id_picture"
    page.set_input_files("#id_picture", tmp_path / "photo.png")
    page.keyboard.press("Tab")  # the field for machines is passed over
    page.keyboard.press("Enter")
    page.wait_for_url("**/feedback/mine?code=*")
    followed = page.url
    report = Report.objects.get()
    assert report.wants_mail and report.kind == "fact" and report.picture and report.contact == "reader@example.org"
    sign_in(page)
    page.goto(f"/officer/reports/{report.number}/")
    page.locator("main button[value=read]").focus()
    page.keyboard.press("Enter")
    page.locator("#status").focus()
    for _status in ("in-review", "answered", "corrected"):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Đã sửa tên đường.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/officer/reports/")
    report.refresh_from_db()
    assert (report.status, report.answer) == (
        "corrected",
        "Đã sửa tên đường.",
    ) and Mail.objects.get().to == report.contact
    page.goto(followed)
    assert page.get_by_text("Đã sửa tên đường.").is_visible()
