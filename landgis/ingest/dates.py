"""A day or a moment of a file as the field has it: on the clocks of the office."""

import datetime
import re
from typing import Any, TypeVar

from django.utils import timezone

from landgis.ingest.numbers import Notation
from landgis.lib import days
from landgis.lib.days import WrittenDay
from landgis.lib.numerals import HELD_AS_NUMBER

Day = TypeVar("Day", bound=datetime.date)
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
YEARS = range(1800, 2200)  # beyond stand what programs write for no day (0001, 9999) and the years of other eras
MILLISECONDS = range(10**11, 10**13)  # since 1970, as web maps keep moments: from 1973 to 2286


class DayInDoubt(ValueError):
    """A day with two readings in a column of which nothing tells which of them is meant."""


def day(value: Any, notation: Notation) -> datetime.date:
    """A date; of a text, ISO or day first, or as the column is said to be written."""
    moment = _held(value)
    if isinstance(moment, datetime.datetime):
        return _likely(moment.astimezone(_zone()).date() if moment.tzinfo else moment.date())
    return _likely(moment or _written(value, notation).on_clocks_of(_zone()))


def moment(value: Any, notation: Notation) -> datetime.datetime:
    """A time. Without a zone it is that of the clocks here."""
    found = _held(value)
    if found is None:
        return _likely(_written(value, notation).moment(_zone()))
    if not isinstance(found, datetime.datetime):
        found = datetime.datetime.combine(found, datetime.time())
    _likely(found)
    return found if found.tzinfo else timezone.make_aware(found, _zone())


def _likely(day: Day) -> Day:
    """The day, if anybody can mean it. Raises ValueError."""
    if day.year not in YEARS or day.toordinal() == days.SPREADSHEET_DAY_0.toordinal():
        raise ValueError(day)
    return day


def is_serial(value: Any) -> bool:
    """Whether it is the number under which a spreadsheet keeps a day."""
    return bool(SERIAL.fullmatch(_text(value))) and int(float(_text(value))) in days.SERIALS


def _held(value: Any) -> datetime.date | None:
    """A day or moment that the file holds as such, or as a number; None for what it holds as text."""
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, int) and value in MILLISECONDS:
        return datetime.datetime.fromtimestamp(value / 1000, datetime.UTC)
    if is_serial(value):
        number = float(_text(value))
        seconds = round(number % 1 * 86_400)
        return datetime.datetime.combine(days.of_serial(number), datetime.time()) + datetime.timedelta(seconds=seconds)
    return None


def _written(value: Any, notation: Notation) -> WrittenDay:
    written = days.read(_text(value), notation.days or days.DAY_FIRST)
    if written.is_swappable and not notation.days:
        raise DayInDoubt(value)
    return written


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).rstrip(HELD_AS_NUMBER)


def _zone() -> datetime.tzinfo:
    return timezone.get_default_timezone()
