"""Image tiles that were cut, kept as files for whoever asks next, in all processes.

A folder for each set of images over ground that is concealed in one way: its name is the fingerprint of the mosaic, for which the
database is asked at each request. So with the moment in which other ground is concealed, or a scene withdrawn,
nobody is given an old file any more, whichever process sends it.
"""

import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

import structlog
from django.conf import settings

from landgis.imagery import overlays
from landgis.imagery.queries import Mosaic, PublicScene, mosaics

log = structlog.get_logger(__name__)

FORM = 1  # of the bytes; another one lets all be cut anew
FOLDER = ".images"  # beside the vector tiles of datasets, none of which is called so
MOST_BYTES = 2 * 2**30  # of all of them; those that were cut first go


def tile(mosaic: Mosaic, z: int, x: int, y: int, *, is_matched: bool = True) -> tuple[bytes | None, bool]:
    """As `overlays.tile`; one that lacks a scene which could not be read is not kept."""
    path = _folder() / _name(mosaic) / (str(z) if is_matched else f"{z}-as-taken") / f"{x}-{y}.webp"
    try:
        return path.read_bytes() or None, True
    except (FileNotFoundError, NotADirectoryError):
        body, is_whole = overlays.tile(mosaic.scenes, z, x, y, is_matched=is_matched)
    if is_whole:
        _keep(path, body or b"")
    return body, is_whole


def sweep(scenes: Collection[PublicScene], most: int = MOST_BYTES) -> None:
    """Take away what nobody can ask for any more, of these public scenes, and what is more than `most` bytes."""
    found = list(scenes)
    single = [Mosaic(scene.name, (scene,)) for scene in found]
    wanted = {_name(mosaic) for mosaic in (*mosaics(found), *single)}
    for folder in _entries(_folder()):
        if folder.name not in wanted:
            shutil.rmtree(folder, ignore_errors=True)
    room = most
    for _cut_at, size, path in sorted(_files(), reverse=True):
        room -= size
        if room < 0:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.TILES) / FOLDER


def _name(mosaic: Mosaic) -> str:
    return f"{FORM}-{mosaic.fingerprint}"


def _keep(path: Path, body: bytes) -> None:
    """Whole under its name at once."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(body)
        part.replace(path)
    except OSError as error:  # no room: the reader has the tile all the same
        log.warning("image tile not kept", error=error.strerror)
        with suppress(OSError):
            part.unlink()


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _files() -> Iterator[tuple[float, int, Path]]:
    """When each was cut, its size and where it lies."""
    for folder, _folders, names in os.walk(_folder()):
        for path in (Path(folder, name) for name in names):
            with suppress(FileNotFoundError):
                found = path.stat()
                yield found.st_mtime, found.st_size, path
