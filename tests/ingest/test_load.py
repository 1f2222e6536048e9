"""The load command: a report that names row, field and remedy; whole or not at all; twice is once."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from landgis.catalog import queries, registry
from landgis.changes.models import ChangeSet, Issue, State

pytestmark = pytest.mark.usefixtures("empty_world")
SQUARE = 0.001


def zone(code: str, column: int = 0, **properties: Any) -> dict[str, Any]:
    """A square zone of about 100 m; columns do not touch."""
    west, south = 107.1 + column * 2 * SQUARE, 10.4
    ring = [
        [west, south],
        [west + SQUARE, south],
        [west + SQUARE, south + SQUARE],
        [west, south + SQUARE],
        [west, south],
    ]
    facts = {"zone_code": code, "name": f"Vùng {code}", "plan_name": "Quy hoạch A"} | properties
    return {"type": "Feature", "properties": facts, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def write(path: Path, *zones: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(zones)}), encoding="utf-8")
    return path


def load(path: Path, **options: Any) -> dict[str, Any]:
    """The report of a load, in English; the exit status is under "status"."""
    out = io.StringIO()
    told = {"dataset": "planning-zones", "json": True, "stdout": out} | options
    status = 0
    with translation.override("en"):
        try:
            call_command("load", path, **told)
        except SystemExit as stop:
            status = stop.code
    return json.loads(out.getvalue()) | {"status": status}


def codes(report: dict[str, Any]) -> dict[str, int]:
    return {group["code"]: group["count"] for group in report["issues"]}


def in_force() -> dict[str, str]:
    return {row["ref"]: row["name"] for row in queries.rows(registry.get("planning-zones"))}


def test_a_dry_run_reports_and_leaves_nothing(tmp_path: Path) -> None:
    report = load(write(tmp_path / "a.geojson", zone("A", 0), zone("B", 1)))
    assert (report["rows"], report["add"], report["committed"], report["status"]) == (2, 2, False, 0)
    assert not ChangeSet.objects.exists()
    assert in_force() == {}


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.geojson", zone("A", 0), zone("B", 1))
    assert load(path, commit=True)["revision"] == 1
    again = load(path, commit=True)
    assert (again["unchanged"], again["revision"], queries.latest_number()) == (2, None, 1)
    assert ChangeSet.objects.latest("id").state == State.WITHDRAWN


def test_a_complete_file_gives_exactly_the_difference(tmp_path: Path) -> None:
    load(write(tmp_path / "a.geojson", zone("A", 0), zone("B", 1), zone("C", 2)), commit=True)
    later = write(tmp_path / "b.geojson", zone("A", 0), zone("B", 1, name="Vùng mới"), zone("D", 3))
    report = load(later, commit=True, complete=True)
    assert [report[key] for key in ("add", "change", "unchanged", "retire")] == [1, 1, 1, 1]
    assert in_force() == {"A": "Vùng A", "B": "Vùng mới", "D": "Vùng D"}


def test_a_partial_file_retires_nothing_and_empties_nothing(tmp_path: Path) -> None:
    load(write(tmp_path / "a.geojson", zone("A", 0, period="2021-2030"), zone("B", 1)), commit=True)
    load(write(tmp_path / "b.geojson", zone("A", 0, name="Vùng mới")), commit=True)
    row = queries.feature(registry.get("planning-zones"), "A")
    assert row is not None
    assert (row["name"], row["period"]) == ("Vùng mới", "2021-2030")
    assert set(in_force()) == {"A", "B"}


def test_one_bad_row_stops_the_whole_file_and_is_named(tmp_path: Path) -> None:
    bow_tie = zone("C", 2)
    ring = bow_tie["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    path = write(
        tmp_path / "a.geojson",
        zone("A", 0),
        zone("B", 1, land_use="???", decision_on="31/02/2024"),
        bow_tie,
        zone("", 3),
        zone("A", 4),
        zone("E", 5, plan_name=None),
    )
    report = load(path, commit=True)
    assert report["status"] == 1
    assert codes(report) == {
        "code-unknown": 1,
        "geometry-invalid": 1,
        "identity-duplicate": 2,
        "identity-missing": 1,
        "value-missing": 1,
        "value-unreadable": 1,
    }
    rows = {group["code"]: [example["row"] for example in group["examples"]] for group in report["issues"]}
    assert rows["geometry-invalid"] == [3]
    assert rows["identity-missing"] == [4]
    assert rows["identity-duplicate"] == [1, 5]
    assert all(example["remedy"] for group in report["issues"] for example in group["examples"])
    assert in_force() == {}
    # The issues are kept for whoever mends the file.
    assert ChangeSet.objects.get().state == State.REJECTED
    assert Issue.objects.count() == 7


def test_the_faulty_rows_can_be_left_out_and_are_not_retired(tmp_path: Path) -> None:
    load(write(tmp_path / "a.geojson", zone("A", 0), zone("B", 1), zone("C", 2)), commit=True)
    later = write(tmp_path / "b.geojson", zone("A", 0, name="Vùng mới"), zone("B", 1, land_use="???"))
    report = load(later, commit=True, complete=True, leave_out=True)
    assert (report["left_out"], report["retire"], report["change"]) == (1, 1, 1)
    assert in_force() == {"A": "Vùng mới", "B": "Vùng B"}


def test_two_identities_may_not_share_a_ref(tmp_path: Path) -> None:
    load(write(tmp_path / "a.geojson", zone("A/1", 0)), commit=True)
    report = load(write(tmp_path / "b.geojson", zone("A-1", 1)), commit=True)
    assert codes(report) == {"identity-taken": 1}
    assert in_force() == {"A-1": "Vùng A/1"}


def test_the_report_speaks_the_readers_language(tmp_path: Path) -> None:
    path = write(tmp_path / "a.geojson", zone("A", 0, plan_name=None))
    out = io.StringIO()
    with translation.override("vi"), pytest.raises(SystemExit):
        call_command("load", path, dataset="planning-zones", stdout=out)
    assert "dòng 1" in out.getvalue().lower()
    assert "row 1" not in out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.geojson", None, "no file"),
        ("text.shp", b"<OGRVRTDataSource/>", "neither KML nor GML"),
        ("vrt.geojson", b"<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>", "neither KML"),
        ("cut.geojson", b'{"type": "FeatureCollection", "features": [', "cannot be read"),
        ("empty.gpkg", b"SQLite format 3\x00" + b"\x00" * 84, "cannot be read"),
        ("empty.zip", b"PK\x05\x06" + b"\x00" * 18, "holds no file"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_reason(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=said) as refused:
        load(path, commit=True)
    assert refused.value.returncode == 2


def test_a_shapefile_without_its_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.shp", b"\x00\x00\x27\x0a")
    with pytest.raises(CommandError, match=r"a.shp lacks its other parts: .shx, .dbf"):
        load(path)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"crs": "EPSG:9999"}, "9999"),
        ({"crs": "metres"}, "EPSG"),
        ({"encoding": "klingon"}, "klingon"),
        ({"map": ["NAME"]}, "COLUMN=FIELD"),
        ({"map": ["nothing=name"]}, "no column"),
        ({"map": ["name=nothing"]}, "no field"),
        ({"layer": "other"}, "no layer"),
        ({"dataset": "nothing"}, "no dataset"),
    ],
)
def test_a_wrong_option_is_named_with_its_remedy(tmp_path: Path, options: dict[str, Any], said: str) -> None:
    path = write(tmp_path / "a.geojson", zone("A", 0))
    with pytest.raises(CommandError, match=said):
        load(path, **options)


@pytest.fixture
def shapefile(tmp_path: Path) -> Path:
    """Two zones as an office sends them: TCVN3, VN-2000, and nothing that says so."""
    from geopandas import GeoDataFrame
    from shapely import box

    from landgis.lib.text import encode

    def bytes_as_text(text: str) -> str:
        return encode(text, "tcvn3").decode("latin-1")

    frame = GeoDataFrame(
        {"MA": ["QH-1", "QH-2"], "TEN": [bytes_as_text("Vùng đất ở"), bytes_as_text("Chợ Vũng Tàu")], "QH": ["a", "b"]},
        geometry=[box(425664.819, 1144203.102, 425764.819, 1144303.102), box(425864, 1144203, 425964, 1144303)],
    )
    folder = tmp_path / "shape"
    folder.mkdir()
    frame.set_crs(5899).to_file(folder / "vung.shp", encoding="ISO-8859-1")
    path = tmp_path / "vung.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in folder.iterdir():
            if part.suffix not in (".prj", ".cpg"):
                archive.write(part, part.name)
    return path


COLUMNS = ["MA=zone_code", "TEN=name", "QH=plan_name"]


def test_a_shapefile_of_an_office_is_read_by_what_is_said_of_it(shapefile: Path) -> None:
    report = load(shapefile, commit=True, map=COLUMNS, crs="EPSG:5899", encoding="TCVN3")
    assert report["status"] == 0
    assert in_force() == {"QH-1": "Vùng đất ở", "QH-2": "Chợ Vũng Tàu"}
    row = queries.feature(registry.get("planning-zones"), "QH-1")
    assert row is not None
    # The south-west corner is the first vector of the datum: Bãi Trước, by EPSG:6960. 1e-8 degrees is 1 mm.
    feature = queries.geojson_feature(registry.get("planning-zones"), "QH-1")
    assert feature is not None
    ring = feature["geometry"]["coordinates"][0][0]
    assert any(corner == pytest.approx([107.07299999904, 10.34600000017], abs=1e-8) for corner in ring)
    assert row["area_m2"] == pytest.approx(10_000, abs=0.01)
    assert row["legal_srid"] == 5899


def test_without_a_coordinate_system_the_remedy_is_said(shapefile: Path) -> None:
    out = io.StringIO()
    with pytest.raises(CommandError, match="has to be said"), translation.override("en"):
        call_command("load", shapefile, dataset="planning-zones", map=COLUMNS, stdout=out)
    assert "--crs EPSG:5899" in out.getvalue()


@pytest.mark.parametrize("ending", ["gpkg", "csv"])
def test_a_file_without_rows_stops_and_retires_nothing(tmp_path: Path, ending: str) -> None:
    from geopandas import GeoDataFrame

    load(write(tmp_path / "a.geojson", zone("A", 0), zone("B", 1)), commit=True)
    empty = GeoDataFrame({"zone_code": [], "name": [], "plan_name": []}, geometry=[], crs=4326)
    path = tmp_path / f"empty.{ending}"
    if ending == "csv":
        path.write_text("zone_code,name,plan_name,wkt\n", encoding="utf-8")
    else:
        empty.to_file(path, driver="GPKG", geometry_type="Polygon")
    report = load(path, complete=True, commit=True)
    assert (report["status"], report["retire"], codes(report)) == (1, 0, {"nothing-read": 1})
    assert len(in_force()) == 2


def test_much_is_confirmed_by_its_number(tmp_path: Path, settings: Any) -> None:
    settings.CONFIRM_FEATURES = 1
    load(write(tmp_path / "a.geojson", *(zone(f"Z{n}", n) for n in range(5))), commit=True)
    rest = write(tmp_path / "b.geojson", zone("Z0", 0), zone("Z1", 1, name="Tên mới"))
    report = load(rest, complete=True, commit=True)
    assert (report["status"], codes(report)["many-retired"]) == (1, 1)
    group = next(one for one in report["issues"] if one["code"] == "many-retired")
    assert "3 of 5 features" in group["examples"][0]["message"] and "--confirm 3" in group["examples"][0]["remedy"]
    assert load(rest, complete=True, commit=True, confirm=[2])["status"] == 1
    assert len(in_force()) == 5
    report = load(rest, complete=True, commit=True, confirm=[3])
    assert (report["status"], codes(report)["many-confirmed"]) == (0, 1)
    assert in_force() == {"Z0": "Vùng Z0", "Z1": "Tên mới"}
