"""Every format of the office through the load command: the same five zones, with the same text and places."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from django.core.management import CommandError

from landgis.catalog import queries, registry
from landgis.lib import geometry
from landgis.lib.text import encode
from tests.ingest import drawing_files, office_files
from tests.ingest.office_files import COLUMNS, EAST, NAMES, NORTH
from tests.ingest.test_load import codes, in_force, load
from tests.ingest.test_questions import asked
from tests.members import some_of

pytestmark = pytest.mark.usefixtures("empty_world")
SAID = {"map": COLUMNS, "commit": True}


def metres() -> Any:
    return office_files.frame(office_files.squares(), crs="EPSG:5899")


def degrees() -> Any:
    shapes = [geometry.to_wgs84(square, 5899) for square in office_files.squares()]
    return office_files.frame(shapes, crs="EPSG:4326")


def gpkg(folder: Path) -> Path:
    metres().to_file(folder / "vung.gpkg")
    return folder / "vung.gpkg"


def loose_shapefile(folder: Path) -> Path:
    return office_files.shapefile(folder / "vung.shp", metres(), encoding="tcvn3", with_prj=True, zipped=False)


def shouted_shapefile(folder: Path) -> Path:
    """Parts in capital letters, with a name that is no ASCII, in a folder of the zip."""
    plain = office_files.shapefile(folder / "vung.zip", metres(), encoding="tcvn3", with_prj=True)
    with zipfile.ZipFile(plain) as given, zipfile.ZipFile(folder / "b.zip", "w") as archive:
        for member in given.infolist():
            ending = Path(member.filename).suffix.upper()
            archive.writestr(f"Bản đồ/THỬA ĐẤT{ending}", given.read(member))
    return folder / "b.zip"


def filegdb(folder: Path) -> Path:
    metres().to_file(folder / "vung.gdb", driver="OpenFileGDB", layer="vung")
    with zipfile.ZipFile(folder / "vung.gdb.zip", "w") as archive:
        for part in (folder / "vung.gdb").iterdir():
            archive.write(part, f"vung.gdb/{part.name}")
    return folder / "vung.gdb.zip"


def geojson_lines(folder: Path) -> Path:
    degrees().to_file(folder / "vung.geojsonl", driver="GeoJSONSeq")
    return folder / "vung.geojsonl"


def kml(folder: Path) -> Path:
    degrees().to_file(folder / "vung.kml", driver="LIBKML")
    return folder / "vung.kml"


def kmz(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "vung.kmz", "w") as archive:
        archive.write(kml(folder), "doc.kml")
        archive.writestr("files/icon.png", b"no picture")
    return folder / "vung.kmz"


def gml(folder: Path) -> Path:
    """GML 3 in EPSG:4326 writes latitude first."""
    pyogrio.write_dataframe(degrees(), folder / "vung.gml", driver="GML", dataset_options={"FORMAT": "GML3.2"})
    assert "10.346" in (folder / "vung.gml").read_text(encoding="utf-8").split("<gml:posList", 1)[1][:40].split()[0]
    return folder / "vung.gml"


def parquet(folder: Path) -> Path:
    metres().to_parquet(folder / "vung.parquet")
    return folder / "vung.parquet"


def esri_json(folder: Path) -> Path:
    features = [
        {
            "attributes": {name: row[name] for name in ("MA", "TEN", "QH")},
            "geometry": {"rings": [[list(point) for point in row.geometry.exterior.coords]]},
        }
        for _index, row in metres().iterrows()
    ]
    fields = [{"name": name, "type": "esriFieldTypeString"} for name in ("MA", "TEN", "QH")]
    content = {
        "geometryType": "esriGeometryPolygon",
        "spatialReference": {"wkid": 5899},
        "fields": fields,
        "features": features,
    }
    (folder / "vung.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return folder / "vung.json"


def xlsx(folder: Path) -> Path:
    """A title, an empty row, headings, then the corners of each zone with X north, the identity once."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["BẢNG KÊ TỌA ĐỘ GÓC RANH"])
    sheet.append([])
    sheet.append(["MA", "TEN", "QH", "X (m)", "Y (m)"])
    for _index, row in metres().iterrows():
        for number, (x, y) in enumerate(list(row.geometry.exterior.coords)[:-1]):
            facts = [row["MA"], row["TEN"], row["QH"]] if number == 0 else [None, None, None]
            sheet.append([*facts, y, x])
    book.save(folder / "vung.xlsx")
    return folder / "vung.xlsx"


def mapinfo_tab(folder: Path) -> Path:
    """TCVN3 that the head calls Windows Latin 1, as MapInfo writes it."""
    data = metres()
    for name in ("TEN", "QH"):
        data[name] = [encode(text, "tcvn3").decode("cp1252") for text in data[name]]
    pyogrio.write_dataframe(data, folder / "vung.tab", driver="MapInfo File", encoding="CP1252", BOUNDS=SURVEYED)
    with zipfile.ZipFile(folder / "vung.zip", "w") as archive:
        for part in folder.glob("vung.*"):
            if part.suffix != ".zip":
                archive.write(part, f"Bản đồ/{part.name.upper()}")
    return folder / "vung.zip"


