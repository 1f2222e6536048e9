"""The stored tiles of a dataset as one file (PMTiles 3), for a disk, a bucket or another program."""

import os
import secrets
from pathlib import Path

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from landgis.catalog import queries
from landgis.catalog.dataset import Dataset
from landgis.tiles import pyramid
from landgis.tiles.views import attribution, vector_layers

EXACT = 10**7  # of a degree, as PMTiles counts


def write(dataset: Dataset, target: Path) -> int:
    """Write the tiles of all stored zooms, brought in line before; returns how many. Whole or not at all.

    Raises ValueError where there is nothing to write.
    """
    pyramid.TileFollower().follow(dataset)
    pyramid.cut(dataset)
    store = pyramid.store_of(dataset)
    keys = sorted(
        (key for z in pyramid.stored_zooms(dataset) for key in store.keys(z)), key=lambda key: zxy_to_tileid(*key)
    )
    bounds = queries.extent(dataset)
    if not keys or not bounds:
        raise ValueError(f"{dataset.name} has no tile to write.")
    part = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with part.open("wb") as file:
            archive = Writer(file)
            for key in keys:
                tile = store.read(key)
                if tile is None:
                    raise ValueError(f"{dataset.name} changed meanwhile: write the file again.")
                archive.write_tile(zxy_to_tileid(*key), tile.packed)
            archive.finalize(_header(bounds), _about(dataset))
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return len(keys)


def _header(bounds: tuple[float, float, float, float]) -> dict[str, object]:
    west, south, east, north = (round(side * EXACT) for side in bounds)
    box = {"min_lon_e7": west, "min_lat_e7": south, "max_lon_e7": east, "max_lat_e7": north}
    middle = {"center_lon_e7": (west + east) // 2, "center_lat_e7": (south + north) // 2, "center_zoom": 12}
    return {"tile_type": TileType.MVT, "tile_compression": Compression.GZIP, **box, **middle}


def _about(dataset: Dataset) -> dict[str, object]:
    return {
        "name": str(dataset.title_plural),
        "description": str(dataset.description),
        "attribution": attribution(dataset),
        "vector_layers": vector_layers(dataset),
    }
