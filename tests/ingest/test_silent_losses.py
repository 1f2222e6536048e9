"""What a file holds beside its plain values and nobody sees is told or stops: units of a region, signs, merged and hidden cells."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from landgis.catalog import queries, registry
from tests.ingest.test_load import codes, load

pytestmark = pytest.mark.usefixtures("empty_world")
HEADINGS = ["zone_code", "name", "plan_name", "area_legal_m2", "WKT"]


def square(column: int) -> str:
    """About 12,106 m2."""
    west, south = 107.1 + column * 0.002, 10.4
    corners = [(0, 0), (0.001, 0), (0.001, 0.001), (0, 0.001), (0, 0)]
    return "POLYGON((" + ",".join(f"{west + x:.4f} {south + y:.4f}" for x, y in corners) + "))"


def table(folder: Path, *areas: str, heading: str = "area_legal_m2") -> Path:
    path = folder / "a.csv"
    rows = [f"Z-{n};Vùng;QH;{area};{square(n)}" for n, area in enumerate(areas)]
    path.write_text("\n".join([f"zone_code;name;plan_name;{heading};WKT", *rows]), encoding="utf-8")
    return path


def book(folder: Path, change: Callable[[Worksheet], Any], area: Any = 12_106) -> Path:
    """Three zones in rows 2 to 4."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(HEADINGS)
    for n in range(3):
        sheet.append([f"Z-{n}", "Vùng", "QH", area, square(n)])
    change(sheet)
    workbook.save(folder / "a.xlsx")
    return folder / "a.xlsx"


@pytest.mark.parametrize("unit", ["sào", "công", "mẫu", "SÀO", "cong"])
def test_an_area_in_a_unit_of_a_region_stops(tmp_path: Path, unit: str) -> None:
    report = load(
        table(tmp_path, "12106", heading=f"area_legal_m2 ({unit})"), map=[f"area_legal_m2 ({unit})=area_legal_m2"]
    )
    assert (report["status"], codes(report)["unit-other"]) == (1, 1)
    assert codes(load(table(tmp_path, f"2 {unit}")))["unit-other"] == 1


def test_an_area_below_nothing_stops(tmp_path: Path) -> None:
    report = load(table(tmp_path, "12106", "-12106", "−12.106,5"))
    assert (report["status"], codes(report)["value-negative"]) == (1, 2)


def test_two_columns_of_one_name_are_told_if_they_differ(tmp_path: Path) -> None:
    for second, told in (("9000", 1), ("12106", 0)):
        path = table(tmp_path, f"12106;{second}", heading="area_legal_m2;area_legal_m2")
        report = load(path)
        assert (report["status"], codes(report).get("column-twice", 0)) == (0, told)


def test_formulas_without_results_stop(tmp_path: Path) -> None:
    """As a program writes them that does not calculate: the areas would be empty."""
    report = load(book(tmp_path, lambda _sheet: None, area="=100*121.06"))
    assert (report["status"], codes(report)["formulas-empty"]) == (1, 1)
    assert (
        "3 cells" in report["issues"][0]["examples"][0]["message"]
        and "D2" in report["issues"][0]["examples"][0]["message"]
    )


def test_a_formula_in_a_total_is_no_feature(tmp_path: Path) -> None:
    report = load(book(tmp_path, lambda sheet: sheet.append(["", "Tổng cộng", "", "=SUM(D2:D4)", ""])))
    assert "formulas-empty" not in codes(report)


def test_hidden_rows_are_read_and_told(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.auto_filter.ref = "A1:E4"
        sheet.row_dimensions[3].hidden = True

    report = load(book(tmp_path, hide))
    assert (report["status"], report["add"], codes(report)) == (0, 3, {"rows-hidden": 1})
    assert report["issues"][0]["examples"][0]["message"].endswith("row 3.")


def test_a_text_merged_over_rows_is_that_of_each_and_a_number_is_not(tmp_path: Path) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("C2:C4")  # keeps the first
        sheet.merge_cells("D2:D3")

    report = load(book(tmp_path, merge), commit=True)
    assert (report["status"], codes(report)["cells-joined"]) == (0, 1)
    rows = list(queries.rows(registry.get("planning-zones"), fields=["ref", "plan_name", "area_legal_m2"]))
    assert {row["plan_name"] for row in rows} == {"QH"}
    assert [row["area_legal_m2"] is None for row in sorted(rows, key=lambda row: row["ref"])] == [False, True, False]


@pytest.mark.parametrize(("heading", "price"), [("Giá đất (triệu đồng/m2)", "12,5"), ("Đơn giá", "12500000")])
def test_a_column_of_prices_is_known_by_what_offices_call_it(tmp_path: Path, heading: str, price: str) -> None:
    path = tmp_path / "g.csv"
    row = f"G-1;Lê Lợi;Xã Đất Đỏ;1;ODT;{price};2026-01-01"
    path.write_text(f"price_code;street;commune_name;position;land_use;{heading};valid_from\n{row}", encoding="utf-8")
    assert load(path, dataset="land-prices", commit=True)["status"] == 0
    [found] = queries.rows(registry.get("land-prices"), fields=["price_vnd_m2"])
    assert found["price_vnd_m2"] == 12_500_000