def mapinfo_mif(folder: Path) -> Path:
    pyogrio.write_dataframe(metres(), folder / "vung.mif", driver="MapInfo File", FORMAT="MIF", encoding="UTF-8")
    return folder / "vung.mif"


SURVEYED = "400000,1100000,500000,1200000"  # what a TAB holds in full precision
FORMATS: dict[str, tuple[Callable[[Path], Path], dict[str, Any]]] = {
    "GPKG": (gpkg, {}),
    "ESRI Shapefile": (loose_shapefile, {}),
    "ESRI Shapefile, zipped": (shouted_shapefile, {}),
    "OpenFileGDB": (filegdb, {}),
    "GeoJSONSeq": (geojson_lines, {}),
    "LIBKML": (kml, {}),
    "LIBKML, zipped": (kmz, {}),
    "GML": (gml, {}),
    "Parquet": (parquet, {}),
    "ESRIJSON": (esri_json, {}),
    "MapInfo File, zipped": (mapinfo_tab, {"crs": "EPSG:5899"}),
    "MapInfo File": (mapinfo_mif, {"crs": "EPSG:5899"}),
    "XLSX": (xlsx, {"crs": "EPSG:5899"}),
}


@pytest.mark.parametrize("name", some_of(FORMATS, every=2))
def test_every_format_gives_the_same_zones(tmp_path: Path, name: str) -> None:
    make, options = FORMATS[name]
    report = load(make(tmp_path), **SAID, **options)
    assert (report["status"], report["add"]) == (0, len(NAMES))
    assert report["understood"]["driver"] == name.split(",", maxsplit=1)[0]
    assert list(in_force().values()) == NAMES
    feature = queries.geojson_feature(registry.get("planning-zones"), "QH-1")
    assert feature is not None
    ring = shapely.geometry.shape(feature["geometry"])
    assert shapely.Point(107.07299999904, 10.34600000017).distance(ring) < 1e-8
    row = queries.feature(registry.get("planning-zones"), "QH-1")
    assert row is not None and row["area_m2"] == pytest.approx(10_000, rel=1e-4)


def test_a_file_without_a_geometry_column_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"MA": ["A"]}), tmp_path / "a.parquet")
    with pytest.raises(CommandError, match="geometry in WKB"):
        load(tmp_path / "a.parquet", map=["MA=zone_code"])


def two_shapefiles(folder: Path) -> Path:
    """Two of one name in two folders, a third, and what describes them."""
    plain = office_files.shapefile(folder / "vung.zip", metres(), with_prj=True)
    with zipfile.ZipFile(plain) as given, zipfile.ZipFile(folder / "b.zip", "w") as archive:
        for member in given.infolist():
            for name in ("xa/khu", "phuong/khu", "khac"):
                archive.writestr(f"{name}{Path(member.filename).suffix}", given.read(member))
        archive.writestr("khac.shp.xml", "<metadata/>")
        archive.writestr("doc.csv", "a,b")
    return folder / "b.zip"


def test_several_maps_in_a_zip_are_layers(tmp_path: Path) -> None:
    path = two_shapefiles(tmp_path)
    [question] = asked(path, map=COLUMNS)["questions"]
    told = {one["name"]: (one["geometry"], one["rows"], bool(one["extent"])) for one in question["choices"]}
    assert told == dict.fromkeys(["xa/khu.shp", "phuong/khu.shp", "khac"], ("Polygon", len(NAMES), True))
    with pytest.raises(CommandError, match="no layer “khu”"):
        load(path, map=COLUMNS, layer="khu")
    report = load(path, map=COLUMNS, layer="phuong/khu.shp")
    assert (report["add"], report["understood"]["layer"]) == (len(NAMES), "phuong/khu.shp")


def test_a_workbook_may_come_in_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(xlsx(tmp_path), "Biểu.xlsx")
    assert load(tmp_path / "a.zip", map=COLUMNS, crs="EPSG:5899")["add"] == len(NAMES)


def test_of_several_sheets_one_has_to_be_named(tmp_path: Path) -> None:
    path = xlsx(tmp_path)
    book = openpyxl.load_workbook(path)
    book.create_sheet("Khác").append(["a", "b"])
    book.save(path)
    [question] = asked(path, map=COLUMNS, crs="5899")["questions"]
    assert [one["name"] for one in question["choices"]] == ["Sheet", "Khác"]
    assert load(path, map=COLUMNS, crs="5899", layer="Sheet")["add"] == len(NAMES)


