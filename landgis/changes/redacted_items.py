"""Taking a value out of what change sets keep of a feature: their items, their issues, and what is said of their files."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from landgis.changes.hidden import HARMLESS
from landgis.changes.marks import REASON
from landgis.changes.models import ChangeSet, Issue
from landgis.changes.passage_models import Passage

if TYPE_CHECKING:
    from landgis.changes.redactions import Target


def clean(target: "Target") -> None:
    _clean_issues(target, _clean_items(target))
    for change_set in ChangeSet.objects.filter(pk__in=target.about):
        _clean_change_set(target, change_set)
    # Whoever handed in the same file, the store has it no longer.
    ChangeSet.objects.filter(file_sha256__in=target.checksums).update(file_sha256="")


def _clean_items(target: "Target") -> set[tuple[int, int]]:
    """Gives change set and row of the items of the feature; a row whose identity could not be read is told by its value."""
    field = target.redaction.field
    nameless = Q(ref="", change_set__in=target.brought, **{field: target.value})
    items = target.dataset.proposed._default_manager.filter(Q(ref=target.redaction.ref) | nameless)
    rows = set(items.exclude(row=None).values_list("change_set", "row"))
    pks = list(items.values_list("pk", flat=True))
    items = target.dataset.proposed._default_manager.filter(pk__in=pks)
    items.filter(**{field: target.value}).update(**{field: target.blank})
    for item in items:
        said = target.without(getattr(item, field))
        # What did not parse is as the file had it: in another encoding nobody finds the value there.
        reason = (getattr(item, "raw", None) or {}).get(REASON)
        items.filter(pk=item.pk).update(**{field: said}, raw={REASON: target.without(reason)} if reason else None)
    return rows


def _clean_issues(target: "Target", rows: set[tuple[int, int]]) -> None:
    redaction = target.redaction
    for issue in Issue.objects.filter(change_set__in=target.about).exclude(params={}).iterator():
        is_its_own = issue.ref == redaction.ref or (issue.change_set_id, issue.row) in rows
        params = issue.params
        if is_its_own and issue.field == redaction.field:
            params = {name: one if name in HARMLESS else "" for name, one in params.items()}
        params = target.without(params)
        if params != issue.params:
            Issue.objects.filter(pk=issue.pk).update(params=params)


def reading_without(target: "Target", reading: Mapping[str, Any]) -> Any:
    """How a file was read, without the value and without the samples of its columns."""
    columns = {heading for heading, name in reading.get("columns", {}).items() if name == target.redaction.field}
    # Samples show how the file had it, in any encoding.
    kept = {
        "text": [one | {"samples": []} if one["column"] in columns else one for one in reading.get("text", [])],
        "samples": {
            heading: [] if heading in columns else found for heading, found in reading.get("samples", {}).items()
        },
    }
    return target.without({**reading, **{name: told for name, told in kept.items() if name in reading}})


def _clean_change_set(target: "Target", change_set: ChangeSet) -> None:
    names = ("reason", "source", "file_name")
    said: dict[str, Any] = {name: target.without(getattr(change_set, name)) for name in names}
    said["reading"] = reading_without(target, change_set.reading)
    ChangeSet.objects.filter(pk=change_set.pk).update(**said)
    for passage in change_set.passages.exclude(remeasured=""):
        Passage.objects.filter(pk=passage.pk).update(remeasured=target.without(passage.remeasured))
