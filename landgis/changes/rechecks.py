"""The checks once more, inside the apply: what was sound when it was checked need not be sound beside what came since.

Under the lock of the apply nothing else comes into force. Asked are those checks that look at what is in force, and only
of what other revisions have touched; what the approver was told already does not stop.
"""

import inspect
import json
from collections.abc import Callable, Iterable
from typing import Any

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.catalog.models import Revision
from landgis.changes import checks
from landgis.changes.issues import PLACE, UNSOUND, Finding
from landgis.changes.models import ChangeSet, Issue
from landgis.lib import statements


def no_longer_sound(dataset: Dataset, change_set: ChangeSet) -> list[Finding]:
    """What the checks find now and did not find then. To be asked when the items are in force."""
    since = change_set.base_revision
    if not Revision.objects.filter(number__gt=since, number__lt=change_set.revision).exists():
        return []
    found = [
        finding
        for check in (*checks.EVERY_DATASET, *dataset.checks)
        if looks_at_what_is_in_force(check)
        for finding in check(dataset, change_set, since=since)
    ]
    new = _without_known(change_set, found)
    return [_of_now(finding) for finding in _of_what_comes(dataset, change_set, new)]


def looks_at_what_is_in_force(check: Callable[..., Any]) -> bool:
    return "since" in inspect.signature(check).parameters


def _without_known(change_set: ChangeSet, found: Iterable[Finding]) -> list[Finding]:
    issues = Issue.objects.filter(change_set=change_set, code__in={finding.code for finding in found})
    known = {
        (code, row, ref, field, _text(params))
        for code, row, ref, field, params in issues.values_list("code", "row", "ref", "field", "params")
    }
    return [one for one in found if (one.code, one.row, one.ref, one.field, _text(dict(one.params))) not in known]


def _text(params: dict[str, Any]) -> str:
    told = {name: value for name, value in params.items() if name != PLACE}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _of_what_comes(dataset: Dataset, change_set: ChangeSet, found: Iterable[Finding]) -> list[Finding]:
    """Without findings among features that this change set leaves as they are."""
    query = sql.SQL(
        "SELECT ref FROM {} WHERE change_set_id = %s AND ref = ANY (%s) AND action IN ('add', 'change', 'retire')"
    ).format(sql.Identifier(dataset.proposed._meta.db_table))
    named = list({name for one in found for name in _names(one)})
    coming = {ref for (ref,) in statements.rows(query, [change_set.pk, named])}
    return [one for one in found if one.row is None or coming.intersection(_names(one))]


def _names(finding: Finding) -> set[str]:
    return {finding.ref, str(finding.params.get("other", ""))}


def _of_now(finding: Finding) -> Finding:
    params = {"found": finding.code, **finding.params}
    return Finding(UNSOUND, row=finding.row, ref=finding.ref, field=finding.field, params=params)
