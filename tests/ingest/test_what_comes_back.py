"""What goes out comes back: the files that exits write, and what QGIS makes of them, change nothing."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio.raw
import pytest
import shapely
from django.conf import settings
from django.test import Client
from django.utils import translation

from landgis.catalog import codelists, exits, file_columns, queries, registry
from landgis.catalog.dataset import Dataset
from landgis.changes.models import Door
from landgis.ingest import columns
from landgis.ingest.actions import Intake, take
from landgis.ingest.errors import FileError
from landgis.ingest.instructions import Instructions
from landgis.ingest.report import ISSUE_COLUMNS, FileReport
from landgis.lib import geometry, spreadsheets
from landgis.lib.displacement import displacement_m
from tests import databases
from tests.members import some_of

DATASETS = exits.datasets("lists")
LANGUAGES = [code for code, _title in settings.LANGUAGES]
LEGAL = 5899
# name -> (driver, legal or in degrees, options) of what GDAL makes of our GeoJSON
REWRITTEN: dict[str, tuple[str, bool, dict[str, Any]]] = {
    "legal.shp": ("ESRI Shapefile", True, {"encoding": "UTF-8"}),
    "legal.gpkg": ("GPKG", True, {}),
    "degrees.gpkg": ("GPKG", False, {}),
    "degrees.fgb": ("FlatGeobuf", False, {}),
    "degrees.kml": ("LIBKML", False, {}),
    "seven.geojson": ("GeoJSON", False, {"layer_options": {"COORDINATE_PRECISION": "7"}}),
}
TABLES = [f"{language}.{ending}" for language in LANGUAGES for ending in ("csv", "xlsx")]


@pytest.fixture(scope="module")
def copy(seeded: str, django_db_blocker: Any) -> Iterator[None]:
    """One copy of the world for all: what is taken in is rolled back."""
    with django_db_blocker.unblock(), databases.made(seeded) as name, databases.used(name):
        yield


def body(path: str) -> bytes:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


def written(dataset: Dataset, name: str, folder: Path, *, few: bool) -> Path:
    """A file of a dataset as an exit writes it, or as GDAL rewrites that."""
    query = "?" + "&".join(f"{field.name}=" for field in dataset.fields if field.filters and field.default)
    if few and any(field.name == "commune_name" for field in dataset.public_fields):
        query += f"&commune_name={queries.rows(dataset, limit=1)[0]['commune_name']}"
    path = folder / f"{dataset.path}-{name}"
    if name in TABLES:
        language, _dot, ending = name.partition(".")
        prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
        path.write_bytes(body(f"{prefix}/{dataset.path}.{ending}{query}"))
        return path
    ours = folder / f"{dataset.path}.geojson"
    ours.write_bytes(body(f"/{dataset.path}.geojson{query}"))
    if name == "geojson":
        return ours
    rewrite(ours, path, *REWRITTEN[name])
    return path


def rewrite(ours: Path, path: Path, driver: str, is_legal: bool, options: dict[str, Any]) -> None:
    """Through the legal system, and back where the file is to be in degrees."""
    with pyogrio.raw.open_arrow(ours, use_pyarrow=True) as (meta, reader):
        table = reader.read_all()
    name = meta["geometry_name"] or "wkb_geometry"
    shapes = geometry.from_wgs84(shapely.from_wkb(np.array(table.column(name).to_pylist(), dtype=object)), LEGAL)
    shapes = shapes if is_legal else geometry.to_wgs84(shapes, LEGAL)
    wkb = pa.array(shapely.to_wkb(shapes).tolist(), pa.binary())
    table = table.set_column(table.schema.names.index(name), name, wkb)
    pyogrio.raw.write_arrow(
        table,
        str(path),
        driver=driver,
        geometry_name=name,
        geometry_type="MultiPolygon" if path.suffix == ".shp" else "Unknown",
        crs=f"EPSG:{LEGAL if is_legal else 4326}",
        **options,
    )


def taken(dataset: Dataset, path: Path, **said: Any) -> FileReport:
    intake = Intake(dataset.name, Instructions(**said))
    return take(path, intake, by=None, door=Door.COMMAND_LINE, stays=False)[1]


def changes_nothing(report: FileReport) -> None:
    found = {group.code: (group.count, group.examples[:1]) for group in report.issues if group.is_error}
    assert (report.add, report.change, report.retire, report.left_out, found) == (0, 0, 0, 0, {})
    assert report.unchanged == report.rows > 0
    assert report.understood["unused"] == []


def cases(names: list[str]) -> list[Any]:
    return [
        pytest.param(dataset, name, id=f"{dataset.name}-{name}")
        for dataset in DATASETS
        for name in names
        if dataset.geometry or name in (*TABLES, "geojson")
    ]


@pytest.mark.usefixtures("copy")
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of GDAL, whose headings and texts are cut
@pytest.mark.parametrize(("dataset", "name"), some_of(cases(["vi.csv", "en.xlsx", "legal.shp"]), every=2))
def test_a_share_of_it_comes_back_unchanged(dataset: Dataset, name: str, tmp_path: Path) -> None:
    changes_nothing(taken(dataset, written(dataset, name, tmp_path, few=True)))


@pytest.mark.prove
@pytest.mark.usefixtures("copy")
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("dataset", "name"), cases([*TABLES, "geojson", *REWRITTEN]))
def test_all_of_it_comes_back_unchanged(dataset: Dataset, name: str, tmp_path: Path) -> None:
    changes_nothing(taken(dataset, written(dataset, name, tmp_path, few=False)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_every_heading_of_ours_is_known(dataset: Dataset, language: str) -> None:
    with translation.override(language):
        told = dict(file_columns.table_columns(dataset))
    found = columns.propose(dataset, list(told.values()), {}, {})
    facts = {field.name for field in dataset.stated_fields}
    # Of a state what was reported comes back, and not what it was when the file was written.
    facts -= {dataset.state.field}
    reported = {told[dataset.state.reported_field]: dataset.state.field} if dataset.state.field else {}
    assert found.fields == reported | {heading: name for name, heading in told.items() if name in facts}
    assert set(found.added) == {heading for name, heading in told.items() if name not in facts} - reported.keys()
    assert not found.lacking


def test_headings_that_a_dbf_cut_to_the_same_letters_are_told_apart_by_all_of_them() -> None:
    lots = registry.get("auction-lots")
    known = {"lot_code": "lot_code", "starting_p": "starting_price_vnd", "starting_1": "starting_price_per_m2_vnd"}
    assert columns.propose(lots, list(known), {}, {}).fields == known
    # Where one of them is missing nobody knows which the other is.
    assert "starting_p" not in columns.propose(lots, ["lot_code", "starting_p"], {}, {}).fields


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_of_codes_lead_back_to_their_codes(language: str) -> None:
    names = {str(field.codes) for dataset in DATASETS for field in dataset.public_fields if field.codes}
    with translation.override(language):
        told = {(name, code): str(label) for name in names for code, label in codelists.labels(name).items()}
    assert told == {
        (name, code): label for (name, code), label in told.items() if codelists.code_of(name, label) == code
    }


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5", "@x", "'=1", "''=1", "＝1", "it's", "'quoted'", "", "x"])
def test_the_apostrophe_before_a_formula_comes_off_again(text: str) -> None:
    assert spreadsheets.without_guard(spreadsheets.as_text(text)) == text


@pytest.mark.usefixtures("copy")
def test_hidden_columns_without_a_value_wipe_nothing(tmp_path: Path) -> None:
    parcels = registry.get("parcels")
    path = written(parcels, "vi.csv", tmp_path, few=True)
    lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    hidden = [[str(parcels.label("land_user")), str(parcels.label("certificate_no"))], *[["", ""]] * len(lines[1:])]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(line + more for line, more in zip(lines, hidden, strict=True))
    headings = {hidden[0][0]: "land_user", hidden[0][1]: "certificate_no"}
    report = taken(parcels, path, columns=headings)
    changes_nothing(report)
    assert "column-empty" in {group.code for group in report.issues}


@pytest.mark.usefixtures("copy")
def test_what_moved_more_has_changed_and_keeps_its_legal_system(tmp_path: Path) -> None:
    """Two of the plots, by half a millimetre and by two: the file is in degrees, and the area is of the legal plane."""
    plots = registry.get("public-land")
    path = written(plots, "geojson", tmp_path, few=True)
    with pyogrio.raw.open_arrow(path, use_pyarrow=True) as (meta, reader):
        table = reader.read_all()
    name = meta["geometry_name"] or "wkb_geometry"
    shapes = geometry.from_wgs84(shapely.from_wkb(np.array(table.column(name).to_pylist(), dtype=object)), LEGAL)
    shapes[0], shapes[1] = (
        shapely.transform(shape, lambda xy, by=by: xy + (by, 0))
        for shape, by in ((shapes[0], 0.0005), (shapes[1], 0.002))
    )
    wkb = pa.array(shapely.to_wkb(geometry.to_wgs84(shapes, LEGAL)).tolist(), pa.binary())
    moved = tmp_path / "moved.gpkg"
    table = table.set_column(table.schema.names.index(name), name, wkb)
    pyogrio.raw.write_arrow(
        table, str(moved), driver="GPKG", geometry_name=name, geometry_type="Unknown", crs="EPSG:4326"
    )
    change_set, report = take(moved, Intake(plots.name), by=None, door=Door.COMMAND_LINE)
    assert (report.change, report.unchanged) == (1, report.rows - 1)
    (item,) = plots.proposed._default_manager.filter(change_set=change_set, action="change")
    assert item.legal_srid == LEGAL
    assert item.area_m2 == pytest.approx(shapely.area(shapes[1]), abs=1e-4)


def test_an_outline_has_not_moved_where_it_only_begins_elsewhere() -> None:
    square = shapely.from_wkt("MULTIPOLYGON(((107 10, 107.001 10, 107.001 10.001, 107 10.001, 107 10)))")
    turned = shapely.from_wkt(
        "MULTIPOLYGON(((107.001 10, 107.001 10.0005, 107.001 10.001, 107 10.001, 107 10, 107.001 10)))"
    )
    moved = shapely.transform(square, lambda xy: xy + (2e-8, 0))  # 2.2 mm
    holed = shapely.from_wkt(
        "MULTIPOLYGON(((107 10, 107.001 10, 107.001 10.001, 107 10.001, 107 10),"
        "(107.0004 10.0004, 107.0004 10.0005, 107.0005 10.0005, 107.0005 10.0004, 107.0004 10.0004)))"
    )
    away = displacement_m(np.array([square, turned, moved, holed]), np.array([square] * 4), 0.001)
    assert (away[:2] <= 0.001).all() and np.isinf(away[2:]).all()
    line = shapely.from_wkt("MULTILINESTRING((107 10, 107.001 10))")
    back = shapely.reverse(line)
    pair = np.array([line, back])
    assert np.isinf(displacement_m(pair, np.array([line, line]), 0.001, is_directed=True)).tolist() == [False, True]


@pytest.mark.usefixtures("copy")
def test_a_list_of_issues_is_known_as_such(tmp_path: Path) -> None:
    path = tmp_path / "issues.csv"
    path.write_text(",".join(ISSUE_COLUMNS) + "\nx,stop,1,P-1,,m,r\n", encoding="utf-8")
    with pytest.raises(FileError, match="danh sách lỗi"):
        taken(registry.get("public-land"), path)
