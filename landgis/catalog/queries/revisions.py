"""The revisions as readers know them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.catalog.queries.database import fetch
from landgis.lib import days
from landgis.lib.filters import FilterError


@dataclass(frozen=True)
class PublishedRevision:
    """A revision as readers know it."""

    number: int
    applied_at: datetime.datetime
    dataset: str
    source: str
    source_as_of: datetime.date | None
    is_made_up: bool


def latest_revision(dataset: Dataset | None = None) -> PublishedRevision | None:
    """The newest revision, of one dataset or of all; None while nothing is published."""
    condition = sql.SQL("WHERE dataset = %s ") if dataset else sql.SQL("")
    query = sql.SQL("SELECT * FROM published.revision {}ORDER BY number DESC LIMIT 1").format(condition)
    found = fetch(query, [dataset.name] if dataset else [])
    return PublishedRevision(**found[0]) if found else None


def latest_revisions(*, as_of: int | None = None) -> dict[str, PublishedRevision]:
    """Of each dataset the newest revision, not later than `as_of`, by the dataset's name."""
    query = sql.SQL(
        "SELECT DISTINCT ON (dataset) * FROM published.revision WHERE {} ORDER BY dataset, number DESC"
    ).format(sql.SQL("true") if as_of is None else sql.SQL("number <= %s"))
    return {row["dataset"]: PublishedRevision(**row) for row in fetch(query, [] if as_of is None else [as_of])}


def latest_number() -> int:
    newest = latest_revision()
    return newest.number if newest else 0


def revision(number: int) -> PublishedRevision | None:
    found = fetch(sql.SQL("SELECT * FROM published.revision WHERE number = %s"), [number])
    return PublishedRevision(**found[0]) if found else None


def parse_as_of(text: str | None) -> int | None:
    """The revision meant by `?as_of=`: a number, a date (to its end, local time) or nothing for now.

    Raises FilterError for anything else, for a time before the first revision and for one that is still to come.
    """
    if not text:
        return None
    newest = latest_revision()
    if text.isascii() and text.isdigit() and len(text) <= 15:
        number = int(text)
        if newest and 1 <= number <= newest.number:
            return number
        told = {"number": text, "newest": newest.number if newest else 0}
        raise FilterError("as_of", _("There is no revision %(number)s; the newest is %(newest)s.") % told)
    try:
        day = days.read(text).day
        end = timezone.make_aware(datetime.datetime.combine(day, datetime.time.max))
    except (ValueError, OverflowError):
        raise FilterError("as_of", _("Write the number of a revision or a date such as 2026-12-31.")) from None
    asked = "SELECT max(number) AS number, clock_timestamp() AS now FROM published.revision WHERE applied_at <= %s"
    found = fetch(sql.SQL(asked), [end])[0]
    if day > timezone.localdate(found["now"]):
        raise _still_to_come(text, newest)
    if found["number"] is None:
        raise FilterError("as_of", _("Nothing had been published by %(day)s.") % {"day": text})
    return int(found["number"])


def _still_to_come(text: str, newest: PublishedRevision | None) -> FilterError:
    """What is said of a day after today, where the office is: nobody knows its state."""
    if newest is None:
        return FilterError("as_of", _("%(day)s is still to come.") % {"day": text})
    told = {"day": text, "newest": newest.number, "date": timezone.localdate(newest.applied_at).isoformat()}
    return FilterError(
        "as_of",
        _("%(day)s is still to come; the newest revision is %(newest)s, of %(date)s.") % told,
        near=[str(newest.number)],
    )


def state_of(datasets: Sequence[Dataset]) -> tuple[Any, ...]:
    """What changes whenever the published rows of these datasets may: with their revisions, and what areas withhold."""
    names = [dataset.name for dataset in datasets]
    query = sql.SQL("SELECT dataset, mark FROM published.state WHERE dataset = ANY(%s) ORDER BY dataset")
    return tuple((row["dataset"], row["mark"]) for row in fetch(query, [names]))
