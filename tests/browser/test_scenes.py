"""The satellite images under the map: they are seen, dated, chosen and kept, and the lots lie on them where they are."""

import datetime
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from PIL import Image
from playwright.sync_api import Page, Route, expect
from rasterio.transform import from_origin
from shapely.geometry import shape

from landgis.catalog import queries, registry
from landgis.imagery import basemaps
from landgis.imagery.actions import About, add_scene
from landgis.imagery.models import Scene
from landgis.imagery.queries import concealed
from landgis.lib.webmap import EQUATOR_M, degrees
from tests.browser.conftest import COARSE, PHONE, SIZES
from tests.browser.pixels import TILE, best_shift, changed, drawn, mask_of, pixel, settled, share_like
from tests.browser.test_map import everything_but

pytestmark = pytest.mark.browser
GROUND, BESIDE = (236, 238, 232), (33, 60, 76)
TOWN = (10.497, 107.17)  # Bà Rịa: latitude, longitude
FIELDS = (10.62, 107.33)
OLDER = "11/02/2024"


def badge(page: Page) -> str:
    """What the map says of its picture."""
    chosen = page.locator(".scene-badge option:checked").inner_text()
    facts = page.locator(".scene-badge__about").inner_text().replace("\xa0", " ").strip()
    return f"{chosen} · {facts}" if facts else chosen


@SIZES
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/", "20/02/2026 · dữ liệu minh họa"),
        pytest.param("/en/", "20 Feb 2026 · made-up data", marks=pytest.mark.prove),
    ],
)
def test_the_newest_image_lies_under_the_plots_and_says_its_date(
    visit: Callable[..., Any], path: str, said: str, size: tuple[int, int]
) -> None:
    with visit(f"{path}#14/{TOWN[0]}/{TOWN[1]}", size) as page:
        image = drawn(page)
        about = badge(page)
    assert share_like(image, GROUND, within=4) < 0.02
    assert share_like(image, BESIDE, within=4) < 0.02
    assert np.asarray(image.convert("L")).std() > 12
    date, made_up = said.split(" · ")
    assert date in about
    assert made_up in about


