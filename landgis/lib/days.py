"""Days and times as people write them: ISO, or day first, or in words. One reader for files, filters and forms.

Never month first: who knows better says so. What a country writes in words, its package registers.
"""

import calendar
import datetime
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
AHEAD = 20  # years: a year of two digits is not later than that
SPREADSHEET_DAY_0 = datetime.date(1899, 12, 30)
SERIALS = range(10_000, 80_000)  # days of spreadsheets from 1927 to 2119
MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
}

_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?\s*(?P<zone>Z|[+-]\d{2}(?::?\d{2})?)?"
_NUMBERS = r"(?P<one>\d{1,2})\s?(?P<sign>[/.-])\s?(?P<two>\d{1,2})\s?(?P=sign)\s?(?P<year>\d{4}|\d{2})"
_YEAR_FIRST = r"(?P<year>\d{4})(?P<sign>[/.-])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})"
_IN_WORDS = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[ .-]+(?P<word>[a-z]{3,9})\.?[ ,-]+(?P<year>\d{4}|\d{2})"
_MONTH_WORD = r"(?P<word>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})"
_forms: list[re.Pattern[str]] = [
    re.compile(form, re.I)
    for day in (_YEAR_FIRST, _NUMBERS, _IN_WORDS, _MONTH_WORD)
    for form in (rf"{day}(?:[T ,]+{_TIME})?", rf"{_TIME}[ ,]+{day}")
]


@dataclass(frozen=True)
class WrittenDay:
    """A day as it stands in a text, with its time and zone if it has them.

    `is_short`: its year has two digits. `is_swappable`: of day and month each could be the other.
    """

    day: datetime.date
    time: datetime.time | None = None
    is_short: bool = False
    is_swappable: bool = False

    def on_clocks_of(self, zone: datetime.tzinfo) -> datetime.date:
        """The day it is there at that moment."""
        if self.time is None or self.time.tzinfo is None:
            return self.day
        return datetime.datetime.combine(self.day, self.time).astimezone(zone).date()

    def moment(self, zone: datetime.tzinfo, default: datetime.time = datetime.time()) -> datetime.datetime:
        """The moment, of the zone where it names none itself, with the default where it has no time."""
        found = datetime.datetime.combine(self.day, default if self.time is None else self.time)
        return found if found.tzinfo else found.replace(tzinfo=zone)


def register_file(path: Path) -> None:
    """Add the forms of a country from a TOML file: expressions with the groups day, month, year, hour, minute."""
    for form in tomllib.loads(path.read_text(encoding="utf-8")).get("days", {}).get("forms", []):
        pattern = re.compile(form, re.I)
        if pattern not in _forms:
            _forms.append(pattern)


def read(text: str, order: str = DAY_FIRST) -> WrittenDay:
    """The day that a text is. Raises ValueError where it is none."""
    plain = " ".join(text.split())
    try:
        whole = datetime.datetime.fromisoformat(plain)
    except ValueError:
        for form in _forms:
            if found := form.fullmatch(plain):
                return _written(found, order)
        raise
    return WrittenDay(whole.date(), whole.timetz() if len(plain) > len("2026-W12-3") else None)


def of_serial(number: float) -> datetime.date:
    """The day that spreadsheets keep under a number. Raises ValueError for one that is likely none."""
    if int(number) not in SERIALS:
        raise ValueError(number)
    return SPREADSHEET_DAY_0 + datetime.timedelta(days=int(number))


def is_month_first(text: str) -> bool:
    """Whether a text is a day only with its month first, as 03/15/2024 is."""
    try:
        read(text, MONTH_FIRST)
    except ValueError:
        return False
    try:
        read(text)
    except ValueError:
        return True
    return False


def _written(found: re.Match[str], order: str) -> WrittenDay:
    parts = found.groupdict()
    one, two = int(parts.get("one") or 0), int(parts.get("two") or 0)
    if "one" in parts:
        day, month = (two, one) if order == MONTH_FIRST else (one, two)
    else:
        day = int(parts["day"])
        month = MONTHS.get(parts["word"].lower(), 0) if parts.get("word") else int(parts["month"])
    is_short = len(parts["year"]) == 2
    year = _whole_year(int(parts["year"])) if is_short else int(parts["year"])
    return WrittenDay(
        datetime.date(year, month, day), _time(parts), is_short, is_swappable=one != two and max(one, two) <= 12
    )


def _whole_year(year: int) -> int:
    latest = datetime.datetime.now(datetime.UTC).year + AHEAD
    return latest - (latest - year) % 100


def _time(parts: dict[str, str | None]) -> datetime.time | None:
    if not parts.get("hour"):
        return None
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    return datetime.time(hour, minute, second, tzinfo=_zone(parts.get("zone")))


def _zone(written: str | None) -> datetime.tzinfo | None:
    if not written:
        return None
    if written in "Zz":
        return datetime.UTC
    sign = -1 if written[0] == "-" else 1
    return datetime.timezone(
        sign * datetime.timedelta(hours=int(written[1:3]), minutes=int(written[3:].lstrip(":") or 0))
    )
