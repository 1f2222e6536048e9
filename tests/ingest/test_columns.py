"""Columns are told by names in any spelling, by values, and by what a supplier's profile says; personal data stay out."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from landgis.catalog import queries, registry
from landgis.ingest import columns, headings
from landgis.ingest.formats import tables
from landgis.ingest.models import SupplierProfile
from tests.ingest.test_load import codes, in_force, load

POLYGON = "POLYGON((107.1 10.4, 107.101 10.4, 107.101 10.401, 107.1 10.4))"


def proposed(names: dict[str, list[Any]], dataset: str = "public-land", **said: str) -> columns.Columns:
    return columns.propose(registry.get(dataset), list(names), names, said)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("makhu", "plot_code"),
        ("soHieuToBanDo", "map_sheet"),
        ("So_to", "map_sheet"),
        ("Số hiệu tờ bản đồ", "map_sheet"),
        ("SHBANDO", "map_sheet"),
        ("soThuTuThua", "parcel_nos"),
        ("SHTHUA", "parcel_nos"),
        ("KyHieuMucDichSuDung", "land_use"),
        ("Mục đích sử dụng", "land_use"),
        ("dienTichPhapLy", "area_legal_m2"),
        ("Diện tích pháp lý (m2)", "area_legal_m2"),
        ("MA_DVHC", "commune_code"),
        ("Tên xã", "commune_name"),
        ("Địa chỉ thửa đất", "address"),
        ("Ghi chú", "note"),
        ("map_sheet", "map_sheet"),
    ],
)
def test_a_heading_is_known_in_every_spelling(heading: str, field: str) -> None:
    names = {heading: []} if field == "plot_code" else {"MAKHU": [], heading: []}
    assert proposed(names).fields[heading] == field


def test_the_spelling_that_a_dataset_declares_goes_first() -> None:
    fields = proposed({"SHBANDO": [], "MAKHU": [], "SOTO": []}).fields
    assert fields["SOTO"] == "map_sheet"
    assert "SHBANDO" not in fields


def test_what_is_said_goes_before_names() -> None:
    assert proposed({"MAKHU": [], "SOTO": [], "X1": []}, X1="map_sheet").fields == {
        "MAKHU": "plot_code",
        "X1": "map_sheet",
    }


def test_a_coded_field_is_told_by_its_values() -> None:
    found = proposed({"MAKHU": [], "COT7": ["ODT", "CLN", "BHK", "ODT"], "COT8": ["a", "b", "c"]})
    assert (found.fields["COT7"], found.by_values) == ("land_use", ("COT7",)) or found.by_values == ()
    # Two lists hold land-use codes: of the field that nothing else names, not of both.
    assert list(found.fields.values()).count("land_use") <= 1
    assert "COT8" not in found.fields


@pytest.mark.parametrize(
    ("heading", "values", "why"),
    [
        ("TENCHU", [], headings.HEADING),
        ("Họ và tên", [], headings.HEADING),
        ("CCCD", [], headings.HEADING),
        ("owner_name", [], headings.HEADING),
        ("F3", ["079123456789", "077098765432", "001201000111"], "identity numbers"),
        ("F4", ["0903123456", "+84912345678", "0388123123"], "phone numbers"),
        ("F5", ["Nguyễn Văn A", "Trần Thị Bích", "Bà Lê Thị C", "Phạm D"], "names of people"),
        ("F6", ["a@b.vn", "c.d@e.com", "x@y.org"], "e-mail addresses"),
    ],
)
def test_personal_data_are_named(heading: str, values: list[str], why: str) -> None:
    found = proposed({"MAKHU": [], heading: values})
    assert [(one.column, one.why) for one in found.personal] == [(heading, why)]
    assert heading not in found.fields


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("DIACHI", ["Nguyễn Huệ", "Lê Lợi", "Trần Hưng Đạo", "Lý Tự Trọng"]),  # streets, in a column that is declared
        ("F1", ["Khu phố 1", "Khu phố 2", "Ấp Phước Hải", "Khu phố 4"]),
        ("F2", ["12345", "1250.5", "26506", "7"]),
        ("F3", ["Nguyễn Huệ", "số 5"]),
    ],
)
def test_what_only_looks_alike_is_no_personal_data(heading: str, values: list[str]) -> None:
    assert proposed({"MAKHU": [], heading: values}).personal == ()


def test_personal_data_may_go_to_a_field_that_is_not_public_and_to_a_public_one_only_when_said() -> None:
    people = ["Nguyễn Văn A", "Trần Thị Bích", "Lê Thị C"]
    found = proposed({"MAKHU": [], "TENKHUDAT": people})
    assert "TENKHUDAT" not in found.fields
    found = proposed({"MAKHU": [], "TENKHUDAT": people}, TENKHUDAT="name")
    assert (found.fields["TENKHUDAT"], found.said_public) == ("name", ("TENKHUDAT",))
    assert proposed({"MAKHU": [], "F": people}, F="note").said_public == ()


# --- Through the load command


def write(path: Path, heading: str, *rows: str) -> Path:
    path.write_text("\n".join([heading, *(f'{row},"{POLYGON}"' for row in rows)]), encoding="utf-8")
    return path


@pytest.mark.usefixtures("empty_world")
def test_personal_data_stay_out_of_public_fields(tmp_path: Path) -> None:
    rows = [f"A{n},Trần Thị B,QH,07912345678{n}" for n in range(4)]
    path = write(tmp_path / "a.csv", "ma_vung,TENCHU,ten_qh,so,wkt", *rows)
    report = load(path, commit=True)
    assert report["understood"]["personal"] == [
        {"column": "TENCHU", "why": headings.HEADING},
        {"column": "so", "why": "identity numbers"},
    ]
    assert report["status"] == 0
    public = str(queries.rows(registry.get("planning-zones")))
    assert "Trần" not in public and "0791" not in public
    report = load(path, map=["TENCHU=name"])
    assert codes(report) == {"personal-data": 1}


@pytest.mark.usefixtures("empty_world")
def test_a_profile_is_saved_and_used_again(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "K1,K2,K3,wkt", "A,Vùng một,QH", "B,Vùng hai,QH")
    told = ["K1=zone_code", "K2=name", "K3=plan_name"]
    load(path, map=told, encoding="utf-8", save_profile="Phòng TNMT")
    profile = SupplierProfile.objects.get()
    assert profile.columns == {"K1": "zone_code", "K2": "name", "K3": "plan_name"}
    assert (profile.dataset, profile.encoding, profile.srid) == ("planning-zones", "utf-8", None)
    assert in_force() == {}
    report = load(path, profile="Phòng TNMT", commit=True)
    assert report["status"] == 0
    assert in_force() == {"A": "Vùng một", "B": "Vùng hai"}
    # A later file of the supplier may lack a column, and what is said goes before the profile.
    later = write(tmp_path / "b.csv", "K1,K3,ten_vung,wkt", "C,QH,Vùng ba")
    load(later, profile="Phòng TNMT", commit=True)
    assert in_force()["C"] == "Vùng ba"
    with pytest.raises(CommandError, match="Phòng TNMT"):
        load(path, profile="Phòng khác")


def test_a_letter_whose_bytes_hold_a_blank_stays_whole_in_headings() -> None:
    """The second byte of "à" in UTF-8 is a hard blank where bytes pass as ISO-8859-1."""
    raw = "Nhà  nước\nlà".encode().decode("iso-8859-1")
    (heading,) = tables.headings([raw])
    assert heading.encode("iso-8859-1").decode() == "Nhà nước là"
