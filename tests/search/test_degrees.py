"""Coordinates as people write them, in degrees and in metres."""

import pytest

from landgis.search import degrees, grids, phrases, streets

BA_RIA = (107.17, 10.496)


@pytest.mark.parametrize(
    "text",
    [
        "10.496, 107.17",
        "10.496 107.17",
        "107.17, 10.496",
        "10,496; 107,17",
        "10,496 107,17",
        "N10.496 E107.17",
        "10.496N, 107.17E",
        "107.17E 10.496N",
        "10°29'45.6\"N 107°10'12\"E",
        "10° 29' 45,6\" B; 107° 10' 12\" Đ",
        "10°29.76'N, 107°10.2'E",
        "10.496°, 107.17°",
        "lat: 10.496, lng: 107.17",
        "kinh độ 107.17 vĩ độ 10.496",
        "Tọa độ: 10.496, 107.17",
        "+10.496 +107.17",
    ],
)
def test_degrees_are_read_in_every_usual_form(text: str) -> None:
    lon, lat = degrees.parse(text)[0]
    assert (lon, lat) == pytest.approx(BA_RIA, abs=1e-6)


def test_south_and_west_are_negative() -> None:
    assert degrees.parse("33°52'S 151°12'E")[0] == pytest.approx((151.2, -33.8666667))
    assert degrees.parse("40.7N 74.0W")[0] == pytest.approx((-74.0, 40.7))
    assert degrees.parse("-10.5, 20.25")[0] == (20.25, -10.5)


def test_where_nothing_says_which_is_which_both_are_offered() -> None:
    assert degrees.parse("10.5, 20.5") == [(20.5, 10.5), (10.5, 20.5)]


@pytest.mark.parametrize(
    "text", ["12 345", "12/345", "10.496", "10.496, 107.17, 3.2", "số 10.5 đường 3.2", "26659-c", "200.5, 300.5", ""]
)
def test_what_is_no_pair_of_degrees_is_none(text: str) -> None:
    assert degrees.parse(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "1160772.907 436318.316",
        "436318.316, 1160772.907",
        "X: 1160772.907, Y: 436318.316",
        "X=1.160.772,907; Y=436.318,316",
        "1,160,772.907 436,318.316",
        "1160772,907 436318,316",
        "VN-2000: 436318.316 1160772.907",
    ],
)
def test_metres_are_read_in_either_order(text: str) -> None:
    assert grids.parse(text) == pytest.approx((436318.316, 1160772.907))


@pytest.mark.parametrize("text", ["436318", "12 345", "10.496 107.17", "1160772 1160773", "thửa 436318 1160772 bán"])
def test_what_is_no_pair_of_metres_is_none(text: str) -> None:
    assert grids.parse(text) is None


def test_every_zone_puts_the_pair_elsewhere() -> None:
    points = {one.grid.srid: one.point for one in grids.candidates(436318.316, 1160772.907)}
    assert points[5899] == pytest.approx(BA_RIA, abs=1e-6)
    assert points[9210][0] == pytest.approx(105.17, abs=1e-3)
    assert len(points) >= 18


@pytest.mark.parametrize(
    ("text", "sheet", "parcel", "rest"),
    [
        ("tờ 12 thửa 345", "12", "345", ()),
        ("thửa 345 tờ 12 Long Điền", "12", "345", ("long", "dien")),
        ("Thửa đất số: 345; tờ bản đồ số: 12", "12", "345", ()),
        ("số thửa 345, số tờ 12, P.1", "12", "345", ("phuong", "1")),
        ("t12 th345", "12", "345", ()),
        ("TỜ12/THỬA345", "12", "345", ()),
        ("12/345", "12", "345", ()),
        ("12 - 345 xã Tam An", "12", "345", ("xa", "tam", "an")),
        ("12/345a", "12", "345a", ()),
        ("thửa 345", "", "345", ()),
        ("tờ 12", "12", "", ()),
        ("ot 12 thửa 345", "12", "345", ()),
    ],
)
def test_sheet_and_parcel_are_told_from_the_words(text: str, sheet: str, parcel: str, rest: tuple[str, ...]) -> None:
    read = phrases.numbers(text)
    assert read is not None
    assert (read.sheet, read.parcel, read.rest) == (sheet, parcel, rest)


@pytest.mark.parametrize(
    "text", ["VT-26535-0078", "1873/QĐ-UBND", "DG-2026-001-09", "lô B2-18", "Long Điền", "10.49, 107.1"]
)
def test_other_numbers_are_no_parcel(text: str) -> None:
    assert phrases.numbers(text) is None


@pytest.mark.parametrize(
    ("address", "number", "street"),
    [
        ("Số 45 đường Lê Lợi, khu phố 3, Phường 1", "45", "Lê Lợi"),
        ("45/2A Lê Lợi", "45/2a", "Lê Lợi"),
        ("Số nhà 7, đường 30/4", "7", ""),
        ("Đường Võ Thị Sáu, Xã Long Điền", "", "Võ Thị Sáu"),
        ("12 rue de la Paix", "12", "rue de la Paix"),
        ("", "", ""),
    ],
)
def test_an_address_is_its_number_and_its_street(address: str, number: str, street: str) -> None:
    assert streets.split(address) == (number, street)
