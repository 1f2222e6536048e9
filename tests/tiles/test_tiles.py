"""Vector tiles: what they hold, and what they answer to wrong addresses."""

from collections.abc import Iterator
from typing import Any

import mapbox_vector_tile
import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from landgis.catalog import exits, queries, registry
from landgis.lib.filters import Equals
from landgis.tiles.queries import tile
from tests import samples

pytestmark = pytest.mark.usefixtures("world")


def decoded(body: bytes) -> dict:
    return mapbox_vector_tile.decode(body)


def tile_of(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    import math

    x = int((longitude + 180) / 360 * 2**zoom)
    y = int((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * 2**zoom)
    return x, y


def some_tile(zoom: int) -> str:
    row = queries.feature(registry.get("public-land"), queries.rows(registry.get("public-land"), limit=1)[0]["ref"])
    x, y = tile_of((row["west"] + row["east"]) / 2, (row["south"] + row["north"]) / 2, zoom)
    return f"/tiles/public-land/{zoom}/{x}/{y}.mvt"


ACROSS, DOWN = (400, 412), (236, 246)  # tiles of zoom 9 round the province and its islands


def test_a_tile_holds_the_declared_fields_of_its_zoom_and_the_ref(client: Client) -> None:
    far = decoded(client.get(some_tile(9)).content)["public-land"]["features"]
    near = decoded(client.get(some_tile(15)).content)["public-land"]["features"]
    assert {"ref", "name", "land_use", "current_use", "is_made_up"} >= set(far[0]["properties"])
    assert "plot_code" in near[0]["properties"]
    assert "plot_code" not in far[0]["properties"]
    assert all(feature["properties"]["is_made_up"] for feature in far + near)


def test_zoomed_out_no_plot_is_lost(client: Client) -> None:
    """All plots of the province lie in the tiles of zoom 9, each once, however small; farther out some share a point."""
    refs = set()
    for x in range(*ACROSS):
        for y in range(*DOWN):
            response = client.get(f"/tiles/public-land/9/{x}/{y}.mvt")
            if response.status_code == 200:
                layer = decoded(response.content)["public-land"]["features"]
                refs |= {feature["properties"]["ref"] for feature in layer}
    assert len(refs) == 7571


def test_a_filtered_tile_holds_the_rows_of_the_filtered_list(client: Client) -> None:
    everything = decoded(client.get(some_tile(12)).content)["public-land"]["features"]
    vacant = decoded(client.get(some_tile(12) + "?current_use=vacant").content)["public-land"]["features"]
    assert {feature["properties"]["current_use"] for feature in vacant} == {"vacant"}
    assert 0 < len(vacant) < len(everything)


def test_an_unchanged_tile_is_answered_304(client: Client) -> None:
    address = some_tile(12)
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert first["Cache-Control"] == "no-cache"
    assert again.status_code == 304
    assert again.content == b""
    assert len({client.get(address)["ETag"] for _ in range(5)}) == 1


def test_a_tile_is_the_same_in_all_languages_and_an_error_is_not(client: Client) -> None:
    tile = client.get(some_tile(12))
    known = client.get(some_tile(12), headers={"If-None-Match": tile["ETag"]})
    empty, error = client.get("/tiles/public-land/10/0/0.mvt"), client.get("/tiles/public-land/17/0/0.mvt")
    assert [one.status_code for one in (tile, known, empty, error)] == [200, 304, 204, 404]
    assert ["Accept-Language" in one.get("Vary", "") for one in (tile, known, empty, error)] == [False] * 3 + [True]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/tiles/public-land/10/0/0.mvt", 204),
        ("/tiles/public-land/5/0/0.mvt", 404),
        ("/tiles/public-land/17/0/0.mvt", 404),
        ("/tiles/public-land/10/1024/0.mvt", 404),
        ("/tiles/public-land/10/-1/0.mvt", 404),
        ("/tiles/public-land/10/99999999999999999999999/0.mvt", 404),
        ("/tiles/public-land/1.5/0/0.mvt", 404),
        ("/tiles/nothing/10/0/0.mvt", 404),
        ("/tiles/nothing.json", 404),
        ("/tiles/public-land/10/0/0.mvt?as_of=99999", 400),
        ("/tiles/public-land/10/0/0.mvt?as_of=x", 400),
        ("/tiles/public-land/10/0/0.mvt?current_use=occupied", 400),
        ("/tiles/public-land/10/0/0.mvt?area_legal_m2_min=much", 400),
        ("/tiles/public-land/10/0/0.mvt?bbox=1,2,3", 400),
    ],
)
def test_wrong_addresses_are_answered_plainly(client: Client, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_tilejson_is_made_from_the_declaration(client: Client) -> None:
    content = client.get("/tiles/public-land.json?lang=vi").json()
    dataset = registry.get("public-land")
    assert content["tilejson"] == "3.0.0"
    assert content["name"] == "Đất công"
    assert "Dữ liệu minh họa" in content["attribution"]
    assert content["tiles"][0].startswith("http://testserver/tiles/public-land/{z}/{x}/{y}.mvt")
    fields = set(content["vector_layers"][0]["fields"])
    assert fields == {"ref", "is_made_up", "number", *(field.name for field in dataset.tile_fields)}
    west, south, east, north = content["bounds"]
    assert 106 < west < east < 108
    assert 8 < south < north < 11


KINDS = {"String": str, "Number": (int, float), "Boolean": bool}


@pytest.mark.parametrize("name", [dataset.name for dataset in exits.datasets("tiles")])
def test_values_are_what_the_tilejson_says_of_them(client: Client, name: str) -> None:
    """Numbers are numbers, in the layers of features, labels and counts; none is there that is not told of."""
    dataset = registry.get(name)
    told = client.get(f"/tiles/{name}.json").json()
    assert told["revision"] == queries.latest_revision(dataset).number
    row = queries.feature(dataset, queries.rows(dataset, limit=1)[0]["ref"])
    seen = set()
    for zoom in range(told["minzoom"], told["maxzoom"] + 1):
        x, y = tile_of((row["west"] + row["east"]) / 2, (row["south"] + row["north"]) / 2, zoom)
        layers = decoded(tile(dataset, zoom, x, y))
        for layer in told["vector_layers"]:
            assert layer["types"].keys() == layer["fields"].keys()
            assert layer["id"] not in layers or layer["minzoom"] <= zoom <= layer["maxzoom"]
            for feature in layers.get(layer["id"], {}).get("features", []):
                for field, value in feature["properties"].items():
                    assert isinstance(value, KINDS[layer["types"][field]]), (layer["id"], field, value)
                    assert layer.get("field_minzooms", {}).get(field, 0) <= zoom
                    seen.add((layer["id"], field))
    assert (name, "ref") in seen


def test_what_the_tilejson_says_of_all_rows_is_read_once_a_revision(client: Client) -> None:
    client.get("/tiles/public-land.json")
    with CaptureQueriesContext(connections[queries.PUBLIC_ALIAS]) as asked:
        client.get("/tiles/public-land.json?lang=en")
    assert all("published.state" in query["sql"] for query in asked.captured_queries)


def _expressions(plan: dict[str, Any]) -> Iterator[str]:
    """What the steps of a plan work out themselves; what they pass on stands in brackets there."""
    yield from (one for one in plan.get("Output", []) if not one.startswith("("))
    yield from (str(plan[key]) for key in ("Filter", "Join Filter") if key in plan)
    for part in plan.get("Plans", []):
        yield from _expressions(part)


@pytest.mark.parametrize(
    ("name", "zoom", "where"),
    [
        ("public-land", 9, {}),
        ("public-land", 15, {}),
        ("public-land", 15, {"where": Equals("current_use", "vacant")}),
        ("public-land", 15, {"as_of": 3}),
        ("parcels", 8, {}),
        ("parcels", 16, {}),
    ],
)
def test_a_feature_is_drawn_once_a_layer(name: str, zoom: int, where: dict[str, Any]) -> None:
    connection = connections[queries.PUBLIC_ALIAS]
    x, y = tile_of(107.2, 10.5, zoom)
    with CaptureQueriesContext(connection) as asked:
        tile(registry.get(name), zoom, x, y, **where)
    drawing = [query for query in asked.captured_queries if "ST_AsMVT(" in query["sql"]]
    assert drawing
    for query in drawing:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (VERBOSE, FORMAT JSON) " + query["sql"].replace("%", "%%"), [])
            plan = cursor.fetchone()[0][0]["Plan"]
        drawn = [one.lower().count("st_asmvtgeom(") for one in _expressions(plan)]
        assert sum(drawn) == 1, query["sql"]


def test_what_is_made_up_is_not_put_with_what_is_not(empty_world: str) -> None:
    samples.applied([samples.plot(number, commune_name="C") for number in (1, 2, 3)])
    samples.applied([samples.plot(number, commune_name="C") for number in (4, 5)], is_made_up=True)
    x, y = tile_of(*samples.plot(1)["box"][:2], 6)
    found = decoded(tile(samples.public_land(), 6, x, y))["public-land"]["features"]
    numbers = [(one["properties"].get("is_made_up", False), one["properties"].get("number", 1)) for one in found]
    assert sum(number for is_made_up, number in numbers if is_made_up) == 2
    assert sum(number for is_made_up, number in numbers if not is_made_up) == 3
    assert len({tuple(one["geometry"]["coordinates"]) for one in found}) < len(found)  # on one pixel, too
