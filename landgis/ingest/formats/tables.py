"""Rows of text: CSV with any of the usual delimiters.

Bytes pass unchanged (as ISO-8859-1): which text they are is decided later. Only UTF-16, which says so by its
first bytes, is decoded here.
"""

import csv
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from landgis.ingest.errors import FileError
from landgis.ingest.formats import (
    BATCH_ROWS,
    Content,
    Conventions,
    ReadingFault,
    Shape,
    batch,
    corners,
    curves,
    sheet_forms,
)

DELIMITERS = ",;\t|"
MAX_CELL = 64 * 2**20
MAX_COLUMNS = 2000
UTF8_BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
# Of bytes that pass as text: others, such as the second of "à" in UTF-8, are parts of letters.
BLANKS = re.compile(r"[ \t\r\n\f\v]+")
NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
OTHER_TEXT = (b"<", b"{", b"[", b"%PDF", b"#!")

csv.field_size_limit(MAX_CELL)


@dataclass(frozen=True)
class Table:
    """A text file of rows: how to read it, and its headings."""

    path: Path
    encoding: str
    delimiter: str
    headings: tuple[str, ...]
    heading_row: int = 1
    titles: tuple[int, ...] = ()
    alike: int = 0  # of the first rows, those with as many cells as the headings

    @property
    def text_is_bytes(self) -> bool:
        return self.encoding == "iso-8859-1"


class TextTable:
    """A CSV file."""

    def __init__(self, path: Path, kind: str, name: str, layer: str | None, words: Conventions):
        self.table = open_table(path)
        is_bytes = self.table.text_is_bytes
        below = ((number, _as_text(cells, is_bytes)) for number, cells in rows(self.table))
        repeated = _as_text(self.table.headings, is_bytes)
        about = sheet_forms.body(below, len(self.table.headings), words, repeated=repeated)
        self.passed = about.passed
        titles = dict.fromkeys(self.table.titles, "titles")
        self.content = Content(
            driver=kind,
            layer=name,
            names=self.table.headings,
            features=about.features,
            faults=faults_of(titles | about.passed),
            text_is_bytes=self.table.text_is_bytes,
            has_geometry=False,
            is_table=True,
        )

    def batches(self, shape: Shape | None = None) -> Iterator[pa.RecordBatch]:
        given = ((number, cells) for number, cells in rows(self.table) if number not in self.passed)
        return batches(self.table.headings, given, shape)


def looks_like_text_rows(start: bytes) -> bool:
    """Whether a file that begins so may be a table of text."""
    if start.startswith(UTF16_BOMS):
        return True
    start = start.removeprefix(UTF8_BOM)
    if NO_TEXT.search(start) or start.lstrip().startswith(OTHER_TEXT):
        return False
    return any(delimiter in start.decode("iso-8859-1") for delimiter in DELIMITERS)


def open_table(path: Path) -> Table:
    """Find delimiter and headings of a CSV file. Raises FileError when it has no two columns."""
    with path.open("rb") as file:
        start = file.read(3)
    encoding = "utf-16" if start.startswith(UTF16_BOMS) else "iso-8859-1"
    found = [_table(path, encoding, delimiter) for delimiter in DELIMITERS]
    table = max(found, key=lambda one: (one.alike, -one.heading_row, len(one.headings)))
    if len(table.headings) < 2:
        raise FileError("table-columns")
    return table


def _table(path: Path, encoding: str, delimiter: str) -> Table:
    """The table with this delimiter: its headings are in the first row that fills more than one cell."""
    first = list(itertools.islice(_lines(Table(path, encoding, delimiter, ())), sheet_forms.LOOKED_THROUGH))
    widest = max(map(len, first), default=0)
    if widest > MAX_COLUMNS:
        raise FileError("table-too-wide", count=widest, limit=MAX_COLUMNS)
    filled = [sum(bool(cell.strip()) for cell in cells) for cells in first]
    at = next((at for at, count in enumerate(filled) if count > 1), None)
    if at is None:
        return Table(path, encoding, delimiter, ())
    titles = tuple(number for number, count in enumerate(filled[:at], 1) if count)
    alike = sum(len(cells) == len(first[at]) for cells in first)
    return Table(path, encoding, delimiter, headings(first[at]), at + 1, titles, alike)


def headings(cells: Sequence[object]) -> tuple[str, ...]:
    """Headings of one line each that are never empty and never the same twice."""
    named = [
        BLANKS.sub(" ", str(cell if cell is not None else "")).strip(" ") or f"column {at}"
        for at, cell in enumerate(cells, 1)
    ]
    seen: dict[str, int] = {}
    different = []
    for name in named:
        seen[name] = seen.get(name, 0) + 1
        different.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(different)


