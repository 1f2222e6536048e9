"""The notebooks run on the committed world, answer what the rows say, and their map needs no network."""

import ast
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page
from shapely.geometry import shape

from landgis import env
from landgis.catalog import queries, registry
from landgis.lib.filters import Within
from tests.browser.pixels import changed, overlap
from tests.waiting import PATIENCE_S

FOLDER = env.BASE_DIR / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
PRICE = FOLDER / "01_price_per_m2.ipynb"
GREY = (221, 221, 221)  # of Leaflet where nothing is drawn


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells
    assert [cell.outputs for cell in cells] == [[]] * len(cells)
    assert {cell.execution_count for cell in cells} == {None}
    assert path.name[:3] == f"{NOTEBOOKS.index(path) + 1:02d}_"
    assert [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])] == [cells[0]]


def ran(path: Path, folder: Path, **parameters: Any) -> nbformat.NotebookNode:
    """The notebook after all its cells ran in a folder, its parameters replaced, as papermill does."""
    notebook = nbformat.read(path, as_version=4)
    place = next(n for n, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", []))
    given = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(given))
    notebook.cells.append(nbformat.v4.new_code_cell("print(result)"))
    NotebookClient(notebook, timeout=PATIENCE_S, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook


@pytest.fixture(scope="module")
def answered(address: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[nbformat.NotebookNode, dict, Path]:
    """The notebook, its result, and the map it saved."""
    folder = tmp_path_factory.mktemp("notebook")
    notebook = ran(PRICE, folder, SOURCE=address, MAP_FILE="map.html")
    return notebook, ast.literal_eval(notebook.cells[-1].outputs[0].text), folder / "map.html"


def test_the_answer_is_that_of_the_rows(answered: tuple) -> None:
    _notebook, result, _map = answered
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in queries.rows(registry.get("auction-lots")):
        if row["land_use"] in ("ONT", "ODT") and row["starting_price_vnd"] is not None:
            sums[row["commune_name"]][0] += row["starting_price_vnd"]
            sums[row["commune_name"]][1] += row["area_legal_m2"]
    prices = {commune: price / area for commune, (price, area) in sums.items()}
    dearest = max(prices, key=prices.__getitem__)
    assert result["commune"] == dearest
    assert result["price_per_m2"] == pytest.approx(float(prices[dearest]), rel=1e-9)
    assert len(prices) > 3
    lots = queries.rows(registry.get("auction-lots"))
    of_it = {row["ref"] for row in lots if row["commune_name"] == dearest and row["land_use"] in ("ONT", "ODT")}
    assert set(result["lots"]) == of_it
    assert result["parcels"] == queries.count(registry.get("parcels"), Within(*result["box"]))


def test_the_readers_are_told_in_vietnamese_that_it_is_made_up(answered: tuple) -> None:
    notebook, result, _saved = answered
    shown = json.dumps([cell.get("outputs", []) for cell in notebook.cells], ensure_ascii=False)
    assert "Dữ liệu minh họa, không phải dữ liệu thật" in shown
    assert "giá khởi điểm (đ)" in shown
    assert result["commune"] in shown


# The map


@contextmanager
def opened(file: Path, chromium: Callable[..., Browser]) -> Iterator[Page]:
    """The saved file in a browser without a network; whatever it asks for beyond itself fails the test."""
    context = chromium().new_context(viewport={"width": 1000, "height": 700}, offline=True)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(file.as_uri(), wait_until="load")
    page.wait_for_function("() => [...document.images].every((image) => image.complete)")
    page.wait_for_timeout(500)
    try:
        yield page
    finally:
        context.close()
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    assert said == []


def looked_at(page: Page, without: str = "") -> Image.Image:
    """The pixels of the map, its controls and what is named left out."""
    hidden = page.add_style_tag(content=f".leaflet-control-container{without and f', {without}'} {{ display: none }}")
    picture = page.locator(".folium-map").screenshot()
    hidden.evaluate("(element) => element.remove()")
    return Image.open(io.BytesIO(picture)).convert("RGB")


LOTS, SCENE = ".leaflet-overlay-pane svg", ".leaflet-image-layer"
PLACES = """(points) => {
  const map = window[Object.keys(window).find((name) => name.startsWith("map_"))];
  return points.map(([x, y]) => { const at = map.latLngToContainerPoint([y, x]); return [at.x, at.y]; });
}"""


def test_the_saved_map_draws_scene_and_lots_without_a_network(
    answered: tuple, chromium: Callable[..., Browser]
) -> None:
    _notebook, result, saved = answered
    with opened(saved, chromium) as page:
        whole, without_lots = looked_at(page), looked_at(page, LOTS)
        nothing = looked_at(page, f"{LOTS}, {SCENE}")
        told = page.locator(".leaflet-control-layers").inner_text() + page.locator(".leaflet-control-attribution").inner_text()
        areas = [
            [page.evaluate(PLACES, [list(point[:2]) for point in part.exterior.coords]) for part in area.geoms]
            for area in map(_area, result["lots"])
        ]
    assert "Ảnh vệ tinh 20/02/2026" in told and "dữ liệu minh họa" in told and "Lô đất đấu giá" in told
    assert (np.asarray(nothing) == GREY).all()
    assert changed(without_lots, nothing).mean() > 0.9  # the scene lies under everything that is seen
    assert np.asarray(without_lots.convert("L")).std() > 8
    wanted = Image.new("1", whole.size)
    for area in areas:
        for ring in area:
            ImageDraw.Draw(wanted).polygon([tuple(point) for point in ring], fill=1, outline=1)
    seen, lots = changed(whole, without_lots, by=4), np.asarray(wanted)
    assert lots.sum() > 100
    assert (seen & lots).sum() > 0.75 * lots.sum()
    if result["parcels"]:
        assert (seen & ~lots).sum() > lots.sum()  # the boundaries of the parcels round them
    else:
        assert overlap(seen, lots) > 0.3


def _area(ref: str) -> Any:
    found = queries.geojson_feature(registry.get("auction-lots"), ref)
    assert found
    return shape(found["geometry"])


def test_the_scene_in_the_map_is_that_of_the_server(
    answered: tuple, address: str, chromium: Callable[..., Browser]
) -> None:
    """At places all over the map: the colour of the saved picture is that of the server's own tile there."""
    from landgis.analysis.scenes import _tile_at, scenes
    from landgis.analysis.server import Server

    _notebook, result, saved = answered
    [scene, *_older] = scenes(Server(address), "vi")
    zoom = scene.told["maxzoom"]
    west, south, east, north = result["box"]
    points = [
        (west + (east - west) * (0.1 + 0.2 * column), south + (north - south) * (0.1 + 0.2 * row))
        for column in range(5)
        for row in range(5)
    ]
    with opened(saved, chromium) as page:
        picture = np.asarray(looked_at(page, LOTS), dtype=int)
        places = page.evaluate(PLACES, [list(point) for point in points])
    differences = []
    for (longitude, latitude), (x, y) in zip(points, places, strict=True):
        tile = _tile_at(longitude, latitude, zoom)
        body = Server(address).get(scene.told["tiles"][0].format(z=zoom, x=tile[0], y=tile[1]))
        image = np.asarray(Image.open(io.BytesIO(body)).convert("RGB"), dtype=int)
        column, row = (int(side % 512) for side in _pixel(longitude, latitude, zoom))
        there = image[max(row - 2, 0) : row + 3, max(column - 2, 0) : column + 3].mean(axis=(0, 1))
        here = picture[int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3].mean(axis=(0, 1))
        differences.append(float(np.abs(there - here).max()))
    assert np.median(differences) < 16, differences


def _pixel(longitude: float, latitude: float, zoom: int) -> tuple[float, float]:
    """The pixel of the whole world in tiles of 512."""
    across = 512 * 2**zoom
    north = np.arcsinh(np.tan(np.radians(latitude))) / np.pi
    return (longitude + 180) / 360 * across, (1 - north) / 2 * across
