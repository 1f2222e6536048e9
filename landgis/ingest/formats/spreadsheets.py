"""XLSX: the one visible sheet with rows, or the one that is named; titles above the headings are passed over."""

import datetime
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from landgis.ingest.errors import FileError
from landgis.ingest.formats import Content, LayerOutline, Shape, tables
from landgis.ingest.formats.vectors import unreadable
from landgis.lib.numerals import HELD_AS_NUMBER

LOOKED_THROUGH = 30  # rows in which the headings must stand
MAX_ROWS, MAX_COLUMNS = 1_048_576, 2000


class Spreadsheet:
    """A sheet of an XLSX file. Every value is text, as the table readers expect it; formulas give their last value."""

    def __init__(self, path: Path, kind: str, name: str, layer: str | None):
        self.path, self.kind = path, kind
        sheets = self._sheets(layer)
        self.sheet = layer or sheets[0].name
        first = list(itertools.islice(self._cells(), LOOKED_THROUGH))
        if not first:
            raise FileError("sheet-empty")
        self.heading_row = _heading_row(first)
        names = tables.headings(_trimmed(first[self.heading_row]))
        self.content = Content(
            driver=kind,
            layer=self.sheet,
            names=names,
            features=sum(1 for _row in self._rows()),
            has_geometry=False,
            is_table=True,
            layers=sheets,
        )

    def batches(self, shape: Shape | None = None) -> Iterator[pa.RecordBatch]:
        return tables.batches(self.content.names, self._rows(), shape)

    def _sheets(self, layer: str | None) -> tuple[LayerOutline, ...]:
        """The visible sheets with rows, and the one that is named."""
        book = self._book()
        try:
            if layer is not None and layer not in book.sheetnames:
                raise FileError(
                    "layer-unknown",
                    layer=layer,
                    layers=", ".join(book.sheetnames),
                )
            filled = [
                sheet.title
                for sheet in book.worksheets
                if (sheet.sheet_state == "visible" or sheet.title == layer)
                and any(any(cell is not None for cell in row) for row in sheet.iter_rows(max_row=3, values_only=True))
            ]
            if not filled:
                raise FileError("sheet-empty")
            return tuple(LayerOutline(name) for name in filled)
        finally:
            book.close()

    def _book(self) -> Any:
        from openpyxl import load_workbook

        try:
            return load_workbook(self.path, read_only=True, data_only=True, keep_links=False)
        except Exception as error:  # whatever the package meets in a broken file
            raise unreadable(self.kind, error) from error

    def _cells(self) -> Iterator[tuple[Any, ...]]:
        book = self._book()
        try:
            sheet = book[self.sheet]
            sheet.reset_dimensions()  # what a file says of its size is not believed
            for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS)):
                if number >= MAX_ROWS:
                    return
                yield row
        except FileError:
            raise
        except Exception as error:
            raise unreadable(self.kind, error) from error
        finally:
            book.close()

    def _rows(self) -> Iterator[tables.NumberedCells]:
        """The rows under the headings; numbers count from the first of them."""
        below = itertools.islice(self._cells(), self.heading_row + 1, None)
        for number, row in enumerate(below, 1):
            cells = [_text(cell) for cell in row]
            if any(cells):
                yield number, cells


def _heading_row(rows: list[tuple[Any, ...]]) -> int:
    """The first of the rows with the most different texts: titles above it fill one or two cells."""
    different = [len({str(cell).strip() for cell in row if isinstance(cell, str) and cell.strip()}) for row in rows]
    most = max(different)
    if most < 2:
        raise FileError("sheet-headings")
    return next(at for at, count in enumerate(different) if count >= max(2, 0.8 * most))


def _trimmed(row: tuple[Any, ...]) -> list[Any]:
    filled = [at for at, cell in enumerate(row) if cell is not None and str(cell).strip()]
    return list(row[: filled[-1] + 1])


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
