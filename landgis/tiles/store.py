"""The stored tiles of a dataset: compressed files, and beside them a mark for each that has to be cut anew.

`<folder>/<z>/<x>/<y>.mvt.gz` are the bytes as they are sent, so that any web server can send them. A tile down to zoom
`TOP` that has neither file nor mark holds nothing; a deeper one that has no file was not asked for yet. A file's time is
made from its bytes: the ETag that nginx makes of time and length then depends on the data alone, and this program
answers the same (docs/decisions/0025-stored-tiles.md).
"""

import fcntl
import gzip
import hashlib
import json
import os
import re
import secrets
import shutil
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

Key = tuple[int, int, int]  # zoom, column, row

TOP = 16  # the last zoom of which all tiles are stored; deeper ones are when somebody asked for them
ENDING = ".mvt.gz"
LEVEL = 3  # of zlib: half the time of the usual 6, for 4 % more bytes
FAR, FAR_LEVEL = 10, 6  # up to this zoom tiles are few, and every map begins with some: a tenth is worth the time
TIMES = 2**30  # seconds after 1970 that a file's time is drawn from: none is in the future
KEPT, MARKS = "kept.json", "marks"
RUBBISH = re.compile(r"\..+-[0-9a-f]{16}")


@dataclass(frozen=True)
class Kept:
    """What the tiles of a folder follow from: the form of the tiles, and how far revisions and the clock were followed.

    `applied_at` tells the revision from another of its number (after a restore), `ticked_at` is the moment of the tick,
    `until` the next one at which the state of a feature changes; all in seconds since 1970. `moved` names the last revision
    with which tiles of this dataset changed.
    """

    form: str
    revision: int = 0
    applied_at: float = 0
    tick: int = 0
    ticked_at: float = 0
    until: float | None = None
    moved: str = ""

    def is_after(self, other: "Kept") -> bool:
        """Whether it is of the same form and further than another one."""
        return self.form == other.form and (self.revision, self.tick) > (other.revision, other.tick)


@dataclass(frozen=True)
class ReadAt:
    """When a tile was read from the database: the newest revision before that, and its clock in seconds since 1970."""

    revision: int
    now: float


@dataclass(frozen=True)
class StoredTile:
    """A file of the store: its bytes are gzip, its ETag as nginx writes it."""

    packed: bytes
    etag: str

    @property
    def tile(self) -> bytes | None:
        """The bytes that were packed; None where the file is damaged."""
        try:
            return gzip.decompress(self.packed)
        except (OSError, EOFError, zlib.error):
            return None


