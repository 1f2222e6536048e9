"""A heading gives the unit of its column: its numbers are never a thousand times wrong in silence."""

from decimal import Decimal
from pathlib import Path

import pytest

from landgis.catalog import queries, registry
from landgis.catalog.dataset import Field
from landgis.ingest.numbers import Notation, number, unit_of
from landgis.lib.numerals import OtherUnit
from tests.ingest.test_load import codes, load

AREA, PRICE = Field("area_legal_m2", unit="m²"), registry.get("land-prices").field("price_vnd_m2")
MONEY = registry.get("auction-lots").field("starting_price_vnd")


@pytest.mark.parametrize(
    ("heading", "field", "scale"),
    [
        ("Diện tích (ha)", AREA, 10_000),
        ("Diện tích, ha", AREA, 10_000),
        ("DT_HA", AREA, 10_000),
        ("Diện tích (ĐVT: ha)", AREA, 10_000),
        ("Diện tích pháp lý (m²)", AREA, 1),
        ("Area [km2]", AREA, 10**6),
        ("Giá khởi điểm (triệu đồng)", MONEY, 10**6),
        ("Giá khởi điểm (1.000 đ)", MONEY, 1000),
        ("Giá khởi điểm (tỷ)", MONEY, 10**9),
        ("Giá (nghìn đồng/m²)", PRICE, 1000),
        ("Giá (đ/ha)", PRICE, Decimal("0.0001")),
        ("Giá (đ)", MONEY, 1),
    ],
)
def test_the_unit_of_a_heading(heading: str, field: Field, scale: Decimal) -> None:
    found = unit_of(heading, field)
    assert found is not None and found.scale == scale


@pytest.mark.parametrize(
    "heading",
    ["Diện tích m", "Diện tích", "Diện tích (cũ)", "DTICH", "Diện tích (1)", "Diện tích thửa", "Area (new)"],
)
def test_what_is_no_unit_changes_nothing(heading: str) -> None:
    assert unit_of(heading, AREA) is None


@pytest.mark.parametrize(
    ("heading", "field"), [("Diện tích (%)", AREA), ("Giá (đ/m²)", MONEY), ("Diện tích (triệu đồng)", AREA)]
)
def test_a_unit_of_another_kind_is_refused(heading: str, field: Field) -> None:
    with pytest.raises(OtherUnit):
        unit_of(heading, field)


def test_a_number_with_a_unit_of_its_own_keeps_it() -> None:
    notation = Notation(scale=Decimal(10_000))
    assert [number(text, AREA, notation) for text in ("1,5", "400 m2", "2 ha", 1.5)] == [15_000, 400, 20_000, 15_000]


@pytest.mark.usefixtures("empty_world")
def test_a_file_in_hectares_is_read_and_told(tmp_path: Path) -> None:
    square = "POLYGON((107.1 10.4, 107.101 10.4, 107.101 10.401, 107.1 10.401, 107.1 10.4))"
    for name, heading, text in (("a.csv", "Diện tích (ha)", "1,25"), ("b.csv", "Diện tích (%)", "1,25")):
        path = tmp_path / name
        lines = [f"zone_code;name;plan_name;{heading};WKT", f"A;Vùng A;Quy hoạch;{text};{square}"]
        path.write_text("\n".join(lines), encoding="utf-8")
        report = load(path, commit=True, map=[f"{heading}=area_legal_m2"])
        if name == "a.csv":
            assert codes(report)["unit-told"] == 1 and report["committed"]
            told = next(group["examples"][0]["message"] for group in report["issues"] if group["code"] == "unit-told")
            assert "1 there is 10,000 m² here" in told
        else:
            assert codes(report)["unit-other"] == 1 and report["status"] == 1
    row = queries.feature(registry.get("planning-zones"), "A")
    assert row is not None and row["area_legal_m2"] == 12_500


def test_the_end_of_a_name_is_no_unit_of_another_kind() -> None:
    """gia_m2 is the price of a square metre: what the field is, its name says."""
    assert unit_of("gia_m2", MONEY) is None
