"""What a list shows, taken away as CSV and XLSX."""

import csv
import io
import itertools
import tempfile
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client

from landgis.catalog import queries, registry
from landgis.catalog.dataset import Exits
from landgis.lib.reader import ReaderLeft
from landgis.pages.tables import workbook
from tests import samples


def table(client: Client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def sheet(client: Client, address: str) -> list[tuple[Any, ...]]:
    response = client.get(address)
    assert response.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return list(book.active.iter_rows(values_only=True))


@pytest.mark.usefixtures("world")
def test_a_filtered_list_of_lots_is_the_rows_that_it_shows(client: Client) -> None:
    query = "status=open&starting_price_per_m2_vnd_max=20000000"
    shown = client.get(f"/lots.json?{query}").json()
    rows = table(client, f"/lots.csv?{query}")
    assert [row["Mã tham chiếu"] for row in rows] == [row["ref"] for row in shown["rows"]]
    assert 0 < len(rows) < 120
    area = sum(Decimal(row["diện tích (m²)"]) for row in rows)
    assert str(area) == str(shown["totals"][""][0]["area_legal"])
    assert {row["trạng thái"] for row in rows} == {"Đang nhận hồ sơ"}


@pytest.mark.usefixtures("world")
def test_excel_sees_that_the_file_is_utf8(client: Client) -> None:
    body = b"".join(client.get("/lots.csv").streaming_content)
    assert body.startswith(b"\xef\xbb\xbf")
    assert "Phường Vũng Tàu" in body.decode("utf-8-sig")


@pytest.mark.usefixtures("world")
def test_the_workbook_holds_the_same_with_numbers_as_numbers(client: Client) -> None:
    rows, lines = table(client, "/lots.csv"), sheet(client, "/lots.xlsx")
    assert list(lines[0]) == list(rows[0])
    assert len(lines) == len(rows) + 1
    place = lines[0].index("giá khởi điểm (đ)")
    assert all(isinstance(line[place], int) for line in lines[1:])
    assert sum(line[place] for line in lines[1:]) == sum(int(row["giá khởi điểm (đ)"]) for row in rows)


@pytest.mark.usefixtures("world")
def test_the_headings_are_in_the_reader_s_language(client: Client) -> None:
    assert "starting price (VND)" in table(client, "/en/lots.csv")[0]
    assert "giá khởi điểm (đ)" in table(client, "/lots.csv")[0]


@pytest.mark.usefixtures("world")
def test_a_long_list_is_whole(client: Client) -> None:
    """More rows than are read at a time."""
    rows = table(client, "/public-land.csv")
    assert len({row["Mã tham chiếu"] for row in rows}) == len(rows) == queries.count(samples.public_land())


@pytest.mark.usefixtures("empty_world")
def test_what_a_spreadsheet_would_take_for_a_formula_is_kept_as_text(client: Client) -> None:
    bad = ["=1+1", "+1", "-1", "@sum", "\t=1", "\n=1", "＝1+1", "＋1", "－1", "＠sum", "a\x0bb", "a=b"]
    samples.the_whole_state([samples.plot(number, name=text) for number, text in enumerate(bad)])
    names = [row["name"] for row in table(client, "/en/public-land.csv")]
    assert names == [*("'" + text for text in bad[:-2]), "a\x0bb", "a=b"]
    response = client.get("/en/public-land.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    column = [cell.value for cell in book.active[1]].index("name") + 1
    cells = [book.active.cell(row, column) for row in range(2, 2 + len(bad))]
    assert [cell.data_type for cell in cells] == ["s"] * len(bad)
    assert [cell.value for cell in cells] == [*bad[:-2], "ab", "a=b"]
    assert [cell.quotePrefix for cell in cells] == [True] * (len(bad) - 2) + [False] * 2


@pytest.fixture
def closed() -> Iterator[None]:
    dataset = registry.get("auction-lots")
    dataset.exits = Exits(tables=False)
    yield
    del dataset.exits


@pytest.mark.usefixtures("world", "closed")
def test_an_office_may_keep_its_tables(client: Client) -> None:
    assert client.get("/lots.csv").status_code == client.get("/lots.xlsx").status_code == 404
    page = client.get("/lots/").content.decode()
    assert "/lots.csv" not in page and "/lots.json" in page


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_wrong_filter_is_named(client: Client, ending: str) -> None:
    response = client.get(f"/lots.{ending}?status=sold")
    assert response.status_code == 400
    assert "status" in response.content.decode()


def test_a_workbook_takes_as_much_memory_with_many_rows_as_with_few() -> None:
    def peak(rows: int) -> int:
        lines = ([f"name {number}", f"={number}", number, number / 7] for number in range(rows))
        tracemalloc.start()
        try:
            with workbook("Sheet", itertools.chain([["a", "b", "c", "d"]], lines), before_a_chunk=lambda: None) as file:
                assert file.read(2) == b"PK"
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)  # what is loaded with the first one
    assert peak(4000) < 1.5 * peak(500)


def test_a_workbook_that_is_given_up_leaves_no_file_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def given_up() -> None:
        raise ReaderLeft

    with pytest.raises(ReaderLeft):
        workbook("Sheet", iter([["a"], ["b"]]), before_a_chunk=given_up)
    assert list(tmp_path.iterdir()) == []
