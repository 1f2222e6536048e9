"""Sheets and blocks: what maps draw for parcels that are too many to be told apart."""

import random
from collections.abc import Iterator
from typing import Any

import mapbox_vector_tile
import pytest
import shapely
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.http import QueryDict
from django.test import Client
from psycopg import sql

from landgis.catalog import generalised, memory, published, registry
from landgis.catalog.filters import from_query
from landgis.catalog.queries import fetch
from landgis.lib.geometry import to_wgs84
from landgis.lib.webmap import EQUATOR_M, metres
from landgis.operations.ownership import as_owner
from landgis.tiles import pyramid
from tests import databases
from tests.cadastre.conftest import EAST, NORTH, parcel, square, write

PLAN = registry.get("parcels").map.tiles
ZOOMS = list(PLAN.generalised_zooms)
HALF = EQUATOR_M / 2
STRIP = shapely.box(EAST + 400, NORTH, EAST + 403, NORTH + 200)


def strip(west: float, south: float, wide: float, high: float) -> shapely.Polygon:
    """A rectangle, so many metres from the corner of the small cadastre."""
    return shapely.box(EAST + west, NORTH + south, EAST + west + wide, NORTH + south + high)


def kept(kind: str) -> list[dict[str, Any]]:
    query = sql.SQL(
        "SELECT map_sheet, number, is_made_up, ST_AsBinary(shape) AS shape FROM {} WHERE kind = {} ORDER BY map_sheet, number"
    ).format(published.generalised_table(registry.get("parcels")), sql.Literal(kind))
    return [{**row, "shape": shapely.from_wkb(bytes(row["shape"]))} for row in fetch(query, [])]


def on_map(shape: shapely.Geometry) -> shapely.Geometry:
    """In EPSG:3857."""
    degrees = to_wgs84([shape], 5899)[0]
    return shapely.transform(degrees, lambda at: [metres(*one) for one in at])


