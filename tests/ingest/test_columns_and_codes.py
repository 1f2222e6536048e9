"""Columns that are called like something else, codes of earlier days, and texts that look alike."""

import json
from pathlib import Path
from typing import Any

import pytest

from landgis.catalog import codelists, registry
from landgis.changes.models import ChangeSet
from landgis.lib.text import one_spelling
from tests.ingest.drawing_files import dxf
from tests.ingest.test_load import SQUARE, codes, load, write, zone


def staged(dataset: str, *fields: str) -> list[tuple[Any, ...]]:
    items = registry.get(dataset).proposed._default_manager.filter(change_set=ChangeSet.objects.latest("id"))
    return list(items.order_by("row").values_list(*fields))


def read(tmp_path: Path, **properties: Any) -> tuple[dict[str, int], dict[str, Any]]:
    """The issues of a file with one zone, by their numbers and whole."""
    report = load(write(tmp_path / "a.geojson", zone("A", **properties)), commit=True)
    return codes(report), {group["code"]: group for group in report["issues"]}


@pytest.mark.parametrize(
    ("code", "today"), [("RSN", "RSX"), ("rst", "RSX"), ("RSM", "RSX"), ("RPT", "RPH"), ("LNK", "CLN"), ("BHK", "HNK")]
)
def test_codes_of_earlier_circulars_have_a_successor(code: str, today: str) -> None:
    assert codelists.read_code("land-use", code) == today


@pytest.mark.parametrize("code", ["DTS", "COC", "T", "LUA", "XYZ"])
def test_what_has_no_certain_successor_is_asked(code: str) -> None:
    assert codelists.read_code("land-use", code) is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Xã Ðất  Đỏ", "Xã Đất Đỏ"),
        ("Xã Ɖất\u00a0Đỏ ", "Xã Đất Đỏ"),
        ("Xa\u0303 Đa\u0302\u0301t\u200b Đỏ\ufeff", "Xã Đất Đỏ"),
        ("một\n  hai", "một\n hai"),
    ],
)
def test_what_looks_alike_is_one_text(text: str, kept: str) -> None:
    assert one_spelling(text) == kept


@pytest.mark.usefixtures("empty_world")
def test_codes_are_translated_and_given_by_hand_once(tmp_path: Path) -> None:
    told, whole = read(tmp_path, land_use="RSN")
    assert told == {"code-translated": 1}
    assert "RSX" in whole["code-translated"]["examples"][0]["message"]
    assert staged("planning-zones", "land_use") == [("RSX",)]
    told, whole = read(tmp_path, land_use="DTS")
    assert told == {"code-unknown": 1}
    assert all(code in whole["code-unknown"]["examples"][0]["remedy"] for code in codelists.labels("land-use"))
    path = write(tmp_path / "b.geojson", zone("B", 1, land_use="DTS"), zone("C", 2, land_use="DTS"))
    report = load(path, code=["land_use:DTS=DSK"], save_profile="cũ", commit=True)
    assert (codes(report), report["add"]) == ({}, 2)
    assert codes(load(path, profile="cũ")) == {}
    questions = load(path)["understood"]["questions"]
    assert [(one["code"], one["params"]["value"], one["params"]["count"]) for one in questions] == [("code", "DTS", 2)]


@pytest.mark.usefixtures("empty_world")
def test_look_alikes_are_told_once(tmp_path: Path) -> None:
    zones = [zone(f"Z{at}", at, name=name) for at, name in enumerate(["Xã Ðất Đỏ", "Xã  Đất Đỏ", "Xã Đất Đỏ"])]
    report = load(write(tmp_path / "a.geojson", *zones), commit=True)
    assert codes(report) == {"text-alike": 1}
    assert {name for (name,) in staged("planning-zones", "name")} == {"Xã Đất Đỏ"}


@pytest.mark.usefixtures("own_world")
def test_an_internal_key_is_no_code_and_the_commonest_heading_is_the_area(tmp_path: Path) -> None:
    ring = [
        [107.3, 10.5],
        [107.3 + SQUARE, 10.5],
        [107.3 + SQUARE, 10.5 + SQUARE],
        [107.3, 10.5 + SQUARE],
        [107.3, 10.5],
    ]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    facts = {"MAKHU": "KS-NEW", "TENKHU": "Khu mới", "XA_ID": "4521", "DIENTICH": 12106.4, "CONGKHAI": "1"}
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "Feature", "properties": facts, "geometry": geometry}), encoding="utf-8")
    report = load(path, dataset="public-land", commit=True)
    [(area,)] = staged("public-land", "area_legal_m2")
    assert float(area) == 12106.4
    assert "commune_code" not in report["understood"]["columns"].values()
    found = codes(report)
    assert (found["column-unfit"], found["column-second"]) == (1, 1)
    # Who says so is believed.
    load(path, dataset="public-land", map=["XA_ID=commune_code"], commit=True)
    assert staged("public-land", "commune_code") == [("4521",)]


@pytest.mark.usefixtures("empty_world")
def test_labels_of_drawings_are_taken_apart_and_no_text_is_lost(tmp_path: Path) -> None:
    square = [(444028, 1177240), (444058, 1177240), (444058, 1177270), (444028, 1177270), (444028, 1177240)]
    beside = [(x + 30, y) for x, y in square]
    texts = [
        (13, (444043, 1177255), "101/900.0"),
        (13, (444043, 1177250), "ONT"),
        (77, (444043, 1177245), "Da ky"),
        (77, (444043, 1177243), "2024"),
        (77, (444500, 1177243), "khung"),
        (13, (444073, 1177255), "102"),
        (4, (444073, 1177250), "899,5"),
        (2, (444073, 1177245), "CLN"),
    ]
    path = dxf(tmp_path / "to12.dxf", [(10, square), (10, beside)], texts)
    report = load(
        path,
        dataset="parcels",
        crs="EPSG:5899",
        set=["old_commune_code=26647", "map_sheet=12", "is_public=1"],
        commit=True,
    )
    assert staged("parcels", "parcel_no", "area_legal_m2", "land_use") == [
        ("101", pytest.approx(900), "ONT"),
        ("102", pytest.approx(899.5), "CLN"),
    ]
    assert "texts-outside" in codes(report)
    assert report["understood"]["samples"]["Level 77"] == ["Da ky; 2024"]


@pytest.mark.usefixtures("empty_world")
def test_a_parcel_number_looks_like_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "MAXA;SOTO;SOTHUA;CONGKHAI;wkt\n"
        + "".join(
            f'26647;5;{number};1;"POLYGON((107.{at} 10.5,107.{at}01 10.5,107.{at}01 10.501,107.{at} 10.5))"\n'
            for at, number in enumerate(["12", "12a", "101/900.0", "12.5"], 100)
        ),
        encoding="utf-8",
    )
    assert codes(load(path, dataset="parcels"))["value-form"] == 2
