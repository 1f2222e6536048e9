"""The file in which the items of a change set lie when it has ended: lines as PostgreSQL's COPY writes them, compressed.

A block of some lines is a member of its own of the gzip file, so that single items are read without the rest, and a value
is taken out without compressing the rest anew; for other programs it is one file, which `zcat` and `COPY … FROM` read. Where the
blocks lie stands in the database (`ItemFile`).
"""

import gzip
import re
import shutil
import tempfile
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
from django.conf import settings

from landgis.changes.item_models import ItemFile
from landgis.lib import files

FOLDER = "items"
LINES = 500  # of a block
LEVEL = 3  # of gzip: twice as quick as the highest, and a twentieth larger
FIRST = ("id", "row", "ref", "action")  # columns by which lines are chosen
UNFINISHED = "part-"

Line = list[bytes]  # the values of one item as COPY writes them
Block = list[Any]  # size, items, first row, last row, {action: items}

NULL = b"\\N"
_WRITTEN = {b"\b": b"b", b"\f": b"f", b"\n": b"n", b"\r": b"r", b"\t": b"t", b"\v": b"v", b"\\": b"\\"}
_MEANT = {letter: byte for byte, letter in _WRITTEN.items()}


class ItemsUnreadable(Exception):
    """The file of a change set is missing or damaged; the text is its name in the store."""


def text_of(written: bytes) -> str | None:
    if written == NULL:
        return None
    return re.sub(rb"\\(.)", lambda found: _MEANT.get(found[1], found[1]), written, flags=re.DOTALL).decode()


def written(text: str | None) -> bytes:
    if text is None:
        return NULL
    return re.sub(rb"[\b\f\n\r\t\v\\]", lambda found: b"\\" + _WRITTEN[found[0]], text.encode())


def name_of(record: ItemFile) -> str:
    """The name in the store."""
    return f"{FOLDER}/{record.pk}-{record.sha256}.gz"


def path_of(record: ItemFile) -> Path:
    return Path(settings.MEDIA_ROOT) / name_of(record)


# Reading


def blocks_of(record: ItemFile) -> list[tuple[int, Block]]:
    """Each block with where it begins."""
    begins = np.cumsum([0, *(block[0] for block in record.blocks)])
    return list(zip(begins[:-1].tolist(), record.blocks, strict=True))


def lines(record: ItemFile, is_wanted: Callable[[Block], bool] = lambda _block: True) -> Iterator[list[Line]]:
    """The lines of the blocks that are wanted, block by block. Raises ItemsUnreadable."""
    chosen = [(begin, block) for begin, block in blocks_of(record) if is_wanted(block)]
    if not chosen:
        return
    with _opened(record) as file:
        for begin, block in chosen:
            yield _lines_of(record, file, begin, block)


def _opened(record: ItemFile) -> IO[bytes]:
    try:
        return path_of(record).open("rb")
    except OSError:
        raise ItemsUnreadable(name_of(record)) from None


def _lines_of(record: ItemFile, file: IO[bytes], begin: int, block: Block) -> list[Line]:
    try:
        file.seek(begin)
        found = [line.split(b"\t") for line in gzip.decompress(file.read(block[0])).split(b"\n")[:-1]]
    except (OSError, EOFError, zlib.error):
        raise ItemsUnreadable(name_of(record)) from None
    if len(found) != block[1]:
        raise ItemsUnreadable(name_of(record))
    return found


def with_ref(record: ItemFile, ref: str) -> Iterator[Line]:
    """The lines of a feature, without reading the others. Raises ItemsUnreadable."""
    places = np.flatnonzero(np.frombuffer(record.ref_sums, "<u4") == zlib.crc32(written(ref)))
    ends = np.cumsum([block[1] for block in record.blocks])
    wanted = {id(record.blocks[number]) for number in np.searchsorted(ends, places, side="right")}
    for found in lines(record, lambda block: id(block) in wanted):
        yield from (line for line in found if line[FIRST.index("ref")] == written(ref))


# Writing


@dataclass
class Written:
    """What is written so far of a file, as the record needs it."""

    file: IO[bytes]
    blocks: list[Block] = field(default_factory=list)
    ref_sums: Any = field(default_factory=lambda: array("I"))

    def block(self, found: Sequence[Line]) -> None:
        rows = [int(line[1]) for line in found if line[1] != NULL]
        actions: dict[str, int] = {}
        for line in found:
            action = text_of(line[3]) or ""
            actions[action] = actions.get(action, 0) + 1
            self.ref_sums.append(zlib.crc32(line[2]))
        size = self.file.write(compressed(found))
        self.blocks.append([size, len(found), min(rows, default=None), max(rows, default=None), actions])


def compressed(found: Sequence[Line]) -> bytes:
    return gzip.compress(b"".join(b"\t".join(line) + b"\n" for line in found), LEVEL, mtime=0)


def write(record: ItemFile, chunks: Iterable[bytes]) -> int:
    """Put what COPY says to its place, for good when it returns; fills the record, and gives how many items it has."""
    with _unfinished() as part:
        with part.open("wb") as file:
            done, waiting = Written(file), b""
            found: list[Line] = []
            for chunk in chunks:
                *whole, waiting = (waiting + chunk).split(b"\n")
                found += [line.split(b"\t") for line in whole]
                while len(found) >= LINES:
                    done.block(found[:LINES])
                    del found[:LINES]
            if found:
                done.block(found)
        record.blocks, record.ref_sums = done.blocks, done.ref_sums.tobytes()
        _put(record, part)
    return len(done.ref_sums)


def rewrite(record: ItemFile, changed: Mapping[bytes, Line]) -> None:
    """Put a file beside it that has other lines in place of some, by their id; the record names that one then.

    What lies in the other blocks stays as it is, byte for byte. Raises ItemsUnreadable.
    """
    blocks: list[Block] = []
    with _unfinished() as part:
        with part.open("wb") as file, _opened(record) as before:
            for begin, block in blocks_of(record):
                found = _lines_of(record, before, begin, block)
                before.seek(begin)
                content = before.read(block[0])
                if any(line[0] in changed for line in found):
                    content = compressed([changed.get(line[0], line) for line in found])
                file.write(content)
                blocks.append([len(content), *block[1:]])
        record.blocks = blocks
        _put(record, part)


def _put(record: ItemFile, part: Path) -> None:
    record.sha256 = files.sha256_of(part)
    files.put(part, path_of(record))
    files.sync(path_of(record).parent)


@contextmanager
def _unfinished() -> Iterator[Path]:
    """A file in a folder that is passed over while it is not whole."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=UNFINISHED) as unfinished:
        yield Path(unfinished) / "items.gz"


def sweep(kept: Iterable[ItemFile]) -> int:
    """Remove what lies in the folder beside the files of these records: what a cut or a redaction left."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    names = {path_of(record).name for record in kept}
    left = [path for path in folder.iterdir() if path.name not in names] if folder.is_dir() else []
    for path in left:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if left:
        files.sync(folder)
    return len(left)
