"""XLSX: the one visible sheet with rows, or the one that is named; what is no feature in it is told by `sheet_forms`."""

import datetime
import itertools
import marshal
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from landgis.ingest.errors import FileError
from landgis.ingest.formats import (
    Content,
    Conventions,
    LayerOutline,
    ReadingFault,
    Shape,
    corners,
    sheet_forms,
    sheet_marks,
    tables,
)
from landgis.ingest.formats.vectors import unreadable
from landgis.lib.numerals import HELD_AS_NUMBER

MAX_ROWS, MAX_COLUMNS = 1_048_576, 2000
SPOOLED = 500  # rows that are packed together


class Spreadsheet:
    """A sheet of an XLSX file. Every value is text, as the table readers expect it; formulas give their last value."""

    def __init__(self, path: Path, kind: str, name: str, layer: str | None, words: Conventions):
        self.path, self.kind = path, kind
        self.book = self._book()  # once: to open it is as much work as to read it; it goes with the process
        sheets = self._sheets(layer, words.explanations)
        self.sheet = layer or sheets[0].name
        seen = self._seen()
        merged = seen.merged
        rows = self._read()
        self.block, names = self._headings(rows, merged)
        filled = MergedTexts(merged, self.block.stop)
        self.below = SpooledRows(self._below(rows, filled))
        about = sheet_forms.body(
            self.below.kept(),
            len(names),
            words,
            merged_rows={top for top, left, bottom, right in merged if top == bottom and left < right},
            repeated=names,
        )
        wide = [column + 1 for column, count in about.filled.items() if count > 1]
        names += [""] * (max(wide, default=0) - len(names))
        self.passed = about.passed
        titles = {at + 1: "titles" for at in range(self.block.start) if any(self.first[at])}
        self.content = Content(
            driver=kind,
            layer=self.sheet,
            names=tables.headings(names),
            features=about.features,
            has_geometry=False,
            is_table=True,
            faults=(
                *tables.faults_of(titles | about.passed),
                *seen.faults(self.block.stop, self.passed),
                *filled.faults(),
            ),
            layers=sheets,
        )

    def _headings(self, rows: Iterator[list[str]], merged: Sequence[sheet_forms.Merge]) -> tuple[range, list[str]]:
        """The rows of the headings, and the headings."""
        self.first = list(itertools.islice(rows, sheet_forms.LOOKED_THROUGH))
        if not self.first:
            raise FileError("sheet-empty")
        at = sheet_forms.heading_row(self.first)
        if at is None:
            raise FileError("sheet-headings")
        block = sheet_forms.heading_rows(self.first, at, merged)
        return block, sheet_forms.headings(self.first, block, merged)

    def batches(self, shape: Shape | None = None) -> Iterator[pa.RecordBatch]:
        return tables.batches(self.content.names, self._rows(), shape)

    def _sheets(self, layer: str | None, explanations: Sequence[str]) -> tuple[LayerOutline, ...]:
        """The visible sheets with rows, and the one that is named; what explains our own workbooks is none of them."""
        if layer is not None and layer not in self.book.sheetnames:
            raise FileError("layer-unknown", layer=layer, layers=", ".join(self.book.sheetnames))
        filled = [
            sheet.title
            for sheet in self.book.worksheets
            if ((sheet.sheet_state == "visible" and sheet.title not in explanations) or sheet.title == layer)
            and any(any(cell is not None for cell in row) for row in sheet.iter_rows(max_row=3, values_only=True))
        ]
        if not filled:
            raise FileError("sheet-empty")
        return tuple(LayerOutline(name) for name in filled)

    def _book(self) -> Any:
        from openpyxl import load_workbook

        try:
            return load_workbook(self.path, read_only=True, data_only=True, keep_links=False)
        except Exception as error:  # whatever the package meets in a broken file
            raise unreadable(self.kind, error) from error

    def _read(self) -> Iterator[list[str]]:
        """All rows of the sheet, once: to take it apart is nearly all the work that a file of this format makes."""
        try:
            sheet = self.book[self.sheet]
            sheet.reset_dimensions()  # what a file says of its size is not believed
            for row in itertools.islice(sheet.iter_rows(values_only=True), MAX_ROWS):
                yield [_text(cell) for cell in row[:MAX_COLUMNS]]
        except FileError:
            raise
        except Exception as error:
            raise unreadable(self.kind, error) from error

    def _seen(self) -> sheet_marks.SheetMarks:
        """What the streaming mode does not look at."""
        try:
            part = self.book[self.sheet]._worksheet_path
            with zipfile.ZipFile(self.path) as archive, archive.open(part) as file:
                return sheet_marks.read(file)
        except (KeyError, zipfile.BadZipFile, OSError) as error:
            raise unreadable(self.kind, error) from error

    def _below(self, rows: Iterator[list[str]], filled: "MergedTexts") -> Iterator[corners.NumberedCells]:
        """The rows under the headings that are not empty, by their number in the sheet."""
        for number, cells in enumerate(itertools.chain(self.first, rows), 1):
            if number > self.block.stop and any(cells):
                yield number, filled.fill(number, cells)

    def _rows(self) -> Iterator[corners.NumberedCells]:
        return ((number, cells) for number, cells in self.below.again() if number not in self.passed)


class SpooledRows:
    """Rows that are given once and read many times: they wait in a file without a name, packed, and not in memory."""

    def __init__(self, rows: Iterator[corners.NumberedCells]):
        self.rows = rows
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 -- it goes with the process

    def kept(self) -> Iterator[corners.NumberedCells]:
        """All rows, which are kept on the way."""
        while chunk := list(itertools.islice(self.rows, SPOOLED)):
            packed = zlib.compress(marshal.dumps(chunk), level=1)
            self.file.write(len(packed).to_bytes(8))
            self.file.write(packed)
            yield from chunk

    def again(self) -> Iterator[corners.NumberedCells]:
        """The same once more; may be left before its end."""
        self.file.seek(0)
        while head := self.file.read(8):
            yield from marshal.loads(zlib.decompress(self.file.read(int.from_bytes(head))))  # noqa: S302 -- our own


class MergedTexts:
    """Texts of cells that are merged over several rows: they stand in each of them. A number may be that of all together."""

    def __init__(self, merged: Sequence[sheet_forms.Merge], below: int):
        self.open: dict[int, tuple[int, str]] = {}  # column -> last row, text
        self.count = 0
        self.tall: dict[int, list[tuple[int, int]]] = {}
        for top, left, bottom, right in merged:
            if top > below and left == right and bottom > top:
                self.tall.setdefault(top, []).append((left - 1, bottom))

    def fill(self, number: int, cells: list[str]) -> list[str]:
        for column, (last, text) in list(self.open.items()):
            if number > last:
                del self.open[column]
            elif column < len(cells) and not cells[column]:
                cells[column] = text
                self.count += 1
        for column, bottom in self.tall.get(number, ()):
            text = cells[column] if column < len(cells) else ""
            if text and not sheet_forms.is_number(text):
                self.open[column] = bottom, text
        return cells

    def faults(self) -> Iterator[ReadingFault]:
        if self.count:
            yield "cells-joined", {"count": self.count}


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell) + HELD_AS_NUMBER
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell).strip()
