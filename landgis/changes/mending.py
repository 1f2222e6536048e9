"""How officers' change sets come to be: edited feature by feature, taken back to be mended, decided feature by feature."""

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from landgis.accounts.models import User
from landgis.catalog import registry
from landgis.changes import actions, confirmations, items, responsibility, scopes, words
from landgis.changes.models import ChangeSet, Issue, State
from landgis.changes.territories import Outside

words.add_verbs(
    {
        "change-set.edit": _("a feature edited"),
        "change-set.take-out": _("a feature taken out"),
        "change-set.reopen": _("taken back to be mended"),
        "change-set.ask-again": _("waits for the approvers of where something of it lies by now"),
        "change-set.reject-features": _("single features rejected"),
    }
)


class Unconfirmed(Exception):
    """What touches much of what is in force has to be confirmed by its number: `issues`, which are not kept."""

    def __init__(self, issues: Sequence[Issue]):
        super().__init__(f"{len(issues)} numbers have to be confirmed")
        self.issues = issues


@transaction.atomic
def open_for(change_set: ChangeSet, *, by: User) -> ChangeSet:
    """Lock it for somebody who works on it, as a draft. Raises Outside where others do, and StateError."""
    found = ChangeSet.objects.select_for_update(of=("self",)).get(pk=change_set.pk)
    if not responsibility.may_edit(found, by):
        raise Outside(0, ())
    if found.state == State.CHECKED:
        reopen(found, by=by)
    if found.state != State.DRAFT:
        raise actions.StateError(f"change set {found.pk} is {found.state}")
    return found


@transaction.atomic
def edit(change_set: ChangeSet, ref: str, *, by: User, verb: str = "edit") -> None:
    """Note who writes of a feature in it, and may not approve it then. Raises as `open_for`; `verb` may be take-out."""
    found = open_for(change_set, by=by)
    if by.pk not in found.editors:
        found.editors = [*found.editors, by.pk]
        found.save(update_fields=["editors"])
    actions.note(by, verb, found, ref=ref)


@transaction.atomic
def reopen(change_set: ChangeSet, *, by: User) -> None:
    """Make it a draft again, without items and issues; whoever handed it in or approved it has to do so anew. Raises Outside."""
    if change_set.responsible and not responsibility.may_prepare(change_set, by):
        raise Outside(0, ())
    open_states = [State.CHECKED, State.SUBMITTED, State.APPROVED]
    actions.move(change_set, open_states, State.DRAFT, submitted_by=None, approver=None, decided_at=None)
    items.staged(change_set).delete()
    change_set.issues.all().delete()
    actions.note(by, "reopen", change_set)


@transaction.atomic
def reject_features(
    change_set: ChangeSet, reasons: Mapping[str, str], *, by: User, numbers: Collection[int] = ()
) -> None:
    """Let features leave a submitted change set, each ref with its reason; the others are checked without them.

    Raises StoppedByIssues where they are not sound alone, Unconfirmed where one of the `numbers` is lacking that
    confirms how much they still change, and Outside.
    """
    scopes.must_decide(change_set, by)
    submitted_by = change_set.submitted_by
    actions.move(change_set, [State.SUBMITTED], State.DRAFT)
    items.staged(change_set).filter(ref__in=list(reasons)).delete()
    change_set.issues.all().delete()
    actions.check(change_set)
    confirmations.confirm(change_set, numbers, by=by)
    if left := list(confirmations.waiting(change_set)):
        raise Unconfirmed(left)
    actions.move(change_set, [State.CHECKED], State.SUBMITTED, submitted_by=submitted_by)
    if actions.stopping(change_set):
        raise actions.StoppedByIssues(f"change set {change_set.pk} is not sound without what was rejected")
    actions.note(by, "reject-features", change_set, reasons=dict(reasons))


@transaction.atomic
def ask_again(change_set: ChangeSet, *, by: User) -> None:
    """Let the approvers of where something of it lies by now decide, before it is applied."""
    actions.move(change_set, [State.APPROVED], State.SUBMITTED)
    scopes.note_moved(registry.get(change_set.dataset), change_set)
    actions.note(by, "ask-again", change_set)
