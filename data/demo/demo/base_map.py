"""The base map of the demo: an archive of vector tiles in the schema of Protomaps, as an operator makes one of OpenStreetMap.

Roads, water and landmarks are those of the landscape, the streets those of the fabric. What lies beyond its frame is the
coast of the world, true and coarse, to zoom 5 and round the country to zoom 7. The same seed gives the same bytes.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import geopandas
import mapbox_vector_tile
import numpy as np
import shapely
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from landgis.lib import geometry
from landgis.lib.webmap import EQUATOR_M, degrees, metres

from . import DATA, SRID
from .landscape import Landscape, curve
from .scene_world import World

WORLD_TO, COUNTRY_TO, FINEST = 5, 7, 14  # zooms
COUNTRY = (101, 7, 113, 24)  # degrees, where world_land.geojson is finer
EXTENT, BEHIND = 4096, 80  # units of a tile, and how many shapes reach beyond it
FRAMES = ((397_500, 1_108_000, 499_500, 1_213_500), (361_500, 950_500, 392_500, 968_500))  # EPSG:5899
ROADS = {  # class of the landscape: kind, detail, zoom from which it is there
    "motorway": ("highway", "motorway", 6),
    "trunk": ("major_road", "trunk", 7),
    "provincial": ("major_road", "primary", 9),
    "street": ("major_road", "secondary", 11),
}
LANES = ("minor_road", "tertiary", 11)
STREETS = ("minor_road", "residential", 13)
LANDMARKS = {"Trường": "school", "Trạm y tế": "clinic", "Chợ": "marketplace"}  # by how the name of a plot begins
LANDMARKS_FROM = 13
LAYERS = ("earth", "water", "roads", "pois")


@dataclass(frozen=True)
class MapRow:
    """A feature but for its geometry, and the zoom from which it is there."""

    layer: str
    zoom: int
    told: dict


def write(path: Path, world: World) -> None:
    """Some 6 MB and 10 seconds."""
    rows, shapes = _features(world)
    with path.open("wb") as file:
        writer = Writer(file)
        for (z, x, y), body in _tiles(0, 0, 0, rows, shapes, _land(world), _frames()):
            writer.write_tile(zxy_to_tileid(z, x, y), body)
        header = {"tile_type": TileType.MVT, "tile_compression": Compression.NONE, "center_zoom": 9}
        west, south, east, north = degrees(*_frames().bounds[:2]) + degrees(*_frames().bounds[2:])
        sides = {"min_lon": west, "min_lat": south, "max_lon": east, "max_lat": north}
        sides |= {"center_lon": (west + east) / 2, "center_lat": (south + north) / 2}
        header |= {f"{name}_e7": round(value * 1e7) for name, value in sides.items()}
        writer.finalize(header, {"name": "demo", "vector_layers": [{"id": layer, "fields": {}} for layer in LAYERS]})


def _features(world: World) -> tuple[list[MapRow], np.ndarray]:
    found = [*_roads(world.land), *_streets(world), *_water(world.land), *_landmarks(world.land, world.plots)]
    return [row for row, _shape in found], _mercator([shape for _row, shape in found])


def _roads(land: Landscape) -> Iterator[tuple[MapRow, shapely.Geometry]]:
    for road in land.roads:
        kind, detail, zoom = ROADS[road.kind]
        yield MapRow("roads", zoom, {"kind": kind, "kind_detail": detail, "name": road.name}), road.line
    kind, detail, zoom = LANES
    for lane in land.lanes:
        yield MapRow("roads", zoom, {"kind": kind, "kind_detail": detail}), lane


def _streets(world: World) -> Iterator[tuple[MapRow, shapely.Geometry]]:
    """The middles of the streets between blocks: those that lots face have names."""
    kind, detail, zoom = STREETS
    ways: dict[tuple[int, int, str], list[shapely.Geometry]] = {}
    for block in world.blocks:
        half = 7.2 if block.depth > 90 else 5.0  # as scene_world.py paints it
        west, east, low, high = -half, block.length + half, -half, block.depth + half
        sides = {block.streets[0]: ((west, low), (east, low)), block.streets[1]: ((west, high), (east, high))}
        for name, ends in sides.items():
            line = shapely.LineString(block.place(ends))
            ways.setdefault((block.commune, block.patch, name), []).append(line)
        for along in (west, east):
            line = shapely.LineString(block.place(((along, low), (along, high))))
            ways.setdefault((block.commune, block.patch, ""), []).append(line)
    for (_commune, _patch, name), lines in ways.items():
        told = {"kind": kind, "kind_detail": detail, **({"name": f"Đường {name}"} if name else {})}
        yield MapRow("roads", zoom, told), shapely.line_merge(shapely.unary_union(lines, grid_size=2.0))


def _water(land: Landscape) -> Iterator[tuple[MapRow, shapely.Geometry]]:
    for name, course in _river_courses().items():
        yield MapRow("water", 9, {"kind": "river", "name": name}), course & land.land.buffer(2000)
    for shape in land.rivers.values():
        yield MapRow("water", 8, {"kind": "river"}), shape
    for name, shape in land.lakes.items():
        yield MapRow("water", 8, {"kind": "lake"}), shape
        yield MapRow("water", 11, {"kind": "lake", "name": name}), shape.representative_point()


def _river_courses() -> dict[str, shapely.LineString]:
    """The middles of the rivers; that one has two arms is told by its name alone."""
    with (DATA / "landscape.toml").open("rb") as file:
        rivers = tomllib.load(file)["river"]
    return {river["name"]: shapely.LineString(curve(np.asarray(river["points"]) * 1000, 70)) for river in rivers}


def _landmarks(land: Landscape, plots: geopandas.GeoDataFrame) -> Iterator[tuple[MapRow, shapely.Geometry]]:
    for commune in land.communes:
        told = {"kind": "townhall", "name": f"UBND {commune.name[0].lower()}{commune.name[1:]}"}
        yield MapRow("pois", LANDMARKS_FROM, told), shapely.Point(commune.centre)
    for name, shape in zip(plots["TENKHU"], plots.geometry, strict=True):
        kind = next((kind for start, kind in LANDMARKS.items() if name.startswith(start)), None)
        if kind and not name.endswith((" cũ", ")")):
            yield MapRow("pois", LANDMARKS_FROM, {"kind": kind, "name": name}), shape.representative_point()


def _land(world: World) -> shapely.Geometry:
    """All land in EPSG:3857: that of the landscape in its frames, that of the world beyond them."""
    own = _mercator([world.ground])[0] & _frames()
    rest = geometry.from_wgs84(geopandas.read_file(DATA / "world_land.geojson").geometry.to_numpy(), 3857)
    return shapely.union_all([own, shapely.union_all(rest) - _frames()])


def _frames() -> shapely.Geometry:
    return shapely.union_all(_mercator([shapely.box(*sides).segmentize(5000) for sides in FRAMES]))


@cache
def _country() -> shapely.Geometry:
    return shapely.box(*metres(*COUNTRY[:2]), *metres(*COUNTRY[2:]))


def _mercator(shapes: list) -> np.ndarray:
    found: np.ndarray = geometry.from_wgs84(geometry.to_wgs84(np.array(shapes, object), SRID), 3857)
    return found


def _tiles(z, x, y, rows, shapes, land, frames) -> Iterator[tuple[tuple[int, int, int], bytes]]:
    """A tile and those in it: each is cut from what the one above it was cut to."""
    side = EQUATOR_M / 2**z
    west, north = x * side - EQUATOR_M / 2, EQUATOR_M / 2 - y * side
    box, unit = shapely.box(west, north - side, west + side, north), side / EXTENT
    if not box.intersects(frames) and z > (COUNTRY_TO if box.intersects(_country()) else WORLD_TO):
        return
    sides = (west - BEHIND * unit, north - side - BEHIND * unit, west + side + BEHIND * unit, north + BEHIND * unit)
    shapes, land = (
        shapely.clip_by_rect(shapes, *sides),
        land & shapely.box(*sides),
    )  # clip_by_rect fails at small islands
    some = np.flatnonzero(~shapely.is_empty(shapes))
    rows, shapes = [rows[k] for k in some], shapes[some]
    sea = shapely.box(*sides) - land
    fixed = [(MapRow("earth", 0, {"kind": "earth"}), land), (MapRow("water", 0, {"kind": "ocean"}), sea)]
    seen = [pair for pair in (*fixed, *zip(rows, shapes, strict=True)) if pair[0].zoom <= z]
    yield (z, x, y), _encoded(seen, west, north, unit)
    if z < FINEST:
        for right, down in ((0, 0), (1, 0), (0, 1), (1, 1)):
            yield from _tiles(z + 1, 2 * x + right, 2 * y + down, rows, shapes, land, frames)


def _encoded(seen: list, west: float, north: float, unit: float) -> bytes:
    """The tile of some features (EPSG:3857) whose upper left corner is at west, north."""
    simple = shapely.simplify(np.array([shape for _row, shape in seen], object), unit * 4)
    placed = shapely.transform(simple, lambda xy: (xy - (west, north)) / (unit, -unit))
    layers: dict[str, list] = {}
    for (row, _shape), shape in zip(seen, placed, strict=True):
        if not shape.is_empty:
            layers.setdefault(row.layer, []).append({"geometry": shape, "properties": row.told})
    told = [{"name": name, "features": features} for name, features in layers.items()]
    return mapbox_vector_tile.encode(told, default_options={"y_coord_down": True, "extents": EXTENT})
