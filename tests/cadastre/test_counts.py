"""Zoomed out, a point stands for all parcels of a commune, with their true number."""

import io
import math
from typing import Any

import mapbox_vector_tile
import numpy as np
from django.http import QueryDict
from django.test import Client
from PIL import Image, ImageColor
from psycopg import sql

from landgis.catalog import published, registry
from landgis.catalog.filters import from_query
from landgis.catalog.queries import counts_of, fetch
from landgis.lib.webmap import parse_view
from landgis.pictures import shapes
from tests.cadastre.conftest import parcel

ELSEWHERE = {"old_commune_code": "26560", "old_commune_name": "Phường Phước Trung"}


def counts(query: str = "", zoom: int = 9) -> dict[str, int]:
    """What is counted of the small cadastre by commune; the tile, where they stand in one place, says the sum."""
    longitude, latitude = 107.2075, 10.5072
    y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2
    x, y = int((longitude + 180) / 360 * 2**zoom), int(y * 2**zoom)
    answer = Client().get(f"/tiles/parcels/{zoom}/{x}/{y}.mvt{query}")
    if answer.status_code == 204:
        return {}
    assert answer.status_code == 200, answer.content
    layers = mapbox_vector_tile.decode(answer.content)
    assert set(layers) == {"parcels-counts"}
    said = [one["properties"]["number"] for one in layers["parcels-counts"]["features"]]
    dataset = registry.get("parcels")
    rows, bound = counts_of(dataset, from_query(dataset, QueryDict(query.removeprefix("?"))))
    found = fetch(sql.SQL("SELECT value, number FROM {}").format(rows), bound)
    assert sum(said) == sum(row["number"] for row in found)
    return {row["value"]: row["number"] for row in found}


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
    answer = Client().get(f"/tiles/parcels/9/408/240.mvt?as_of={revision}")
    assert answer.status_code == 400
    assert Client().get(f"/tiles/parcels/15/26136/15420.mvt?as_of={revision}").status_code in (200, 204)


def test_the_tilejson_says_where_counts_end_and_parcels_begin(places_world: str) -> None:
    told = Client().get("/tiles/parcels.json").json()
    layers = {layer["id"]: (layer["minzoom"], layer["maxzoom"]) for layer in told["vector_layers"]}
    assert told["minzoom"] == 8
    assert layers["parcels-counts"] == (8, 17)
    assert layers["parcels-generalised"] == (10, 14)
    assert layers["parcels"] == (15, 17)


def still(**more: Any) -> np.ndarray:
    """Pixels of the picture round the small cadastre, without an image of the ground."""
    asked = {"view": "9/10.5072/107.2075", "size": "400x300", "scene": "none", "layers": "parcels", **more}
    answer = Client().get("/pictures/still.png", asked)
    assert answer.status_code == 200, answer.content
    return np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB"), dtype=int)


def told(query: str = "") -> tuple[int, float, float]:
    """The number that the table of counts holds of the one commune, and where it stands in the picture."""
    dataset, view = registry.get("parcels"), parse_view("9/10.5072/107.2075", 400, 300)
    [count] = shapes.counts(dataset, view, from_query(dataset, QueryDict(query)))
    return count.number, *view.pixel(count.x, count.y)


def test_the_picture_of_the_server_has_the_discs_of_the_map(places_world: str, load: Any) -> None:
    """A dark disc with an edge in the dataset's colour, as large as the number asks, where the tile has its point."""
    load([parcel(number) for number in range(64)])
    number, x, y = told()
    across, down = np.meshgrid(np.arange(400) + 0.5, np.arange(300) + 0.5)
    away = np.hypot(across - x, down - y)
    seen, bare = still(), still(layers="")
    radius = 9 + (math.sqrt(number) - 1) / 59 * 7
    assert number == 64
    assert (seen != bare).any(axis=2)[away > radius + 2.5].sum() == 0
    edge = seen[(away > radius + 0.5) & (away < radius + 1)]
    assert np.abs(edge - np.array(ImageColor.getrgb("#fff3c4"))).max(axis=1).mean() < 30
    disc = seen[away < radius - 1]
    assert (disc.max(axis=1) < 110).mean() > 0.5
    assert 0.05 < (disc.min(axis=1) > 190).mean() < 0.4  # the number


def test_the_number_in_the_picture_is_that_of_the_filter_and_of_the_language(places_world: str, load: Any) -> None:
    load([parcel(number, land_use="ODT" if number < 40 else "CLN") for number in range(64)])
    assert told("land_use=CLN")[0] == 24
    everything, some, none = still(), still(land_use="CLN"), still(land_use="LUC")
    assert (everything != some).any() and (some != none).any()
    assert (none == still(layers="")).all()


def test_discs_end_where_sheets_begin_and_have_no_past(places_world: str, load: Any) -> None:
    load([parcel(number) for number in range(64)])
    revision = Client().get("/parcels/26558-12-1.json").json()["from_revision"]
    bare = still(layers="")
    assert (still(as_of=revision) == bare).all()
    assert (still(view="7.9/10.5072/107.2075") == still(view="7.9/10.5072/107.2075", layers="")).all()
    for zoom in ("9.9", "10.1"):
        seen = still(view=f"{zoom}/10.5072/107.2075")
        inside = (np.abs(seen - 0.72 * np.array((8, 16, 15)) - 0.28 * np.array((236, 238, 232))) < 8).all(axis=2)
        assert (inside.sum() > 100) == (zoom == "9.9")
