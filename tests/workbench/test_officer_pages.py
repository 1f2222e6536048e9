"""The officers' pages as they are looked at: no rule of accessibility broken, nothing wider than a telephone, and small."""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.test import Client, override_settings
from playwright.sync_api import Browser, Page

from landgis.accounts.models import User
from tests import databases
from tests.browser.test_first_view import before_load, total
from tests.serving import SOFT, QuietHandler
from tests.waiting import PATIENCE_MS, PATIENCE_S
from tests.workbench import desk_story

pytestmark = pytest.mark.browser
PHONE, DESKTOP = (390, 844), (1440, 900)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
KB = 1000


@pytest.fixture
def own_world(pictured: tuple[str, Path], tmp_path: Path, django_db_blocker: Any) -> Iterator[str]:
    """With scenes."""
    template, files = pictured
    media = Path(shutil.copytree(files, tmp_path / "media"))
    with (
        django_db_blocker.unblock(),
        databases.made(template) as name,
        databases.used(name),
        override_settings(MEDIA_ROOT=media),
    ):
        yield name


@dataclass(frozen=True)
class Desk:
    """The pages of the story by whose they are, and browsers in which these people have signed in."""

    address: str
    pages: dict[str, list[str]]
    browser: Callable[[str, tuple[int, int]], Page]


@pytest.fixture
def desk(
    local: dict[str, User],
    units: list[str],
    signed_in: Callable[[str], Client],
    chromium: Callable[..., Browser],
) -> Iterator[Desk]:
    pages = desk_story.tell(signed_in, local, units)
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address, contexts = f"http://127.0.0.1:{server.server_port}", []

    def browser(name: str, size: tuple[int, int]) -> Page:
        width, height = size
        context = chromium(SOFT).new_context(
            base_url=address, viewport={"width": width, "height": height}, service_workers="block", bypass_csp=True
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        if name:
            session = signed_in(name).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
        return context.new_page()

    yield Desk(address, pages, browser)
    for context in contexts:
        context.close()
    server.shutdown()
    server.server_close()
    thread.join(PATIENCE_S)


def faults(page: Page) -> list[str]:
    """The rules that a page breaks, and that it is wider than the screen."""
    found = Axe().run(page, options=RULES).response["violations"]
    told = [f"{page.url} {one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
    is_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [*told, *([f"{page.url} is too wide"] if is_wide else [])]


def broken(desk: Desk, wanted: dict[str, list[tuple[int, int]]]) -> list[str]:
    """The faults of all pages, by language in sizes."""
    found = []
    for language, size in [(language, size) for language, sizes in wanted.items() for size in sizes]:
        for name, paths in desk.pages.items():
            page = desk.browser(name, size)
            for path in paths:
                answer = page.goto(f"{language}/officer/{path}")
                assert answer and answer.status in (200, 410), path
                page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
                found += faults(page)
            page.context.close()
    return found


# Bytes over the line and requests of the pages of a kind on a cold cache; at 4 Mbit/s 500 kB are a second.
WEIGHTS = dict.fromkeys(("", "edit", "split", "merge", "history", "people"), (70 * KB, 7))


def heavy(desk: Desk) -> list[tuple[str, int, int]]:
    """The pages that weigh more, with bytes and requests."""
    weighed = []
    for name, path in [(name, path) for name, paths in desk.pages.items() for path in paths if name]:
        most, requests = WEIGHTS.get(path.partition("/")[0], (0, 0))
        if not most:
            continue
        page = desk.browser(name, PHONE)
        page.goto(f"/officer/{path}")
        found = before_load(page)
        if total(found) > most or len(found) > requests:
            weighed.append((path, total(found), len(found)))
        page.context.close()
    return weighed


# The story is long: what is looked at of it is looked at in one test.
@pytest.mark.prove
def test_pages_of_the_desk_break_no_rule_on_a_telephone_and_are_small(desk: Desk) -> None:
    assert (broken(desk, {"": [PHONE]}), heavy(desk)) == ([], [])


@pytest.mark.prove
def test_no_page_of_the_desk_breaks_a_rule_on_a_desk_and_in_english(desk: Desk) -> None:
    assert broken(desk, {"": [DESKTOP], "/en": [PHONE, DESKTOP]}) == []
