"""What the pills say is whole on the first view, explained beside them, and heard by who does not see them."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from landgis.catalog import pill_words, registry
from landgis.catalog.clusters import clusters
from landgis.lib.webmap import View, degrees, parse_view
from landgis.pictures.pills import pill_box
from tests.browser.conftest import COARSE, DESKTOP, PHONE
from tests.browser.pixels import settled
from tests.members import some_of

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("world")]


@pytest.mark.parametrize(
    ("path", "size"),
    some_of(
        [*(("/", (width, 844)) for width in (320, 360, 390, 430)), ("/lots/", DESKTOP), ("/en/auctions/", DESKTOP)],
        every=2,
    ),
)
def test_no_pill_is_cut_on_the_first_view(visit: Callable[..., Any], path: str, size: tuple[int, int]) -> None:
    lots = registry.get("auction-lots")
    with visit(path, size, **COARSE) as page:  # the live map is not waited for
        page.wait_for_function("() => document.querySelector('.map__still').naturalWidth > 0")
        box = page.locator(".map__canvas").bounding_box()
        assert box is not None
        size = round(box["width"]), round(box["height"])
        # The picture that came with the page covers the frame.
        still = page.locator(".map__still")
        asked, width, height = (
            still.evaluate(f"image => {of}") for of in ("image.currentSrc", "image.naturalWidth", "image.naturalHeight")
        )
    text = parse_qs(urlsplit(asked).query)["view"][0]
    plain = parse_view(text, *size)
    view = replace(plain, zoom=plain.zoom + math.log2(max(size[0] / width, size[1] / height)))
    boxes = [
        pill_box(pill_words.said(lots, one), view.pixel(one.x, one.y), 1) for one in clusters(lots, int(view.zoom))
    ]
    seen = [box for box in boxes if box[2] > 0 and box[0] < view.width and 0 < box[3] < view.height]
    assert seen
    assert all(left >= 0 and right <= view.width for left, _top, right, _bottom in seen)


def is_seen(at: tuple[float, float], view: View) -> bool:
    return 0 < at[0] < view.width and 0 < at[1] < view.height


def test_what_the_pills_say_is_heard(visit: Callable[..., Any]) -> None:
    """As the server writes them, with the auction to which all lots of a pill belong."""
    lots = registry.get("auction-lots")
    named = (one for zoom in range(9, 15) for one in clusters(lots, zoom) if one.together and one.number > 1)
    middle = next(named)
    zoom, (longitude, latitude) = middle.opens - 1, degrees(middle.x, middle.y)
    with visit(f"/#{zoom}/{latitude}/{longitude}", DESKTOP, **COARSE) as page:
        heard = page.locator(".map > .visually-hidden[role=status]")
        box = page.locator(".map__canvas").bounding_box()
        view = View(longitude, latitude, zoom, round(box["width"]), round(box["height"]))
        said = [pill_words.said(lots, one) for one in clusters(lots, zoom) if is_seen(view.pixel(one.x, one.y), view)]
        assert any("\n" in words for words in said)
        # One sentence: a largest of what is new, and how many others there are.
        first = "|".join(re.escape(one.replace("\n", ", ")) for one in said if one.split()[0] == said[0].split()[0])
        expect(heard).to_have_text(re.compile(rf"^({first})(; nhóm khác trên bản đồ: \d+)?$"))
        page.locator('[data-lead="parcels"]').click()
        expect(heard).to_contain_text("thửa đất")
        expect(page.locator('[data-key="parcels"]')).to_be_visible()
        expect(page.locator('[data-key="parcels"] [data-ground]')).to_be_visible()
        expect(page.locator('[data-key="auction-lots"]')).to_be_hidden()


@pytest.mark.prove
def test_the_short_legend_goes_where_nothing_of_it_is_drawn(visit: Callable[..., Any]) -> None:
    lots = registry.get("auction-lots")
    longitude, latitude = degrees(clusters(lots, 12)[0].x, clusters(lots, 12)[0].y)
    with visit("/#12/9.5/108.9", DESKTOP, **COARSE) as page:
        key = page.locator('[data-key="auction-lots"]')
        expect(key).to_be_hidden()
        page.evaluate(f"location.hash = '#12/{latitude}/{longitude}'")
        expect(key).to_be_visible()
        expect(key.locator("[data-numbers]")).to_be_visible()
        page.evaluate(f"location.hash = '#17/{latitude}/{longitude}'")
        expect(key.locator("[data-numbers]")).to_be_hidden()


def test_the_short_legend_is_one_line_on_a_phone_and_covers_nothing(visit: Callable[..., Any]) -> None:
    with visit("/", PHONE, **COARSE) as page:
        settled(page)
        key = page.locator('[data-key="auction-lots"]')
        closed = key.bounding_box()
        assert closed["height"] < 44
        key.locator("summary").click()
        page.locator('.map__key [data-choice="status=won"]').click()
        expect(page.locator(".map__said [role=status]")).to_contain_text(" trong ")
        corner = page.locator(".map__corner").bounding_box()
        for other in (".maplibregl-ctrl-group:visible", ".inset:visible", ".scene-badge", ".panel"):
            for one in page.locator(other).all():
                box = one.bounding_box()
                across = corner["x"] < box["x"] + box["width"] and box["x"] < corner["x"] + corner["width"]
                down = corner["y"] < box["y"] + box["height"] and box["y"] < corner["y"] + corner["height"]
                assert not (across and down), other
