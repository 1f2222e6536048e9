"""Installed and without a connection: what was read is there, what was not says so; nothing comes from elsewhere."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from landgis.catalog import queries, registry
from landgis.catalog.filters import from_query
from tests.browser.conftest import COARSE, DESKTOP, PHONE
from tests.browser.pixels import settled

pytestmark = pytest.mark.browser


def kept(page: Page) -> None:
    """Waits until the worker holds the page and those that belong to it."""
    page.evaluate("() => navigator.serviceWorker.ready")
    here = "async () => (await (await caches.open('pages')).keys()).some(({ url }) => url === location.href)"
    page.wait_for_function(here)


def test_the_last_place_seen_is_read_without_a_connection(visit: Callable[..., Any], world: None, address: str) -> None:
    place = registry.get("admin-units")
    of_today = queries.rows(place, from_query(place, {}))
    ref = next(row["ref"] for row in of_today if row["name"] == "Phường Bà Rịa")
    offline = {"service_workers": "allow", "may_say": ("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "ERR_FAILED")}
    with visit(f"/{place.path}/{ref}/", PHONE, **offline) as page:
        settled(page)
        kept(page)
        lists = "async () => (await (await caches.open('pages')).keys()).filter(({ url }) => url.includes('/?')).length"
        page.wait_for_function(f"{lists.replace('.length', '.length > 1')}")
        facts = page.locator("main h1").inner_text()
        link = page.locator('main a[href*="/public-land/?"]').first.get_attribute("href")
        page.context.set_offline(True)
        page.reload()
        assert page.locator("main h1").inner_text() == facts
        page.locator(".offline-note").wait_for()
        assert page.evaluate("() => getComputedStyle(document.querySelector('h1')).fontFamily").startswith(
            '"Be Vietnam'
        )
        page.goto(address + link)
        assert page.locator("table.rows tr[data-ref]").count() > 0
        page.goto(f"{address}/lots/?status=never-read")
        page.locator("#kept-pages a").first.wait_for()
        assert facts in page.locator("#kept-pages").inner_text()
        page.context.set_offline(False)


def test_a_device_that_has_kept_nothing_says_only_that(visit: Callable[..., Any]) -> None:
    with visit("/offline", PHONE, with_map=False) as page:
        page.locator("#nothing-kept").wait_for()
        assert not page.locator("#some-kept").is_visible()


def test_what_is_kept_is_asked_anew_while_there_is_a_connection(visit: Callable[..., Any]) -> None:
    with visit("/public-land/", PHONE, service_workers="allow") as page:
        kept(page)
        asked = []
        page.context.on("request", lambda request: asked.append(request.url))
        page.reload()
        assert any(url.endswith("/public-land/") for url in asked)
        assert not page.locator(".offline-note").is_visible()


def test_the_site_can_be_installed(visit: Callable[..., Any], address: str) -> None:
    with visit("/", PHONE, with_map=False) as page:
        href = page.locator("link[rel=manifest]").get_attribute("href")
        manifest = page.request.get(address + href).json()
        assert manifest["start_url"] == "/" and manifest["display"] == "standalone"
        for icon in manifest["icons"]:
            answer = page.request.get(address + icon["src"])
            assert answer.ok and answer.headers["content-type"] == icon["type"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        *(
            pytest.param(path, marks=pytest.mark.prove)
            for path in ("/en/", "/public-land/", "/embed", "/search?q=long")
        ),
    ],
)
def test_nothing_is_asked_of_others(visit: Callable[..., Any], path: str, address: str) -> None:
    hosts: set[str] = set()
    with visit("/offline", may_say=()) as page:
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.goto(address + path)
        if page.locator("#map").count():
            settled(page)
    assert hosts - {""} == {urlsplit(address).netloc}


def test_what_was_chosen_on_the_map_is_there_without_a_connection(visit: Callable[..., Any], world: None) -> None:
    away = ("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "ERR_FAILED")
    with visit("/", DESKTOP, service_workers="allow", may_say=away, **COARSE) as page:
        settled(page)
        kept(page)
        page.locator('.legend [data-choice="status=won"]').click()
        page.wait_for_url("**status=won**")
        said = page.locator(".map__said [role=status]").inner_text()
        assert " trong " in said
        kept(page)
        page.context.set_offline(True)
        page.reload()
        assert page.locator(".map__said [role=status]").inner_text() == said
        page.context.set_offline(False)
