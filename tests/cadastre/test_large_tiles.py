"""No tile is larger than what a reader should wait for, however dense the ground is, and none of it goes uncounted."""

from collections.abc import Iterator
from typing import Any

import mapbox_vector_tile
import pytest
from django.db import connection
from django.test import Client
from psycopg import sql

from landgis.catalog import drawn, label_room, memory, published, registry
from landgis.catalog.queries import fetch
from landgis.operations.ownership import as_owner
from landgis.tiles import generalised, pyramid, queries
from landgis.tiles.envelope import LARGEST, tile_of
from tests import databases
from tests.cadastre.conftest import parcel, square
from tests.cadastre.test_generalised import on_map, strip

PARCELS = registry.get("parcels")
LOTS, APART = 7200, 1500  # lots of a town, side by side; and houses that stand alone, each a block of its own
# In metres of EPSG:3857: most lots lie in one tile of zoom 15, and edges of tiles run through the others.
LOT_ROWS = sql.SQL(
    "SELECT hashtextextended(n::text, 0) & (2^53 - 1)::bigint AS feature_id, '26558-' || n / 400 || '-' || n AS ref,"
    " n / 400 AS map_sheet, n AS parcel_no, 'ODT' AS land_use, n / 400 AS sheet, n >= 8000 AS is_made_up, s AS shape, ST_Centroid(s) AS place"
    " FROM generate_series(0, {last}) n, LATERAL (SELECT 11878950 + n % 120 * 10.0 AS x,"
    " 1171620 + n / 120 * 24.0 AS y, CASE WHEN n < {lots} THEN 1 ELSE 0.7 END AS k) c, LATERAL (SELECT ST_SetSRID(ST_MakePolygon("
    "ST_MakeLine(ARRAY[ST_Point(x, y), ST_Point(x + 5 * k, y + 0.3), ST_Point(x + 10 * k, y), ST_Point(x + 10 * k, y + 24 * k),"
    " ST_Point(x, y + 24 * k), ST_Point(x, y)])), 3857) AS s) p"
).format(last=sql.Literal(LOTS + APART - 1), lots=sql.Literal(LOTS))
TOWN = sql.SQL(
    "INSERT INTO {rows} (feature_id, ref, map_sheet, parcel_no, land_use, sheet, is_made_up, shape, place, {kept}) {lots};"
    "INSERT INTO {ground} (kind, sheet, map_sheet, number, is_made_up, shape, place)"
    " SELECT kind, sheet, sheet, number, is_made_up, shape, place FROM ({shapes}) s"
).format(
    rows=published.tile_table(PARCELS),
    ground=published.generalised_table(PARCELS),
    shapes=published.shapes_sql(published.tile_table(PARCELS)),
    kept=sql.SQL(", ").join(map(sql.Identifier, [*drawn.kept_columns(PARCELS), *label_room.kept_columns(PARCELS)])),
    lots=published.with_drawn(PARCELS, LOT_ROWS),
)


@pytest.fixture(scope="module")
def town(placed: str, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), databases.made(placed) as name, databases.used(name):
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(TOWN)
        yield


def bound(monkeypatch: pytest.MonkeyPatch, largest: int) -> None:
    for module in (generalised, queries):
        monkeypatch.setattr(module, "LARGEST", largest)
    monkeypatch.setattr(generalised, "ROOM", 100)
    memory.forget()


def places(zoom: int) -> dict[tuple[int, int], set[str]]:
    """The refs by the tile in which their places lie, and all tiles between these."""
    query = sql.SQL("SELECT ref, ST_X(place) AS x, ST_Y(place) AS y FROM {}").format(published.tile_table(PARCELS))
    found: dict[tuple[int, int], set[str]] = {}
    for row in fetch(query, []):
        found.setdefault(tile_of(row["x"], row["y"], zoom), set()).add(row["ref"])
    columns, lines = ({key[axis] for key in found} for axis in (0, 1))
    return {(x, y): found.get((x, y), set()) for x in columns for y in lines}


