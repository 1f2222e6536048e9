"""Forms as communes fill them in: what stands beside headings and features is told, and never a feature."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from landgis.ingest import headings, shapes
from landgis.ingest.formats import ROW, Conventions, Shape, sheet_forms, spreadsheets
from tests.ingest.office_files import EAST, NORTH
from tests.ingest.test_load import codes, in_force, load

WORDS = Conventions(totals=("tong", "tong cong", "cong"), signatures=("nguoi lap", "chu tich"))
TITLES = [["ỦY BAN NHÂN DÂN XÃ NGÃI GIAO"], ["DANH SÁCH KHU ĐẤT NĂM 2026"], []]


def kinds(*rows: list[str], width: int = 5, merged_rows: tuple[int, ...] = ()) -> dict[int, str]:
    numbered = iter([(at, row) for at, row in enumerate(rows, 2) if any(row)])
    return sheet_forms.body(numbered, width, WORDS, merged_rows=merged_rows, repeated=["STT", "Mã"]).passed


FEATURE = ["1", "A-1", "Khu một", "ODT", "400"]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (["", "Tổng cộng", "", "", "2400"], "totals"),
        (["Cộng:", "", "", "", "12,5"], "totals"),
        (["", "TỔNG CỘNG (25 khu)", "", "", "2.400,5"], "totals"),
        (["", "Cộng toàn xã", "", "", "7"], ""),  # a word that is not among those
        (["", "Tổng cộng toàn xã", "", "", "7"], "totals"),
        (["9", "Tổng kho xăng", "Khu chín", "TMD", "400"], ""),
        (["", "Tổng kho", "", "", "400"], ""),
        (["9", "Cộng Hòa", "đường", "ODT", "400"], ""),
        (["", "Cộng Hòa", "", "", "400"], ""),
        (["I", "Đất ở", "", "", "1200"], "subtitles"),
        (["B.", "Đất chợ", "", "", ""], "subtitles"),
        (["", "II. Xã Đất Đỏ", "", "", ""], "subtitles"),
        (["Khu vực ven biển:", "", "", "", ""], "subtitles"),
        (["", "A-7", "", "", ""], ""),  # may be a feature of which nothing else is known
        (["", "", "", "1144203", "425664"], ""),  # a corner
        (["STT", "Mã", "", "", ""], "headings"),
        (["(1)", "(2)", "(3)", "(4)", "(5)=(3)+(4)"], "numbering"),
        (["1", "2", "3", "4", "5"], ""),  # in the midst it may be a feature
    ],
)
def test_a_row_among_features_is_what_it_looks_like(row: list[str], kind: str) -> None:
    assert kinds(FEATURE, row, FEATURE).get(3, "") == kind


@pytest.mark.parametrize("row", [["1", "2", "3", "4", "5"], ["A", "B", "1", "2", "3"], ["(1)", "(2)", "(3)", "", ""]])
def test_under_the_headings_columns_may_be_numbered(row: list[str]) -> None:
    assert kinds(row, FEATURE) == {2: "numbering"}


def test_signatures_are_the_last_rows_only() -> None:
    signed = [["", "", "", "Ngãi Giao, ngày 05 tháng 3 năm 2026", ""], ["", "NGƯỜI LẬP BIỂU", "", "CHỦ TỊCH", ""]]
    assert kinds(FEATURE, [""], *signed, [""], ["", "Nguyễn Văn A", "", "Trần B", ""]) == {
        4: "signatures",
        5: "signatures",
        7: "signatures",
    }
    assert kinds(FEATURE, ["", "", "Tổng", "", "4"], *signed, FEATURE) == {3: "totals"}
    assert kinds(FEATURE, [""], ["", "A-7", "", "", ""]) == {}  # one such row may be a feature


def book(path: Path, *rows: list[Any], merged: tuple[str, ...] = ()) -> Path:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for cells in merged:
        made.active.merge_cells(cells)
    made.save(path)
    return path


def corners(code: str, name: str, by: float = 0) -> list[list[Any]]:
    first = [(NORTH, EAST + by), (NORTH + 100, EAST + by), (NORTH + 100, EAST + by + 100), (NORTH, EAST + by + 100)]
    return [[*([1, code, name, "QH"] if at == 0 else [None] * 4), *place] for at, place in enumerate(first)]


HEADINGS = [
    ["STT", "Mã vùng", "Tên vùng", "Tên\nquy hoạch", "Tọa độ VN-2000 (m)", None],
    [None, None, None, None, "X", "Y"],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
]
MERGED = ("A1:F1", "A2:F2", "A4:A5", "B4:B5", "C4:C5", "D4:D5", "E4:F4")


@pytest.mark.usefixtures("empty_world")
@pytest.mark.parametrize("merged", [MERGED, ()], ids=["merged", "plain"])
def test_a_form_is_read_and_its_rows_are_those_of_the_sheet(tmp_path: Path, merged: tuple[str, ...]) -> None:
    signed = [[], [None, None, None, "Ngãi Giao, ngày 05 tháng 3 năm 2026"], [None, "Người lập biểu", None, "Chủ tịch"]]
    body = [
        ["I", "Khu phố một"],
        *corners("A", "Chợ"),
        *corners("B", "Trường", 200),
        [None, "Tổng cộng", None, 2, None, None],
    ]
    path = book(tmp_path / "a.xlsx", *TITLES, *HEADINGS, *body, *signed, merged=merged)
    report = load(path, crs="5899", commit=True)
    assert (report["status"], report["rows"], in_force()) == (0, 2, {"A": "Chợ", "B": "Trường"})
    told = {issue["code"]: [line["message"] for line in issue["examples"]] for issue in report["issues"]}
    assert [line.partition(":")[2] for line in told["rows-of-form"]] == [
        " row 1–2.",
        " row 6.",
        " row 7.",
        " row 16.",
        " row 18–19.",
    ]
    assert "8 rows make 2 features" in told["corners-joined"][0]
    path = book(
        tmp_path / "b.xlsx", *TITLES, *HEADINGS, ["?", "A", None, None, "here", "there"], *body[1:], merged=merged
    )
    [unread] = [one for one in load(path, crs="5899")["issues"] if one["code"] == "geometry-unreadable"]
    assert unread["examples"][0]["row"] == 7


def test_headings_of_three_rows_and_without_merged_cells() -> None:
    rows = [
        ["STT", "Thửa đất", "", "", "Ghi chú"],
        ["", "Vị trí", "", "Diện tích", ""],
        ["", "Số tờ", "Số thửa", "", ""],
        ["1", "12", "101", "900", "x"],
    ]
    merged = [(1, 1, 3, 1), (1, 2, 1, 4), (2, 2, 2, 3), (2, 4, 3, 4), (1, 5, 3, 5)]
    block = sheet_forms.heading_rows(rows, 0, merged)
    assert block == range(3)
    found = sheet_forms.headings(rows, block, merged)
    assert found == ["STT", "Thửa đất Vị trí Số tờ", "Thửa đất Vị trí Số thửa", "Thửa đất Diện tích", "Ghi chú"]
    plain = [["STT", "Tọa độ", "", "Ghi chú"], ["", "X", "Y", ""], ["1", "5", "6", "x"]]
    block = sheet_forms.heading_rows(plain, 0, [])
    assert sheet_forms.headings(plain, block, []) == ["STT", "Tọa độ X", "Tọa độ Y", "Ghi chú"]
    simple = [["Mã", "Tên", "Loại"], ["A", "", ""], ["B", "Chợ", "TMD"]]
    assert sheet_forms.heading_rows(simple, 0, []) == range(1)


@pytest.mark.parametrize("over", ["A1:E1", "A1:D1", "A1:B1", "A1:F1"])
def test_a_title_over_some_of_the_columns_is_no_heading(tmp_path: Path, over: str) -> None:
    rows: list[list[Any]] = [["DANH MỤC"], ["STT", "Mã", "Thông tin", None, "Diện tích", "Ghi chú"]]
    rows += [[None, None, "Tên", "Quy hoạch"], [1, "A-1", "Khu một", "QH", 400, "x"], [2, "A-2", "Khu hai", "QH", 400]]
    path = book(tmp_path / "x.xlsx", *rows, merged=(over, "A2:A3", "B2:B3", "E2:E3", "F2:F3", "C2:D2"))
    found = spreadsheets.Spreadsheet(path, "XLSX", "x", None, WORDS).content
    assert found.names == ("STT", "Mã", "Thông tin Tên", "Thông tin Quy hoạch", "Diện tích", "Ghi chú")
    assert found.features == 2


@pytest.mark.usefixtures("empty_world")
@pytest.mark.parametrize("said", ["column 3", "cột 3", "ten  VUNG"])
def test_any_column_can_be_named(tmp_path: Path, said: str) -> None:
    wkt = "POLYGON((107.1 10.4,107.101 10.4,107.101 10.401,107.1 10.4))"
    path = book(tmp_path / "a.xlsx", ["Mã vùng", "Tên QH", "Tên\nvùng", None, "wkt"], ["A", "QH", "Chợ", "Trạm", wkt])
    load(path, map=[f"{said}=name"], commit=True)
    assert in_force() == {"A": "Chợ"}
    load(path, map=["column 4=name", "Tên vùng=period"], commit=True)
    assert in_force() == {"A": "Trạm"}


@pytest.mark.usefixtures("empty_world")
def test_a_form_may_come_as_csv(tmp_path: Path) -> None:
    wkt = '"POLYGON((107.1 10.4,107.101 10.4,107.101 10.401,107.1 10.4))"'
    lines = [
        "DANH SÁCH, NĂM 2026;;;",
        "",
        "ma_vung;ten_vung;ten_qh;wkt",
        f"A;Chợ;QH;{wkt}",
        ";Tổng cộng;1;",
        "",
        ";???;;",
    ]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    report = load(tmp_path / "a.csv", leave_out=True)
    rows = {issue["code"]: [line["row"] for line in issue["examples"]] for issue in report["issues"]}
    assert (report["add"], rows["identity-missing"]) == (1, [7])
    assert codes(report)["rows-of-form"] == 2


# --- Corners or features

POINTS = Shape("points", ("X", "Y"), identity=("ma",), facts=("ten",))


@pytest.mark.parametrize(
    ("codes_of_rows", "names", "are_corners"),
    [
        ("AAAABBBB", "11112222", True),
        ("A...B...", "1...2...", True),
        ("ABCDEEFG", "12345567", False),  # points, one of them twice
        ("ABCDEEEEFGHIJ", "1234555567890", False),  # four rows of one number among features
        ("AAAABBBB", "12345678", False),  # each says something else
        ("AABBCC", "112233", False),
    ],
)
def test_rows_are_corners_where_most_stand_together(codes_of_rows: str, names: str, are_corners: bool) -> None:
    values = {"ma": list(codes_of_rows.replace(".", " ")), "ten": list(names.replace(".", " "))}
    values = {name: [one.strip() for one in column] for name, column in values.items()}
    assert bool(shapes.of_rows(POINTS, values).identity) is are_corners


@pytest.mark.usefixtures("empty_world")
def test_a_second_lot_of_one_number_is_a_twin_and_no_corner(tmp_path: Path) -> None:
    """Its facts are its own: nothing of it is lost in the boundary of the first."""
    square = [(0, 0), (100, 0), (100, 100), (0, 100)]
    lots = [("A", "Chợ", 0), ("B", "Trường", 200), ("B", "Trạm", 400)]
    lines = [f"{code};{name};QH;{NORTH + n};{EAST + by + e}" for code, name, by in lots for n, e in square]
    (tmp_path / "a.csv").write_text("\n".join(["ma_vung;ten_vung;ten_qh;X;Y", *lines]), encoding="utf-8")
    report = load(tmp_path / "a.csv", crs="5899")
    rows = {issue["code"]: [line["row"] for line in issue["examples"]] for issue in report["issues"]}
    assert (report["rows"], rows["identity-duplicate"]) == (3, [6, 10])


def test_what_is_left_of_a_heading_under_one_for_coordinates() -> None:
    assert headings.group_of_coordinate("Tọa độ VN-2000 (m) X") == "x"
    assert headings.group_of_coordinate("Loại đất X") is None and headings.group_of_coordinate("Tọa độ") is None


def test_a_workbook_is_taken_apart_once_and_its_rows_are_read_as_often_as_somebody_looks(tmp_path: Path) -> None:
    path = book(tmp_path / "x.xlsx", *TITLES, ["Mã", "Tên"], *([f"A-{at}", f"Khu {at}"] for at in range(1200)))
    opened = spreadsheets.Spreadsheet(path, "XLSX", "x", None, WORDS)
    path.unlink()
    opened.book.close()
    first = next(opened.batches()).slice(0, 700)  # left before its end
    every = next(opened.batches())
    assert first.column("Mã").to_pylist() == every.column("Mã").to_pylist()[:700]
    assert every.column(ROW).to_pylist() == list(range(5, 1205))
    assert every.column("Tên").to_pylist()[-1] == "Khu 1199"
