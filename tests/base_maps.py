"""Small archives of vector tiles (PMTiles) for the tests, in each schema that is known."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mapbox_vector_tile
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from landgis.imagery.basemap.actions import AboutArchive, add_base_map
from landgis.lib.webmap import EQUATOR_M, metres
from tests import samples

EXTENT = 4096
LAYERS = {
    "protomaps": ("earth", "pois", "roads", "water", "boundaries", "places", "landuse"),
    "openmaptiles": (
        "transportation",
        "transportation_name",
        "water",
        "waterway",
        "water_name",
        "poi",
        "boundary",
        "place",
    ),
    "shortbread": (
        "ocean",
        "street_labels",
        "streets",
        "water_polygons",
        "water_lines",
        "pois",
        "boundaries",
        "place_labels",
    ),
}

Features = Mapping[
    str, list[tuple[str, dict[str, Any]]]
]  # by layer: WKT in units of a tile from its upper left, and what is told
Tile = tuple[int, int, int]


def encoded(layers: Features, extent: int = EXTENT) -> bytes:
    told = [
        {"name": name, "features": [{"geometry": shape, "properties": about} for shape, about in features]}
        for name, features in layers.items()
    ]
    return mapbox_vector_tile.encode(told, default_options={"y_coord_down": True, "extents": extent})


def decoded(body: bytes) -> dict[str, list[dict[str, Any]]]:
    """The features of a tile by layer, from its upper left corner."""
    found = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})
    return {name: layer["features"] for name, layer in found.items()}


def write(
    path: Path,
    tiles: Mapping[Tile, bytes],
    *,
    layers: tuple[str, ...] = LAYERS["protomaps"],
    attribution: str = "Sample & Co",
    **header: Any,
) -> Path:
    sides = {
        "min_lon_e7": -1_800_000_000,
        "min_lat_e7": -850_000_000,
        "max_lon_e7": 1_800_000_000,
        "max_lat_e7": 850_000_000,
    }
    about = {"tile_type": TileType.MVT, "tile_compression": Compression.NONE, "center_zoom": 0, **sides}
    with path.open("wb") as file:
        writer = Writer(file)
        for place, body in tiles.items():
            writer.write_tile(zxy_to_tileid(*place), body)
        metadata = {"attribution": attribution, "vector_layers": [{"id": name, "fields": {}} for name in layers]}
        writer.finalize({**about, "center_lon_e7": 0, "center_lat_e7": 0, **header}, metadata)
    return path


def over(path: Path, longitude: float, latitude: float, zooms: tuple[int, ...], name: str) -> Path:
    """An archive of one tile a zoom, round a place: a road runs through it, a lake lies round it, a market stands there."""
    tiles = {}
    for zoom in zooms:
        column, row = at(longitude, latitude, zoom)
        x, y = round(column % 1 * EXTENT), round(row % 1 * EXTENT)
        features: Features = {
            "roads": [(f"LINESTRING (0 {y}, {EXTENT} {y})", {"kind": "highway", "name": "Đường số 1"})],
            "water": [(f"POLYGON (({x - 900} {y - 900}, {x - 900} {y + 900}, {x + 900} {y + 900}, {x + 900} {y - 900}, {x - 900} {y - 900}))", {"kind": "lake"})],
            "pois": [(f"POINT ({x} {y})", {"kind": "marketplace", "name": name})],
        }  # fmt: skip
        tiles[zoom, int(column), int(row)] = encoded(features)
    return write(path, tiles)


def at(longitude: float, latitude: float, zoom: int) -> tuple[float, float]:
    """Column and row of the tile of a place, with how far in it the place lies."""
    x, y = metres(longitude, latitude)
    return (x / EQUATOR_M + 0.5) * 2**zoom, (0.5 - y / EQUATOR_M) * 2**zoom


def on_the_grid(folder: Path, never: str) -> None:
    """A base map over the plots of the grid of tests/samples.py, published; `never` is a word that stands in all that is not to leave."""
    place = (samples.WEST + samples.SIDE / 2, samples.SOUTH + samples.SIDE / 2)
    tiles = {}
    for zoom in range(9):
        column, row = at(*place, zoom)
        x, y = round(column % 1 * 4096), round(row % 1 * 4096)
        line, point = f"LINESTRING (0 {y}, 4096 {y})", f"POINT ({x} {y})"
        tiles[zoom, int(column), int(row)] = encoded(
            {
                "roads": [(line, {"kind": "highway", "name": "Quốc lộ 1"}), (line, {"kind": "rail", "name": never})],
                "boundaries": [(line, {"kind": "country", "name": never})],
                "places": [(point, {"kind": "island", "name": never})],
                "water": [(point, {"kind": "sea", "name": never})],
                "pois": [
                    (point, {"kind": "military", "name": never}),
                    (point, {"kind": "school", "name": "Trường học", "military": never}),
                ],
                "landuse": [(point, {"kind": "military", "name": never})],
            }
        )
    said = AboutArchive("ground", attribution="test", is_made_up=False)
    add_base_map(write(folder / "ground.pmtiles", tiles), said, by="test")
