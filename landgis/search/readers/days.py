"""A date in a question: nothing is found by its day, and that is what is said; the list that is named is shown."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from landgis.search import marks, queries
from landgis.search.answers import Reading
from landgis.search.marks import Names, Words
from landgis.search.questions import Question

MONTHS, DAYS = 12, 31
YEARS = range(1900, 2200)

_said: dict[str, Names[bool]] = {kind: Names() for kind in ("day", "month", "year")}


def register(said: Mapping[str, Iterable[str]]) -> None:
    """Add what stands before the numbers of a date: "tháng" before 12."""
    for kind, phrases in said.items():
        for phrase in phrases:
            _said[kind].add(phrase, True)


def read(question: Question, limit: int) -> Reading | None:
    """For a date alone that is no name here: that nothing is found by it."""
    if not is_date(question.whole) or any(row.in_a_row for row in queries.search(question, limit=1, exactly=True)):
        return None
    return Reading(notes=[note_of(question.whole)], is_last=True)


def is_date(asked: Words) -> bool:
    """Whether the words are a month, with or without its day and year: ngày 3 tháng 2 năm 2026."""
    rest = _after_number(asked, "year", YEARS.stop)
    month = _after_number(rest, "month", MONTHS)
    if month == rest:
        return False
    return not month or (month[-1].isdecimal() and int(month[-1]) <= DAYS and _is_said(month[:-1], "day"))


def is_pair_of(day: str, month: str) -> bool:
    """Whether two numbers may be the day and the month of a date."""
    return day.isdecimal() and month.isdecimal() and 1 <= int(day) <= DAYS and 1 <= int(month) <= MONTHS


def note_of(asked: Words) -> str:
    date = " ".join(map(marks.written, asked))
    return _("“%(date)s” is a date, and search finds nothing by dates. Lists can be narrowed by days.") % {"date": date}


def _after_number(asked: Words, kind: str, most: int) -> Words:
    """The words without a number at their end and what is said before it; the same words where there is none."""
    is_number = len(asked) > 1 and asked[-1].isdecimal() and len(asked[-1]) <= 4 and 1 <= int(asked[-1]) <= most
    return asked[:-2] if is_number and (asked[-2],) in _said[kind] else asked


def _is_said(before: Words, kind: str) -> bool:
    return not before or before in _said[kind]
