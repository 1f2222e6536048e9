"""A file as it was handed in: its checksum, what it says of itself, and its rows as Arrow batches.

Nothing of it is parsed here; see `sandbox` for where, and `formats` for how.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from landgis.catalog.file_columns import meanings_sheets
from landgis.ingest import crs_text, drawings, headings, sandbox
from landgis.ingest.errors import FileError
from landgis.ingest.formats import Content, Conventions, Shape
from landgis.lib import text
from landgis.lib.files import sha256_of

SAMPLE_ROWS = 2000


@dataclass(frozen=True)
class OpenFile:
    """An opened file: what it says of itself, its first rows, and the process that reads it."""

    path: Path
    sha256: str
    content: Content
    process: sandbox.ReaderProcess
    field_names: tuple[str, ...]
    srid: int | None
    sample: pa.RecordBatch | None
    name: str = ""  # as people know it, without its suffix

    @property
    def raw_names(self) -> tuple[str, ...]:
        return self.content.names

    @property
    def driver(self) -> str:
        return self.content.driver

    @property
    def layer(self) -> str:
        return self.content.layer

    @property
    def features(self) -> int:
        return self.content.features

    @property
    def crs_text(self) -> str:
        return self.content.crs_text

    @property
    def text_is_bytes(self) -> bool:
        return self.content.text_is_bytes

    def in_encoding(self, encoding: str) -> "OpenFile":
        """The same with its headings as text of that encoding; one that is none stays as it is."""
        if not self.text_is_bytes:  # only what looks more like text afterwards had been mistaken
            return replace(self, field_names=tuple(_heading_again(name, encoding) for name in self.raw_names))
        return replace(self, field_names=tuple(_heading(name, encoding) for name in self.raw_names))


@contextmanager
def open_file(path: Path, layer: str | None = None, name: str = "") -> Iterator[OpenFile]:
    """Look at a file of any known format, which people know as `name`. Raises FileError."""
    if not path.is_file():
        raise FileError("file-absent", path=path)
    sha256 = sha256_of(path)
    with sandbox.ReaderProcess(path, layer, _conventions(), Path(name).stem) as process:
        content = process.content
        source = OpenFile(
            path=path,
            sha256=sha256,
            content=content,
            process=process,
            field_names=content.names,
            srid=crs_text.srid_of(content.crs_text),
            sample=_first(process, None),
            name=Path(name).stem,
        )
        yield source


def _conventions() -> Conventions:
    return Conventions(drawings.legend(), **headings.of_forms(), explanations=meanings_sheets())


def batches(source: OpenFile, shape: Shape | None = None) -> Iterator[pa.RecordBatch]:
    """The rows in Arrow batches; `shape` says where the geometry of a table is."""
    return _renamed(source, source.process.batches(_by_raw_names(source, shape)))


def sample(source: OpenFile, shape: Shape | None = None) -> pa.RecordBatch | None:
    """The first rows; None when there are none."""
    first = _first(source.process, _by_raw_names(source, shape))
    return None if first is None else next(_renamed(source, iter([first])))


def _by_raw_names(source: OpenFile, shape: Shape | None) -> Shape | None:
    """The shape by the headings as the bytes have them: the process knows no others."""
    if shape is None:
        return None
    raw = dict(zip(source.field_names, source.raw_names, strict=True))
    columns, identity, facts = (_all_in(raw, names) for names in (shape.columns, shape.identity, shape.facts))
    return replace(shape, columns=columns, identity=identity, facts=facts)


def _all_in(raw: Mapping[str, str], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(raw[name] for name in names)


def _renamed(source: OpenFile, given: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in given:
        ours = batch.schema.names[len(source.field_names) :]
        yield batch.rename_columns([*source.field_names, *ours])


def _first(process: sandbox.ReaderProcess, shape: Shape | None) -> pa.RecordBatch | None:
    found = list(process.batches(shape, SAMPLE_ROWS))
    return found[0] if found else None


def _heading(raw: str, encoding: str) -> str:
    try:
        return text.decode(raw.encode("iso-8859-1"), encoding)
    except UnicodeError:
        return raw


def _heading_again(raw: str, encoding: str) -> str:
    """Of a format that knows its encoding; of one that was right, another reading looks less like a language."""
    try:
        read = text.decode(text.windows_bytes(raw), encoding)
    except UnicodeError:
        return raw
    return read if text.likeness([read]) > text.likeness([raw]) else raw
