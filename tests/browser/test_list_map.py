"""The map beside a list moves with it: a row shows what it is about, and what is chosen on the map shows its row."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from shapely.geometry import shape

from landgis.catalog import queries, registry
from landgis.lib.filters import Equals
from tests.browser.conftest import COARSE, DESKTOP, PHONE
from tests.browser.pixels import changed, drawn, pixel, settled

pytestmark = pytest.mark.browser


def lots_of_one() -> list[dict[str, Any]]:
    """The lots of the auction with the most of them, each with a place on it."""
    lots = registry.get("auction-lots")
    codes = [row["auction_code"] for row in queries.rows(lots, fields=("ref", "auction_code"))]
    code = max(sorted(set(codes)), key=codes.count)
    found = queries.rows(lots, Equals("auction_code", code), fields=("ref", "auction_code"))
    rows = [queries.feature(lots, row["ref"]) for row in found]
    return [row for row in rows if row]


def spot(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Where a place lies on the map, which begins with the view of the server's picture; from its upper left corner."""
    source = page.locator(".map__still").get_attribute("src") or ""
    asked = dict(part.split("=") for part in source.partition("?")[2].split("&"))
    zoom, middle_lat, middle_lon = map(float, asked["view"].split("/"))
    box = page.locator(".map__canvas").bounding_box()
    assert box
    width, height = map(int, asked["size"].split("x"))
    zoom += math.log2(max(box["width"] / width, box["height"] / height))
    (x, y), (middle_x, middle_y) = pixel(lon, lat, zoom), pixel(middle_lon, middle_lat, zoom)
    return box["width"] / 2 + x - middle_x, box["height"] / 2 + y - middle_y


def is_in_sight(page: Page, ref: str) -> bool:
    box = page.locator(f"tr[data-ref='{ref}']").bounding_box()
    assert box
    return box["y"] > -1 and box["y"] + box["height"] <= DESKTOP[1] + 1


def test_a_row_and_its_lot_show_each_other(visit: Callable[..., Any], world: None) -> None:
    lots = lots_of_one()
    first, last = lots[0], lots[-1]
    with visit(f"/lots/?auction_code={first['auction_code']}", DESKTOP) as page:
        settled(page)
        expect(page.locator("[data-lit]")).to_have_count(0)
        before = drawn(page)
        page.locator(f"tr[data-ref='{first['ref']}']").hover()
        expect(page.locator("[data-lit]")).to_have_attribute("data-ref", first["ref"])
        settled(page)
        x, y = (round(one) for one in spot(page, first["lon"], first["lat"]))
        lit = changed(before, drawn(page))
        assert lit[max(0, y - 60) : y + 60, max(0, x - 60) : x + 60].sum() > 100
        assert lit.mean() < 0.2, "the map stays where what is shown is in sight"
        # From the map to the row, which is far below.
        page.evaluate("() => window.scrollTo(0, 0)")
        box = page.locator(".map__canvas").bounding_box()
        x, y = spot(page, last["lon"], last["lat"])
        page.mouse.click(box["x"] + x, box["y"] + y)
        expect(page.locator(".card__title").first).to_have_text(last["name"])
        expect(page.locator("[data-lit]")).to_have_attribute("data-ref", last["ref"])
        page.wait_for_function(
            "ref => document.querySelector(`tr[data-ref='${ref}']`).getBoundingClientRect().bottom <= innerHeight + 1",
            arg=last["ref"],
        )
        assert is_in_sight(page, last["ref"])
        page.locator(".card__close").click()
        expect(page.locator(f"[data-lit][data-ref='{last['ref']}']")).to_have_count(0)


@pytest.mark.prove
def test_a_row_is_shown_to_who_pointed_at_it_before_the_map_had_come(visit: Callable[..., Any], world: None) -> None:
    with visit("/lots/", DESKTOP, **COARSE) as page:
        page.locator("tr[data-ref] a").first.focus()
        ref = page.locator("tr[data-ref]").first.get_attribute("data-ref") or ""
        expect(page.locator("[data-lit]")).to_have_attribute("data-ref", ref)


def test_the_auctions_stand_on_a_map_that_names_them(visit: Callable[..., Any], world: None, address: str) -> None:
    """Their lots stand for them: a row outlines all of its auction, and each lot leads to the row."""
    lots = lots_of_one()
    code = lots[0]["auction_code"]
    around = ",".join(str(lots[0][side]) for side in ("west", "south", "east", "north"))
    with visit(f"/auctions/?bbox={around}", DESKTOP) as page:
        settled(page)
        expect(page.locator("tr[data-ref]")).to_have_count(1)
        before = drawn(page)
        page.locator(f"tr[data-ref='{code}']").hover()
        settled(page)
        assert changed(before, drawn(page)).sum() > 200
        feature = queries.geojson_feature(registry.get("auction-lots"), lots[0]["ref"])
        assert feature
        place = shape(feature["geometry"]).representative_point()
        box = page.locator(".map__canvas").bounding_box()
        x, y = spot(page, place.x, place.y)
        page.mouse.click(box["x"] + x, box["y"] + y)
        expect(page.locator(".card__title").first).to_have_text(lots[0]["name"])
        page.mouse.move(5, 5)
        expect(page.locator("[data-lit]")).to_have_attribute("data-ref", code)


@pytest.mark.prove
def test_a_tablet_that_is_turned_shows_the_map_beside_the_list(visit: Callable[..., Any], world: None) -> None:
    with visit("/public-land/", (768, 1024), with_map=False) as page:
        page.wait_for_load_state("networkidle")
        assert not page.locator("#map").is_visible()
        page.set_viewport_size({"width": 1440, "height": 900})
        page.wait_for_function("() => document.querySelector('.map__drawn, .map__still')?.naturalWidth > 0")


def test_the_auctions_begin_with_what_one_can_still_apply_for(visit: Callable[..., Any], world: None) -> None:
    rank = {
        "selling-dossiers": 0,
        "registration-closed": 1,
        "announced-twice": 1,
        "announced": 1,
        "auctioneer-selected": 1,
    }
    rank |= {"decided": 1, "plan-approved": 1, "planned": 1}
    dataset = registry.get("auctions")
    status = {row["ref"]: row["status"] for row in queries.rows(dataset, fields=("ref", "status"))}
    with visit("/auctions/", PHONE, with_map=False) as page:
        refs = page.locator("tr[data-ref]").evaluate_all("rows => rows.map((row) => row.dataset.ref)")
    places = [rank.get(status[ref], 2) for ref in refs]
    assert places == sorted(places) and places[0] == 0


@pytest.mark.parametrize("path", ["/auctions/", "/en/lots/"])
def test_without_scripts_the_picture_of_the_server_stands_beside_the_list(visit: Callable[..., Any], path: str) -> None:
    with visit(path, DESKTOP, java_script_enabled=False) as page:
        picture = page.locator(".map__still")
        expect(picture).to_be_visible()
        box, rows = picture.bounding_box(), page.locator(".list-page__rows").bounding_box()
        assert box and rows and box["x"] >= rows["x"] + rows["width"] and box["width"] > 300
        image = page.request.get(picture.evaluate("image => image.currentSrc"))
        assert image.ok and len(np.frombuffer(image.body(), dtype=np.uint8)) > 5000