def test_the_image_lies_where_its_tiles_say(visit: Callable[..., Any], address: str) -> None:
    zoom, (latitude, longitude) = 13, TOWN
    off = everything_but("")
    with visit(f"/?off={off}#{zoom}/{latitude}/{longitude}") as page:
        seen = np.asarray(drawn(page), dtype=float)
        scenes = json.loads(page.request.get(f"{address}/imagery/map.json?lang=vi").body())["scenes"]
        middle = np.array(pixel(longitude, latitude, zoom)) + TILE * 2**zoom / 2
        x, y = (int(side // TILE) for side in middle)
        url = scenes[0]["tiles"][0].format(z=zoom, x=x, y=y)
        tile = Image.open(io.BytesIO(page.request.get(address + url).body())).convert("RGB")
    left, top = (
        round(side / 2 - inside) for side, inside in zip(seen.shape[1::-1], middle - (x * TILE, y * TILE), strict=True)
    )
    part = np.asarray(tile, dtype=float)[160:352, 160:352]
    away = {
        (dx, dy): np.abs(seen[top + dy + 160 : top + dy + 352, left + dx + 160 : left + dx + 352] - part).mean()
        for dx in range(-4, 5)
        for dy in range(-4, 5)
    }
    best = min(away, key=away.__getitem__)
    assert max(map(abs, best)) <= 1
    assert away[best] < 8


def test_another_scene_changes_pixels_date_and_address_and_is_kept(visit: Callable[..., Any]) -> None:
    with visit(f"/#13/{FIELDS[0]}/{FIELDS[1]}", **COARSE) as page:
        newest = drawn(page)
        page.get_by_role("radio", name=OLDER).check()
        page.wait_for_url("**/?scene=2024-02#**")
        older = drawn(page)
        assert badge(page).startswith(OLDER)
        page.reload()
        again = drawn(page)
        assert badge(page).startswith(OLDER)
        page.get_by_role("radio", name="Không hiển thị ảnh").check()
        page.wait_for_url("**/?scene=none#**")
        bare = drawn(page)
        # The language is changed on the spot, with all that was chosen.
        page.locator(".site-header a[hreflang=en]").click()
        page.wait_for_url("**/en/?scene=none#13/**")
    assert changed(newest, older, by=12).mean() > 0.05
    assert changed(older, again, by=12).mean() < 0.01
    assert share_like(bare, GROUND, within=6) > 0.2


@pytest.mark.prove  # as the link that is shared and the scene that is chosen are
def test_what_is_switched_off_is_kept_in_the_address(visit: Callable[..., Any]) -> None:
    with visit("/", **COARSE) as page:
        settled(page)
        page.locator("[data-layer=planning-zones]").uncheck()
        page.wait_for_url("**/?off=planning-zones**")
        settled(page)
        page.reload()
        settled(page)
        assert not page.locator("[data-layer=planning-zones]").is_checked()
        assert page.locator("[data-layer=auction-lots]").is_checked()


def largest_lot() -> tuple[str, Any]:
    lots = registry.get("auction-lots")
    ref = max(queries.rows(lots), key=lambda row: row["area_legal_m2"])["ref"]
    feature = queries.geojson_feature(lots, ref)
    assert feature is not None
    return ref, shape(feature["geometry"])


def test_a_lot_is_drawn_over_the_image_where_it_lies(visit: Callable[..., Any], world: None) -> None:
    """What the lots add to the ground is the edge computed from their coordinates, within 2 pixels, and no fill."""
    _ref, outline = largest_lot()
    zoom, middle = 17, outline.centroid
    view = f"#{zoom}/{middle.y}/{middle.x}"
    with visit(f"/?off={everything_but('auction-lots')}{view}") as page:
        with_lots = drawn(page)
    with visit(f"/?off={everything_but('')}{view}") as page:
        without = drawn(page)

    def band(pixels: float) -> np.ndarray:
        """The ground that is nearer to the boundary."""
        beside = pixels * 360 / 512 / 2**zoom
        wide, narrow = (mask_of(outline.buffer(side), middle, zoom, with_lots.size) for side in (beside, -beside))
        return wide & ~narrow

    shift, score = best_shift(band(3), changed(with_lots, without, by=12), band(8))
    assert band(3).sum() > 1000
    assert score > 0.75
    assert max(map(abs, shift)) <= 2


@pytest.mark.parametrize("path", ["/lots/", pytest.param("/en/lots/", marks=pytest.mark.prove)])
@pytest.mark.parametrize("scripts", [True, False])
def test_the_first_screen_of_a_lot_shows_its_headline_and_its_image(
    visit: Callable[..., Any], world: None, path: str, scripts: bool
) -> None:
    ref, _outline = largest_lot()
    with visit(f"{path}{ref}/", PHONE, java_script_enabled=scripts) as page:
        if scripts:
            settled(page)
        headline = page.locator(".headline").bounding_box()
        box = page.locator("#map").bounding_box()
        image = Image.open(io.BytesIO(page.locator("#map").screenshot())).convert("L")
        page.evaluate("() => window.scrollTo(0, 0)")
    assert headline["y"] + headline["height"] <= PHONE[1]
    assert box["y"] + box["height"] <= PHONE[1] + 40
    assert np.asarray(image).std() > 12


def test_without_webgl_a_lot_still_has_its_outlined_image(visit: Callable[..., Any], world: None) -> None:
    ref, _outline = largest_lot()
    with visit(f"/lots/{ref}/", PHONE, arguments=("--disable-3d-apis",)) as page:
        page.locator(".map--failed").wait_for()
        assert page.evaluate("() => document.querySelector('.map__picture').naturalWidth") == 720


# The short legend lies over the map where a layer is shown.
NO_LEGEND = "() => document.querySelector('.map__corner').remove()"


@pytest.mark.prove
def test_made_up_features_are_not_drawn_over_a_real_base_map(visit: Callable[..., Any], address: str) -> None:
    """The same tiles, under the name of a real map of others."""
    name = next(iter(basemaps.by_name()))

    def with_basemap(route: Route) -> None:
        content = route.fetch().json()
        content["basemaps"] = [
            {
                **content["scenes"][0],
                "name": name,
                "title": "Real map",
                "acquired": "",
                "is_real": True,
                "is_made_up": False,
            }
        ]
        route.fulfill(json=content)

    with visit("/offline", **COARSE) as page:
        page.route("**/imagery/map.json**", with_basemap)
        page.goto(f"{address}/?scene={name}#14/{TOWN[0]}/{TOWN[1]}")
        page.evaluate(NO_LEGEND)
        over_real = drawn(page)
        note = page.locator(".map__note").inner_text()
        page.goto(f"{address}/?off={everything_but('')}#14/{TOWN[0]}/{TOWN[1]}")
        page.evaluate(NO_LEGEND)
        nothing = drawn(page)
    assert "không được vẽ" in note
    # Away from the notes at the edges, which say different things.
    middle = changed(over_real, nothing)[75:-75, 75:-75]
    assert middle.size > 50_000
    assert middle.mean() < 0.001


@pytest.mark.parametrize(("path", "mark"), [("/", ","), pytest.param("/en/", ".", marks=pytest.mark.prove)])
def test_the_card_of_a_lot_writes_figures_as_its_language_does(
    visit: Callable[..., Any], world: None, path: str, mark: str
) -> None:
    """Decimals travel in tiles as text, and are numbers all the same."""
    ref, outline = largest_lot()
    middle = outline.representative_point()
    with visit(f"{path}?off={everything_but('auction-lots')}#18/{middle.y}/{middle.x}", **COARSE) as page:
        settled(page)
        box = page.locator(".map__canvas").bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        item = page.locator(".card__item", has=page.locator(f".card__title[href$='{ref}/']"))
        item.wait_for()
        [area] = [text for text in item.locator("dd").all_inner_texts() if text.endswith("m²")]
    lot = queries.feature(registry.get("auction-lots"), ref)
    assert lot is not None
    digits = area.removesuffix(" m²")
    assert float(digits.translate(str.maketrans({",": "", ".": ""} | {mark: "."}))) == float(lot["area_legal_m2"])
    assert digits.count(mark) == (lot["area_legal_m2"] % 1 != 0)


@pytest.fixture
def field(address: str, tmp_path: Path) -> Iterator[None]:
    """An image of 0.8 km² of some fields, of a later day than the others."""
    profile = {"driver": "GTiff", "count": 3, "dtype": "uint8", "width": 400, "height": 400, "crs": "EPSG:4326"}
    to_place = from_origin(FIELDS[1] - 0.004, FIELDS[0] + 0.004, 2e-5, 2e-5)
    with rasterio.open(tmp_path / "field.tif", "w", transform=to_place, **profile) as image:
        image.write(np.full((3, 400, 400), 200, "uint8"))
    add_scene(tmp_path / "field.tif", About("field", datetime.date(2026, 3, 1), "Test", "CC0-1.0", "Test"), by=None)
    yield
    Scene.objects.filter(name="field").delete()


@pytest.mark.parametrize(
    ("path", "new", "old", "older"),
    [
        ("/", "01/03/2026", "20/02/2026", OLDER),
        pytest.param("/en/", "1 Mar 2026", "20 Feb 2026", "11 Feb 2024", marks=pytest.mark.prove),
    ],
)
def test_the_badge_tells_the_days_that_are_seen_in_the_view(
    visit: Callable[..., Any], field: None, path: str, new: str, old: str, older: str
) -> None:
    """In a small newer image, beside it, and over its edge; what is offered differs there, too."""

    def choices() -> list[str]:
        return page.locator(".scene-badge option").all_inner_texts()[:-1]

    with visit(f"{path}#17/{FIELDS[0]}/{FIELDS[1]}", **COARSE) as page:
        chosen = page.locator(".scene-badge option:checked")
        expect(chosen).to_have_text(new)
        assert choices() == [new, old, older]
        assert "2.2" in badge(page).replace(",", ".")
        page.evaluate(f"() => window.location.hash = '#15/{TOWN[0]}/{TOWN[1]}'")
        expect(chosen).to_have_text(old)
        assert choices() == [old, older]
        radios = page.locator("#scenes label:visible")
        assert [re.search(r"\d.*", text) is not None for text in radios.all_inner_texts()] == [True, True, False]
        page.evaluate(f"() => window.location.hash = '#14/{FIELDS[0]}/{FIELDS[1]}'")
        expect(chosen).to_have_text(f"{new}, {old}")
        assert choices() == [f"{new}, {old}", old, older]
        sharpness = badge(page).partition(" · ")[2].partition(" · ")[0]
        assert re.match(r"40 m\b", sharpness), sharpness  # the coarsest in view: so sharp it is everywhere
        assert np.abs(np.asarray(drawn(page), dtype=int) - 200).max(axis=2).min() < 12


def test_withheld_ground_says_so_where_it_is_asked(visit: Callable[..., Any], world: None) -> None:
    half = EQUATOR_M / 2
    west, south, east, north = concealed((-half, -half, half, half))[0]
    longitude, latitude = degrees((west + east) / 2, (south + north) / 2)
    with visit(f"/#17/{latitude}/{longitude}", **COARSE) as page:
        settled(page)
        page.locator(".maplibregl-canvas").press("Enter")
        page.locator(".card__note", has_text="không hiển thị mặt đất tại đây").wait_for()
        page.get_by_role("radio", name="Không hiển thị ảnh").check()
        settled(page)
        page.locator(".maplibregl-canvas").press("Enter")
        page.locator(".card[aria-labelledby=card-title]").wait_for()
        assert page.locator(".card__note", has_text="không hiển thị mặt đất tại đây").count() == 0
