"""What people write into filters becomes the strict form of addresses, by the notation of the page; what has two readings asks."""

import datetime

import pytest

from landgis.lib import written
from landgis.lib.filters import FilterColumn, FilterError

AREA = FilterColumn("area", "number", is_range=True, unit="m²", decimals=1)
PRICE = FilterColumn("price", "integer", is_range=True, unit="đ")
PER_M2 = FilterColumn("price_m2", "integer", is_range=True, unit="đ", per="m²")
LENGTH = FilterColumn("length", "number", is_range=True, unit="m", decimals=3)
TODAY = datetime.date(2026, 11, 29)
VIETNAMESE, ENGLISH = ",", "."


@pytest.mark.parametrize(
    ("column", "text", "mark", "meant"),
    [
        (PRICE, "2.000.000.000", VIETNAMESE, "2000000000"),
        (PRICE, "2,000,000,000", ENGLISH, "2000000000"),
        (PRICE, "2 tỷ", VIETNAMESE, "2000000000"),
        (PRICE, "2 ty", VIETNAMESE, "2000000000"),
        (PRICE, "2,5 tỷ", VIETNAMESE, "2500000000"),
        (PRICE, "2.5 tỷ đồng", VIETNAMESE, "2500000000"),
        (PRICE, "2000 triệu", VIETNAMESE, "2000000000"),
        (PRICE, "2 tỷ 500 triệu", VIETNAMESE, "2500000000"),
        (PRICE, "1,125 tỷ", VIETNAMESE, "1125000000"),  # as pages write it
        (PRICE, "1.125 billion", ENGLISH, "1125000000"),
        (PRICE, "2 billion", ENGLISH, "2000000000"),
        (PRICE, "2bn", ENGLISH, "2000000000"),
        (PRICE, "VND 2,000 million", ENGLISH, "2000000000"),
        (PRICE, "2.5bn", ENGLISH, "2500000000"),
        (PRICE, "một tỷ rưỡi", VIETNAMESE, "1500000000"),
        (PER_M2, "5 triệu/m2", VIETNAMESE, "5000000"),
        (AREA, "10.000 m²", VIETNAMESE, "10000"),
        (AREA, "10,000 m2", ENGLISH, "10000"),
        (AREA, "1 ha", VIETNAMESE, "10000"),
        (AREA, "1,5 ha", VIETNAMESE, "15000"),
        (AREA, "1.5 ha", VIETNAMESE, "15000"),
        (AREA, "120,5", VIETNAMESE, "120.5"),
        (LENGTH, "12.125", VIETNAMESE, "12125"),
        (LENGTH, "12.125", ENGLISH, "12.1250"),
    ],
)
def test_numbers_are_read_by_the_notation_of_the_page(column: FilterColumn, text: str, mark: str, meant: str) -> None:
    found = written.number(column, "p", text, mark)
    assert found == meant
    assert all(written.number(column, "p", found, any_mark) == found for any_mark in (VIETNAMESE, ENGLISH))


@pytest.mark.parametrize(
    ("column", "text", "mark", "near"),
    [
        (AREA, "10.000", ENGLISH, ["10", "10000"]),
        (AREA, "10,000 m²", VIETNAMESE, ["10", "10000"]),
        (PRICE, "2 tỷ 5", VIETNAMESE, ["2500000000"]),
        (PRICE, "2 tỷ 50", VIETNAMESE, []),
        (PRICE, "1 tỷ - 2 tỷ", VIETNAMESE, ["1000000000"]),
        (AREA, "1-2 ha", VIETNAMESE, ["10000"]),
        (AREA, "1-10,000 m²", VIETNAMESE, []),
        (PRICE, "- 2 - 3", VIETNAMESE, []),
        (PRICE, "1.5 m²", VIETNAMESE, []),
        (AREA, "2 sào", VIETNAMESE, []),
        (AREA, "5 m", VIETNAMESE, []),
        (PRICE, "2 USD", VIETNAMESE, []),
        (AREA, "many", VIETNAMESE, []),
        (AREA, "1.2.3", VIETNAMESE, []),
        (AREA, "NaN", VIETNAMESE, []),
        (AREA, "1e30", VIETNAMESE, []),
    ],
)
def test_what_cannot_be_told_is_a_question(column: FilterColumn, text: str, mark: str, near: list[str]) -> None:
    with pytest.raises(FilterError) as caught:
        written.number(column, "p", text, mark)
    assert list(caught.value.near) == near
    assert "%" not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "text", "first", "last"),
    [
        ("date", "4/12", "2026-12-04", "2026-12-04"),
        ("date", "tuần tới", "2026-11-30", "2026-12-06"),
        ("datetime", "tháng 12", "2026-12-01", "2026-12-31"),
        ("datetime", "8h30 ngày 05/12/2026", "2026-12-05T08:30:00", "2026-12-05T08:30:00"),
        ("date", "2026-12-05T08:30", "2026-12-05", "2026-12-05"),
    ],
)
def test_a_stretch_of_days_begins_a_filter_or_ends_it(kind: str, text: str, first: str, last: str) -> None:
    read = [written.day(kind, "p", text, lambda: TODAY, is_last=is_last) for is_last in (False, True)]
    assert read == [first, last]


def test_a_weekday_with_two_readings_names_both() -> None:
    with pytest.raises(FilterError) as caught:
        written.day("date", "p", "this Friday", lambda: TODAY, is_last=False)
    assert list(caught.value.near) == ["2026-11-27", "2026-12-04"]


def test_what_is_no_day_says_what_to_write() -> None:
    with pytest.raises(FilterError, match="soon"):
        written.day("date", "p", "soon", lambda: TODAY, is_last=False)
