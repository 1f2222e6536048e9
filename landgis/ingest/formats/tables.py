"""Rows of text: CSV with any of the usual delimiters.

Bytes pass unchanged (as ISO-8859-1): which text they are is decided later. Only UTF-16, which says so by its
first bytes, is decoded here.
"""

import csv
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from landgis.ingest.errors import FileError
from landgis.ingest.formats import BATCH_ROWS, Content, ReadingFault, Shape, batch, curves
from landgis.lib.text import plain_number

DELIMITERS = ",;\t|"
MAX_CELL = 64 * 2**20
MAX_COLUMNS = 2000
UTF8_BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
OTHER_TEXT = (b"<", b"{", b"[", b"%PDF", b"#!")

NumberedCells = tuple[int, list[str]]

csv.field_size_limit(MAX_CELL)


@dataclass(frozen=True)
class Table:
    """A text file of rows: how to read it, and its headings."""

    path: Path
    encoding: str
    delimiter: str
    headings: tuple[str, ...]

    @property
    def text_is_bytes(self) -> bool:
        return self.encoding == "iso-8859-1"


class TextTable:
    """A CSV file."""

    def __init__(self, path: Path, kind: str, name: str, layer: str | None):
        self.table = open_table(path)
        self.content = Content(
            driver=kind,
            layer=name,
            names=self.table.headings,
            features=count(self.table),
            text_is_bytes=self.table.text_is_bytes,
            has_geometry=False,
            is_table=True,
        )

    def batches(self, shape: Shape | None = None) -> Iterator[pa.RecordBatch]:
        return batches(self.table.headings, rows(self.table), shape)


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
    table = max(found, key=lambda one: len(one.headings))
    if len(table.headings) < 2:
        raise FileError("table-columns")
    return table


def _table(path: Path, encoding: str, delimiter: str) -> Table:
    table = Table(path, encoding, delimiter, ())
    first = next(_lines(table), [])
    if len(first) > MAX_COLUMNS:
        raise FileError("table-too-wide", count=len(first), limit=MAX_COLUMNS)
    return Table(path, encoding, delimiter, headings(first))


def headings(cells: Sequence[object]) -> tuple[str, ...]:
    """Headings that are never empty and never the same twice."""
    named = [str(cell if cell is not None else "").strip() or f"column {at}" for at, cell in enumerate(cells, 1)]
    seen: dict[str, int] = {}
    different = []
    for name in named:
        seen[name] = seen.get(name, 0) + 1
        different.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(different)


def rows(table: Table) -> Iterator[NumberedCells]:
    """The rows under the heading with their numbers; blank ones are counted and not given."""
    for number, cells in enumerate(itertools.islice(_lines(table), 1, None), 1):
        if any(cell.strip() for cell in cells):
            yield number, cells


def count(table: Table) -> int:
    return sum(1 for _row in rows(table))


def batches(names: Sequence[str], given: Iterable[NumberedCells], shape: Shape | None) -> Iterator[pa.RecordBatch]:
    """Rows of text as batches, with the geometry that `shape` says."""
    if shape is not None and shape.kind == "points":
        features = _corner_lists(names, given, shape)
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


FeatureCells = tuple[int, list[str], list[list[str]] | None]


def _batch(names: Sequence[str], chunk: list[FeatureCells], shape: Shape | None) -> pa.RecordBatch:
    width = len(names)
    faults: list[list[ReadingFault]] = [_surplus(cells, width) for _number, cells, _corners in chunk]
    filled = [[*cells[:width], *[""] * (width - len(cells))] for _number, cells, _corners in chunk]
    columns = [list(column) for column in zip(*filled, strict=True)]
    wkb: list[bytes | None] = [None] * len(chunk)
    if shape is not None and shape.kind == "wkt":
        at = names.index(shape.columns[0])
        wkb = _from_texts(columns[at], faults)
        columns[at] = [""] * len(chunk)  # nobody asks for it again, and it is the bulk of the file
    elif shape is not None:
        wkb = [_drawn(corners or [], shape, faults[index]) for index, (_n, _cells, corners) in enumerate(chunk)]
    return batch(
        names,
        [pa.array(column, pa.string()) for column in columns],
        [number for number, _cells, _corners in chunk],
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


def _corner_lists(names: Sequence[str], given: Iterable[NumberedCells], shape: Shape) -> Iterator[FeatureCells]:
    """Rows that follow each other with one identity, or without any, as one feature with its corners."""
    identity = [names.index(name) for name in shape.identity]
    places = [names.index(name) for name in shape.columns]
    current: tuple[int, list[str], list[list[str]]] | None = None
    for number, cells in given:
        corner = [_cell(cells, at) for at in places]
        who = [_cell(cells, at) for at in identity]
        if current is not None and identity and (not any(who) or who == [_cell(current[1], at) for at in identity]):
            current[2].append(corner)
            continue
        if current is not None:
            yield current
        current = (number, list(cells), [corner])
    if current is not None:
        yield current


def _cell(cells: list[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _drawn(corners: list[list[str]], shape: Shape, faults: list[ReadingFault]) -> bytes | None:
    """The polygon or line through the corners; fewer than three stay what they are, a point or a line."""
    points = []
    for corner in corners:
        if not any(corner):
            continue
        try:
            points.append([float(plain_number(number)) for number in corner])
        except ValueError:
            faults.append(("geometry-unreadable", {"text": " ".join(corner)[:60]}))
            return None
    if not points:
        return None
    if len(points) < 3 or shape.is_line:
        return shapely.to_wkb(shapely.Point(points[0]) if len(points) == 1 else shapely.LineString(points))
    rings, left = _rings(points)
    if left or not rings:
        faults.append(("geometry-unreadable", {"text": " ".join(map(str, (left or points)[0]))}))
        return None
    drawn = rings[0]
    for ring in rings[1:]:  # a ring inside another is a hole, one beside it a part
        drawn = shapely.symmetric_difference(drawn, ring) if shapely.is_valid([drawn, ring]).all() else drawn
    return shapely.to_wkb(drawn)


def _rings(points: list[list[float]]) -> tuple[list[shapely.Polygon], list[list[float]]]:
    """Polygons of a list of corners, and the corners left over.

    A ring ends where it meets its first corner, or with the list.
    """
    rings, ring = [], []
    for point in points:
        ring.append(point)
        if len(ring) > 3 and point == ring[0]:
            rings.append(shapely.Polygon(ring))
            ring = []
    if len(ring) >= 3 and ring[0] != ring[-1]:
        rings.append(shapely.Polygon(ring))
        ring = []
    return rings, ring