def rows(table: Table) -> Iterator[corners.NumberedCells]:
    """The rows under the heading, numbered as a spreadsheet shows them; blank ones are counted and not given."""
    for number, cells in enumerate(_lines(table), 1):
        if number > table.heading_row and any(cell.strip() for cell in cells):
            yield number, cells


def faults_of(passed: Mapping[int, str]) -> tuple[ReadingFault, ...]:
    """What is told of the rows that are no features."""
    told = sheet_forms.in_words(passed)
    return tuple(("rows-of-form", {"part": part, "numbers": numbers}) for part, numbers in told.items())


def _as_text(cells: Sequence[str], is_bytes: bool) -> list[str]:
    """Cells, of those that pass as bytes as far as they are UTF-8."""
    if not is_bytes:
        return [cell.strip() for cell in cells]
    return [
        cell.strip() if cell.isascii() else cell.encode("iso-8859-1", "replace").decode(errors="replace").strip()
        for cell in cells
    ]


def batches(
    names: Sequence[str], given: Iterable[corners.NumberedCells], shape: Shape | None
) -> Iterator[pa.RecordBatch]:
    """Rows of text as batches, with the geometry that `shape` says."""
    if shape is not None and shape.kind == "points":
        features = corners.lists(names, given, shape)
    else:
        features = ((number, cells, None) for number, cells in given)
    while chunk := list(itertools.islice(features, BATCH_ROWS)):
        yield _batch(names, chunk, shape)


def _lines(table: Table) -> Iterator[list[str]]:
    with table.path.open(encoding=table.encoding, newline="") as file:
        if table.text_is_bytes and file.read(3).encode("iso-8859-1") != UTF8_BOM:
            file.seek(0)
        try:
            yield from csv.reader(file, delimiter=table.delimiter)
        except (csv.Error, UnicodeError) as error:
            raise FileError("table-unreadable", reason=error) from error


def _batch(names: Sequence[str], chunk: list[corners.FeatureCells], shape: Shape | None) -> pa.RecordBatch:
    width = len(names)
    faults: list[list[ReadingFault]] = [_surplus(cells, width) for _number, cells, _found in chunk]
    filled = [[*cells[:width], *[""] * (width - len(cells))] for _number, cells, _found in chunk]
    columns = [list(column) for column in zip(*filled, strict=True)]
    wkb: list[bytes | None] = [None] * len(chunk)
    if shape is not None and shape.kind == "wkt":
        at = names.index(shape.columns[0])
        wkb = _from_texts(columns[at], faults)
        columns[at] = [""] * len(chunk)  # nobody asks for it again, and it is the bulk of the file
    elif shape is not None:
        wkb = [corners.drawn(found or [], shape, faults[index]) for index, (_n, _cells, found) in enumerate(chunk)]
    return batch(
        names,
        [pa.array(column, pa.string()) for column in columns],
        [number for number, _cells, _found in chunk],
        wkb,
        faults,
    )


def _surplus(cells: list[str], width: int) -> list[ReadingFault]:
    if any(cell.strip() for cell in cells[width:]):
        return [("row-too-long", {"count": len(cells), "expected": width})]
    return []


def _from_texts(texts: list[str], faults: list[list[ReadingFault]]) -> list[bytes | None]:
    """Geometries of a column of WKT, EWKT or hexadecimal WKB."""
    said = [re.sub(r"^\s*SRID=\d+;", "", text, flags=re.I).strip() for text in texts]
    bare = _without_curves(said)
    is_hex = np.array([text[:2] in ("00", "01") for text in bare], dtype=bool)
    given = np.array([text or None for text in bare], dtype=object)
    drawn = np.full(len(bare), None, dtype=object)
    drawn[is_hex] = shapely.from_wkb(given[is_hex], on_invalid="ignore")
    drawn[~is_hex] = shapely.from_wkt(given[~is_hex], on_invalid="ignore")
    for index in np.flatnonzero([text is not None and one is None for text, one in zip(given, drawn, strict=True)]):
        drawn[index] = None if is_hex[index] else shapely.from_wkt(bare[index], on_invalid="fix")
        if drawn[index] is None:
            faults[index].append(("geometry-unreadable", {"text": said[index][:60]}))
        else:  # its rings were open; closing them changes no area that there was
            faults[index].append(
                (
                    "geometry-unclosed",
                    {"reason": "ring", "x": None, "y": None, "repair": "rings", "repair_change": "+0.00"},
                )
            )
    return shapely.to_wkb(drawn).tolist()


def _without_curves(texts: list[str]) -> list[str]:
    """The texts with arcs as straight pieces; what cannot be drawn is no geometry."""
    curved = [index for index, text in enumerate(texts) if curves.is_curved_text(text)]
    if not curved:
        return texts
    drawn = dict(zip(curved, curves.straight([texts[index] for index in curved]), strict=True))
    return [text if index not in drawn else (drawn[index] or b"").hex() or "-" for index, text in enumerate(texts)]
