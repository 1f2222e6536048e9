"""Approvers and publishers are told by mail what waits for them: one mail with all of it, when something is new, once an hour at most.

What they are told follows from the change sets as they stand, so nothing is lost where a task is cut; what a person was told of
is written in the transaction that writes the mail.
"""

import datetime
import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import formats, timesince, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from landgis.accounts.models import User
from landgis.catalog import office, registry
from landgis.changes import actions as changes
from landgis.changes.models import Action, ChangeSet
from landgis.changes.scopes import DECIDE
from landgis.lib import statements
from landgis.mail import actions as mail
from landgis.mail.purposes import Purpose
from landgis.workbench import queues
from landgis.workbench.models import Told

PURPOSE = "change-sets-waiting"
PAUSE = datetime.timedelta(hours=1)
TELL_LOCK = 0x74656C6C  # "tell": one mail at a time is written to a person


def tell() -> int:
    """Write to everybody who decides, wishes it and for whom something new waits; returns how many mails were written."""
    wishing = User.objects.filter(is_active=True, told_of_waiting=True, groups__name__in=DECIDE)
    return sum(_tell(person) for person in wishing.exclude(email="").distinct())


def waiting_for(person: User) -> list[ChangeSet]:
    """What the person may decide, the oldest first."""
    return list(queues.to_decide(person).select_related("author").order_by("id"))


@transaction.atomic
def _tell(person: User) -> bool:
    statements.execute("SELECT pg_advisory_xact_lock(%s, %s)", [TELL_LOCK, person.pk])
    now = statements.value("SELECT clock_timestamp()")
    told = Told.objects.filter(person=person)
    last = told.aggregate(last=Max("at"))["last"]
    waiting = waiting_for(person)
    known = set(told.values_list("change_set", flat=True))
    new = [one for one in waiting if one.pk not in known]
    if not new or (last is not None and last > now - PAUSE):
        return False
    Told.objects.bulk_create([Told(person=person, change_set=one, at=now) for one in new])
    # What was written before and could not be sent yet says less than this one.
    mail.drop(PURPOSE, str(person.pk))
    _write(person, waiting, now)
    return True


def _write(person: User, waiting: Sequence[ChangeSet], now: datetime.datetime) -> None:
    known = ",".join(str(one.pk) for one in waiting)
    with translation.override(person.mail_language):
        count = len(waiting)
        headline = ngettext(
            "%(count)s change set waits for your decision", "%(count)s change sets wait for your decision", count
        ) % {"count": formats.number_format(count)}
        parts = [f"{headline}:", *(_line(one, now) for one in waiting), office.current().profile.name]
        mail.put(
            PURPOSE,
            f"change-sets {hashlib.sha256(known.encode()).hexdigest()[:32]}",
            person.email,
            subject=headline,
            text="\n\n".join(parts) + "\n",
            language=person.mail_language,
            subscriber=str(person.pk),
        )


def _line(change_set: ChangeSet, now: datetime.datetime) -> str:
    """What, whose, how old, and where it is decided; not the name of its file, which may be personal."""
    titles = {dataset.name: dataset.title_plural for dataset in registry.all_datasets()}
    counts = changes.counts(change_set) if change_set.dataset in titles else {}
    author = change_set.author.get_username() if change_set.author else str(change_set.get_door_display())
    said = {
        "number": change_set.pk,
        "title": titles.get(change_set.dataset, change_set.dataset),
        "add": formats.number_format(counts.get(Action.ADD, 0)),
        "change": formats.number_format(counts.get(Action.CHANGE, 0)),
        "retire": formats.number_format(counts.get(Action.RETIRE, 0)),
        "author": author,
        "age": timesince.timesince(change_set.submitted_at or change_set.created_at, now),
    }
    lines = [
        _("#%(number)s %(title)s: %(add)s added, %(change)s changed, %(retire)s retired") % said,
        _("by %(author)s, waits for %(age)s") % said,
        mail.absolute(reverse("workbench:change-set", args=[change_set.pk])),
    ]
    return "\n".join(lines)


def stop(subscriber: str) -> None:
    """End the wish of a person for these mails."""
    if subscriber.isdecimal():
        User.objects.filter(pk=int(subscriber)).update(told_of_waiting=False)


MAILS = Purpose(PURPOSE, gettext_lazy("Change sets that wait for your decision"), stop=stop)
