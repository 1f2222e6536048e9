"""What the checks would say of a few features while somebody writes them: nothing stays, and nothing far off is read.

What asks every feature in force, such as identities that look alike, is left to the change set itself.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Coalesce

from landgis.accounts.models import User
from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.models import Revision
from landgis.changes import actions, checks, comparison, hidden
from landgis.changes.issues import Finding, severity
from landgis.changes.models import ChangeSet, Door, Issue


@contextmanager
def change_set(dataset: Dataset, *, by: User) -> Iterator[ChangeSet]:
    """A draft of which nothing stays, the audit included."""
    with transaction.atomic():
        newest = Revision.objects.aggregate(newest=Coalesce(Max("number"), 0))["newest"]
        yield ChangeSet.objects.create(dataset=dataset.name, author=by, door=Door.OFFICER, base_revision=newest)
        transaction.set_rollback(True)


def issues(trial: ChangeSet, findings: Iterable[Finding] = ()) -> list[Issue]:
    """Of what has been staged in it, and those `findings` besides: what stops first. They are not stored."""
    dataset = registry.get(trial.dataset)
    actions.complete(dataset, trial)
    found = [
        *findings,
        *comparison.compare(dataset, trial, is_trial=True),
        *checks.findings(dataset, trial, is_trial=True),
    ]
    told = [
        Issue(
            change_set=trial,
            code=one.code,
            severity=severity(one.code),
            row=one.row,
            ref=one.ref,
            field=one.field,
            params=hidden.without_value(dataset, one.field, one.params),
        )
        for one in found
    ]
    return sorted(told, key=lambda issue: issue.severity)