def told(zoom: int, largest: int) -> tuple[int, set[str]]:
    """How many parcels the tiles of a zoom tell of in all, and what stands for them."""
    number, kinds = 0, set()
    for (x, y), refs in places(zoom).items():
        body = queries.tile(PARCELS, zoom, x, y)
        assert len(body) <= largest, (zoom, x, y)
        layers = {name: layer["features"] for name, layer in mapbox_vector_tile.decode(body).items()} if body else {}
        if "parcels-counts" in layers or zoom < PARCELS.map.tiles.minzoom:
            number += sum(one["properties"]["number"] for one in layers.get("parcels-counts", []))
            drawn = layers.get("parcels", []) + layers.get("parcels-generalised", [])
            assert drawn and all("ref" not in one["properties"] for one in drawn)
            kinds.add("sheets" if max(one["properties"]["number"] for one in drawn) > 1 else "blocks")
        else:
            assert refs <= {one["properties"]["ref"] for one in layers.get("parcels", [])}
            number += len(refs)
            kinds.add("features")
    return number, kinds


@pytest.mark.usefixtures("town")
def test_the_ground_stands_for_features_that_would_be_too_many_bytes() -> None:
    for zoom, wanted in ((13, {"sheets"}), (14, {"sheets"}), (15, {"sheets", "features"}), (16, {"features"})):
        assert told(zoom, LARGEST) == (LOTS + APART, wanted), zoom


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("zoom", [14, 15, 16])
def test_sheets_stand_for_blocks_that_would_be_too_many(monkeypatch: pytest.MonkeyPatch, zoom: int) -> None:
    bound(monkeypatch, 15_000)
    number, kinds = told(zoom, 15_000)
    assert number == LOTS + APART and "sheets" in kinds


@pytest.mark.usefixtures("town")
def test_names_give_way_to_what_they_name(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = max(places(17).items(), key=lambda one: len(one[1]))[0]
    whole = mapbox_vector_tile.decode(body := queries.tile(PARCELS, 17, x, y))
    bound(monkeypatch, len(body) - 1)
    assert whole.pop("parcels-labels")
    assert mapbox_vector_tile.decode(queries.tile(PARCELS, 17, x, y)) == whole


def test_it_is_one_answer_stored_and_live_and_under_a_filter(
    places_world: str, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = parcel(50, shape=strip(3000, 0, 50, 50))
    load([*(parcel(number, land_use="CLN" if number < 5 else "ODT") for number in range(20)), far])
    x, y = tile_of(*on_map(square(5).centroid).coords[0], 16)
    address = f"/tiles/parcels/16/{x}/{y}.mvt"
    bound(monkeypatch, 300)
    monkeypatch.setattr(generalised, "ROOM", 300)  # so that sheets stand for blocks
    live = Client().get(address)
    for query, numbers in (("", [21, 20]), ("?land_use=CLN", [5, 5]), ("?land_use=ODT", [16, 15])):
        first, again = Client().get(address + query), Client().get(address + query)
        assert (first["ETag"], first.content) == (again["ETag"], again.content)
        assert Client().get(address + query, headers={"If-None-Match": first["ETag"]}).status_code == 304
        layers = mapbox_vector_tile.decode(first.content)
        assert [layer["features"][0]["properties"]["number"] for layer in layers.values()] == numbers, query
    pyramid.TileFollower().follow(PARCELS)
    pyramid.cut(PARCELS)
    assert list(pyramid.differences(PARCELS)) == []
    assert Client().get(address).content == live.content
    stored = pyramid.store_of(PARCELS).read((16, x, y))
    assert stored and stored.tile == live.content
    load([{**far, "is_public": False}])
    pyramid.TileFollower().follow(PARCELS)
    pyramid.cut(PARCELS)
    assert list(pyramid.differences(PARCELS)) == []
    assert Client().get(address).content != live.content
