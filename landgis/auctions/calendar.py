"""The dates of an auction as a bidder needs them: what has passed, what is on now, what comes next."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from landgis.auctions.models import LotStatus
from landgis.auctions.states import ENDED, LOTS_CALLED_OFF

Moment = datetime.date | datetime.datetime

# (what, field of its beginning, field of its end); a deadline has no beginning, a day no end of its own.
STEPS = (
    (gettext_lazy("Posted"), "posted_on", None),
    (gettext_lazy("First public notice"), "notice1_on", None),
    (gettext_lazy("Second public notice"), "notice2_on", None),
    (gettext_lazy("Land open for viewing"), "viewing_from", "viewing_to"),
    (gettext_lazy("Dossiers sold and taken in"), "dossiers_from", "dossiers_to"),
    (gettext_lazy("Deposit paid by"), None, "deposit_until"),
    (pgettext_lazy("auction session", "Auction"), "opens_at", None),
)
DATE_FIELDS = tuple(name for _what, *names in STEPS for name in names if name)
# Where a step takes place: the field of its beginning or deadline -> the field that says so.
PLACES = {"opens_at": "venue", "dossiers_from": "auctioneer", "deposit_until": "auctioneer"}


@dataclass(frozen=True)
class Step:
    """One dated step. `state` is past, now, coming, off or not said; `left` says how long it is to what comes next of all.

    `where` is the place or the one to go to, as far as the office gave it.
    """

    what: str
    when: str
    state: str = ""
    left: str = ""
    where: str = ""


def steps(
    auction: Mapping[str, Any], now: datetime.datetime | None, off_since: datetime.date | None = None
) -> list[Step]:
    """The steps that have a date, by their beginning; the one that begins or ends next says how soon.

    An auction that was held, failed or was called off has nothing left to wait for, and nothing of it is on; what would
    have ended on the day `off_since` or later did not take place. Without `now` (of a past state) the dates stand alone.
    """
    is_over = auction["status"] in ENDED
    found: list[Step] = []
    ahead: list[tuple[datetime.datetime, int]] = []
    for what, begin, end, is_deadline, where in _dated(auction):
        if off_since and day_of(end) >= off_since:
            state = "off"
        elif now is None or (is_over and _end(end) > now):
            state = ""
        else:
            state = "past" if _end(end) <= now else "coming" if is_deadline or _begin(begin) > now else "now"
        if state in ("now", "coming"):
            ahead.append((_end(end) if state == "now" else _begin(begin), len(found)))
        found.append(Step(what, _span(begin, end), state, where=where))
    if now and ahead:
        moment, index = min(ahead)
        found[index] = replace(found[index], left=_left(moment, now, ends=found[index].state == "now"))
    return found


def _dated(auction: Mapping[str, Any]) -> list[tuple[str, Moment, Moment, bool, str]]:
    """(what, beginning, end, whether it is a deadline, where) of the steps that have a date, by their beginning."""
    found: list[tuple[str, Moment, Moment, bool, str]] = []
    for what, first_name, last_name in STEPS:
        first: Moment | None = auction[first_name] if first_name else None
        last: Moment | None = auction[last_name] if last_name else None
        begin, end = first or last, last or first
        if begin and end:
            where = auction.get(PLACES.get(first_name or last_name or "", ""))
            found.append((str(what), begin, end, first is None, where or ""))
    return sorted(found, key=lambda step: (_begin(step[1]), _end(step[2])))


def lot_deadline(lot: Mapping[str, Any], auction: Mapping[str, Any] | None, now: datetime.datetime | None) -> str:
    """What a bidder can still do for a lot, in a few words; empty where nothing is known.

    `lot` has its state of now. Without `now` (of a past state) only dates.
    """
    if lot["status"] in (LotStatus.WON, LotStatus.FAILED, *LOTS_CALLED_OFF):
        return str(LotStatus(lot["status"]).label).lower()
    if lot["status"] == LotStatus.NOT_REPORTED:
        return not_reported(auction)
    if auction is None or not auction["dossiers_to"]:
        return _("dates not announced yet")
    first, last, opens = auction["dossiers_from"], auction["dossiers_to"], auction["opens_at"]
    if lot["status"] == LotStatus.REGISTRATION_CLOSED or (now and now >= last):
        if opens and (now is None or opens > now):
            return _("dossiers closed, auction on %(moment)s") % {"moment": moment_text(opens)}
        return _("dossiers closed")
    if first and (now < first if now else lot["status"] == LotStatus.NOT_OPEN):
        return _("dossiers from %(moment)s") % {"moment": moment_text(first)}
    if lot["status"] == LotStatus.NOT_OPEN or now is None:
        return _("dossiers until %(moment)s") % {"moment": moment_text(last)}
    days = _days(last, now)
    if days == 0:
        return _("last day for dossiers, until %(time)s") % {"time": date_format(_local(last), "TIME_FORMAT")}
    return ngettext("%(days)s day left for dossiers", "%(days)s days left for dossiers", days) % {"days": days}


def not_reported(auction: Mapping[str, Any] | None) -> str:
    """That nobody has said what became of the session, and when it was due."""
    if auction is None or not auction["opens_at"]:
        return _("result not reported yet")
    return _("session was due on %(moment)s, result not reported yet") % {"moment": moment_text(auction["opens_at"])}


def moment_text(moment: Moment) -> str:
    """05/12/2026, or 05/12/2026 08:00 for a time, on the clocks here."""
    day = date_format(_local(moment), "SHORT_DATE_FORMAT")
    if not isinstance(moment, datetime.datetime):
        return day
    return f"{day} {date_format(_local(moment), 'TIME_FORMAT')}"


def _span(begin: Moment, end: Moment) -> str:
    return moment_text(begin) if begin == end else f"{moment_text(begin)} – {moment_text(end)}"


def _left(moment: datetime.datetime, now: datetime.datetime, *, ends: bool) -> str:
    days = _days(moment, now)
    if ends:
        return (
            ngettext("ends in %(days)s day", "ends in %(days)s days", days) % {"days": days}
            if days
            else _("ends today")
        )
    if days == 0:
        return _("today")
    return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}


def day_of(moment: Moment) -> datetime.date:
    """The day on the clocks here."""
    return timezone.localdate(moment) if isinstance(moment, datetime.datetime) else moment


def _days(moment: datetime.datetime, now: datetime.datetime) -> int:
    """Whole days of the calendar from today to that day."""
    return (timezone.localdate(moment) - timezone.localdate(now)).days


def _local(moment: Moment) -> Moment:
    return timezone.localtime(moment) if isinstance(moment, datetime.datetime) else moment


def _begin(moment: Moment) -> datetime.datetime:
    return moment if isinstance(moment, datetime.datetime) else _at(moment, datetime.time.min)


def _end(moment: Moment) -> datetime.datetime:
    return moment if isinstance(moment, datetime.datetime) else _at(moment, datetime.time.max)


def _at(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, time))
