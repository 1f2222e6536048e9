"""What a list shows as a table to take away: CSV and XLSX, in the reader's language, with all public facts.

A cell that a spreadsheet would take for a formula is kept from being one.
"""

import csv
import datetime
import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import IO, Any, TypeVar

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.catalog import queries
from landgis.catalog.dataset import Dataset
from landgis.catalog.exits import through
from landgis.catalog.file_columns import MEANINGS_SHEET, column_meanings, table_columns
from landgis.catalog.filters import from_query
from landgis.catalog.parameters import of_rows
from landgis.lib import spreadsheets
from landgis.lib.filters import And, FilterError
from landgis.lib.parameters import knows
from landgis.lib.reader import check_presence
from landgis.pages.csv_metadata import CSVW
from landgis.pages.texts import areas

Answer = TypeVar("Answer", StreamingHttpResponse, FileResponse)
CHUNK = 2000
MOST_SHEET_ROWS = 200_000  # what a spreadsheet opens in reasonable time
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@through("lists", "tables")
@knows(of_rows)
def list_csv(request: HttpRequest, dataset: Dataset) -> StreamingHttpResponse:
    """GET /<path>.csv: all rows of a list with its filters, as CSV (RFC 4180, UTF-8 with BOM), streamed."""
    lines = _lines(request, dataset)
    # The first rows are read before the answer begins, so that a failure is still an error, not a cut file.
    first = list(itertools.islice(lines, 2))
    writer = csv.writer(_Echo())
    written = (writer.writerow([_csv_cell(value) for value in line]) for line in itertools.chain(first, lines))
    response = StreamingHttpResponse(
        itertools.chain([spreadsheets.BOM], written), content_type="text/csv; charset=utf-8"
    )
    columns = reverse("pages:list-csv-metadata", args=[dataset])
    sums = request.build_absolute_uri(f"{reverse('pages:list-json', args=[dataset])}?{request.GET.urlencode()}")
    response["Link"] = (
        f'<{columns}>; rel="describedby"; type="{CSVW}", <{sums.rstrip("?")}>; rel="describedby"; type="application/json"'
    )
    return _named(response, dataset, "csv")


@require_safe
@through("lists", "tables")
@knows(of_rows)
def list_xlsx(request: HttpRequest, dataset: Dataset) -> FileResponse:
    """GET /<path>.xlsx: the same as a workbook. More rows than a spreadsheet can use are refused with a 400."""
    lines = _lines(request, dataset, most=MOST_SHEET_ROWS)
    about, present = _areas_in_words(request, dataset), partial(check_presence, request)
    file = workbook(str(dataset.title_plural), lines, about, before_a_chunk=present, meanings=_meanings(dataset))
    return _named(FileResponse(file, content_type=XLSX), dataset, "xlsx")  # closed with the answer


def workbook(
    title: str,
    lines: Iterator[list[Any]],
    about: str = "",
    *,
    before_a_chunk: Callable[[], None],
    meanings: Iterable[list[Any]] = (),
) -> IO[bytes]:
    """A file with a sheet of rows, whose first line are headings, and one that says what the columns mean; what is said
    about the rows is among its properties. It holds no more lines in memory than `lines` does.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(title))
    try:
        for number, cells in enumerate(_xlsx_lines(sheet, lines)):
            if number % CHUNK == 0:
                before_a_chunk()
            sheet.append(cells)
    except BaseException:
        sheet.close()
        sheet._writer.cleanup()  # its file would stay for as long as the process
        raise
    book.properties.title, book.properties.description = title, about
    if meanings:
        told = book.create_sheet(str(MEANINGS_SHEET))
        for cells in _xlsx_lines(told, iter(meanings)):
            told.append(cells)
    file = tempfile.TemporaryFile()  # noqa: SIM115
    book.save(file)
    file.seek(0)
    return file


def _meanings(dataset: Dataset) -> Iterator[list[Any]]:
    """A line for each column under their headings, as the sheet of a workbook has them."""
    yield [
        _("Column"),
        _("Description"),
        _("Unit"),
        _("Source"),
        _("Accuracy"),
        _("Legal basis"),
        _("Name for programs"),
    ]
    for one in column_meanings(dataset):
        yield [one.heading, one.text, one.unit, one.source, one.accuracy, one.legal_basis, one.name]


def _xlsx_lines(sheet: Any, lines: Iterator[list[Any]]) -> Iterator[list[Any]]:
    """The headings in bold, which stay in sight, then the rows; none is kept once it is written."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    sheet.freeze_panes = "B2"
    headings = [WriteOnlyCell(sheet, value=text) for text in next(lines)]
    for cell in headings:
        cell.font = Font(bold=True)
    yield headings
    for line in lines:
        yield [_xlsx_cell(sheet, value) for value in line]


