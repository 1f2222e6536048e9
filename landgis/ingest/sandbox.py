"""The parsing process: behind walls where they stand (`landgis/lib/walls.py`), limits and an allow-list of drivers everywhere.

Where bubblewrap cannot run, uploads from browsers are refused; the operator's command line may do without, saying so.
"""

import contextlib
import functools
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from landgis.ingest.errors import MESSAGES, FileError
from landgis.ingest.formats import (
    FAULTS,
    ROW,
    WKB,
    Content,
    Conventions,
    LayerOutline,
    Shape,
    archives,
    curves,
    frames,
    kinds,
)
from landgis.lib import walls

MEMORY_BYTES = 4 * 2**30  # of address space; libraries alone map one
WRITTEN_BYTES = 2 * 2**30
CPU_SECONDS, CPU_SECONDS_PER_MB = 20, 2
CPU_SECONDS_PER_PACKED_MB = 10  # of a zip or a workbook: a megabyte holds 230,000 cells, which take 5 s
PACKED = b"PK"
# What the process imports, and no more: not the settings, not the keys beside them.
CODE = ("__init__.py", "lib", "ingest/__init__.py", "ingest/errors.py", "ingest/formats")
ALLOWED = {*kinds.VECTOR, *kinds.DRAWINGS, "CSV"}  # CSV only for `curves`


def is_available() -> bool:
    """Whether bubblewrap can make its walls here."""
    return _probe()


class ReaderProcess:
    """A file that is open in a process of its own. Close it; as a context it closes itself."""

    def __init__(self, path: Path, layer: str | None, conventions: Conventions, name: str = ""):
        found = parts(path)
        self.seconds = seconds(found.values())
        inside = {ending: part.absolute() for ending, part in found.items()}
        command = [sys.executable, "-m", "landgis.ingest.formats.worker"]
        if is_available():
            names = {ending: f"/upload/data{ending}" for ending in found}
            command = [*_walls(inside, names), *command]
            inside = {ending: Path(name) for ending, name in names.items()}
        self.process = started(command)
        limits = {"memory": MEMORY_BYTES, "cpu": self.seconds, "file_size": WRITTEN_BYTES}
        try:
            self._ask(
                parts={ending: str(part) for ending, part in inside.items()},
                name=name or path.stem,
                layer=layer,
                conventions=asdict(conventions),
                limits=limits,
            )
            kind, body = self._next()
            if kind != frames.CONTENT:
                raise _stopped()
            self.content = _content(body)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "ReaderProcess":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def batches(self, shape: Shape | None = None, rows: int | None = None) -> Iterator[pa.RecordBatch]:
        """The rows, or the first of them. Read to the end before asking again."""
        said = asdict(shape) if shape else None
        self._ask(shape=said, rows=rows)
        while True:
            kind, body = self._next()
            if kind == frames.END:
                return
            try:
                batch = frames.batch_of(body)
            except (pa.ArrowException, StopIteration) as error:
                raise _stopped() from error
            if batch.schema.names != [*self.content.names, ROW, WKB, FAULTS]:
                raise _stopped()
            yield batch

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def _ask(self, **request: Any) -> None:
        assert self.process.stdin is not None  # noqa: S101 -- a pipe, as asked for above
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError as error:
            raise _stopped() from error

    def _next(self) -> tuple[bytes, bytes]:
        """The next frame. Raises FileError for what the process says, and when it says nothing any more."""
        assert self.process.stdout is not None  # noqa: S101
        head = self._exactly(self.process.stdout, frames.HEAD.size)
        kind, length = frames.HEAD.unpack(head)
        if length > frames.MAX_FRAME:
            raise _stopped()
        body = self._exactly(self.process.stdout, length)
        if kind == frames.ERROR:
            raise _said(body)
        return kind, body

    def _exactly(self, pipe: IO[bytes], count: int) -> bytes:
        found = bytearray()
        while len(found) < count:
            ready, _write, _error = select.select([pipe], [], [], self.seconds + 10)
            chunk = os.read(pipe.fileno(), min(count - len(found), 2**20)) if ready else b""
            if not chunk:
                raise _stopped()
            found += chunk
        return bytes(found)


def started(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    """The process, which waits to be told what to read."""
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        start_new_session=True,
    )


def _content(body: bytes) -> Content:
    """What the process says of the file: taken as data, whatever became of the process."""
    try:
        said = json.loads(body)
        faults = tuple((str(code), dict(params)) for code, params in said.pop("faults"))
        layers = tuple(_layer(**one) for one in said.pop("layers"))
        return Content(**said | {"names": tuple(map(str, said["names"])), "faults": faults, "layers": layers})
    except (ValueError, TypeError, KeyError) as error:
        raise _stopped() from error


def _layer(name: str, geometry: str, rows: int, extent: Sequence[float] | None) -> LayerOutline:
    return LayerOutline(str(name), str(geometry), int(rows), tuple(map(float, extent)) if extent else None)


def _said(body: bytes) -> FileError:
    """The error that the process reports; a code of its own making is none of ours."""
    said = json.loads(body)
    return FileError(said["code"], **said["params"]) if said["code"] in MESSAGES else _stopped()


def _stopped() -> FileError:
    return FileError("reading-stopped")


def seconds(given: Iterable[Path]) -> int:
    """What the reading of the parts of a file may take of the processor."""
    return int(CPU_SECONDS + sum(part.stat().st_size / 2**20 * _per_megabyte(part) for part in given))


def _per_megabyte(part: Path) -> int:
    with part.open("rb") as file:
        return CPU_SECONDS_PER_PACKED_MB if file.read(len(PACKED)) == PACKED else CPU_SECONDS_PER_MB


def parts(path: Path) -> dict[str, Path]:
    """The file under "", and its other parts beside it, whatever the case of their names."""
    endings = archives.PARTS_OF.get(path.suffix.lower(), ())[1:]
    if not endings:
        return {"": path}
    stem = path.stem.lower()
    beside = {
        other.suffix.lower(): other
        for other in sorted(path.parent.iterdir())
        if other.stem.lower() == stem and other.suffix.lower() in endings and other.is_file()
    }
    return {"": path, **beside}


def _environment() -> dict[str, str]:
    return walls.environment(
        ARROW_DEFAULT_MEMORY_POOL="system",
        OGR_SKIP=",".join(_other_drivers()),
        GDAL_DRIVER_PATH="disable",
        GDAL_HTTP_TIMEOUT="1",
        CPL_VSIL_CURL_ALLOWED_EXTENSIONS=".none",
        OGR_GEOJSON_MAX_OBJ_SIZE="200",
        OGR_GPKG_INTEGRITY_CHECK="NO",
        OGR_ARC_STEPSIZE=curves.ARC_DEGREES,
        OGR_CSV_MAX_LINE_SIZE=curves.LARGEST_LINE,
    )


@functools.cache
def _other_drivers() -> list[str]:
    import pyogrio  # with it comes pandas: every command would start half a second later

    return sorted(set(pyogrio.list_drivers()) - ALLOWED)


def _walls(given: Mapping[str, Path], names: Mapping[str, str]) -> list[str]:
    """The command line of bubblewrap up to the program."""
    return walls.command(CODE, {part: names[ending] for ending, part in given.items()})


def _probe() -> bool:
    return walls.stand(CODE, "landgis.ingest.formats.worker")
