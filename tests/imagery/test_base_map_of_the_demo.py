"""The archive that the demo's program writes: what is on it, and what a telephone pays for it."""

from collections.abc import Iterator
from pathlib import Path

import brotli
import geopandas
import pytest
from django.test import Client

from demo import base_map
from demo.landscape import province
from demo.scene_world import World
from landgis.imagery.basemap.actions import AboutArchive, add_base_map
from landgis.lib.webmap import EQUATOR_M, View
from tests.base_maps import decoded

pytestmark = pytest.mark.prove
PHONE = (390, 844)
FIRST_VIEW, PAN = 120_000, 150_000  # bytes on the line
TOWN, CAPE = (107.168, 10.493), (107.08, 10.36)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, plots: geopandas.GeoDataFrame) -> Path:
    path = tmp_path_factory.mktemp("demo") / "ban_do_nen.pmtiles"
    base_map.write(path, World(province(), plots))
    return path


def tiles_of(view: View) -> Iterator[str]:
    """The addresses that a map asks for when it shows a view."""
    zoom = min(14, int(view.zoom))
    side, (west, south, east, north) = EQUATOR_M / 2**zoom, view.box_3857
    for column in range(int((west + EQUATOR_M / 2) // side), int((east + EQUATOR_M / 2) // side) + 1):
        for row in range(int((EQUATOR_M / 2 - north) // side), int((EQUATOR_M / 2 - south) // side) + 1):
            yield f"/basemap/{zoom}/{column}/{row}.mvt"


def test_a_telephone_gets_any_view_of_it_within_the_budget(client: Client, archive: Path) -> None:
    add_base_map(archive, AboutArchive("demo", attribution="Demo", is_made_up=True), by=None)
    assert archive.stat().st_size < 4_000_000
    for zoom in range(5, 17):
        for longitude, latitude in (TOWN, CAPE):
            bodies = [client.get(url).content for url in tiles_of(View(longitude, latitude, zoom, *PHONE))]
            told = sum(len(brotli.compress(body, quality=5)) for body in bodies if body)
            assert told < min(FIRST_VIEW, PAN), (zoom, longitude, told)


def test_it_has_roads_water_and_landmarks_with_names(client: Client, archive: Path) -> None:
    add_base_map(archive, AboutArchive("demo", attribution="Demo", is_made_up=True), by=None)
    found: dict[str, set[str]] = {}
    for url in tiles_of(View(*TOWN, 14, 800, 800)):
        for layer, features in decoded(client.get(url).content).items():
            found.setdefault(layer, set()).update(one["properties"].get("name", "") for one in features)
    assert {"Quốc lộ 51", "Quốc lộ 56"} <= found["road-names"]
    assert "Sông Dinh" in found["water-names"]
    assert any(name.startswith("Chợ ") for name in found["landmarks"])
    far = decoded(client.get("/basemap/3/6/3.mvt").content)
    assert {one["properties"]["kind"] for one in far["water"]} == {"sea"}
