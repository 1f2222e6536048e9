"""The amounts and days that words of a sentence mean, as filters of a dataset."""

import datetime
import re
from collections.abc import Sequence
from contextlib import suppress

from django.utils.formats import get_format

from landgis.catalog import clock, said_words
from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.filters import column, filterable
from landgis.catalog.said_phrases import Pairs
from landgis.lib import numerals, spans, written
from landgis.lib.filters import FilterError
from landgis.lib.spans import Span

ANY_DAY = datetime.date(2000, 1, 1)


def amount(dataset: Dataset, text: str, *, is_last: bool, like: str = "") -> Pairs:
    """The filter of an amount, which is meant like another that it is said with; none where it leaves something open."""
    if (found := field_of(dataset, text, like)) is None:
        return []
    parameter = f"{found.name}{'_max' if is_last else '_min'}"
    try:
        mark = get_format("DECIMAL_SEPARATOR")
        return [(parameter, written.number(column(dataset, found), parameter, text, mark, like))]
    except FilterError:
        return []


def field_of(dataset: Dataset, text: str, like: str = "") -> Field | None:
    """The filter that an amount is of by its unit; a bare number is of none."""
    try:
        read = numerals.read(text, like)
    except ValueError:
        return None
    kind = numerals.kind_of(read.unit) or (numerals.MONEY if read.is_scaled and not read.unit else "")
    for one in filterable(dataset):
        if not dataset.is_number(one.name) or bool(one.per) != bool(read.per):
            continue
        own = column(dataset, one).unit
        if kind and kind == numerals.kind_of(own):
            return one
    return None


def days(words: Sequence[str]) -> tuple[int, list[Span]]:
    """How many of the first words say days, and which: two where they may be either."""
    for length in range(min(said_words.MOST_WORDS, len(words)), 0, -1):
        text = " ".join(words[:length])
        if not text.isdigit() and (found := readings(text)):
            return length, found
    return 0, []


def readings(text: str) -> list[Span]:
    """The days that a text may be; none where it says none."""
    try:
        with suppress(spans.TwoDays):  # of another day it may be one
            spans.read(text, ANY_DAY)  # the clock is asked only where days are meant
        return [spans.read(text, clock.today())]
    except spans.TwoDays as error:
        return [Span(day, day) for day in error.days]
    except (ValueError, OverflowError):
        return []


def of_days(dataset: Dataset, span: Span) -> Pairs:
    """The filters of the days that the declaration names for sentences."""
    spoken = dataset.lists.spoken
    return list(zip(spoken.days if spoken else (), (span.first.isoformat(), span.last.isoformat()), strict=False))


def first_day(low: str, high: str) -> datetime.date | None:
    """The day that a bare number is with another: "from 5 to 15 December"."""
    number, last = re.search(r"\d+", high), readings(high)
    if not (low.isdecimal() and number and len(last) == 1 and last[0].first == last[0].last):
        return None
    if last[0].last.day != int(number[0]):
        return None
    first = readings(f"{high[: number.start()]}{low}{high[number.end() :]}")
    return first[0].first if len(first) == 1 else None
