"""What a bidder is told of the dates, by the moment of asking."""

import datetime
from typing import Any

import pytest
from django.utils import translation

from landgis.auctions.calendar import DATE_FIELDS, Step, lot_deadline, moment_text, steps

VIETNAM = datetime.timezone(datetime.timedelta(hours=7))


def at(day: int, hour: int = 0, minute: int = 0) -> datetime.datetime:
    return datetime.datetime(2026, 12, day, hour, minute, tzinfo=VIETNAM)


AUCTION: dict[str, Any] = {
    **dict.fromkeys(DATE_FIELDS),
    "status": "selling-dossiers",
    "posted_on": datetime.date(2026, 12, 1),
    "viewing_from": datetime.date(2026, 12, 10),
    "viewing_to": datetime.date(2026, 12, 11),
    "dossiers_from": at(1, 8),
    "dossiers_to": at(18, 17),
    "deposit_until": at(18, 17),
    "opens_at": at(21, 8, 30),
}


def next_of(auction: dict[str, Any], now: datetime.datetime) -> list[Step]:
    return [step for step in steps(auction, now) if step.left]


@pytest.mark.parametrize(
    ("now", "what", "state", "left"),
    [
        (datetime.datetime(2026, 11, 29, 12, tzinfo=VIETNAM), "Posted", "coming", "in 2 days"),
        (at(2, 12), "Land open for viewing", "coming", "in 8 days"),
        (at(9, 23, 59), "Land open for viewing", "coming", "in 1 day"),
        (at(11, 23), "Land open for viewing", "now", "ends today"),
        (at(12, 1), "Dossiers sold and taken in", "now", "ends in 6 days"),
        (at(18, 16, 59), "Dossiers sold and taken in", "now", "ends today"),
        (at(18, 17, 1), "Auction", "coming", "in 3 days"),
        (at(21, 8), "Auction", "coming", "today"),
    ],
)
def test_the_next_step_is_the_one_that_begins_or_ends_soonest(
    now: datetime.datetime, what: str, state: str, left: str
) -> None:
    with translation.override("en"):
        [step] = next_of(AUCTION, now)
        assert (step.what, step.state, step.left) == (what, state, left)


@pytest.mark.parametrize("status", ["failed", "stopped", "held", "recognised"])
def test_an_auction_that_ended_has_nothing_next(status: str) -> None:
    assert next_of(AUCTION | {"status": status}, at(2)) == []
    assert next_of(AUCTION, at(22)) == []


def test_steps_without_a_date_are_not_shown() -> None:
    assert steps(dict.fromkeys(DATE_FIELDS) | {"status": "planned"}, at(1)) == []
    with translation.override("en"):
        assert [step.what for step in steps(AUCTION, at(1))].count("First public notice") == 0


@pytest.mark.parametrize(
    ("status", "now", "vi", "en"),
    [
        ("open", at(12, 9), "còn 6 ngày nộp hồ sơ", "6 days left for dossiers"),
        ("open", at(17, 23), "còn 1 ngày nộp hồ sơ", "1 day left for dossiers"),
        ("open", at(18, 9), "hôm nay là ngày cuối nộp hồ sơ, đến 17:00", "last day for dossiers, until 17:00"),
        (
            "open",
            at(18, 18),
            "đã hết hạn nộp hồ sơ, đấu giá lúc 21/12/2026 08:30",
            "dossiers closed, auction on 21 Dec 2026 08:30",
        ),
        ("open", at(30), "đã hết hạn nộp hồ sơ", "dossiers closed"),
        (
            "registration-closed",
            at(12),
            "đã hết hạn nộp hồ sơ, đấu giá lúc 21/12/2026 08:30",
            "dossiers closed, auction on 21 Dec 2026 08:30",
        ),
        ("not-open", at(1, 7), "nhận hồ sơ từ 01/12/2026 08:00", "dossiers from 1 Dec 2026 08:00"),
        ("won", at(12), "đã trúng đấu giá", "sold"),
        ("failed", at(12), "đấu giá không thành", "not sold"),
    ],
)
def test_the_deadline_of_a_lot(status: str, now: datetime.datetime, vi: str, en: str) -> None:
    for language, text in (("vi", vi), ("en", en)):
        with translation.override(language):
            assert lot_deadline({"status": status}, AUCTION, now) == text


def test_a_lot_without_dates_says_so() -> None:
    with translation.override("en"):
        assert lot_deadline({"status": "not-open"}, None, at(1)) == "dates not announced yet"


def test_days_are_counted_on_the_clocks_here() -> None:
    """23:30 UTC is already the next day in Vietnam."""
    late = datetime.datetime(2026, 12, 11, 23, 30, tzinfo=datetime.UTC)
    with translation.override("en"):
        assert lot_deadline({"status": "open"}, AUCTION, late) == "6 days left for dossiers"
    with translation.override("vi"):
        assert moment_text(late) == "12/12/2026 06:30"
        assert moment_text(late.date()) == "11/12/2026"
