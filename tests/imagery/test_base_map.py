"""The vector base map: which archives are taken, what of them leaves, and what never does."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.management import CommandError, call_command
from django.test import Client
from pmtiles.tile import Compression, TileType

from landgis.imagery.basemap import schemas
from landgis.imagery.models import MapArchive
from tests import base_maps
from tests.base_maps import LAYERS, Features, decoded, encoded, write

ROAD = "LINESTRING (100 100, 3000 100)"
POINT = "POINT (500 500)"
AREA = "POLYGON ((0 0, 0 2000, 2000 2000, 2000 0, 0 0))"
NEVER = "zqnever"  # in every name that is not to leave

TILES: dict[str, Features] = {
    "protomaps": {
        "earth": [(AREA, {"kind": "earth"}), (POINT, {"kind": "island", "name": f"Đảo {NEVER}"})],
        "boundaries": [(ROAD, {"kind": "country", "name": NEVER})],
        "places": [(POINT, {"kind": "locality", "name": NEVER})],
        "roads": [
            (ROAD, {"kind": "major_road", "kind_detail": "primary", "name": "Quốc lộ 1", "name:vi": "Đường số 1"}),
            (ROAD, {"kind": "minor_road", "military": "yes", "name": NEVER}),
            (ROAD, {"kind": "rail", "name": NEVER}),
        ],
        "water": [
            (AREA, {"kind": "ocean", "name": NEVER}),
            (AREA, {"kind": "lake", "name": NEVER}),
            (POINT, {"kind": "lake", "name": "Hồ Đá Đen"}),
            (POINT, {"kind": "sea", "name": NEVER}),
            (POINT, {"kind": "strait", "name": NEVER}),
            ("LINESTRING (0 0, 9 900)", {"kind": "river", "name": "Sông Ray"}),
        ],
        "landuse": [(AREA, {"kind": "military", "name": NEVER})],
        "pois": [
            (POINT, {"kind": "marketplace", "name": "Chợ Mới"}),
            (POINT, {"kind": "marketplace", "name": "島の市場"}),
            (POINT, {"kind": "military", "name": NEVER}),
            (POINT, {"kind": "school", "landuse": "military", "name": NEVER}),
            (POINT, {"kind": "peak", "name": NEVER}),
        ],
    },
    "openmaptiles": {
        "transportation": [(ROAD, {"class": "primary"}), (ROAD, {"class": "rail"})],
        "transportation_name": [(ROAD, {"class": "primary", "name": "Đường số 1"}), (ROAD, {"class": "rail", "name": NEVER})],
        "water": [(AREA, {"class": "ocean"}), (AREA, {"class": "lake"})],
        "waterway": [("LINESTRING (0 0, 9 900)", {"class": "river", "name": "Sông Ray"})],
        "water_name": [(POINT, {"class": "lake", "name": "Hồ Đá Đen"}), (POINT, {"class": "sea", "name": NEVER})],
        "poi": [(POINT, {"class": "shop", "subclass": "marketplace", "name": "Chợ Mới"}), (POINT, {"class": "military", "name": NEVER})],
        "boundary": [(ROAD, {"admin_level": 2, "name": NEVER})],
        "place": [(POINT, {"class": "island", "name": NEVER})],
    },
    "shortbread": {
        "streets": [(ROAD, {"kind": "primary"}), (ROAD, {"kind": "rail"})],
        "street_labels": [(ROAD, {"kind": "primary", "name": "Đường số 1"})],
        "ocean": [(AREA, {})],
        "water_polygons": [(AREA, {"kind": "water"})],
        "water_lines": [("LINESTRING (0 0, 9 900)", {"kind": "river"})],
        "water_lines_labels": [("LINESTRING (0 0, 9 900)", {"kind": "river", "name": "Sông Ray"})],
        "water_polygons_labels": [(POINT, {"kind": "water", "name": "Hồ Đá Đen"})],
        "pois": [(POINT, {"amenity": "marketplace", "name": "Chợ Mới"}), (POINT, {"military": "barracks", "name": NEVER})],
        "boundaries": [(ROAD, {"admin_level": 2})],
        "place_labels": [(POINT, {"kind": "island", "name": NEVER})],
    },
}  # fmt: skip


def archive(folder: Path, schema: str = "protomaps", **more: Any) -> Path:
    """An archive with one tile of every kind, that of the world."""
    return write(folder / f"{schema}.pmtiles", {(0, 0, 0): encoded(TILES[schema])}, layers=LAYERS[schema], **more)


def add(path: Path, **options: Any) -> str:
    arguments = [
        f"--{name.replace('_', '-')}" + ("" if value is True else f"={value}") for name, value in options.items()
    ]
    call_command("basemap", "add", str(path), *arguments, verbosity=0)
    return path.stem


@pytest.mark.parametrize("schema", TILES)
def test_every_schema_leaves_in_one_form_and_only_what_the_table_takes(
    client: Client, tmp_path: Path, schema: str
) -> None:
    add(archive(tmp_path, schema))
    answer = client.get("/basemap/0/0/0.mvt")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert NEVER.encode() not in answer.content and "島".encode() not in answer.content
    found = {
        layer: sorted((one["properties"]["kind"], one["properties"].get("name", "")) for one in features)
        for layer, features in decoded(answer.content).items()
    }
    assert found == {
        "roads": [("primary", "")],
        "road-names": [("primary", "Đường số 1")],
        "water": [("lake", ""), ("river", ""), ("sea", "")],
        "water-names": [("lake", "Hồ Đá Đen"), ("river", "Sông Ray")],
        "landmarks": [("market", "Chợ Mới")],
    }


def test_a_table_that_takes_military_kinds_or_makes_what_we_do_not_have_is_refused() -> None:
    told = {"from": "pois", "to": "landmarks", "shape": "point", "fields": ["kind"], "kinds": {"office": ["barracks"]}}
    for wrong in ({}, {"to": "borders"}, {"kinds": {"peak": ["peak"]}}, {"shape": "cube"}):
        with pytest.raises(ValueError, match="military" if not wrong else "none of ours"):
            schemas.read({"some": {"title": "Some", "layers": ["pois"], "take": [told | wrong]}})


def test_the_door_answers_as_tiles_do(client: Client, tmp_path: Path) -> None:
    assert client.get("/basemap/0/0/0.mvt").status_code == 404  # there is none yet
    assert client.get("/basemap.json").status_code == 404
    tiles = {(0, 0, 0): encoded(TILES["protomaps"]), (1, 0, 0): encoded({"landuse": [(AREA, {"kind": "park"})]})}
    add(write(tmp_path / "two.pmtiles", tiles))
    first = client.get("/basemap/0/0/0.mvt")
    assert first["Cache-Control"] == "no-cache" and first["ETag"] and first["Access-Control-Allow-Origin"] == "*"
    assert client.get("/basemap/0/0/0.mvt", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get("/basemap/1/0/0.mvt").status_code == 204
    assert [client.get(f"/basemap/{place}.mvt").status_code for place in ("2/0/0", "1/2/0", "1/0/2")] == [404] * 3
    told = client.get("/basemap.json").json()
    assert told["tiles"] == ["http://testserver/basemap/{z}/{x}/{y}.mvt"]
    assert (told["attribution"], told["minzoom"], told["maxzoom"]) == ("Sample & Co", 0, 1)
    assert {layer["id"] for layer in told["vector_layers"]} == set(schemas.LAYERS)


def test_where_an_archive_has_no_tile_the_one_above_is_cut(client: Client, tmp_path: Path) -> None:
    road = {"roads": [("LINESTRING (3072 1000, 3072 3000)", {"kind": "highway"})]}
    add(write(tmp_path / "far.pmtiles", {(0, 0, 0): encoded(road), (2, 0, 0): encoded(road)}))
    [feature] = decoded(client.get("/basemap/1/1/0.mvt").content)["roads"]
    # Half of the side is twice as large here, and ends a little beyond the edge.
    assert feature["geometry"]["coordinates"] == [[2048, 2000], [2048, 4096 + 256]]
    assert client.get("/basemap/1/0/0.mvt").status_code == 204


def test_other_units_become_ours(client: Client, tmp_path: Path) -> None:
    body = encoded({"roads": [("LINESTRING (0 0, 512 256)", {"kind": "highway"})]}, extent=512)
    add(write(tmp_path / "coarse.pmtiles", {(0, 0, 0): body}))
    [feature] = decoded(client.get("/basemap/0/0/0.mvt").content)["roads"]
    assert feature["geometry"]["coordinates"] == [[0, 0], [4096, 2048]]


def test_round_the_archipelagos_no_name_of_the_archive_stands(client: Client, tmp_path: Path) -> None:
    def at(longitude: float, latitude: float) -> str:
        x, y = base_maps.at(longitude, latitude, 0)
        return f"POINT ({x * 4096:.0f} {y * 4096:.0f})"

    pois = [
        (at(112.3, 16.8), {"kind": "school", "name": f"Yongxing {NEVER}"}),
        (at(114.3, 10.4), {"kind": "office", "kind_detail": "townhall", "name": f"Taiping {NEVER}"}),
        (at(107.1, 10.4), {"kind": "marketplace", "name": "Chợ Mới"}),
    ]
    add(write(tmp_path / "names.pmtiles", {(0, 0, 0): encoded({"pois": pois})}))
    names = [one["properties"]["name"] for one in decoded(client.get("/basemap/0/0/0.mvt").content)["landmarks"]]
    assert names == ["Chợ Mới"]


def test_the_last_one_is_shown_until_it_is_withdrawn(
    client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = add(archive(tmp_path))
    new = add(archive(tmp_path, "openmaptiles", attribution="Others"))
    assert client.get("/basemap.json").json()["attribution"] == "Others"
    before = client.get("/basemap/0/0/0.mvt")["ETag"]
    call_command("basemap", "withdraw", new, reason="a test")
    assert client.get("/basemap.json").json()["attribution"] == "Sample & Co"
    assert client.get("/basemap/0/0/0.mvt")["ETag"] != before
    call_command("basemap", "list")
    told = capsys.readouterr().out
    assert f"{new}: OpenMapTiles, zoom 0 to 0, Others, withdrawn on" in told and f"{old}: Protomaps" in told
    add(tmp_path / "protomaps.pmtiles")  # known already
    assert MapArchive.objects.count() == 2


def test_the_operator_is_told_what_is_wrong(client: Client, tmp_path: Path) -> None:
    (tmp_path / "no.pmtiles").write_bytes(b"no archive at all" * 20)
    wrong = {
        "PMTiles 3": tmp_path / "no.pmtiles",
        "no vector tiles": archive(tmp_path, "shortbread", tile_type=TileType.PNG),
        "gzip or not": write(tmp_path / "b.pmtiles", {(0, 0, 0): b"x"}, tile_compression=Compression.BROTLI),
        "no schema that is known": write(tmp_path / "c.pmtiles", {(0, 0, 0): b"x"}, layers=("a", "b")),
        "credits nobody": write(tmp_path / "d.pmtiles", {(0, 0, 0): b"x"}, attribution=""),
        "of several schemas": write(
            tmp_path / "e.pmtiles", {(0, 0, 0): b"x"}, layers=LAYERS["protomaps"] + LAYERS["shortbread"]
        ),
    }
    for text, path in wrong.items():
        with pytest.raises(CommandError, match=text):
            add(path)
    with pytest.raises(CommandError, match="lacks layers of the schema openmaptiles"):
        add(archive(tmp_path), schema="openmaptiles")
    add(wrong["of several schemas"], schema="shortbread")
    assert [made.schema_name for made in MapArchive.objects.all()] == ["shortbread"]


def test_a_damaged_archive_is_no_error_of_the_server(client: Client, tmp_path: Path, store: Path) -> None:
    add(write(tmp_path / "bad.pmtiles", {(0, 0, 0): b"\x1a\x05 no tile"}))
    answer = client.get("/basemap/0/0/0.mvt")
    assert answer.status_code == 503 and answer["Content-Type"] == "application/problem+json"
    view = "view=2/10/107&size=60x40"
    assert client.get(f"/pictures/still.png?{view}&scene=map").status_code == 200
    next((store / "basemaps").iterdir()).unlink()
    assert client.get("/basemap/0/0/0.mvt").status_code == 503


def test_compressed_tiles_are_read(client: Client, tmp_path: Path) -> None:
    packed = gzip.compress(encoded(TILES["protomaps"]))
    add(write(tmp_path / "gz.pmtiles", {(0, 0, 0): packed}, tile_compression=Compression.GZIP))
    assert "landmarks" in decoded(client.get("/basemap/0/0/0.mvt").content)
    bomb = gzip.compress(b"\0" * 20_000_000)
    add(write(tmp_path / "bomb.pmtiles", {(0, 0, 0): bomb}, tile_compression=Compression.GZIP))
    assert client.get("/basemap/0/0/0.mvt").status_code == 503


def test_maps_are_told_of_it(client: Client, tmp_path: Path) -> None:
    assert client.get("/imagery/map.json").json()["ground"] is None
    assert client.get("/imagery/map.json").json()["usual"] is None
    add(archive(tmp_path), made_up=True)
    told = json.loads(client.get("/imagery/map.json?lang=en").content)
    assert told["usual"] == "map" and told["ground"]["is_made_up"]
    assert told["ground"]["attribution"] == "Sample & Co · Made-up data"
    layers = [layer for part in ("layers", "over", "under") for layer in told["ground"][part]]
    assert len({layer["id"] for layer in layers}) == len(layers)
    assert {layer["source-layer"] for layer in layers} == set(schemas.LAYERS)


def test_what_is_cut_is_an_area_of_an_area_and_a_line_of_a_line() -> None:
    from landgis.imagery.basemap.cutting import Cuts, layers

    body = encoded(
        {
            "roads": [(ROAD, {"kind": "highway"})],
            "water": [(AREA, {"kind": "lake"}), (POINT, {"kind": "lake", "name": "Hồ"})],
        }
    )
    found = layers(body, schemas.by_name()["protomaps"], Cuts([shapely.box(400, 50, 600, 600)]))
    [road], [water] = found["roads"], found["water"]
    assert "water-names" not in found
    assert (road.shape, water.shape) == (2, 3)
