"""Where readers find what columns and facts mean: beside them, in the list of columns, and in the files."""

import html
import io
import json
import re

import pytest
from django.test import Client, RequestFactory
from django.utils import translation
from openpyxl import load_workbook

from landgis.catalog import exits, file_columns, queries, registry, schema
from landgis.catalog.dataset import Dataset
from landgis.pages import errors

pytestmark = pytest.mark.usefixtures("world")
LISTED = exits.datasets("lists", "tables")


def body(address: str) -> bytes:
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_fact_leads_to_its_meaning(prefix: str) -> None:
    for name in ("public-land", "auction-lots", "parcels"):
        dataset = registry.get(name)
        page = body(f"{prefix}/{dataset.path}/{queries.rows(dataset, limit=1)[0]['ref']}/").decode()
        dictionary = body(f"{prefix}/datasets/{name}/").decode()
        links = re.findall(rf'data-meaning="(\w+)">.*?href="{prefix}/datasets/{name}/#(\w+)"', page, re.DOTALL)
        assert {"area_legal_m2", "land_use", "area_m2"} <= {column for column, _anchor in links}
        for column, anchor in links:
            assert column == anchor and f'id="{anchor}"' in dictionary


def test_a_list_leads_to_the_meaning_of_its_columns() -> None:
    page = body("/lots/").decode()
    [names] = re.findall(r'class="meaning meaning--columns" data-meaning="([^"]*)"', page)
    fields = {field["name"]: field for field in json.loads(body("/datasets/auction-lots.json"))["fields"]}
    assert names.split()[0] == "name" and len(names.split()) > 5
    assert all(fields[name]["description"]["vi"] for name in names.split())
    assert 'id="columns"' in body("/datasets/auction-lots/").decode()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_list_of_columns_says_all_that_is_said_of_them(language: str) -> None:
    page = html.unescape(body(f"{'/en' if language == 'en' else ''}/datasets/parcels/").decode())
    for field in schema.describe(registry.get("parcels"))["fields"]:
        for what in ("description", "source", "accuracy", "legal_basis"):
            assert not field[what] or field[what][language] in page, field["name"]
    assert ("Thông tư 26/2024/TT-BTNMT" if language == "vi" else "Circular 26/2024/TT-BTNMT") in page


def test_positions_of_land_prices_are_named_and_explained() -> None:
    [position] = [one for one in json.loads(body("/datasets/land-prices.json"))["fields"] if one["name"] == "position"]
    assert [one["label"]["vi"] for one in position["codes"]] == ["Vị trí 1", "Vị trí 2", "Vị trí 3", "Vị trí 4"]
    assert "giáp mặt đường" in position["codes"][0]["meaning"]["vi"]
    assert position["filter"]["parameters"] == ["position_min", "position_max"]
    dataset = registry.get("land-prices")
    row = queries.rows(dataset, limit=1)[0]
    assert f">Vị trí {row['position']}<" in body(f"/land-prices/{row['ref']}/").decode().replace("\n", "").replace(
        "  ", ""
    )


@pytest.mark.parametrize("dataset", LISTED, ids=lambda one: one.name)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_csv_leads_to_what_its_columns_are(dataset: Dataset, language: str) -> None:
    prefix = "/en" if language == "en" else ""
    answer = Client().get(f"{prefix}/{dataset.path}.csv")
    headings = next(iter(answer.streaming_content)).decode()  # type: ignore[attr-defined]
    link = f'<{prefix}/{dataset.path}.csv-metadata.json>; rel="describedby"; type="application/csvm+json"'
    assert link in answer["Link"].split(", ")
    told = Client().get(f"{prefix}/{dataset.path}.csv-metadata.json")
    assert told["Content-Type"] == "application/csvm+json"
    content = told.json()
    assert content["@context"][1] == {"@language": language}
    assert content["url"] == f"http://testserver{prefix}/{dataset.path}.csv"
    with translation.override(language):
        columns = file_columns.table_columns(dataset)
    schema_columns = content["tableSchema"]["columns"]
    assert [(one["name"], one["titles"]) for one in schema_columns] == columns
    assert all(one["titles"] in headings or headings == "\ufeff" for one in schema_columns)
    assert all(one["dc:description"] for one in schema_columns)


def test_a_workbook_has_a_sheet_that_says_what_its_columns_mean() -> None:
    book = load_workbook(io.BytesIO(body("/planning.xlsx")), read_only=True)
    rows, about = book.worksheets
    assert about.title == "Ý nghĩa các cột"
    headings = [cell for cell in next(rows.iter_rows(values_only=True)) if cell]
    first, *lines = about.iter_rows(values_only=True)
    assert first[:3] == ("Cột", "Giải thích", "Đơn vị tính")
    assert [line[0] for line in lines] == headings
    assert all(line[1] for line in lines)


def test_tiles_say_what_their_fields_mean() -> None:
    fields = json.loads(body("/tiles/public-land.json"))["vector_layers"][0]["fields"]
    assert fields["current_use"].startswith("hiện trạng sử dụng: Thực tế sử dụng tại lần kiểm kê")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_error_marks_no_entry_of_the_menu(language: str) -> None:
    """The answer of a busy server is made at the address of the map, whatever was asked for."""
    home = "/" if language == "vi" else "/en/"
    for path in (home, f"{home}public-land/"):
        with translation.override(language):
            for answer in (errors.crowded, errors.away, errors.too_slow, errors.full, errors.not_found):
                page = answer(RequestFactory().get(path)).content.decode()
                menu = page[page.index('class="site-nav"') : page.index("</nav>")]
                assert "aria-current" not in menu
        page = Client().get(path).content.decode()
        menu = page[page.index('class="site-nav"') : page.index("</nav>", page.index('class="site-nav"'))]
        assert menu.count('aria-current="page"') == 1
