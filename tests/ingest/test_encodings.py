"""The encoding of a file is told field by field, shown before and after, and may be overridden."""

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from landgis.lib.text import encode, windows_text
from tests.ingest import office_files
from tests.ingest.office_files import COLUMNS, NAMES
from tests.ingest.test_load import codes, in_force, load
from tests.members import some_of

pytestmark = pytest.mark.usefixtures("empty_world")
SAID = {"map": COLUMNS, "crs": "EPSG:5899", "commit": True}


def text_of(report: dict[str, Any]) -> dict[str, str]:
    return {one["column"]: one["encoding"] for one in report["understood"]["text"]}


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "cp1258", "utf-8", "utf-8-twice"])
@pytest.mark.parametrize("cpg", some_of([None, "UTF-8", "1252"], every=2))
def test_the_text_of_a_shapefile_is_recognised_whatever_its_cpg_says(
    tmp_path: Path, encoding: str, cpg: str | None
) -> None:
    path = office_files.shapefile(
        tmp_path / "vung.zip", office_files.frame(office_files.squares()), encoding=encoding, cpg=cpg
    )
    report = load(path, **SAID)
    assert report["status"] == 0
    assert list(in_force().values()) == NAMES
    assert set(text_of(report).values()) == {encoding.upper()}


def test_each_field_may_have_its_own_encoding(tmp_path: Path) -> None:
    data = office_files.frame(office_files.squares())
    path = office_files.shapefile(tmp_path / "vung.zip", data, encoding={"TEN": "vni", "QH": "tcvn3"})
    report = load(path, **SAID)
    assert text_of(report)["TEN"] == "VNI"
    assert list(in_force().values()) == NAMES
    [name] = [one for one in report["understood"]["text"] if one["column"] == "TEN"]
    assert name["score"] > 0.9
    assert name["samples"][1] == ["Chôï Vuõng Taøu", "Chợ Vũng Tàu"]


def test_one_choice_overrides_every_guess(tmp_path: Path) -> None:
    path = office_files.shapefile(tmp_path / "vung.zip", office_files.frame(office_files.squares()), encoding="tcvn3")
    report = load(path, encoding="cp1252", **SAID)
    assert list(in_force().values())[1] == "Chî Vòng Tµu"
    assert set(text_of(report).values()) == {"CP1252"}


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    path = office_files.shapefile(tmp_path / "vung.zip", office_files.frame(office_files.squares()), encoding="tcvn3")
    report = load(path, encoding="utf-8", **SAID | {"commit": False})
    assert codes(report)["text-undecodable"] == 10


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "utf-8"])
def test_a_format_that_knows_its_encoding_may_hold_text_that_was_mistaken_before(tmp_path: Path, encoding: str) -> None:
    """A program took the bytes of an old table for CP1252 and wrote a GeoPackage, in good UTF-8, of what it saw."""
    mistaken = [windows_text(encode(name, encoding)) for name in NAMES]
    path = tmp_path / "vung.gpkg"
    office_files.frame(office_files.squares(), mistaken, "EPSG:32648").to_file(path)
    report = load(path, map=COLUMNS, crs="EPSG:5899", commit=True)
    assert list(in_force().values()) == NAMES
    assert text_of(report) == {"TEN": encoding.upper()}


def test_good_text_is_left_alone_and_composed(tmp_path: Path) -> None:
    path = tmp_path / "vung.gpkg"
    names = [unicodedata.normalize("NFD", name) for name in NAMES]
    office_files.frame(office_files.squares(), names, "EPSG:32648").to_file(path)
    report = load(path, map=COLUMNS, crs="EPSG:5899", commit=True)
    assert (report["understood"]["text"], list(in_force().values())) == ([], NAMES)


def test_text_of_other_languages_is_left_alone(tmp_path: Path) -> None:
    names = ["Forêt de Saint-Évroult", "Über der Straße", "Año nuevo", "smørrebrød", "Île-d'Aix"]
    path = tmp_path / "vung.gpkg"
    office_files.frame(office_files.squares(), names, "EPSG:32648").to_file(path)
    load(path, map=COLUMNS, crs="EPSG:5899", commit=True)
    assert list(in_force().values()) == names


def test_headings_are_read_in_the_encoding_of_the_file(tmp_path: Path) -> None:
    polygon = "POLYGON((107.1 10.4, 107.101 10.4, 107.101 10.401, 107.1 10.4))"
    lines = ["Mã vùng;Tên vùng;Quy hoạch;Ranh", *(f"A{n};{name};QH;{polygon}" for n, name in enumerate(NAMES))]
    path = tmp_path / "vung.csv"
    path.write_bytes(encode("\n".join(lines), "tcvn3"))
    told = ["Mã vùng=zone_code", "Tên vùng=name", "Quy hoạch=plan_name"]
    report = load(path, map=told, commit=True)
    assert list(in_force().values()) == NAMES
    assert report["understood"]["encoding"] == "TCVN3"
    assert json.dumps(report["understood"]["columns"], ensure_ascii=False).count("Tên vùng") == 1