def test_a_hidden_sheet_is_passed_over_unless_it_is_named(tmp_path: Path) -> None:
    path = xlsx(tmp_path)
    book = openpyxl.load_workbook(path)
    book.create_sheet("Danh mục").append(["a", "b"])
    book["Danh mục"].sheet_state = "hidden"
    book.save(path)
    assert load(path, map=COLUMNS, crs="5899")["add"] == len(NAMES)
    with pytest.raises(CommandError, match="no column"):
        load(path, map=COLUMNS, crs="5899", layer="Danh mục")


# --- Drawings

SQUARE = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
LINES: list[drawing_files.Line] = [
    (10, [(EAST + x, NORTH + y) for x, y in SQUARE]),
    (23, [(EAST + 100, NORTH), (EAST + 200, NORTH), (EAST + 200, NORTH + 100), (EAST + 100, NORTH + 100)]),
    (10, [(EAST + 50, NORTH), (EAST + 50, NORTH + 100)]),  # divides the first square
    (10, [(EAST + 200, NORTH + 50), (EAST + 230, NORTH + 50)]),  # ends in the open
    (14, [(EAST, NORTH), (EAST + 200, NORTH + 100)]),  # a wall is no boundary
]
TEXTS: list[drawing_files.Text] = [
    (13, (EAST + 25, NORTH + 50), "12"),
    (13, (EAST + 75, NORTH + 50), "13"),
    (13, (EAST + 150, NORTH + 50), "14"),
    (13, (EAST + 160, NORTH + 60), "15"),  # a second number in one boundary
    (13, (EAST + 500, NORTH + 50), "99"),  # beside everything
    (4, (EAST + 25, NORTH + 40), "5000.0"),
    (2, (EAST + 25, NORTH + 30), "ODT"),
    (2, (EAST + 75, NORTH + 30), "CLN"),
]
TOLD = {"map": ["SOTHUA=zone_code"], "set": ["plan_name=Quy hoạch 2030"], "crs": "EPSG:5899", "commit": True}


@pytest.mark.parametrize("write", [drawing_files.dxf, drawing_files.dgn])
def test_a_drawing_is_closed_to_polygons_with_the_texts_in_them(tmp_path: Path, write: Any) -> None:
    path = write(tmp_path / "DC12", LINES, TEXTS)
    report = load(path, **TOLD)
    assert (report["status"], report["rows"]) == (0, 3)
    assert codes(report) == {"line-unclosed": 1, "text-surplus": 1, "text-unattached": 1, "column-second": 1}
    rows = {row["zone_code"]: row for row in queries.rows(registry.get("planning-zones"))}
    assert {code: row["land_use"] for code, row in rows.items()} == {"12": "ODT", "13": "CLN", "14": None}
    assert {code: round(row["area_m2"]) for code, row in rows.items()} == {"12": 5000, "13": 5000, "14": 10_000}
    assert {row["plan_name"] for row in rows.values()} == {"Quy hoạch 2030"}
    unattached = next(group for group in report["issues"] if group["code"] == "text-unattached")
    assert "“99” (SOTHUA)" in unattached["examples"][0]["message"]


def test_a_sheet_becomes_parcels_without_saying_more_than_commune_and_sheet(tmp_path: Path) -> None:
    said = ["old_commune_code=26506", "map_sheet=12"]
    path = drawing_files.dgn(tmp_path / "DC12.dgn", LINES, TEXTS)
    report = load(path, dataset="parcels", set=said, crs="EPSG:5899", commit=True)
    assert (report["status"], report["add"]) == (0, 3)
    rows = {row["ref"]: row["land_use"] for row in queries.rows(registry.get("parcels"))}
    assert rows == {"26506-12-12": "ODT", "26506-12-13": "CLN", "26506-12-14": None}


def test_the_texts_of_a_drawing_may_be_tcvn3(tmp_path: Path) -> None:
    texts = [(13, (EAST + 25, NORTH + 50), "Thửa đất số mười hai"), (13, (EAST + 75, NORTH + 50), "Đất ở đô thị")]
    told = {"map": ["SOTHUA=name"], "set": ["plan_name=QH", "zone_code=A"], "crs": "EPSG:5899"}
    report = load(drawing_files.dgn(tmp_path / "a.dgn", LINES[:3:2], texts), **told)
    assert [one["encoding"] for one in report["understood"]["text"]] == ["TCVN3"]
    from landgis.lib.text import encode

    raw = [(level, place, encode(text, "tcvn3").decode("cp1252")) for level, place, text in texts]
    report = load(drawing_files.dxf(tmp_path / "a.dxf", LINES[:3:2], raw), **told)
    assert [one["encoding"] for one in report["understood"]["text"]] == ["TCVN3"]
    assert report["understood"]["text"][0]["samples"][0][1] == "Thửa đất số mười hai"


def test_a_drawing_without_closed_boundaries_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no line on a level"):
        load(drawing_files.dxf(tmp_path / "a.dxf", LINES[4:], []), **TOLD)
    with pytest.raises(CommandError, match="close no polygon"):
        load(drawing_files.dxf(tmp_path / "a.dxf", LINES[3:4], []), **TOLD)
