"""An archive of vector tiles (PMTiles 3), read where it lies. Its libraries are loaded by what asks for a tile, and by no other command."""

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landgis.lib.webmap import Box

MOST_BYTES = 8 * 1024**2  # of a tile; those of the known schemas have some hundred kB


class ArchiveError(ValueError):
    """A file is no archive of vector tiles, or is damaged."""


@dataclass(frozen=True)
class Contents:
    """What an archive says of itself; `box` in degrees."""

    layers: tuple[str, ...]
    attribution: str
    minzoom: int
    maxzoom: int
    box: Box


def contents(path: Path) -> Contents:
    """Raises ArchiveError where it is not an archive of vector tiles that can be read."""
    from pmtiles.tile import Compression, TileType

    with _opened(path) as reader:
        header, told = reader.header(), reader.metadata()
        if header["tile_type"] != TileType.MVT:
            raise ArchiveError("its tiles are no vector tiles (MVT)")
        if header["tile_compression"] not in (Compression.NONE, Compression.GZIP):
            raise ArchiveError("its tiles must be compressed with gzip or not at all")
        sides = (header[f"{side}_e7"] / 1e7 for side in ("min_lon", "min_lat", "max_lon", "max_lat"))
        layers = tuple(str(layer["id"]) for layer in told.get("vector_layers", ()))
        return Contents(layers, str(told.get("attribution", "")), header["min_zoom"], header["max_zoom"], tuple(sides))


def tile(path: Path, z: int, x: int, y: int) -> bytes:
    """The tile as it was made, empty where there is none. Raises ArchiveError."""
    with _opened(path) as reader:
        found: bytes = reader.get(z, x, y) or b""
    return _unpacked(found) if found[:2] == b"\x1f\x8b" else found


def _unpacked(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        found = unpacking.decompress(packed, MOST_BYTES)
    except zlib.error as error:
        raise ArchiveError(str(error)) from error
    if not unpacking.eof:
        raise ArchiveError("a tile is cut off or larger than any should be")
    return found


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """A reader of the library; whatever it makes of a damaged file is an ArchiveError."""
    from pmtiles.reader import Reader

    def read(offset: int, length: int) -> bytes:
        return os.pread(file, length, offset)

    file = os.open(path, os.O_RDONLY)
    try:
        yield Reader(read)
    except ArchiveError:
        raise
    except Exception as error:  # the library lets through whatever a wrong byte makes of it
        raise ArchiveError(f"it is no archive in the format PMTiles 3, or is damaged ({error!r})") from error
    finally:
        os.close(file)