class Store:
    """The tiles of one dataset in `folder`. Processes may read and write it at the same time."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._marks, self._kept = folder / MARKS, folder / KEPT

    # Reading

    def is_begun(self) -> bool:
        """Whether tiles were ever stored here; a beginning that was cut off counts."""
        return self.folder.is_dir()

    def kept(self) -> Kept | None:
        """None where nothing is stored."""
        try:
            found = os.stat(self._kept)  # noqa: PTH116 -- at every tile that is asked for
        except (FileNotFoundError, NotADirectoryError):
            return None
        # Each is a file of its own, so that one that was read need not be read again.
        return _kept(self._kept, found.st_ino, found.st_mtime_ns)

    def read(self, key: Key) -> StoredTile | None:
        try:
            with self.path(key).open("rb") as file:
                return StoredTile(file.read(), _etag(os.fstat(file.fileno())))
        except (FileNotFoundError, NotADirectoryError):
            return None

    def etag(self, key: Key) -> str | None:
        """The ETag of a stored tile, without reading it."""
        try:
            return _etag(self.path(key).stat())
        except (FileNotFoundError, NotADirectoryError):
            return None

    def is_marked(self, key: Key) -> bool:
        """Whether the tile has to be cut anew. Of those down to TOP, one that is not and has no file holds nothing."""
        return self._mark(key).exists()

    def path(self, key: Key) -> Path:
        z, x, y = key
        return self.folder / str(z) / str(x) / f"{y}{ENDING}"

    def keys(self, z: int) -> Iterator[Key]:
        """Of a zoom all tiles that have a file."""
        for column in _entries(self.folder / str(z)):
            for name in _entries(self.folder / str(z) / column):
                if name.endswith(ENDING):
                    yield z, int(column), int(name.removesuffix(ENDING))

    def marked(self) -> list[Key]:
        """What has to be cut anew, from far to near."""
        found = []
        for name in _entries(self._marks):
            z, x, y = name.split("-")
            found.append((int(z), int(x), int(y)))
        return sorted(found)

    # Writing

    def begin(self, kept: Kept, keys: Iterable[Key], *, after: Kept | None) -> int | None:
        """Leave what is there, which was as far as `after`, and begin anew: each of these tiles is to be cut. How many they are.

        None where another process came first: what it began stays. Whoever reads meanwhile finds the old state or none,
        never a part of the new one.
        """
        with self._alone():
            if self.kept() != after:
                return None
            self._kept.unlink(missing_ok=True)
            for name in _entries(self.folder):
                if name.isdecimal() or name == MARKS:
                    self._throw_away(self.folder / name)
            count = sum(self._forget(key) for key in keys)
            self._write(kept)
        return count

    def move_on(self, kept: Kept, keys: Iterable[Key]) -> int:
        """Forget these tiles, which what came since changed, and be as far as that. How many have to be cut anew.

        Another process that came further meanwhile has forgotten what changed until there, and stays as far as it is.
        """
        with self._alone():
            count, there = sum(self._forget(key) for key in keys), self.kept()
            if there is None or not there.is_after(kept):
                self._write(kept)
        return count

    def put(self, key: Key, tile: bytes, read_at: ReadAt) -> StoredTile | None:
        """Keep a tile; where it is empty, that it is. Gives what was kept.

        One that was read before the revision or the tick that was followed last may not be as it is since: it is not kept.
        """
        packed = gzip.compress(tile, FAR_LEVEL if key[0] <= FAR else LEVEL, mtime=0) if tile else b""
        with self._together():
            kept, path = self.kept(), self.path(key)
            if kept is None or read_at.revision < kept.revision or read_at.now < kept.ticked_at:
                return None
            stored = _replace(path, packed) if packed else None
            if stored is None:
                path.unlink(missing_ok=True)
            self._mark(key).unlink(missing_ok=True)
            return stored

    def remove(self) -> None:
        """All of it."""
        if self.folder.is_dir():
            with self._alone():
                self._kept.unlink(missing_ok=True)
                self._throw_away(self.folder)

    def _forget(self, key: Key) -> bool:
        """Marked before it goes: there is no moment at which it seems to hold nothing. A deep one is just not there."""
        if key[0] <= TOP:
            self._marks.mkdir(exist_ok=True)
            self._mark(key).touch()
        self.path(key).unlink(missing_ok=True)
        return key[0] <= TOP

    def _mark(self, key: Key) -> Path:
        return self._marks / "-".join(map(str, key))

    def _write(self, kept: Kept) -> None:
        part = self.folder / f"{KEPT}.{secrets.token_hex(8)}"
        part.write_text(json.dumps(asdict(kept)), encoding="ascii")
        part.replace(self._kept)

    def _throw_away(self, folder: Path) -> None:
        """Out of the way in one step; removing its files takes longer."""
        rubbish = self.folder.parent / f".{self.folder.name}-{secrets.token_hex(8)}"
        folder.rename(rubbish)
        shutil.rmtree(rubbish, ignore_errors=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._held(fcntl.LOCK_EX):
            yield

    @contextmanager
    def _together(self) -> Iterator[None]:
        with self._held(fcntl.LOCK_SH):
            yield

    @contextmanager
    def _held(self, kind: int) -> Iterator[None]:
        """The lock lies beside the folder: it is there before the folder is, and after."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder.parent / f".{self.folder.name}.lock").open("w") as file:
            fcntl.flock(file, kind)
            self.folder.mkdir(exist_ok=True)
            yield


def sweep(folder: Path) -> None:
    """Take away what processes that were killed had thrown out of stores in this folder and not removed yet."""
    for name in _entries(folder):
        if RUBBISH.fullmatch(name):
            shutil.rmtree(folder / name, ignore_errors=True)


@lru_cache(maxsize=256)
def _kept(path: Path, _inode: int, _written: int) -> Kept | None:
    try:
        return Kept(**json.loads(path.read_text(encoding="ascii")))
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
        return None  # gone meanwhile, or by another version of this program: it begins anew


def _entries(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _replace(path: Path, packed: bytes) -> StoredTile:
    """Whole under its name at once; with the time that is made from the bytes."""
    written, part = _time_of(packed), path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        try:
            part.write_bytes(packed)
        except FileNotFoundError:  # the first of its column
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(packed)
        os.utime(part, (written, written))
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    return StoredTile(packed, _etag_of(written, len(packed)))


def _time_of(packed: bytes) -> int:
    return 1 + int.from_bytes(hashlib.sha256(packed).digest()[:8], "big") % TIMES


def _etag(found: os.stat_result) -> str:
    return _etag_of(int(found.st_mtime), found.st_size)


def _etag_of(written: int, size: int) -> str:
    return f'"{written:x}-{size:x}"'
