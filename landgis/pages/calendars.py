"""Dates of features for the reader's own calendar."""

import datetime
from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from icalendar import Alarm, Calendar, Event, vDatetime, vDuration, vText

from landgis.catalog import clock, queries
from landgis.catalog.dataset import Dataset, Moment
from landgis.catalog.exits import through
from landgis.catalog.filters import from_query
from landgis.catalog.parameters import of_rows
from landgis.catalog.subject import PublicState
from landgis.lib.parameters import knows
from landgis.lib.text import printable
from landgis.pages.answers import gone, refuse_the_past

MOST_ROWS = 2000  # of a list; nobody's calendar wants more
FEED_ENTRIES = 50
WARNING = datetime.timedelta(days=-1)
NEVER = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def is_coming(moment: Moment, now: datetime.datetime) -> bool:
    """Whether the moment is not over yet."""
    return moment.end >= (now if isinstance(moment.end, datetime.datetime) else timezone.localdate(now))


@require_safe
@through("pages")
@knows("as_of")
def feature_calendar(request: HttpRequest, dataset: Dataset, ref: str) -> HttpResponse:
    """GET /<path>/<ref>/calendar.ics: the dates of one feature that are to come. 404 for a dataset without dates."""
    if dataset.moments is None:
        raise Http404
    refuse_the_past(request)
    row = queries.feature(dataset, ref)
    if row is None:
        return gone(request, dataset, ref)
    title = dataset.title_of(row)
    now = clock.now()
    coming = [moment for moment in dataset.moments([row], PublicState()) if is_coming(moment, now)]
    return _answer(request, title, coming, row["applied_at"], ref)


@require_safe
@through("lists")
@knows(of_rows)
def list_calendar(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """GET /<path>/calendar.ics: the dates of what a list shows, with the list's filters."""
    if dataset.moments is None:
        raise Http404
    refuse_the_past(request)
    rows = queries.rows(dataset, from_query(dataset, request.GET), limit=MOST_ROWS)
    stamp = max((row["applied_at"] for row in rows), default=NEVER)
    return _answer(request, str(dataset.title_plural), dataset.moments(rows, PublicState()), stamp, dataset.path)


def _answer(
    request: HttpRequest, title: str, moments: Iterable[Moment], stamp: datetime.datetime, name: str
) -> HttpResponse:
    calendar = Calendar()
    calendar.add("prodid", "-//landgis//landgis//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar["x-wr-calname"] = vText(
        printable(title)
    )  # `add` knows this name for no text, and lets line breaks through
    for moment in moments:
        calendar.add_component(_event(request, moment, stamp))
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return response


def _event(request: HttpRequest, moment: Moment, stamp: datetime.datetime) -> Event:
    """One entry. Its id is that of the moment, so that a file taken again brings no second entry."""
    event = Event()
    event.add("uid", f"{moment.key}@{request.get_host().partition(':')[0]}")
    event["dtstamp"] = vDatetime(stamp.astimezone(datetime.UTC))
    event.add("sequence", moment.sequence)
    event.add("status", "CANCELLED" if moment.is_called_off else "CONFIRMED")
    event.add("summary", printable(moment.title))
    event.add("dtstart", _utc(moment.begin))
    event.add("dtend", _utc(moment.end) if isinstance(moment.end, datetime.datetime) else _day_after(moment.end))
    if moment.place:
        event.add("location", printable(moment.place))
    url = request.build_absolute_uri(moment.url) if moment.url else ""
    if text := "\n".join(part for part in (moment.about, url) if part):
        event.add("description", printable(text))
    if url:
        event.add("url", url)
    if moment.is_deadline and not moment.is_called_off:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", printable(moment.title))
        alarm["trigger"] = vDuration(WARNING)
        event.add_component(alarm)
    return event


def _utc(moment: datetime.date | datetime.datetime) -> datetime.date | datetime.datetime:
    """A time in UTC, which every calendar program shows on its own clock; a day as it is."""
    return moment.astimezone(datetime.UTC) if isinstance(moment, datetime.datetime) else moment


def _day_after(day: datetime.date) -> datetime.date:
    """The end of an entry of whole days is the first day that is not of it."""
    return day + datetime.timedelta(days=1)
