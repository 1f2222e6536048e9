"""Days and stretches of days as people say them, with and without marks; what leaves the year open is the nearest."""

import datetime

import pytest

from landgis.lib import spans

TODAY = datetime.date(2026, 11, 29)  # a Sunday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("01/12/2026", "2026-12-01", "2026-12-01"),
        ("4/12", "2026-12-04", "2026-12-04"),
        ("4.12", "2026-12-04", "2026-12-04"),
        ("10/1", "2027-01-10", "2027-01-10"),
        ("1/11", "2026-11-01", "2026-11-01"),
        ("29/2/2028", "2028-02-29", "2028-02-29"),
        ("ngày 4 tháng 12", "2026-12-04", "2026-12-04"),
        ("4 Dec", "2026-12-04", "2026-12-04"),
        ("Dec 4", "2026-12-04", "2026-12-04"),
        ("4 Dec 2026", "2026-12-04", "2026-12-04"),
        ("tháng 12", "2026-12-01", "2026-12-31"),
        ("thang 2/2027", "2027-02-01", "2027-02-28"),
        ("tháng 2 năm 2028", "2028-02-01", "2028-02-29"),
        ("12/2026", "2026-12-01", "2026-12-31"),
        ("December", "2026-12-01", "2026-12-31"),
        ("January", "2027-01-01", "2027-01-31"),
        ("may 2027", "2027-05-01", "2027-05-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("hôm nay", "2026-11-29", "2026-11-29"),
        ("ngay mai", "2026-11-30", "2026-11-30"),
        ("tuần này", "2026-11-23", "2026-11-29"),
        ("Tuần tới", "2026-11-30", "2026-12-06"),
        ("next week", "2026-11-30", "2026-12-06"),
        ("tháng sau", "2026-12-01", "2026-12-31"),
        ("this month", "2026-11-01", "2026-11-30"),
        ("năm nay", "2026-01-01", "2026-12-31"),
        ("10 ngày tới", "2026-11-29", "2026-12-09"),
        ("next 3 months", "2026-11-29", "2027-02-28"),
    ],
)
def test_what_people_say_is_a_stretch_of_days(text: str, first: str, last: str) -> None:
    found = spans.read(text, TODAY)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


WEDNESDAY, SUNDAY = datetime.date(2026, 12, 2), datetime.date(2026, 12, 6)


@pytest.mark.parametrize(
    ("text", "today", "days"),
    [
        ("next Monday", WEDNESDAY, ["2026-12-07"]),
        ("thứ hai tới", WEDNESDAY, ["2026-12-07"]),
        ("thu 2 toi", SUNDAY, ["2026-12-07"]),
        ("next Friday", WEDNESDAY, ["2026-12-04", "2026-12-11"]),
        ("thứ sáu tới", SUNDAY, ["2026-12-11"]),
        ("thứ sáu này", WEDNESDAY, ["2026-12-04"]),
        ("this Wednesday", WEDNESDAY, ["2026-12-02"]),
        ("this Monday", WEDNESDAY, ["2026-11-30", "2026-12-07"]),
        ("thứ năm tuần sau", WEDNESDAY, ["2026-12-10"]),
        ("Monday of next week", WEDNESDAY, ["2026-12-07"]),
    ],
)
def test_a_weekday_is_read_where_it_can_be_one_day_only(text: str, today: datetime.date, days: list[str]) -> None:
    if len(days) == 1:
        assert spans.read(text, today) == spans.Span(*[datetime.date.fromisoformat(days[0])] * 2)
        return
    with pytest.raises(spans.TwoDays) as caught:
        spans.read(text, today)
    assert [day.isoformat() for day in caught.value.days] == days


@pytest.mark.parametrize(
    "text", ["", "Monday", "thứ hai", "soon", "31/2", "13/13", "0/0", "tháng 13", "next week or so", "12", "4/12/"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- whatever it says
        spans.read(text, TODAY)
