"""Rows chosen from the legend: the map shows them at once, says what it leaves out, and nothing is loaded anew."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from landgis.catalog import queries, registry
from landgis.catalog.filters import from_query
from tests.browser.conftest import COARSE, DESKTOP, PHONE
from tests.browser.pixels import changed, drawn, settled
from tests.browser.test_map import everything_but

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("world")]
SAID = ".map__said [role=status]"


def sentence(**chosen: str) -> str:
    lots = registry.get("auction-lots")
    some, everything = (queries.count(lots, from_query(lots, query)) for query in (chosen, {}))
    assert 0 < some < everything
    return f"{some} trong {everything} lô đất"


def choose(page: Page, status: str) -> None:
    page.locator(f'.legend [data-choice="status={status}"]').click()


def test_the_map_shows_what_is_chosen_and_says_what_it_leaves_out(visit: Callable[..., Any]) -> None:
    start = f"/?scene=none&off={everything_but('auction-lots')}#9/10.5/107.17"
    with visit(start, DESKTOP, **COARSE) as page:
        everything = drawn(page)
        page.evaluate("() => { window.stayed = true; }")
        choose(page, "won")
        expect(page.locator(SAID)).to_have_text(sentence(status="won"))
        assert "status=won" in page.url and page.url.endswith("#9/10.5/107.17") and "scene=none" in page.url
        some = drawn(page)
        assert changed(everything, some).mean() > 0.002
        page.go_back()
        expect(page.locator(SAID)).to_have_text("")
        page.go_forward()
        expect(page.locator(SAID)).to_have_text(sentence(status="won"))
        assert page.evaluate("() => window.stayed")
        language = page.locator(".site-header__language")
        language.hover()
        assert "status=won" in (language.get_attribute("href") or "")
        page.reload()
        assert changed(drawn(page), some).mean() < 0.001
        page.locator(".map__said a").click()
        expect(page.locator(SAID)).to_have_text("")
        assert "status" not in page.url and "scene=none" in page.url
        assert page.locator(".chip").count() == 0


@pytest.mark.prove
def test_two_colours_in_a_hurry_are_both_chosen(visit: Callable[..., Any]) -> None:
    with visit("/", DESKTOP, **COARSE) as page:
        page.locator("#map[data-ready]").wait_for()
        link = page.locator('.legend [data-choice="status=won"]')
        link.focus()
        page.evaluate(
            """() => ["won", "failed", "won"].forEach((code) => document.querySelector(`[data-choice="status=${code}"]`).click())"""
        )
        expect(page.locator(SAID)).to_have_text(sentence(status="failed"))
        page.wait_for_url("**status=failed**")
        expect(link).to_be_focused()
        assert "status=won" not in page.url


@pytest.mark.prove
def test_an_open_card_stays_unless_its_lot_is_left_out(visit: Callable[..., Any]) -> None:
    lots = registry.get("auction-lots")
    lot = queries.rows(lots, from_query(lots, {"status": "won"}), limit=1)[0]
    with visit(f"/?feature=auction-lots/{lot['ref']}", DESKTOP, **COARSE) as page:
        card = page.locator(".card:not(.tools)")
        expect(card.locator(".card__title").first).to_have_text(lot["name"])
        settled(page)
        choose(page, "won")
        expect(page.locator(SAID)).to_have_text(sentence(status="won"))
        expect(card).to_be_visible()
        choose(page, "failed")
        page.wait_for_url("**status=failed**")
        choose(page, "won")
        expect(page.locator(SAID)).to_have_text(sentence(status="failed"))
        expect(card).to_be_hidden()
        assert "feature=" not in page.url


def test_without_scripts_the_link_leads_to_the_same(visit: Callable[..., Any]) -> None:
    with visit("/", PHONE, java_script_enabled=False) as page:
        page.locator('.legend [data-choice="status=won"]').click()
        expect(page.locator(SAID)).to_have_text(sentence(status="won"))
