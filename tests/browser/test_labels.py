"""Labels lie inside what they name: on the live map and on the server's pictures."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image
from shapely import Point, unary_union
from shapely.geometry import shape

from landgis.catalog import queries, registry
from landgis.pages.maps import drawn_datasets as on_maps
from tests.browser.conftest import DESKTOP
from tests.browser.pixels import drawn, mask_of
from tests.members import some_of

pytestmark = pytest.mark.browser
EDGE_PX = 4  # the edge of a lot, on both sides of its boundary
LEAST_PX = 40  # of letters
AROUND_PX = 130  # of the middle: farther away stand other things than the map


def narrow_lots() -> tuple[Any, list[Any]]:
    """The middle of a row of lots, and the boundaries of all lots."""
    dataset = registry.get("auction-lots")
    refs = [row["ref"] for row in queries.rows(dataset, limit=500)]
    lies = [shape(feature["geometry"]) for ref in refs if (feature := queries.geojson_feature(dataset, ref))]
    return min(lies, key=lambda one: one.area).representative_point(), lies


def everything_but_lots() -> str:
    return ",".join(one.name for one in on_maps(registry.all_datasets()) if one.name != "auction-lots")


def named_inside(image: Image.Image, middle: Point, zoom: float, lies: list[Any], edge_px: int = EDGE_PX) -> int:
    """How many lots round the middle bear letters, whose rims are as dark as their edges; none reaches over an edge."""
    pixel = 360 / 512 / 2**zoom
    dark = np.asarray(image, dtype=int).max(axis=2) < 70
    around = mask_of(middle.buffer(AROUND_PX * pixel), middle, zoom, image.size)
    outside = ~mask_of(unary_union([lot.buffer(edge_px * pixel) for lot in lies]), middle, zoom, image.size)
    assert (dark & around & outside).sum() == 0
    near = [lot.buffer(-edge_px * pixel) for lot in lies if lot.distance(middle) < AROUND_PX * pixel]
    inside = [mask_of(lot, middle, zoom, image.size) for lot in near if not lot.is_empty]
    return sum(int((dark & one).sum() > LEAST_PX) for one in inside)


@pytest.mark.parametrize(("zoom", "are_named"), some_of([(19, True), (17, False)], every=2))
def test_a_lot_is_named_inside_once_there_is_room(
    visit: Callable[..., Any], world: None, zoom: int, are_named: bool
) -> None:
    middle, lies = narrow_lots()
    with visit(f"/?scene=none&off={everything_but_lots()}#{zoom}/{middle.y}/{middle.x}") as page:
        image = drawn(page)
    still = Client().get(
        "/pictures/still.png",
        {"view": f"{zoom}/{middle.y}/{middle.x}", "size": "600x600", "scene": "none", "layers": "auction-lots"},
    )
    for seen in (image, Image.open(io.BytesIO(still.content)).convert("RGB")):
        found = named_inside(seen, middle, zoom, lies)
        assert (found > 2) is are_named, found


def test_the_lot_that_the_map_is_about_is_named_inside(visit: Callable[..., Any], world: None) -> None:
    """As whoever comes from the page of a lot sees it: its neighbours, and their letters, step back."""
    dataset = registry.get("auction-lots")
    middle, lies = narrow_lots()
    ref = next(
        row["ref"]
        for row in queries.rows(dataset, limit=500)
        if shape(queries.geojson_feature(dataset, row["ref"])["geometry"]).contains(middle)
    )
    address = f"/?scene=none&off={everything_but_lots()}&feature=auction-lots/{ref}#19.5/{middle.y}/{middle.x}"
    with visit(address, DESKTOP) as page:
        page.locator(".card__title").first.wait_for()
        image = drawn(page)
        zoom, latitude, longitude = map(float, page.evaluate("location.hash").removeprefix("#").split("/"))
    assert zoom == 19.5
    assert named_inside(image, Point(longitude, latitude), zoom, lies, 2 * EDGE_PX) == 1
