"""Numbers as people write them: what leaves no doubt is read, what has two readings says so, what is none is refused."""

from decimal import Decimal

import pytest

from landgis.lib import numerals
from landgis.lib.numerals import HELD_AS_NUMBER, OtherUnit


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12106", "12106"),
        ("12.5", "12.5"),
        ("12,50", "12.5"),
        ("0.125", "0.125"),
        (",5", "0.5"),
        ("1234.567", "1234.567"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("12.106,4", "12106.4"),
        ("1 234 567", "1234567"),
        ("1\xa0234,567", "1234.567"),
        ("1'234", "1234"),
        ("1’234.5", "1234.5"),
        ("-12.5", "-12.5"),
        ("−3", "-3"),
        ("1.2E+05", "120000"),
        ("１２.５", "12.5"),
        ("20%", "20"),
        ("1.250.000.000 đ", "1250000000"),
        ("1.250.000.000 VNĐ", "1250000000"),
        ("1.250.000.000 đồng", "1250000000"),
        ("VND 5 triệu", "5000000"),
        ("1,25 tỷ", "1250000000"),
        ("12 triệu", "12000000"),
        ("2 tỷ 300 triệu", "2300000000"),
        ("2 tỷ rưỡi", "2500000000"),
        ("hai tỷ", "2000000000"),
        ("hai tỷ ba trăm triệu", "2300000000"),
        ("một trăm linh năm triệu", "105000000"),
        ("hai mươi lăm triệu đồng", "25000000"),
        ("mot ty ruoi", "1500000000"),
        ("two hundred and five million", "205000000"),
        ("400 m2", "400"),
        ("400m²", "400"),
        ("12.106" + HELD_AS_NUMBER, "12.106"),
    ],
)
def test_what_leaves_no_doubt_is_read(text: str, number: str) -> None:
    written = numerals.read(text)
    assert (written.number, written.grouped) == (Decimal(number), None)


@pytest.mark.parametrize(
    ("text", "number", "grouped"),
    [
        ("12.106", "12.106", "12106"),
        ("850,000", "850", "850000"),
        ("-1.250", "-1.25", "-1250"),
        ("1.250 tỷ", "1250000000", "1250000000000"),
        ("850.000 đ/m²", "850", "850000"),
    ],
)
def test_what_has_two_readings_says_both(text: str, number: str, grouped: str) -> None:
    written = numerals.read(text)
    assert (written.number, written.grouped) == (Decimal(number), Decimal(grouped))


SEVERAL = ("hai ba tỷ", "hai trăm năm triệu", "trăm triệu", "tu tram trieu", "từ hai tỷ", "hai", "rưỡi tỷ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "NaN",
        "inf",
        "12-5",
        "5 10",
        "1.234.56",
        "1,23,456.7",
        "1.",
        "10²",
        "½",
        "12tr5",
        "2 tỷ 3",
        "(5)",
        *SEVERAL,
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- whatever it says
        numerals.read(text)


@pytest.mark.parametrize(
    ("text", "like", "number"),
    [("1", "2 tỷ", "1000000000"), ("một", "hai tỷ rưỡi", "1000000000"), ("500 triệu", "2 tỷ", "500000000")],
)
def test_a_bare_number_is_like_the_one_it_is_said_with(text: str, like: str, number: str) -> None:
    assert numerals.read(text, like).number == Decimal(number)
    assert numerals.read("100", "200 m2").unit == "m2"


def test_a_unit_is_that_of_the_field_or_another() -> None:
    assert numerals.read("0,5 ha").factor("m²") == 10_000
    assert numerals.read("400 m2").factor("m²") == 1
    assert numerals.read("850.000 đồng/m²").factor("đ", "m²") == 1
    for text, unit, per in (
        ("USD 5", "đ", ""),
        ("$5", "đ", ""),
        ("5 sào", "m²", ""),
        ("50 m", "m²", ""),
        ("12 triệu/m2", "đ", ""),
        ("5 m2", "", ""),
    ):
        with pytest.raises(OtherUnit):
            numerals.read(text).factor(unit, per)


def test_an_address_has_numbers_with_one_reading() -> None:
    assert [numerals.for_address(number) for number in (10.0, 12.125, Decimal("1E+3"), 1234.567)] == [
        "10.0",
        "12.1250",
        "1000",
        "1234.567",
    ]
