"""What touches much of what is in force at once: somebody confirms it by its number, or it stops.

A file of the wrong district, one that was cut, a column that slipped: each is a right file but for how much it changes.
Retired, moved, and changed in one field are counted apart. What was confirmed is kept as an issue, so that the apply
knows it again.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from landgis.accounts.models import User
from landgis.catalog.dataset import Dataset
from landgis.changes import audit
from landgis.changes.issues import CONFIRMED, STOP, WARN, Finding, IssueKind, add_kinds
from landgis.changes.models import ChangeSet, Issue, Severity, State
from landgis.lib import statements

add_kinds(
    {
        "nothing-read": IssueKind(
            STOP,
            _("Nothing was read: the source has no row that counts. Nothing is changed and nothing retired."),
            _("Look whether the file is the right one, and whole."),
        ),
        "many-retired": IssueKind(
            STOP,
            _("%(count)s of %(features)s features in force would be retired."),
            _("Look whether the file is whole; if it is meant so, confirm it with --confirm %(typed)s."),
            _("Look whether the file is whole; if it is meant so, confirm it on this page by its number."),
        ),
        "many-moved": IssueKind(
            STOP,
            _("%(count)s of %(features)s features in force would have other boundaries."),
            _(
                "Look at some of them, and at the coordinate system; if it is meant so, confirm it with --confirm %(typed)s."
            ),
            _(
                "Look at some of them, and at the coordinate system; if it is meant so, confirm it on this page by its number."
            ),
        ),
        "many-changed": IssueKind(
            STOP,
            _("“%(label)s” would change in %(count)s of %(features)s features in force."),
            _("Look at some of them, and at the column; if it is meant so, confirm it with --confirm %(typed)s."),
            _("Look at some of them, and at the column; if it is meant so, confirm it on this page by its number."),
        ),
        CONFIRMED: IssueKind(
            WARN, _("%(told)s This was confirmed by its number."), _("Look at it once more before you approve.")
        ),
    }
)
RETIRED, MOVED, CHANGED = "many-retired", "many-moved", "many-changed"


def findings(dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
    """What the items would do to more than the share of the office."""
    features = dataset.in_force._default_manager.filter(until_revision=None).count()
    most = max(settings.CONFIRM_PERCENT * features / 100, settings.CONFIRM_FEATURES)
    for (code, field), count in _counted(dataset, change_set).items():
        if count > most:
            yield Finding(code, field=field, params={"count": count, "typed": str(count), "features": features})


def unconfirmed(dataset: Dataset, change_set: ChangeSet) -> list[Finding]:
    """What is found now and was not confirmed by just this number."""
    known = change_set.issues.filter(code=CONFIRMED).values_list("field", "params")
    confirmed = {(field, params["found"], params["count"]) for field, params in known}
    return [one for one in findings(dataset, change_set) if (one.field, one.code, one.params["count"]) not in confirmed]


def waiting(change_set: ChangeSet) -> Any:
    """The issues that a number confirms."""
    return change_set.issues.filter(code__in=[RETIRED, MOVED, CHANGED]).order_by("code", "id")


@transaction.atomic
def confirm(change_set: ChangeSet, numbers: Collection[int], *, by: User | None) -> bool:
    """Confirm what has one of these numbers; whether there was such."""
    found = [issue for issue in waiting(change_set) if issue.params["count"] in numbers]
    if not found or not ChangeSet.objects.filter(pk=change_set.pk, state=State.CHECKED).exists():
        return False
    told = [{"found": issue.code, "field": issue.field, "count": issue.params["count"]} for issue in found]
    for issue in found:
        issue.params |= {"found": issue.code}
        issue.code, issue.severity = CONFIRMED, Severity.WARN
    Issue.objects.bulk_update(found, ["code", "severity", "params"])
    audit.write(by, "change-set.confirm", f"change-set {change_set.pk}", dataset=change_set.dataset, confirmed=told)
    return True


def _counted(dataset: Dataset, change_set: ChangeSet) -> dict[tuple[str, str], int]:
    """How many features in force would be retired, moved, and changed in each field that the source brings."""
    brought = [field.name for field in dataset.fields if field.name in change_set.brings]
    names = [*([str(dataset.geometry)] if dataset.geometry in change_set.brings else []), *brought]
    differ = sql.SQL(", ").join(
        sql.SQL("count(*) FILTER (WHERE i.action = 'change' AND {} IS DISTINCT FROM {})").format(
            sql.Identifier("i", name), sql.Identifier("f", name)
        )
        for name in names
    )
    query = sql.SQL(
        "SELECT count(*) FILTER (WHERE i.action = 'retire'), {differ} FROM {items} i JOIN {in_force} f ON f.ref = i.ref"
        " AND f.until_revision IS NULL WHERE i.change_set_id = %s AND i.action IN ('change', 'retire')"
    ).format(
        differ=differ if names else sql.SQL("0"),
        items=sql.Identifier(dataset.proposed._meta.db_table),
        in_force=sql.Identifier(dataset.in_force._meta.db_table),
    )
    retired, *changed = statements.row(query, [change_set.pk])
    kinds = [(MOVED, "") if name == dataset.geometry else (CHANGED, name) for name in names]
    return {(RETIRED, ""): retired, **dict(zip(kinds, changed, strict=False))}
