"""An office at work: a fresh demo with its server, worker and mail server, and the browsers of those who come to it."""

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page

from landgis.accounts.actions import DemoPerson
from landgis.operations import demo_people
from tests import databases, factors
from tests.mail.conftest import Post
from tests.serving import SOFT, QuietHandler
from tests.waiting import PATIENCE_MS, PATIENCE_S, until
from tests.workbench.conftest import a_worker

PHONE, DESKTOP = (390, 844), (1440, 900)


@dataclass
class Office:
    """`people` are those of the demo by name; `errors` is what any page has reported."""

    address: str
    post: Post
    people: dict[str, DemoPerson]
    start: Callable[..., Browser]
    contexts: list[BrowserContext] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def browser(self, size: tuple[int, int] = DESKTOP) -> Page:
        """A browser that has never been here; it stays open to the end."""
        width, height = size
        context = self.start(SOFT).new_context(
            base_url=self.address, viewport={"width": width, "height": height}, service_workers="block"
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda one: self.errors.append(one.text) if one.type in ("error", "warning") else None)
        page.on("pageerror", lambda one: self.errors.append(str(one)))
        return page

    def demo_person(self, name: str, size: tuple[int, int] = DESKTOP) -> Page:
        """The browser of somebody of the demo who has signed in."""
        page, person = self.browser(size), self.people[name]
        sign_in(page, name, person.password)
        if person.secret:
            page.fill("#id_code", factors.code_of(person.secret))
            page.get_by_role("button", name="Đăng nhập", exact=True).click()
        page.get_by_role("heading", name="Đợt cập nhật").wait_for()
        return page

    def mail(self, to: str, subject: str) -> str:
        """The text of the mail to that address whose subject has these words, once it has come."""
        found = until(lambda: [one for one in self.post.mails() if one["To"] == to and subject in one["Subject"]])
        return str(found[-1].get_content())

    def links(self, text: str) -> list[str]:
        """The addresses of the office in a mail."""
        return re.findall(rf"{re.escape(self.address)}\S+", text)


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/officer/sign-in/")
    page.fill("#id_login", name)
    page.fill("#id_password", password)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def forged(page: Page, path: str, **said: str) -> int:
    """The status of the answer to a form that no page of the person has: sent by hand, with the cookies of the browser."""
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    sent: dict[str, Any] = {**said, "csrfmiddlewaretoken": cookies["csrftoken"]}
    return page.request.post(path, form=sent, headers={"Referer": page.url}, max_redirects=0).status


@contextmanager
def at_work(template: str, files: Path, state: Path, post: Post, start: Callable[..., Browser]) -> Iterator[Office]:
    """An office on a copy of a world and of its files, with the people of `make demo`."""
    shutil.copytree(files, state / "media")
    with databases.made(template) as name, databases.used(name), ExitStack() as stack:
        kept: dict[str, str] = {}
        people = demo_people.kept_people(lambda name: kept.get(name, ""), kept.__setitem__)
        server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
        server.daemon_threads = True
        server.set_app(get_wsgi_application())
        address = f"http://127.0.0.1:{server.server_port}"
        stack.enter_context(override_settings(PUBLIC_ADDRESS=address))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        mail = {"HOST": "127.0.0.1", "PORT": str(post.port), "TLS": "none", "SENDER": "dat.dai@example.org"}
        variables = {f"LANDGIS_MAIL_{one}": value for one, value in mail.items()}
        with factors.left_to_people(), a_worker(state, LANDGIS_PUBLIC_ADDRESS=address, **variables):
            office = Office(address, post, {one.name: one for one in people}, start)
            yield office
            for context in office.contexts:
                context.close()
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE_S)
