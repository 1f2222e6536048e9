"""Days as people write them: ISO, day first, or in words; never month first."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from landgis.lib import days

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-01-07", "2020-01-07"),
        ("20200107", "2020-01-07"),
        ("2020/01/07", "2020-01-07"),
        ("2020/01/07 00:00:00", "2020-01-07"),
        ("2020/01/07 00:00:00+00", "2020-01-07"),
        ("7/1/2020", "2020-01-07"),
        ("07.01.2020", "2020-01-07"),
        ("07/01/20", "2020-01-07"),
        ("12-05-98", "1998-05-12"),
        ("ngày 05 tháng 3 năm 2024", "2024-03-05"),
        ("Ngày 5 tháng 3, 2024", "2024-03-05"),
        ("5-Mar-24", "2024-03-05"),
        ("March 5, 2024", "2024-03-05"),
        ("05/03/2024 08:30", "2024-03-05"),
        ("2026-03-05T23:30Z", "2026-03-06"),
        ("2026/03/05 23:30:00+00", "2026-03-06"),
        ("2026-03-05T23:30:00+07:00", "2026-03-05"),
    ],
)
def test_a_day_is_that_of_the_office(text: str, day: str) -> None:
    assert days.read(text).on_clocks_of(ZONE) == datetime.date.fromisoformat(day)


@pytest.mark.parametrize("text", ["8h30 ngày 05/03/2024", "8 giờ 30 phút, ngày 5 tháng 3 năm 2024", "08:30 05/03/2024"])
def test_a_time_may_stand_first(text: str) -> None:
    assert days.read(text).moment(ZONE) == datetime.datetime(2024, 3, 5, 8, 30, tzinfo=ZONE)


@pytest.mark.parametrize("text", ["05/13/2025", "31/02/2025", "2025", "45356", "hôm qua", "05/03/2024 24:00", "3/2024"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- whatever it says
        days.read(text)


def test_month_first_is_seen_and_read_only_when_said() -> None:
    assert days.is_month_first("05/13/2025")
    assert not any(days.is_month_first(text) for text in ("05/12/2025", "13/05/2025", "2025-05-13", "x"))
    assert days.read("05/12/2025", days.MONTH_FIRST).day == datetime.date(2025, 5, 12)


def test_days_of_spreadsheets() -> None:
    assert days.of_serial(45356) == datetime.date(2024, 3, 5)
    with pytest.raises(ValueError, match="2024"):
        days.of_serial(2024)
