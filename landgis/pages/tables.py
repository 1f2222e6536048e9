"""What a list shows as a table to take away: CSV and XLSX, in the reader's language, with all public facts.

A cell that a spreadsheet would take for a formula is kept from being one.
"""

import csv
import datetime
import itertools
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.catalog import queries
from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.exits import through
from landgis.catalog.filters import from_query
from landgis.lib.filters import And, FilterError

Answer = TypeVar("Answer", StreamingHttpResponse, FileResponse)
CHUNK = 2000
MOST_SHEET_ROWS = 200_000  # what a spreadsheet opens in reasonable time
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"  # without it Excel does not see that a file is UTF-8
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@through("lists", "tables")
def list_csv(request: HttpRequest, dataset: Dataset) -> StreamingHttpResponse:
    """GET /<path>.csv: all rows of a list with its filters, as CSV (RFC 4180, UTF-8 with BOM), streamed."""
    lines = _lines(request, dataset)
    # The first rows are read before the answer begins, so that a failure is still an error, not a cut file.
    first = list(itertools.islice(lines, 2))
    writer = csv.writer(_Echo())
    written = (writer.writerow([_csv_cell(value) for value in line]) for line in itertools.chain(first, lines))
    response = StreamingHttpResponse(itertools.chain([BOM], written), content_type="text/csv; charset=utf-8")
    return _named(response, dataset, "csv")


@require_safe
@through("lists", "tables")
def list_xlsx(request: HttpRequest, dataset: Dataset) -> FileResponse:
    """GET /<path>.xlsx: the same as a workbook. More rows than a spreadsheet can use are refused with a 400."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    lines = _lines(request, dataset, most=MOST_SHEET_ROWS)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(str(dataset.title_plural)))
    sheet.freeze_panes = "B2"
    for number, line in enumerate(lines):
        cells = [WriteOnlyCell(sheet, value=_xlsx_value(value)) for value in line]
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a text that begins with "=" is no formula
                cell.font = Font(bold=number == 0)
        sheet.append(cells)
    # Closed with the answer.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    book.save(file)
    file.seek(0)
    return _named(FileResponse(file, content_type=XLSX), dataset, "xlsx")


def columns(dataset: Dataset) -> list[tuple[str, str]]:
    """(column of the view, its heading): ref, the public facts, area, and where each row comes from."""
    shown = [field for field in dataset.public_fields if not field.parts]
    found = [("ref", _("Reference"))]
    found += [(field.name, _heading(dataset, field)) for field in shown]
    if measure := dataset.geometry_kind.measure:
        found.append((measure.column, f"{dataset.label(measure.column)} ({measure.unit})"))
    return [
        *found,
        ("from_revision", _("Revision")),
        ("source", _("Source")),
        ("source_as_of", _("State of the source")),
        ("is_made_up", _("Made up")),
    ]


def _heading(dataset: Dataset, field: Field) -> str:
    return f"{dataset.label(field.name)} ({field.unit})" if field.unit else str(dataset.label(field.name))


def _lines(request: HttpRequest, dataset: Dataset, most: int | None = None) -> Iterator[list[Any]]:
    """The headings, then one line a row, all of one revision. Checks the address before it gives anything."""
    as_of = queries.parse_as_of(request.GET.get("as_of")) or queries.latest_number()
    where = from_query(dataset, request.GET, as_of=as_of)
    if most is not None and (count := queries.count(dataset, where, as_of=as_of)) > most:
        text = _("%(count)s rows are too many for a workbook of %(most)s. Filter the list, or take it as CSV.")
        raise FilterError("format", text % {"count": count, "most": most})
    headings = columns(dataset)
    return itertools.chain([[heading for _name, heading in headings]], _rows(dataset, where, as_of, headings))


def _rows(dataset: Dataset, where: And, as_of: int, headings: list[tuple[str, str]]) -> Iterator[list[Any]]:
    names = [name for name, _heading in headings]
    after = None
    while True:
        rows = queries.rows(dataset, where, as_of=as_of, fields=names, after=after, limit=CHUNK)
        for row in rows:
            yield [_value(dataset, row, name) for name in names]
        if len(rows) < CHUNK:
            return
        after = rows[-1]["ref"]


def _value(dataset: Dataset, row: Mapping[str, Any], name: str) -> Any:
    """Numbers and days as such, times on the clocks here, codes as their labels, yes and no as words."""
    value = row[name]
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, str) and name in {field.name for field in dataset.fields}:
        return str(dataset.choices(name).get(value, value))
    return round(value, 1) if name in dataset.geometry_kind.computed and value is not None else value


def _csv_cell(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def _xlsx_value(value: Any) -> Any:
    """Without the characters that a workbook cannot hold."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value


def _sheet_name(title: str) -> str:
    """As a workbook allows it: 31 characters and none of []:*?/\\."""
    return "".join(letter for letter in title if letter not in "[]:*?/\\")[:31]


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _named(response: Answer, dataset: Dataset, ending: str) -> Answer:
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="{dataset.path}-{day}.{ending}"'
    return response
