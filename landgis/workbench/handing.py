"""What pages and mails say of a change set's territories: what it touches, who let in what, and how it was handed over."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from landgis.accounts.models import Role, User
from landgis.catalog import office
from landgis.changes import handing, responsibility, territories
from landgis.changes.models import ChangeSet, State
from landgis.changes.redactions import Target
from landgis.changes.scope_models import HandOver
from landgis.mail import actions as mail
from landgis.mail.purposes import Purpose

PURPOSE = "change-sets-handed"
MAILS = Purpose(PURPOSE, gettext_lazy("Change sets that were handed over"))


def shown(person: User, found: ChangeSet, *, can_prepare: bool) -> dict[str, Any]:
    """For the page of a change set: its parts by territory, its hand-overs, and what the person may do with it."""
    book = territories.book()
    names, areas = book.unit_names(), list(book.areas())
    titles = {area.ref: area.name for area in areas}
    waiting = responsibility.unanswered(found)
    touched = found.touched_units.select_related("approver").order_by("-features", "unit")
    return {
        "parts": [
            {
                "name": names.get(one.unit, one.unit),
                "areas": [area.name for area in territories.responsible(areas, [one.unit])],
                "touched": one,
            }
            for one in touched
        ],
        "received_by": titles.get(found.received_by, found.received_by),
        "responsible": titles.get(found.responsible, found.responsible),
        "hand_overs": [
            {"one": one, "from": titles.get(one.given_by, one.given_by), "to": titles.get(one.given_to, one.given_to)}
            for one in found.hand_overs.select_related("by", "answered_by")
        ],
        "waiting": waiting,
        "can_answer_hand_over": waiting is not None and responsibility.holds(person, waiting.given_to),
        "hand_over_to": _others(person, found, areas) if can_prepare and found.state == State.CHECKED else [],
    }


def _others(person: User, found: ChangeSet, areas: list[territories.Area]) -> list[territories.Area]:
    """To whom it may be handed over; whose its features are first."""
    own = found.responsible or next((one.ref for one in responsibility.own_areas(person)), territories.OFFICE)
    units = list(found.touched_units.values_list("unit", flat=True))
    others = [area for area in areas if area.ref != own]
    return sorted(others, key=lambda area: (area.reach.is_whole or not area.reach.touches(units), area.name))


@transaction.atomic
def hand_over(found: ChangeSet, to: str, *, by: User, note: str) -> None:
    """Hand it over, and write to the officers whom it reaches."""
    done = handing.hand_over(found, to, by=by, note=note)
    officers = User.objects.filter(pk__in=territories.book().people(Role.OFFICER, to))
    for officer in officers.exclude(pk=by.pk):
        _write(officer, done, gettext_lazy("Change set #%(number)s was handed over to you: %(to)s"))


@transaction.atomic
def take_on(found: ChangeSet, *, by: User) -> None:
    """Take it on, and write so to whoever handed it over."""
    done = handing.take_on(found, by=by)
    _write(done.by, done, gettext_lazy("Change set #%(number)s was taken on: %(to)s"))


@transaction.atomic
def give_back(found: ChangeSet, *, by: User, reason: str) -> None:
    """Give it back, and write so to whoever handed it over."""
    done = handing.give_back(found, by=by, reason=reason)
    _write(done.by, done, gettext_lazy("Change set #%(number)s was given back to you: %(to)s"))


def _write(person: User, done: HandOver, headline: Any) -> None:
    """Which change set, and where it is read; not what was written of it, which may be personal."""
    if not person.email or not person.is_active:
        return
    with translation.override(person.mail_language):
        titles = {area.ref: area.name for area in territories.book().areas()}
        subject = str(headline) % {"number": done.change_set_id, "to": titles.get(done.given_to, done.given_to)}
        address = mail.absolute(reverse("workbench:change-set", args=[done.change_set_id]))
        mail.put(
            PURPOSE,
            f"hand-over {done.pk} {done.is_taken_on}",
            person.email,
            subject=subject,
            text="\n\n".join([f"{subject}.", address, office.current().profile.name]) + "\n",
            language=person.mail_language,
        )


def forget_value(target: Target) -> None:
    """Take a redacted value out of what was written of hand-overs."""
    for one in HandOver.objects.filter(change_set__in=target.about):
        said = {name: target.without(getattr(one, name)) for name in ("note", "answer")}
        HandOver.objects.filter(pk=one.pk).update(**said)


def told(step: str) -> str:
    """What has been done, in the reader's language."""
    return {
        "hand-over": _("It is handed over. You see here how it goes on; they work on it now."),
        "take-on": _("It is yours to work on now."),
        "give-back": _("It is given back."),
    }[step]
