"""CSV through the load command: WKT, longitude and latitude, surveyors' X (north) and Y (east), corner lists."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection, models

from landgis.catalog import published, queries, registry
from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.geometry_kinds import NONE
from landgis.catalog.models import InForce
from landgis.changes.models import Proposed
from landgis.ingest import shapes
from landgis.lib.text import encode
from landgis.operations.ownership import as_owner
from tests.ingest.test_load import codes, in_force, load
from tests.ingest.test_questions import asked

pytestmark = pytest.mark.usefixtures("empty_world")
# The first vector of the datum, Bãi Trước, in VN-2000 / TM-3 107°45': X is the northing.
NORTH, EAST = 1144203.102, 425664.819
SIDES = [(0, 0), (0, 100), (100, 100), (100, 0)]  # north, east from there
POLYGON = "POLYGON((107.1 10.4, 107.101 10.4, 107.101 10.401, 107.1 10.401, 107.1 10.4))"
NEXT = POLYGON.replace("107.10", "107.11")


def write(path: Path, *lines: str, encoding: str = "utf-8", newline: str = "\n") -> Path:
    path.write_bytes(newline.join(lines).encode(encoding))
    return path


def corners(code: str, name: str, by: float = 0.0, sep: str = ";") -> list[str]:
    return [sep.join([code, name, "QH", f"{NORTH + n:.3f}", f"{EAST + by + e:.3f}"]) for n, e in SIDES]


def ring(ref: str) -> list[list[float]]:
    feature = queries.geojson_feature(registry.get("planning-zones"), ref)
    assert feature is not None
    return feature["geometry"]["coordinates"][0][0]


@pytest.mark.parametrize(
    ("delimiter", "encoding", "newline"),
    [(",", "utf-8", "\n"), (";", "utf-8-sig", "\r\n"), ("\t", "utf-16", "\r\n"), ("|", "utf-8", "\n")],
)
def test_a_column_of_wkt_is_the_boundary(tmp_path: Path, delimiter: str, encoding: str, newline: str) -> None:
    lines = [
        delimiter.join(["ma_vung", "ten_vung", "ten_qh", "hinh"]),
        delimiter.join(["A", '"Vùng ""đất"" ở"', "QH", f'"{POLYGON}"']),
        delimiter.join(["B", "Chợ", "QH", f'"SRID=4326;{NEXT}"']),
    ]
    report = load(write(tmp_path / "a.csv", *lines, encoding=encoding, newline=newline), commit=True)
    assert (report["status"], report["add"]) == (0, 2)
    assert report["understood"]["geometry"] == {"kind": "wkt", "columns": ["hinh"]}
    assert report["understood"]["unused"] == []
    assert in_force() == {"A": 'Vùng "đất" ở', "B": "Chợ"}
    assert [107.1, 10.4] in ring("A")


def test_hexadecimal_wkb_is_read_too(tmp_path: Path) -> None:
    import shapely

    written = shapely.to_wkb(shapely.set_srid(shapely.from_wkt(POLYGON), 4326), hex=True, include_srid=True)
    load(write(tmp_path / "a.csv", "ma_vung,ten_qh,geom", f"A,QH,{written}"), commit=True, crs="4326")
    assert [107.1, 10.4] in ring("A")


def test_corners_in_vn2000_are_closed_to_a_boundary(tmp_path: Path) -> None:
    """X is the northing, as surveyors write it, and rows of one identity are one boundary."""
    lines = ["MA_VUNG;TEN_VUNG;TEN_QH;X (m);Y (m)", *corners("A", "Vùng một"), *corners("B", "Vùng hai", 200)]
    report = load(write(tmp_path / "a.csv", *lines), commit=True, crs="5899")
    assert (report["status"], report["rows"]) == (0, 2)
    assert report["understood"]["geometry"] == {"kind": "points", "columns": ["Y (m)", "X (m)"]}
    assert any(corner == pytest.approx([107.07299999904, 10.34600000017], abs=1e-8) for corner in ring("A"))
    row = queries.feature(registry.get("planning-zones"), "A")
    assert row is not None and row["area_m2"] == pytest.approx(10_000, abs=0.01)


def test_an_identity_written_once_holds_for_the_corners_below(tmp_path: Path) -> None:
    first, *rest = corners("A", "Vùng một")
    closed = first.replace("A;Vùng một;QH", ";;")
    below = [line.replace("A;Vùng một;QH", ";;") for line in rest]
    lines = ["ma_vung;ten_vung;ten_qh;toa_do_x;toa_do_y", first, *below, closed, *corners("B", "Vùng hai", 200)]
    report = load(write(tmp_path / "a.csv", *lines), commit=True, crs="5899")
    assert (report["status"], report["rows"]) == (0, 2)
    assert in_force() == {"A": "Vùng một", "B": "Vùng hai"}


def test_a_second_ring_is_a_hole_or_a_part(tmp_path: Path) -> None:
    hole = [f"A;;;{NORTH + n};{EAST + e}" for n, e in [(20, 20), (20, 40), (40, 40), (40, 20), (20, 20)]]
    island = [f"A;;;{NORTH + n + 300};{EAST + e}" for n, e in SIDES]
    outer = corners("A", "Vùng")
    lines = ["ma_vung;ten_vung;ten_qh;X;Y", *outer, outer[0], *hole, *island]
    load(write(tmp_path / "a.csv", *lines), commit=True, crs="5899")
    row = queries.feature(registry.get("planning-zones"), "A")
    assert row is not None and row["area_m2"] == pytest.approx(10_000 - 400 + 10_000, abs=0.01)


@pytest.mark.parametrize(
    "heading", ["lon,lat", "Kinh độ,Vĩ độ", "LONG,LAT", "x,y"]
)  # x, y in degrees are longitude and latitude
def test_longitude_and_latitude_are_wgs84(tmp_path: Path, heading: str) -> None:
    places = ["107.1,10.4", "107.101,10.4", "107.101,10.401"]
    report = load(write(tmp_path / "a.csv", f"ma_vung,ten_qh,{heading}", *(f"A,QH,{at}" for at in places)), commit=True)
    assert (report["understood"]["srid"], report["rows"]) == (4326, 1)
    assert [107.1, 10.4] in ring("A")


def test_numbers_with_a_decimal_comma_are_coordinates(tmp_path: Path) -> None:
    lines = [line.replace(".", ",") for line in corners("A", "Vùng")]
    load(write(tmp_path / "a.csv", "ma_vung;ten_vung;ten_qh;X;Y", *lines), commit=True, crs="5899")
    assert any(corner == pytest.approx([107.07299999904, 10.34600000017], abs=1e-8) for corner in ring("A"))


def test_a_single_point_is_no_area(tmp_path: Path) -> None:
    lines = ["ma_vung,ten_qh,lon,lat", "A,QH,107.1,10.4", "B,QH,107.2,10.4", "B,QH,107.3,10.4", "C,QH,,"]
    report = load(write(tmp_path / "a.csv", *lines))
    assert codes(report) == {"geometry-kind": 3, "geometry-missing": 1, "identity-duplicate": 2}
    rows = {group["code"]: [example["row"] for example in group["examples"]] for group in report["issues"]}
    assert rows == {"geometry-kind": [2, 3, 4], "geometry-missing": [5], "identity-duplicate": [3, 4]}


def test_what_cannot_be_read_is_an_issue_of_its_row(tmp_path: Path) -> None:
    lines = [
        "ma_vung,ten_qh,wkt",
        f'A,QH,"{POLYGON}"',
        'B,QH,"POLYGON((107.1 10.4, 107.2"',
        f'C,"Quy hoạch",X,"{NEXT}",surplus',
    ]
    report = load(write(tmp_path / "a.csv", *lines[:3]))
    assert codes(report) == {"geometry-unreadable": 1}
    assert report["issues"][0]["examples"][0]["row"] == 3
    report = load(write(tmp_path / "b.csv", *lines[:2], f'C,QH,"{NEXT}",surplus'))
    assert codes(report) == {"row-too-long": 1}
    lines = ["ma_vung,ten_qh,lon,lat", "A,QH,107.1,10.4", "A,QH,107.101,here", "A,QH,107.101,10.401"]
    report = load(write(tmp_path / "c.csv", *lines))
    assert codes(report) == {"corners-joined": 1, "geometry-unreadable": 1}


def test_the_text_may_be_tcvn3(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(encode(f'ma_vung,ten_vung,ten_qh,wkt\nA,Chợ Vũng Tàu,Quy hoạch,"{POLYGON}"', "tcvn3"))
    load(path, commit=True, encoding="TCVN3")
    assert in_force() == {"A": "Chợ Vũng Tàu"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (",".join(f"c{n}" for n in range(3000)) + "\n", "3000 columns"),
        ("just a sentence without columns", "no file that can be read"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=said) as refused:
        load(path)
    assert refused.value.returncode == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("ma_vung,ten_qh\nA,QH", "geometry"),
        ("ma_vung;ten_qh;X;Y\nA;QH;1144203;425664", "crs"),
        (f'ma,ten_qh,wkt\n1,QH,"{POLYGON}"', "field"),
        ('ma_vung,ten_qh,wkt\n"A', "geometry"),
    ],
)
def test_what_a_table_leaves_open_is_asked(tmp_path: Path, content: str, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    assert [one["code"] for one in asked(path)["questions"] if one["blocks"]] == [code]


def test_a_flatgeobuf_is_read(tmp_path: Path) -> None:
    from geopandas import GeoDataFrame
    from shapely import from_wkt

    frame = GeoDataFrame(
        {"ma_vung": ["A", "B"], "ten_vung": ["Đất ở", "Chợ"], "ten_qh": ["QH", "QH"]},
        geometry=[from_wkt(POLYGON), from_wkt(NEXT)],
        crs="EPSG:4326",
    )
    frame.to_file(tmp_path / "a.fgb", driver="FlatGeobuf")
    report = load(tmp_path / "a.fgb", commit=True)
    assert (report["understood"]["driver"], report["understood"]["srid"]) == ("FlatGeobuf", 4326)
    assert in_force() == {"A": "Đất ở", "B": "Chợ"}


# --- A dataset without geometry


class PriceFields(models.Model):
    price_code = models.CharField("code", max_length=40, null=True)
    street = models.CharField("street", max_length=80, null=True)
    price = models.DecimalField("price", max_digits=14, decimal_places=0, null=True)

    class Meta:
        abstract = True
        app_label = "catalog"

    def __str__(self) -> str:
        return str(self.price_code)


class Price(PriceFields, InForce):
    class Meta(InForce.Meta):
        abstract = False
        app_label = "catalog"
        db_table = "test_price"


class PriceItem(PriceFields, Proposed):
    class Meta(Proposed.Meta):
        abstract = False
        app_label = "catalog"
        db_table = "test_price_item"


class TestPrices(Dataset):
    __test__ = False
    name = "test-prices"
    path = "test-prices"
    title = "Price"
    title_plural = "Prices"
    counted = "prices"
    description = "Prices of the tests"
    in_force = Price
    proposed = PriceItem
    identity = ("price_code",)
    title_field = "street"
    geometry_kind = NONE
    fields = (
        Field("price_code", required=True, source_names=("MA",)),
        Field("street", source_names=("DUONG",)),
        Field("price", source_names=("GIA", "X")),
    )


@pytest.fixture
def prices(empty_world: str) -> Iterator[Dataset]:
    dataset = TestPrices()
    registry.register(dataset)
    with as_owner():
        with connection.schema_editor() as editor:
            editor.create_model(Price)
            editor.create_model(PriceItem)
        published.rebuild()
    yield dataset
    registry.unregister(dataset.name)


def test_a_dataset_without_geometry_is_loaded(tmp_path: Path, prices: Dataset) -> None:
    path = write(tmp_path / "a.csv", "MA;DUONG;GIA;ghi chú", "1;Hạ Long;1.250.000,4;", "2;Ba Cu;98000000;x")
    report: dict[str, Any] = load(path, dataset="test-prices", commit=True)
    assert (report["status"], report["add"]) == (0, 2)
    assert (report["understood"]["geometry"], report["understood"]["srid"]) == (None, None)
    assert [(row["ref"], row["street"], int(row["price"])) for row in queries.rows(prices)] == [
        ("1", "Hạ Long", 1250000),
        ("2", "Ba Cu", 98000000),
    ]


# --- Which column is which


@pytest.mark.parametrize(
    ("headings", "values", "east_first"),
    [
        (["X", "Y"], [["1144203", "1144303"], ["425664", "425764"]], ["Y", "X"]),
        (["X", "Y"], [["425664", "425764"], ["1144203", "1144303"]], ["X", "Y"]),
        (["Tọa độ X (m)", "Tọa độ Y (m)"], [["960618"], ["373800"]], ["Tọa độ Y (m)", "Tọa độ X (m)"]),
        (["northing", "easting"], [["425664"], ["425764"]], ["easting", "northing"]),
        (["x", "y"], [["107.1"], ["10.4"]], ["x", "y"]),
        (["x", "y"], [["10.4"], ["107.1"]], ["y", "x"]),
        (["x", "y"], [["500100"], ["400000"]], ["x", "y"]),
    ],
)
def test_the_easting_is_told_by_heading_and_value(
    headings: list[str], values: list[list[str]], east_first: list[str]
) -> None:
    found = shapes.find(headings, values)
    assert found is not None
    assert list(found.shape.columns) == east_first
