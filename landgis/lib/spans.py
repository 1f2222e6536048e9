"""Stretches of days as people say them: a day without its year, a month, a year, "this week", "the next 10 days".

What leaves the year open is the nearest to the day of the question. Words of a country its package registers; spellings
are compared without marks.
"""

import calendar
import datetime
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from landgis.lib import days
from landgis.lib.text import fold

DAY, WEEK, MONTH, YEAR = "day", "week", "month", "year"

# Folded words -> (which stretch, how many of them after the one of today).
_named: dict[str, tuple[str, int]] = {
    "today": (DAY, 0),
    "tomorrow": (DAY, 1),
    "yesterday": (DAY, -1),
    **{
        f"{word} {unit}": (unit, by)
        for word, by in (("last", -1), ("this", 0), ("next", 1))
        for unit in (WEEK, MONTH, YEAR)
    },
}
# Folded forms with the groups day, month, word (the name of a month), year, or count and unit.
_MONTHS = "|".join(sorted((fold(name) for name in days.MONTHS), key=len, reverse=True))
_forms: list[re.Pattern[str]] = [
    re.compile(form)
    for form in (
        r"(?P<day>\d{1,2})[/-](?P<month>\d{1,2})",
        r"(?P<month>\d{1,2})[/-](?P<year>\d{4})",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<word>{_MONTHS})",
        rf"(?P<word>{_MONTHS}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?",
        rf"(?:in )?(?P<word>{_MONTHS})(?: (?P<year>\d{{4}}))?",
        r"(?P<year>(?:19|20)\d\d)",
        r"(?:in )?(?:the )?next (?P<count>\d{1,3}) (?P<unit>day|week|month)s?",
    )
]
_units: dict[str, str] = {DAY: DAY, WEEK: WEEK, MONTH: MONTH}
_weekdays: dict[str, int] = {fold(name): number for number, name in enumerate(calendar.day_name)}  # Monday is 0
# What stands beside the name of a weekday -> of which week it is after that of today, or as well the next such day.
_turns: dict[str, int] = {"this": 0, "next": 1}


class TwoDays(ValueError):
    """A weekday that may be one of two days: on a Wednesday, "next Friday" is that of this week or of the next."""

    def __init__(self, text: str, *found: datetime.date):
        self.days = sorted(found)
        super().__init__(text)


@dataclass(frozen=True)
class Span:
    """From the first day to the last, both of it."""

    first: datetime.date
    last: datetime.date


def register_file(path: Path) -> None:
    """Add the words of a country from a TOML file: names of stretches, units, and forms; see docs/a-country.md."""
    said = tomllib.loads(path.read_text(encoding="utf-8")).get("spans", {})
    for phrase, meant in said.get("named", {}).items():
        unit, by = meant.split()
        _named[fold(phrase)] = (unit, int(by))
    _units.update({fold(word): unit for word, unit in said.get("units", {}).items()})
    _weekdays.update({fold(name): number for name, number in said.get("weekdays", {}).items()})
    _turns.update({fold(word): by for word, by in said.get("turns", {}).items()})
    for form in said.get("forms", []):
        pattern = re.compile(form)
        if pattern not in _forms:
            _forms.append(pattern)


def read(text: str, today: datetime.date) -> Span:
    """The days that a text means. Raises ValueError where it is none, TwoDays where it may be either of two."""
    try:
        day = days.read(text).day
    except ValueError:
        return _said(fold(text), today)
    return Span(day, day)


def _said(folded: str, today: datetime.date) -> Span:
    if folded in _named:
        unit, by = _named[folded]
        return _stretch(unit, by, today)
    for form in _forms:
        if found := form.fullmatch(folded):
            return _of_form(found.groupdict(), today)
    for name, number in _weekdays.items():
        if name in folded and (day := _weekday(number, " ".join(folded.replace(name, " ", 1).split()), today)):
            return Span(day, day)
    raise ValueError(folded)


def _weekday(number: int, beside: str, today: datetime.date) -> datetime.date | None:
    """That weekday, by what stands beside its name: a week, or a word that is sure where the next such day is of that week."""
    unit, by = _named.get(beside.removeprefix("of "), ("", 0))
    if unit == WEEK:
        return _stretch(WEEK, by, today).first + datetime.timedelta(days=number)
    if beside not in _turns:
        return None
    by = _turns[beside]
    of_week = _stretch(WEEK, by, today).first + datetime.timedelta(days=number)
    ahead = (number - today.weekday()) % 7 or 7 * by
    coming = today + datetime.timedelta(days=ahead)
    if coming != of_week:
        raise TwoDays(beside, of_week, coming)
    return coming


def _of_form(parts: dict[str, str | None], today: datetime.date) -> Span:
    if count := parts.get("count"):
        unit = _units[str(parts["unit"])]
        return Span(today, _later(today, unit, int(count)))
    month = days.MONTHS[str(parts["word"])] if parts.get("word") else int(parts.get("month") or 0)
    if "month" not in parts and "word" not in parts:
        return _year(int(str(parts["year"])))
    year = int(parts.get("year") or 0)
    if day := int(parts.get("day") or 0):
        found = [datetime.date(one, month, day) for one in _years(year, today) if day <= _length(one, month)]
        nearest = min(found, key=lambda one: abs(one - today)) if found else datetime.date(today.year, month, day)
        return Span(nearest, nearest)
    middles = [datetime.date(one, month, 15) for one in _years(year, today)]
    nearest = min(middles, key=lambda one: abs(one - today.replace(day=15)))
    return _month(nearest.year, nearest.month)


def _years(year: int, today: datetime.date) -> list[int]:
    return [year] if year else [today.year, today.year + 1, today.year - 1]


def _stretch(unit: str, by: int, today: datetime.date) -> Span:
    if unit == DAY:
        day = today + datetime.timedelta(days=by)
        return Span(day, day)
    if unit == WEEK:
        monday = today + datetime.timedelta(days=7 * by - today.weekday())
        return Span(monday, monday + datetime.timedelta(days=6))
    if unit == MONTH:
        return _month(*_months_on(today.year, today.month, by))
    return _year(today.year + by)


def _later(today: datetime.date, unit: str, count: int) -> datetime.date:
    if unit == MONTH:
        year, month = _months_on(today.year, today.month, count)
        return datetime.date(year, month, min(today.day, _length(year, month)))
    return today + datetime.timedelta(days=count * (7 if unit == WEEK else 1))


def _months_on(year: int, month: int, by: int) -> tuple[int, int]:
    years, index = divmod(month - 1 + by, 12)
    return year + years, index + 1


def _month(year: int, month: int) -> Span:
    return Span(datetime.date(year, month, 1), datetime.date(year, month, _length(year, month)))


def _year(year: int) -> Span:
    return Span(datetime.date(year, 1, 1), datetime.date(year, 12, 31))


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]
