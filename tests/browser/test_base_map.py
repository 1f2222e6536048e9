"""The office's base map under the features: offered beside the images, drawn alone and over them, credited and kept."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageColor

from landgis.catalog.symbols import LAND, SEA, UNDER_LAND, UNDER_SEA
from landgis.imagery.basemap.actions import AboutArchive, add_base_map
from tests import base_maps
from tests.browser.conftest import COARSE
from tests.browser.pixels import changed, drawn, share_like
from tests.browser.test_map import everything_but

pytestmark = pytest.mark.browser
TOWN = (10.497, 107.17)  # Bà Rịa: latitude, longitude


@pytest.fixture
def base_map(address: str, tmp_path: Path) -> Iterator[None]:
    """A lake round the town, a road through it and a market in it."""
    path = base_maps.over(tmp_path / "ground.pmtiles", TOWN[1], TOWN[0], (12, 13, 14), "Chợ Mới")
    made, _is_new = add_base_map(path, AboutArchive("ground", is_made_up=True), by=None)
    yield
    made.delete()


def test_it_is_chosen_drawn_credited_and_kept_in_the_address(visit: Callable[..., Any], base_map: None) -> None:
    hash_ = f"#14/{TOWN[0]}/{TOWN[1]}"
    off = everything_but("")
    with visit(f"/?off={off}{hash_}", **COARSE) as page:
        over = drawn(page)
        page.get_by_role("radio", name="Bản đồ nền").check()
        page.wait_for_url(f"**scene=map{hash_}")
        alone = drawn(page)
        page.reload()
        again = drawn(page)
        assert page.locator(".scene-badge option:checked").inner_text() == "Bản đồ nền"
        assert "Sample & Co" in page.locator(".maplibregl-ctrl-attrib").inner_text()
        page.get_by_role("radio", name="Không hiển thị ảnh").check()
        page.wait_for_url(f"**scene=none{hash_}")
        bare = drawn(page)
    lake, land = (ImageColor.getrgb(colour) for colour in (SEA, LAND))
    assert share_like(alone, lake, within=3) > 0.1 and share_like(alone, land, within=3) > 0.1
    assert share_like(over, lake, within=3) < 0.01 and share_like(bare, lake, within=3) < 0.01
    assert changed(alone, again).mean() < 0.01
    assert changed(over, alone).mean() > 0.3


def test_round_the_image_lie_land_and_sea(visit: Callable[..., Any], address: str, tmp_path: Path) -> None:
    """From far off, on the live map and on the picture that comes before it: a coast, and not an image in a void."""
    path = base_maps.over(tmp_path / "ground.pmtiles", TOWN[1], TOWN[0], (5,), "Chợ Mới")
    made, _is_new = add_base_map(path, AboutArchive("ground", is_made_up=True), by=None)
    view = f"6/{TOWN[0]}/{TOWN[1]}"
    try:
        with visit(f"/?off={everything_but('')}#{view}", **COARSE) as page:
            live = drawn(page)
            asked = {"view": view, "size": "{}x{}".format(*live.size), "layers": ""}
            body = page.request.get(f"{address}/pictures/still.png", params=asked).body()
    finally:
        made.delete()
    for image in (live, Image.open(io.BytesIO(body)).convert("RGB")):
        for colour in (UNDER_LAND, UNDER_SEA):
            assert share_like(image, ImageColor.getrgb(colour), within=3) > 0.05, colour


@pytest.mark.prove
def test_it_is_there_without_a_connection(visit: Callable[..., Any], base_map: None) -> None:
    path = f"/?scene=map&off={everything_but('')}#14/{TOWN[0]}/{TOWN[1]}"
    offline = {"service_workers": "allow", "may_say": ("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "ERR_FAILED")}
    with visit(path, **offline, **COARSE) as page:
        page.evaluate("() => navigator.serviceWorker.ready")
        page.reload()
        drawn(page)
        page.context.set_offline(True)
        page.reload()
        alone = drawn(page)
        page.context.set_offline(False)
    assert share_like(alone, ImageColor.getrgb(SEA), within=3) > 0.1
