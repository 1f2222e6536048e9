"""Taking a value out of what change sets keep of a feature: their items, their issues, and what is said of their files."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from landgis.changes import item_files, items
from landgis.changes.hidden import HARMLESS
from landgis.changes.item_models import ItemFile
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
    rows = target.dataset.proposed._default_manager
    found: list[Any] = list(rows.filter(Q(ref=target.redaction.ref) | nameless))
    for item in found:
        rows.filter(pk=item.pk).update(**_cleaned(target, item))
    for record in ItemFile.objects.filter(change_set__in=target.about):
        found += _clean_file(target, record)
    return {(item.change_set_id, item.row) for item in found if item.row is not None}


def _clean_file(target: "Target", record: ItemFile) -> list[Any]:
    """The same of items that are put away; the file that holds the value goes when the transaction is done (`sweep`)."""
    lines = list(item_files.with_ref(record, target.redaction.ref))
    found = list(items.instances(record, target.dataset, lines))
    if record.pk in target.brought:
        without_name = list(item_files.with_ref(record, ""))
        read = items.instances(record, target.dataset, without_name)
        told = [pair for pair in zip(without_name, read, strict=True) if _value(target, pair[1]) == target.value]
        lines, found = lines + [line for line, _item in told], found + [item for _line, item in told]
    changed = {}
    for line, item in zip(lines, found, strict=True):
        values = {name: _written(said) for name, said in _cleaned(target, item).items()}
        changed[line[0]] = [values.get(name, old) for name, old in zip(record.columns, line, strict=True)]
    if changed:
        item_files.rewrite(record, changed)
        record.save()
    return found


def _cleaned(target: "Target", item: Any) -> dict[str, Any]:
    """What stands in the columns of an item then."""
    value = _value(target, item)
    # What did not parse is as the file had it: in another encoding nobody finds the value there.
    reason = (item.raw or {}).get(REASON)
    return {
        target.redaction.field: target.blank if value == target.value else target.without(value),
        "raw": {REASON: target.without(reason)} if reason else None,
    }


def _value(target: "Target", item: Any) -> Any:
    return getattr(item, target.redaction.field)


def _written(said: Any) -> bytes:
    is_text = said is None or isinstance(said, str)
    return item_files.written(said if is_text else json.dumps(said, ensure_ascii=False))


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