def _lines(request: HttpRequest, dataset: Dataset, most: int | None = None) -> Iterator[list[Any]]:
    """The headings, then one line a row, all of one revision. Checks the address before it gives anything."""
    as_of = queries.parse_as_of(request.GET.get("as_of"))
    where = from_query(dataset, request.GET, as_of=as_of)
    if most is not None and (count := queries.count(dataset, where, as_of=as_of)) > most:
        text = _("%(count)s rows are too many for a workbook of %(most)s. Filter the list, or take it as CSV.")
        raise FilterError("format", text % {"count": count, "most": most})
    headings = table_columns(dataset)
    return itertools.chain([[heading for _name, heading in headings]], _rows(dataset, where, as_of, headings))


def _areas_in_words(request: HttpRequest, dataset: Dataset) -> str:
    """The areas on paper and the computed ones of all rows of the list, how they differ, and why."""
    if not dataset.legal_area:
        return ""
    as_of = queries.parse_as_of(request.GET.get("as_of"))
    line = queries.totals(dataset, from_query(dataset, request.GET, as_of=as_of), as_of=as_of)[""][0]
    told = areas(dataset, line)
    if told is None:
        return ""
    sums = [f"{told['legal_label']}: {told['legal']}", f"{told['computed_label']}: {told['computed']}"]
    sums += [f"{_('difference')}: {told['difference']}"]
    if told["without"]:
        sums += [_("Without an area in their documents, and in no difference: %(n)s.") % {"n": told["without"]}]
    return f"{'; '.join(sums)}. {told['why']}"


def _rows(dataset: Dataset, where: And, as_of: int | None, headings: list[tuple[str, str]]) -> Iterator[list[Any]]:
    names = [name for name, _heading in headings]
    readers = [(name, _column_reader(dataset, name)) for name in names]
    pinned = queries.latest_number() if as_of is None else None
    after = None
    while True:
        rows = queries.rows(dataset, where, as_of=as_of, fields=names, after=after, limit=CHUNK, pinned=pinned)
        for row in rows:
            yield [read(row[name]) for name, read in readers]
        if len(rows) < CHUNK:
            return
        after = rows[-1]["ref"]


def _column_reader(dataset: Dataset, name: str) -> Callable[[Any], Any]:
    """Numbers and days as such, times on the clocks here, codes as their labels, yes and no as words."""
    words = {True: _("yes"), False: _("no")}
    field = dataset.state.field if name == dataset.state.reported_field else name
    labels = dataset.choices(field) if field in {field.name for field in dataset.public_fields} else {}
    is_computed = name in dataset.geometry_kind.computed

    def read(value: Any) -> Any:
        if isinstance(value, bool):
            return words[value]
        if isinstance(value, datetime.datetime):
            return timezone.localtime(value).replace(tzinfo=None)
        if isinstance(value, str):
            return str(labels.get(value, value))
        return round(value, 1) if is_computed and value is not None else value

    return read


def _csv_cell(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "auto" if value.second or value.microsecond else "minutes")
    return spreadsheets.as_text(value)


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    """The value, without the characters that a workbook cannot hold; a cell where it would not be taken as the text it is."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE

    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    is_formula = spreadsheets.is_formula(text)
    if not is_formula and text not in ERROR_CODES:
        return text
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.quotePrefix = is_formula  # so that it is none either when somebody edits it
    return cell


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
