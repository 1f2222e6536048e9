"""Handing a change set from one territory to another: what is received in one commune about land in another one.

The receiving territory keeps sight of it and works on it no more; the responsible one takes it on, or gives it back
with a reason. Until it has answered nobody works on it.
"""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from landgis.accounts.models import User
from landgis.catalog import registry
from landgis.changes import actions, scopes, territories
from landgis.changes.models import ChangeSet, Issue, State
from landgis.changes.responsibility import holds, may_prepare, own_areas, unanswered
from landgis.changes.scope_models import HandOver
from landgis.changes.territories import Outside
from landgis.changes.words import add_verbs

add_verbs(
    {
        "change-set.hand-over": _("handed over to another territory"),
        "change-set.take-on": _("taken on by the responsible territory"),
        "change-set.give-back": _("given back with a reason"),
    }
)


class NoSuchTerritory(Exception):
    """There is no territory of that name to hand it over to, or it is there already."""


@transaction.atomic
def hand_over(change_set: ChangeSet, to: str, *, by: User, note: str) -> HandOver:
    """Give it to another territory. Raises Outside, NoSuchTerritory, and StateError where it is not checked, or more."""
    _lock(change_set)
    if change_set.state != State.CHECKED:
        raise actions.StateError(f"change set {change_set.pk} is {change_set.state}")
    if not may_prepare(change_set, by):
        raise Outside(0, ())
    given_by = change_set.responsible or next((one.ref for one in own_areas(by)), territories.OFFICE)
    if to == given_by or to not in {one.ref for one in territories.book().areas()}:
        raise NoSuchTerritory(to)
    found = HandOver.objects.create(change_set=change_set, given_by=given_by, given_to=to, note=note, by=by)
    change_set.received_by = change_set.received_by or given_by
    change_set.responsible = to
    change_set.save(update_fields=["received_by", "responsible"])
    actions.note(by, "hand-over", change_set, given_by=given_by, given_to=to)
    return found


@transaction.atomic
def take_on(change_set: ChangeSet, *, by: User) -> HandOver:
    """Work on it from now on. Raises Outside, and StateError where it is answered already."""
    found = _answer(change_set, by, is_taken_on=True)
    _look_again(change_set)
    actions.note(by, "take-on", change_set, territory=found.given_to)
    return found


@transaction.atomic
def give_back(change_set: ChangeSet, *, by: User, reason: str) -> HandOver:
    """Return it with a reason. Raises Outside, and StateError where it is answered already."""
    found = _answer(change_set, by, is_taken_on=False, answer=reason)
    change_set.responsible = found.given_by
    change_set.save(update_fields=["responsible"])
    _look_again(change_set)
    actions.note(by, "give-back", change_set, territory=found.given_to)
    return found


def go_on(before: ChangeSet, after: ChangeSet) -> None:
    """Another reading of the same file is with whom the first was with, and stays in sight of whoever received that."""
    after.received_by, after.responsible = before.received_by, before.responsible
    after.save(update_fields=["received_by", "responsible"])


def _answer(change_set: ChangeSet, by: User, **said: Any) -> HandOver:
    _lock(change_set)
    found = unanswered(change_set)
    if found is None or change_set.state != State.CHECKED:
        raise actions.StateError(f"change set {change_set.pk} waits for no answer")
    if not holds(by, found.given_to):
        raise Outside(0, ())
    HandOver.objects.filter(pk=found.pk).update(**said, answered_by=by, answered_at=Now())
    found.refresh_from_db()
    return found


def _lock(change_set: ChangeSet) -> None:
    """One hand-over or answer at a time."""
    ChangeSet.objects.select_for_update().get(pk=change_set.pk)
    change_set.refresh_from_db()


def _look_again(change_set: ChangeSet) -> None:
    """Find anew what lies outside of the territory of whoever prepares it now."""
    dataset = registry.get(change_set.dataset)
    Issue.objects.filter(change_set=change_set, code__in=scopes.CODES).delete()
    actions.record(change_set, list(scopes.elsewhere(dataset, change_set, retired=None)))