def tiles_round(zoom: int) -> Iterator[tuple[int, int]]:
    """The tiles in which the small cadastre lies, and their neighbours."""
    x, y = on_map(shapely.Point(EAST, NORTH)).coords[0]
    side = EQUATOR_M / 2**zoom
    for across in (-1, 0, 1):
        for down in (-1, 0, 1):
            yield int((x + HALF) // side) + across, int((HALF - y) // side) + down


def drawn(zoom: int, query: str = "") -> tuple[list[dict[str, Any]], int]:
    """The shapes of all tiles in EPSG:3857, a piece each tile, and the sum of the numbers of the points."""
    shapes, number, side = [], 0, EQUATOR_M / 2**zoom
    for x, y in tiles_round(zoom):
        answer = Client().get(f"/tiles/parcels/{zoom}/{x}/{y}.mvt{query}")
        assert answer.status_code in (200, 204), answer.content
        layers = mapbox_vector_tile.decode(answer.content, default_options={"geojson": False}) if answer.content else {}
        assert set(layers) <= {"parcels-generalised", "parcels-counts"}
        for one in layers.get("parcels-generalised", {}).get("features", []):
            assert "ref" not in one["properties"]
            placed = shapely.transform(
                shapely.geometry.shape(one["geometry"]),
                lambda at, x=x, y=y: [
                    (x * side - HALF + i * side / 4096, HALF - (y + 1) * side + j * side / 4096) for i, j in at
                ],
            )
            shapes.append({**one["properties"], "shape": placed})
        number += sum(one["properties"]["number"] for one in layers.get("parcels-counts", {}).get("features", []))
    return shapes, number


@pytest.fixture(scope="module")
def filled(placed: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two sheets: twenty squares and far from them a strip of three metres; and a square beside them."""
    path = tmp_path_factory.mktemp("parcels") / "parcels.gpkg"
    rows = [*(parcel(number) for number in range(20)), parcel(50, shape=STRIP), parcel(60, map_sheet="13")]
    with django_db_blocker.unblock(), databases.made(placed) as name:
        with databases.used(name):
            call_command("load", write(path, rows), dataset="parcels", commit=True, verbosity=0)
        yield name


@pytest.fixture
def drawn_world(filled: str, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), databases.used(filled):
        yield


def test_a_sheet_and_its_blocks_stand_for_all_their_parcels(drawn_world: None) -> None:
    assert [(one["map_sheet"], one["number"]) for one in kept("sheet")] == [("12", 21), ("13", 1)]
    assert [(one["map_sheet"], one["number"]) for one in kept("block")] == [("12", 1), ("12", 20), ("13", 1)]
    for kind, away in (("sheet", 9.0), ("block", 1.1)):
        wanted = on_map(shapely.union_all([*(square(number) for number in range(20)), STRIP]))
        found = shapely.union_all([one["shape"] for one in kept(kind) if one["map_sheet"] == "12"])
        assert found.hausdorff_distance(wanted) < away, kind
        assert found.buffer(0.6 if kind == "block" else 3.1).covers(wanted), kind


@pytest.mark.parametrize("zoom", ZOOMS)
def test_tiles_draw_what_is_kept_and_count_each_parcel_once(drawn_world: None, zoom: int) -> None:
    """Within half a unit of the tile on both axes; the strip of three metres is there at every zoom. Nothing is of the past."""
    found, number = drawn(zoom)
    wanted = kept("block" if zoom >= PLAN.blocks_from else "sheet")
    assert number == 22
    assert {(one["map_sheet"], one["number"]) for one in found} == {(one["map_sheet"], one["number"]) for one in wanted}
    ground, unit = shapely.union_all([one["shape"] for one in found]), EQUATOR_M / 2**zoom / 4096
    away = ground.hausdorff_distance(shapely.union_all([one["shape"] for one in wanted]))
    assert away <= unit * 0.5**0.5 * 1.01
    assert ground.intersects(on_map(STRIP))
    assert drawn(zoom, "?land_use=CLN") == ([], 0)
    x, y = list(tiles_round(zoom))[4]
    assert Client().get(f"/tiles/parcels/{zoom}/{x}/{y}.mvt?as_of=1").status_code == 400


def test_they_follow_every_change_and_are_what_a_rebuild_makes(places_world: str, load: Any) -> None:
    """And what is made up has shapes of its own."""
    dataset = registry.get("parcels")
    load([parcel(number) for number in range(30)])
    load([parcel(7, map_sheet="13"), parcel(29, shape=square(45)), parcel(3, land_use="CLN")])
    load([parcel(40, map_sheet=None, parcel_no=None, parcel_code="A1"), parcel(41)], made_up=True)
    assert published.differences(dataset) == 0
    before = [kept("sheet"), kept("block")]
    for kind in before:
        assert sum(one["number"] for one in kind if not one["is_made_up"]) == 31  # 7 of sheet 13 is another one
        assert sum(one["number"] for one in kind if one["is_made_up"]) == len(
            [one for one in kind if one["is_made_up"]]
        )
    with as_owner():
        published.rebuild(force=True)
    assert [kept("sheet"), kept("block")] == before
    load([parcel(number) for number in range(5)], complete=True, confirm=40)
    assert [(one["map_sheet"], one["number"]) for one in kept("sheet")] == [("12", 5)]
    assert published.differences(dataset) == 0


def test_what_changes_no_ground_makes_none_anew(places_world: str, load: Any) -> None:
    dataset = registry.get("parcels")
    query = sql.SQL("SELECT xmin::text, kind, map_sheet FROM {} ORDER BY kind, map_sheet").format(
        published.generalised_table(dataset)
    )
    load([parcel(number, map_sheet="12" if number < 10 else "13") for number in range(20)])
    before = fetch(query, [])
    load([parcel(3, land_use="CLN"), parcel(12, map_sheet="13", land_use="CLN")])
    assert fetch(query, []) == before
    load([parcel(3, shape=square(40))])
    made = [one["map_sheet"] for one in fetch(query, []) if one not in before]
    assert set(made) == {"12"}
    assert published.differences(dataset) == 0


def test_no_hole_shows_what_is_withheld(places_world: str, load: Any) -> None:
    """Of a block that is withheld in the middle neither its outline nor its number is left, nor of an island in it."""
    everything = [parcel(number) for number in range(100)]
    middle = {"mask_code": "M1", "name": "Block", "shape": shapely.box(EAST + 60, NORTH + 60, EAST + 140, NORTH + 140)}
    load(everything)
    load([parcel(300, map_sheet="S3CRET", shape=strip(400, 0, 20, 20), is_public=False)])
    whole = {kind: kept(kind) for kind in ("sheet", "block")}
    load([middle], "parcel-masks")
    for kind, before in whole.items():
        [after] = kept(kind)
        assert after["number"] == before[0]["number"] - 16
        assert after["shape"].equals(before[0]["shape"]), kind
        assert all(len(part.interiors) == 0 for part in shapely.get_parts(after["shape"]))
    told = fetch(sql.SQL("SELECT string_agg(g::text, '') AS all FROM published.generalised_parcels g"), [])[0]["all"]
    assert "S3CRET" not in told
    assert published.differences(registry.get("parcels")) == 0
    load([{**middle, "shape": square(0, size=10)}], "parcel-masks", complete=True)
    assert kept("sheet") == kept("block") == []
    assert all(drawn(zoom) == ([], 0) for zoom in ZOOMS)


def test_crooked_rows_lose_no_parcel(places_world: str, load: Any) -> None:
    """Edges that should be one, overlaps, slivers and doubles: every parcel is in one block, and every shape is sound."""
    chance = random.Random(16)
    rows = []
    for number in range(60):
        corners = [
            (x + chance.uniform(-0.6, 0.6), y + chance.uniform(-0.6, 0.6))
            for x, y in square(number).exterior.coords[:-1]
        ]
        rows.append(parcel(number, shape=shapely.Polygon(corners)))
    rows += [parcel(100 + number, shape=strip(number * 7, 30, 0.05, 60)) for number in range(10)]
    rows += [parcel(200, shape=square(5)), parcel(201, shape=square(5)), parcel(202, shape=square(3, size=3))]
    load(rows, confirm=len(rows))
    there = fetch(sql.SQL("SELECT count(*) AS n FROM {}").format(published.tile_table(registry.get("parcels"))), [])[0][
        "n"
    ]
    assert there >= 60
    for kind in ("sheet", "block"):
        assert sum(one["number"] for one in kept(kind)) == there
        assert all(one["shape"].is_valid for one in kept(kind))


def test_a_filter_holds_at_every_zoom(places_world: str, load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shapes are of what it leaves; of too many the sheets that have any, with the same numbers."""
    uses = {number: "CLN" if number in (0, 1, 45, 99) else "ODT" for number in range(100)}
    load([parcel(number, land_use=use, map_sheet="12" if number < 60 else "13") for number, use in uses.items()])
    wanted = on_map(shapely.union_all([square(one) for one, use in uses.items() if use == "CLN"]))
    sheets = {("sheet", "12", 3), ("sheet", "13", 1)}
    blocks = {("block", "12", 2), ("block", "12", 1), ("block", "13", 1)}
    for zoom in ZOOMS:
        found, number = drawn(zoom, "?land_use=CLN")
        assert number == 4
        told = {(one["kind"], one["map_sheet"], one["number"]) for one in found}
        assert told == (blocks if zoom >= PLAN.blocks_from else sheets)
        ground = shapely.union_all([one["shape"] for one in found])
        assert ground.hausdorff_distance(wanted) < 9.1 + EQUATOR_M / 2**zoom / 4096
    monkeypatch.setattr(generalised, "MOST_ROWS", 3)
    memory.forget()
    for zoom in ZOOMS:
        found, number = drawn(zoom, "?land_use=CLN")
        assert number == 4
        assert {(one["kind"], one["map_sheet"], one["number"]) for one in found} == sheets


def test_a_tile_that_takes_too_long_is_answered_by_the_coarser_plan(places_world: str, load: Any) -> None:
    """Blocks for parcels, in their layer; it is no answer to be kept, and under the ETag of no other."""
    load([parcel(number) for number in range(20)])
    x, y = on_map(square(5).centroid).coords[0]
    side = EQUATOR_M / 2**16
    address = f"/tiles/parcels/16/{int((x + HALF) // side)}/{int((HALF - y) // side)}.mvt"
    whole = {query: Client().get(address + query) for query in ("", "?land_use=ODT")}
    memory.forget()
    with connections["public"].cursor() as cursor:
        cursor.execute("SET statement_timeout = 300")
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK published.tile_parcels, cadastre_parcel IN ACCESS EXCLUSIVE MODE")
        slow = Client().get(address)
        assert Client().get(address + "?land_use=ODT").status_code == 503, "what a filter leaves is not known"
    assert slow.status_code == 200
    [block] = mapbox_vector_tile.decode(slow.content)["parcels"]["features"]
    assert block["properties"]["number"] == 20 and "ref" not in block["properties"]
    again = Client().get(address, headers={"If-None-Match": slow["ETag"]})
    assert (again.status_code, again.content) == (200, whole[""].content)
    assert Client().get(address + "?land_use=ODT").content == whole["?land_use=ODT"].content


def test_stored_tiles_of_a_sheet_that_changed_are_cut_anew(places_world: str, load: Any) -> None:
    """All of it, also where what it lost lay far from the rest, and no others."""
    dataset = registry.get("parcels")
    far = [strip(6000, 0, 50, 50), strip(12000, 0, 50, 50)]
    load(
        [
            *(parcel(number) for number in range(5)),
            parcel(50, shape=far[0]),
            parcel(51, shape=far[1]),
            *(parcel(100 + number, map_sheet="14", shape=strip(-9000 - 30 * number, 0, 20, 20)) for number in range(3)),
        ]
    )
    follower = pyramid.TileFollower()
    follower.follow(dataset)
    pyramid.cut(dataset)
    assert list(pyramid.differences(dataset)) == []
    for change in ([parcel(51, shape=far[1], map_sheet="15")], [parcel(50, shape=far[0], is_public=False)]):
        before = {key: pyramid.store_of(dataset).read(key) for z in ZOOMS for key in pyramid.store_of(dataset).keys(z)}
        load(change)
        follower.follow(dataset)
        marked = set(pyramid.store_of(dataset).marked())
        pyramid.cut(dataset)
        assert list(pyramid.differences(dataset)) == []
        after = {key: pyramid.store_of(dataset).read(key) for z in ZOOMS for key in pyramid.store_of(dataset).keys(z)}
        changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
        assert changed and changed <= marked
        assert any(key not in marked for key in after if key[0] == 14), "those of the other sheet"
        assert {key for key in marked if key[0] < 10} == {(8, 204, 120), (9, 408, 240)}
        query = from_query(dataset, QueryDict("land_use=ODT"))
        assert sum(one.number for one in generalised.parts(dataset, query)) == sum(
            one["number"] for one in kept("sheet")
        )
