"""How officers' change sets are mended: taken back to be edited again, or decided feature by feature."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from landgis.accounts.models import Role, User
from landgis.catalog import registry
from landgis.changes import actions, responsibility, scopes, words
from landgis.changes.models import ChangeSet, State
from landgis.changes.territories import Outside

words.add_verbs(
    {
        "change-set.reopen": _("taken back to be mended"),
        "change-set.reject-features": _("single features rejected"),
    }
)


@transaction.atomic
def reopen(change_set: ChangeSet, *, by: User) -> None:
    """Make it a draft again, without items and issues; whoever handed it in or approved it has to do so anew. Raises Outside."""
    if change_set.responsible and not responsibility.may_prepare(change_set, by):
        raise Outside(0, ())
    open_states = [State.CHECKED, State.SUBMITTED, State.APPROVED]
    actions.move(change_set, open_states, State.DRAFT, submitted_by=None, approver=None, decided_at=None)
    _items(change_set).delete()
    change_set.issues.all().delete()
    actions.note(by, "reopen", change_set)


@transaction.atomic
def reject_features(change_set: ChangeSet, reasons: Mapping[str, str], *, by: User) -> None:
    """Let features leave a submitted change set, each ref with its reason; the others are checked without them.

    Raises StoppedByIssues where they are not sound alone, and Outside.
    """
    scopes.must_touch(change_set, by, Role.APPROVER)
    submitted_by = change_set.submitted_by
    actions.move(change_set, [State.SUBMITTED], State.DRAFT)
    _items(change_set).filter(ref__in=list(reasons)).delete()
    change_set.issues.all().delete()
    actions.check(change_set)
    actions.move(change_set, [State.CHECKED], State.SUBMITTED, submitted_by=submitted_by)
    if actions.stopping(change_set):
        raise actions.StoppedByIssues(f"change set {change_set.pk} is not sound without what was rejected")
    actions.note(by, "reject-features", change_set, reasons=dict(reasons))


def _items(change_set: ChangeSet):  # type: ignore[no-untyped-def]
    return registry.get(change_set.dataset).proposed._default_manager.filter(change_set=change_set)
