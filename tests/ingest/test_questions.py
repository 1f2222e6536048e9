"""What a file leaves open is asked at once, with everything that was understood of it; then one round of answers."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from django.utils.translation import gettext
from geopandas import GeoDataFrame
from shapely import box

from landgis.catalog import registry
from landgis.changes import issues
from landgis.ingest import errors, questions
from tests.ingest.test_load import in_force, load

pytestmark = pytest.mark.usefixtures("empty_world")
EAST, NORTH = 425_664, 1_144_203


def frame(first: int = 0, crs: int | None = None, **columns: list[str]) -> GeoDataFrame:
    shapes = [box(EAST + 200 * n, NORTH, EAST + 200 * n + 100, NORTH + 100) for n in range(first, first + 3)]
    return GeoDataFrame(columns, geometry=shapes, crs=crs)


def asked(path: Path, **options: Any) -> dict[str, Any]:
    """What `load --json` prints of a file that needs an answer."""
    out = io.StringIO()
    with pytest.raises(CommandError) as stopped, translation.override("en"):
        call_command("load", path, dataset="planning-zones", json=True, stdout=out, **options)
    assert stopped.value.returncode == 2
    return json.loads(out.getvalue())["understood"]


@pytest.fixture
def open_file(tmp_path: Path) -> Path:
    """Two layers with boundaries and one without, no CRS, headings that say nothing, people's names."""
    path = tmp_path / "ban_do.gpkg"
    columns = {
        "C1": ["QH-1", "QH-2", "QH-3"],
        "TEN": ["Chợ", "Trường", "Công viên"],
        "C3": ["Nguyễn Văn A", "Trần Thị Bích", "Lê Thị C"],
    }
    frame(**columns).to_file(path, layer="khu_vuc", driver="GPKG")
    frame(3, **columns).to_file(path, layer="khu_vuc_moi", driver="GPKG")
    import pyogrio

    pyogrio.write_dataframe(GeoDataFrame({"x": [1]}).drop(columns=[]), path, layer="kieu", driver="GPKG")
    return path


def test_all_that_is_open_is_asked_at_once_and_answered_in_one_round(open_file: Path) -> None:
    read = asked(open_file)
    assert [(one["code"], one["params"].get("field")) for one in read["questions"]] == [
        ("layer", None),
        ("field", "zone_code"),
        ("crs", None),
    ]
    layers = {one["name"]: one for one in read["layers"]}
    assert [(layers[name]["geometry"], layers[name]["rows"]) for name in ("khu_vuc", "kieu")] == [
        ("Polygon", 3),
        ("", 1),
    ]
    assert layers["khu_vuc"]["extent"] == [EAST, NORTH, EAST + 500, NORTH + 100]
    assert [one["name"] for one in read["questions"][0]["choices"]] == ["khu_vuc", "khu_vuc_moi"]
    assert read["samples"] == {"C1": ["QH-1", "QH-2", "QH-3"], "TEN": ["Chợ", "Trường", "Công viên"], "C3": []}
    told = {"layer": "khu_vuc_moi", "map": ["C1=zone code"], "set": ["quy hoạch=QH chung"], "crs": "EPSG:5899"}
    assert load(open_file, commit=True, **told)["status"] == 0
    assert in_force() == {"QH-1": "Chợ", "QH-2": "Trường", "QH-3": "Công viên"}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            ["Which column holds “zone code”", "TEN → name, by its heading: Chợ; Trường", "khu_vuc: polygon, 3 rows"],
        ),
        ("vi", ["Cột nào chứa “mã khu vực”", "TEN → Tên, theo tên cột", "khu_vuc: vùng, 3 dòng"]),
    ],
)
def test_a_terminal_says_it_in_the_readers_words(open_file: Path, language: str, said: list[str]) -> None:
    out = io.StringIO()
    with pytest.raises(CommandError), translation.override(language):
        call_command("load", open_file, dataset="planning-zones", stdout=out)
    assert [text for text in said if text not in out.getvalue()] == []
    assert "zone_code" not in out.getvalue() and "Nguyễn" not in out.getvalue()


def test_the_only_layer_with_boundaries_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    import pyogrio

    pyogrio.write_dataframe(GeoDataFrame({"x": [1, 2, 3, 4]}), path, layer="anh", driver="GPKG")
    frame(crs=5899, zone_code=["A", "B", "C"], name=["a", "b", "c"], plan_name=["q"] * 3).to_file(
        path, layer="vung", driver="GPKG"
    )
    report = load(path)
    assert (report["understood"]["layer"], report["add"], report["status"]) == ("vung", 3, 0)


def test_sheets_with_rows_are_layers_to_choose_from(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for title in ("Biểu 01", "Biểu 02"):
        sheet = book.create_sheet(title)
        sheet.append(["ma_vung", "ten_vung", "ten_qh", "wkt"])
        sheet.append([title[-1], "a", "b", "POLYGON((107.1 10.4, 107.101 10.4, 107.101 10.401, 107.1 10.4))"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    read = asked(path)
    assert [one["name"] for one in read["questions"][0]["choices"]] == ["Biểu 01", "Biểu 02"]
    assert load(path, layer="Biểu 02", commit=True)["status"] == 0
    assert list(in_force()) == ["2"]


def test_where_nothing_is_in_force_boundaries_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("ma_vung,ten_vung,ten_qh\nA,a,b\n", encoding="utf-8")
    assert [one["code"] for one in asked(path)["questions"]] == ["geometry"]


SAMPLES = {
    "said": "a", "meant": "b", "metres": "1", "name": "c", "column": "Cột", "samples": "1", "value": "2", "count": 3,
    "factor": "1000", "known": "2", "times": "0.001",
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(questions.KINDS))
def test_the_option_of_every_question_is_in_the_language_of_the_report(code: str) -> None:
    """Placeholders are words of the reader: COLUMN, VALUE and the like are none of an official's."""
    params = SAMPLES | ({"field": "zone_code"} if code == "field" else {"of": "land_use"})
    asked = questions.FileQuestion(code, params).as_data()
    with translation.override("vi"):
        option = questions.in_words(asked, registry.get("planning-zones"))["option"]
    assert option.startswith("--")
    assert not re.search(r"\b(?!EPSG|WKT)[A-Z]{3,}\b", option), option


def test_every_hint_that_has_a_placeholder_has_it_in_vietnamese() -> None:
    """Of errors and remedies, too: those that name an option of the command line."""
    texts = [*errors.MESSAGES.values(), *(str(kind.remedy) for kind in issues.KINDS.values())]
    placeholder = re.compile(r"--[a-z-]+ \"?(COLUMN|FIELD|VALUE|NAME|CODE|KIND|NUMBER)\b")
    found = [text for text in texts if placeholder.search(text)]
    assert found
    with translation.override("vi"):
        assert [text for text in found if placeholder.search(gettext(text))] == []
