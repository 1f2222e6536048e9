"""Zoomed out, a point stands for all parcels of a commune, with their true number."""

import math
from typing import Any

import mapbox_vector_tile
from django.test import Client

from landgis.catalog import published, registry
from tests.cadastre.conftest import parcel

ELSEWHERE = {"old_commune_code": "26560", "old_commune_name": "Phường Phước Trung"}


def counts(query: str = "", zoom: int = 10) -> dict[str, int]:
    """What the tile of the small cadastre says, by commune."""
    longitude, latitude = 107.2075, 10.5072
    y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2
    x, y = int((longitude + 180) / 360 * 2**zoom), int(y * 2**zoom)
    answer = Client().get(f"/tiles/parcels/{zoom}/{x}/{y}.mvt{query}")
    if answer.status_code == 204:
        return {}
    assert answer.status_code == 200, answer.content
    layers = mapbox_vector_tile.decode(answer.content)
    assert set(layers) == {"parcels-counts"}
    found = [one["properties"] for one in layers["parcels-counts"]["features"]]
    return {one["value"]: one["number"] for one in found}


def test_the_numbers_are_true_after_every_change(places_world: str, load: Any, mask: Any) -> None:
    dataset = registry.get("parcels")
    load([*(parcel(number) for number in range(20)), *(parcel(number, **ELSEWHERE) for number in range(30, 35))])
    assert counts() == {"Phường Tam Long": 20, "Phường Bà Rịa": 5}
    load([parcel(0, **ELSEWHERE), parcel(30, **ELSEWHERE, land_use="CLN")])
    assert counts() == {"Phường Tam Long": 20, "Phường Bà Rịa": 6}
    load([mask], "parcel-masks")
    # Five of the block, two of them in the same place under two numbers.
    assert counts() == {"Phường Tam Long": 16, "Phường Bà Rịa": 5}
    assert published.differences(dataset) == 0
    load([parcel(19)], complete=True)
    assert counts() == {"Phường Tam Long": 1}
    assert published.differences(dataset) == 0


def test_a_filter_counts_what_it_leaves(places_world: str, load: Any) -> None:
    load([parcel(1), parcel(2, land_use="CLN"), parcel(3, **ELSEWHERE, land_use="CLN")])
    assert counts("?land_use=CLN") == {"Phường Tam Long": 1, "Phường Bà Rịa": 1}


def test_counts_have_no_past(places_world: str, load: Any) -> None:
    load([parcel(1)])
    revision = Client().get("/parcels/26558-12-1.json").json()["from_revision"]
    answer = Client().get(f"/tiles/parcels/10/816/481.mvt?as_of={revision}")
    assert answer.status_code == 400
    assert Client().get(f"/tiles/parcels/15/26136/15420.mvt?as_of={revision}").status_code in (200, 204)


def test_the_tilejson_says_where_counts_end_and_parcels_begin(places_world: str) -> None:
    told = Client().get("/tiles/parcels.json").json()
    layers = {layer["id"]: (layer["minzoom"], layer["maxzoom"]) for layer in told["vector_layers"]}
    assert told["minzoom"] == 8
    assert layers["parcels-counts"] == (8, 14)
    assert layers["parcels"] == (15, 17)
