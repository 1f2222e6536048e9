"""Edits that lead to a state that was there: of one feature, of all that a change set touched, and after a conflict."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from landgis.accounts.models import User
from landgis.catalog.dataset import Dataset
from landgis.changes import actions as changes
from landgis.changes import items
from landgis.changes.models import Action, ChangeSet, Door, State
from landgis.workbench import change_sets, edits
from landgis.workbench.edit_fields import Fact
from landgis.workbench.edits import Feature
from landgis.workbench.models import Edit, EditKind

MOST_UNDONE = 500


class NotUndone(Exception):
    """A change set that cannot be undone feature by feature; its text says why."""


def facts_as_of(found: Feature, revision: int, *, with_policy: bool = False) -> dict[str, Fact]:
    """What has to change so that the feature stands as it did as of a revision; whether it is public only `with_policy`."""
    past, dataset = change_sets.row_as_of(found.dataset, found.ref, revision), found.dataset
    names = [field.name for field in dataset.fields] + ([dataset.geometry] if dataset.geometry else [])
    if found.row is not None:
        kept = () if with_policy else (dataset.public_when,)
        names = [name for name in names if name not in kept and _differs(past, found.row, name)]
    return {str(name): {"as_of": revision} for name in names}


def _differs(one: Any, other: Any, name: str) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def restore(found: Feature, revision: int, *, by: User) -> Edit:
    """An edit that makes the feature as it was as of a revision; in force or not."""
    kind = EditKind.ADD if found.row is None else EditKind.CHANGE
    return edits.save(found, by=by, kind=kind, base=found.revision, facts=facts_as_of(found, revision))


# After a conflict


def contested(found: Feature) -> list[str]:
    """The fields that the edit touches and that somebody else changed since, to something else."""
    if found.edit is None or not found.has_moved or found.row is None:
        return []
    base, now = found.base, found.row
    return [
        name
        for name in found.edit.facts
        if (_differs(base, now, name) if base is not None else getattr(now, name) not in (None, ""))
    ]


def settle(found: Feature, theirs: Collection[str], *, by: User) -> Edit:
    """Go on from the state that is in force: of the fields in `theirs` that state stays, of the others what was typed counts.

    A feature that was retired meanwhile is added again, with what else it had.
    """
    edit = found.edit
    if edit is None:
        raise edits.NotAsSeen
    facts: Mapping[str, Fact] = {name: fact for name, fact in edit.facts.items() if name not in theirs}
    kind = edit.kind
    if found.row is None and kind == EditKind.CHANGE:
        last = change_sets.in_force_of(found.dataset).filter(ref=found.ref).order_by("-from_revision").first()
        facts, kind = facts_as_of(found, last.until_revision - 1) | dict(facts), EditKind.ADD
    elif found.row is not None and kind == EditKind.ADD:
        kind = EditKind.CHANGE
    return edits.save(found, by=by, kind=kind, base=found.revision, facts=facts, reason=edit.reason)


# Of a change set


@transaction.atomic
def undo(change_set: ChangeSet, dataset: Dataset, *, by: User) -> ChangeSet:
    """A change set that takes back what an applied one did, to be handed in as any other. Raises NotUndone.

    Features that changed again since then are among it, too: their author looks at both states first.
    """
    edits.hold(by)
    found = items.of(change_set).first(MOST_UNDONE + 1, without=[Action.UNCHANGED, Action.LEFT_OUT])
    if change_set.state != State.APPLIED or len(found) > MOST_UNDONE:
        raise NotUndone(_("It changed too much to be undone feature by feature: hand in a file with the state before."))
    if open_ones := edits.of_person(by, dataset).filter(ref__in=[item.ref for item in found]):
        raise NotUndone(_("You have an open edit of %(ref)s: finish it, or take it out.") % {"ref": open_ones[0].ref})
    inverse = changes.draft(dataset, by=by, door=Door.OFFICER, is_made_up=change_set.is_made_up)
    reason = _("Undoes change set %(number)s.") % {"number": change_set.pk}
    ChangeSet.objects.filter(pk=inverse.pk).update(reason=reason)
    for item in found:
        Edit.objects.create(change_set=inverse, ref=item.ref, **_inverse(change_set, dataset, item))
    return inverse


def _inverse(change_set: ChangeSet, dataset: Dataset, item: Any) -> dict[str, Any]:
    """What an edit holds that takes back an item."""
    revision = change_set.revision or 0
    after = change_sets.row_of(dataset, item.ref, revision)
    reason = _("Undoes change set %(number)s.") % {"number": change_set.pk}
    if item.action == Action.ADD:
        return {"kind": EditKind.RETIRE, "base_revision": revision, "reason": reason, "is_ready": True}
    facts = facts_as_of(Feature(dataset, item.ref, after), revision - 1, with_policy=True)
    kind = EditKind.ADD if item.action == Action.RETIRE else EditKind.CHANGE
    base = None if after is None else revision
    return {"kind": kind, "base_revision": base, "facts": facts, "is_ready": True}
