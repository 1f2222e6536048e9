"""What an officer types outlives the browser, the line and the session, and is saved once."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.wsgi import get_wsgi_application
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from landgis.workbench.models import Edit, Receipt
from tests.serving import ARGUMENTS, CHROMIUM, SOFT, server_of
from tests.waiting import PATIENCE_MS, until
from tests.workbench.conftest import people, signed_in, state  # noqa: F401  # fixtures
from tests.workbench.test_edits import a_ref

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_world", "state")]
NAME = "auction-lots"
KEPT, OFFER = ".outbox[data-state=kept]", ".outbox__offer"


@dataclass
class Desk:
    """A server, and browsers with profiles of their own on a machine that officers share."""

    address: str
    start: Callable[..., Browser]
    client: Callable[[str], Client]

    @contextmanager
    def browser(self, profile: Path, person: str = "officer", **more: Any) -> Iterator[Page]:
        kind = self.start().browser_type
        context = kind.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            args=[*ARGUMENTS, SOFT],
            base_url=self.address,
            service_workers="block",
            **more,
        )
        context.set_default_timeout(PATIENCE_MS)
        self.sign_in(context, person)
        try:
            yield context.pages[0]
        finally:
            context.close()

    def sign_in(self, context: BrowserContext, person: str) -> None:
        """As the sign-in does: another session, and another token of its forms."""
        value = self.client(person).cookies["sessionid"].value
        context.clear_cookies()
        context.add_cookies([{"name": "sessionid", "value": value, "url": self.address}])


@pytest.fixture
def desk(
    own_world: str,
    signed_in: Callable[[str], Client],  # noqa: F811
    chromium: Callable[..., Browser],
) -> Iterator[Desk]:
    with server_of(get_wsgi_application()) as port:
        yield Desk(f"http://127.0.0.1:{port}", chromium, signed_in)


@pytest.fixture
def form() -> str:
    return f"/officer/edit/{NAME}/{a_ref(NAME)}/"


def kill(profile: Path) -> None:
    """kill -9 of the browser with that profile and all its parts."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
                if f"--user-data-dir={profile}".encode() in words:
                    os.kill(int(folder.name), signal.SIGKILL)
            except (FileNotFoundError, ProcessLookupError):
                continue


def typed(page: Page, text: str) -> None:
    page.fill("#f-address", text)
    page.locator(KEPT).wait_for()


def saves() -> list[tuple[int, str]]:
    return [(one.saves, one.facts["address"]["text"]) for one in Edit.objects.order_by("pk")]


def test_what_was_typed_outlives_the_browser_and_is_nobody_elses(desk: Desk, form: str, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with desk.browser(profile) as page:
        page.goto(form)
        typed(page, "12 Lê Lợi")
        kill(profile)
    with desk.browser(profile, "second") as page:
        page.goto(form)
        expect(page.locator(".outbox")).to_contain_text("của người khác")
        assert not page.locator(OFFER).count()
        page.goto("/officer/outbox/")
        expect(page.locator("#nothing-kept")).to_be_visible()
        assert "12 Lê Lợi" not in page.content()
        # It is offered to whom it belongs, with what differs.
        desk.sign_in(page.context, "officer")
        page.goto(form)
        expect(page.locator(OFFER)).to_contain_text("12 Lê Lợi")
        other = page.context.new_page()
        other.goto(form)
        expect(other.locator(".outbox__other")).to_be_visible()
        other.close()
        page.click(f"{OFFER} button")
        expect(page.locator("#f-address")).to_have_value("12 Lê Lợi")
        # The file takes it to another browser, and one that was touched is not taken.
        page.goto("/officer/outbox/")
        with page.expect_download() as loading:
            page.click("#kept-save")
        file = tmp_path / "outbox.json"
        loading.value.save_as(file)
    with desk.browser(tmp_path / "other") as page:
        page.goto("/officer/outbox/")
        wrong = json.loads(file.read_text(encoding="utf-8"))
        wrong["drafts"] = wrong["drafts"].replace("12 Lê", "14 Lê")
        page.set_input_files("#kept-file", {"name": "a.json", "mimeType": "", "buffer": json.dumps(wrong).encode()})
        expect(page.locator("#kept-told")).to_contain_text("đã bị thay đổi")
        page.set_input_files("#kept-file", file)
        page.click("#kept-here a")
        page.click(f"{OFFER} button")
        page.click("button[value=save]")
        expect(page.locator(".outbox")).to_contain_text("Đã lưu lúc")
    assert saves() == [(1, "12 Lê Lợi")]


@pytest.mark.prove
def test_without_a_line_or_a_session_it_is_sent_later_and_once(desk: Desk, form: str, tmp_path: Path) -> None:
    with desk.browser(tmp_path / "profile") as page:
        page.goto(form)
        typed(page, "12 Lê Lợi")
        lost: list[str] = []

        def lose(route: Route) -> None:
            """The server does it, and the answer does not arrive; then there is no line at all."""
            if route.request.method == "POST" and not lost:
                lost.append(route.fetch().json()["receipt"])
                page.context.set_offline(True)
                return route.abort()
            return route.continue_()

        page.route(f"**{form}", lose)
        page.click("button[value=save]")
        page.locator(".outbox[data-state=waiting]").wait_for()
        assert lost == [Receipt.objects.get().code]
        page.context.set_offline(False)
        expect(page.locator(".outbox")).to_contain_text(lost[0])
        assert saves() == [(1, "12 Lê Lợi")]
        page.unroute(f"**{form}", lose)
        # The session ends while something is typed; whoever signs in again finds it sent.
        typed(page, "14 Lê Lợi")
        Session.objects.all().delete()
        page.click("button[value=save]")
        page.locator(".outbox[data-state=signed-out]").wait_for()
        assert page.input_value("#f-address") == "14 Lê Lợi"
        desk.sign_in(page.context, "officer")
        page.goto("/officer/")
        until(lambda: Receipt.objects.count() == 2)
        expect(page.locator(".outbox")).to_contain_text(Receipt.objects.latest("at").code)
        assert saves() == [(2, "14 Lê Lợi")]
        # Twice on the button is once.
        page.goto(form)
        typed(page, "16 Lê Lợi")
        page.dblclick("button[value=save]")
        until(lambda: Receipt.objects.count() == 3)
        expect(page.locator(".outbox")).to_contain_text(Receipt.objects.latest("at").code)
        assert saves() == [(3, "16 Lê Lợi")]
        assert not page.locator(OFFER).count()
        # What was refused to the script and then taken from the form is kept no more.
        typed(page, "18 Lê Lợi")

        def refuse(route: Route) -> None:
            if "json" in route.request.headers.get("accept", ""):
                return route.fulfill(status=409, content_type="application/json", body='{"errors": {"": "No"}}')
            return route.continue_()

        page.route(f"**{form}", refuse)
        with page.expect_navigation():
            page.click("button[value=save]")
        until(lambda: Receipt.objects.count() == 4)
        page.goto("/officer/outbox/")
        expect(page.locator("#nothing-kept")).to_be_visible()
        assert saves() == [(4, "18 Lê Lợi")]
