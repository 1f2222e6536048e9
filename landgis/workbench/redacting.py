"""What the pages of redactions show: what a feature said in the past and says no more, and what was asked for."""

from typing import Any

from django.utils import formats

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.changes import redactions
from landgis.changes.hidden import NOT_SHOWN
from landgis.changes.models import Redaction, RedactionState
from landgis.workbench import change_sets

MOST = 200


def offered(dataset: Dataset, ref: str) -> list[dict[str, Any]]:
    """Each value that could be taken out: `key` names its field and the first revision in which it stood."""
    rows = list(change_sets.in_force_of(dataset).filter(ref=ref).order_by("from_revision"))
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for name in redactions.redactable(dataset):
        now = [getattr(row, name) for row in rows if row.until_revision is None]
        for row in rows:
            value = getattr(row, name)
            if value and value not in now:
                key, label = f"{name}:{row.from_revision}", dataset.label(name)
                shown = {"key": key, "label": label, "seen_in": row.from_revision, "text": text(dataset, name, value)}
                found.setdefault((name, str(value)), shown)
    return list(found.values())


def chosen(key: str) -> tuple[str, int]:
    """Field and revision of a key that a form sent; ("", 0) for any other text."""
    field, _colon, revision = key.partition(":")
    return (field, int(revision)) if revision.isascii() and revision.isdigit() and len(revision) < 16 else ("", 0)


def text(dataset: Dataset, name: str, value: Any) -> str:
    """A value as the page shows it; not those that officers read on the page of one feature alone."""
    if dataset.is_hidden(name):
        return str(NOT_SHOWN)
    return "; ".join(redactions.texts_of(value))


def about(redaction: Redaction) -> dict[str, Any]:
    """A redaction in words."""
    known = {dataset.name: dataset for dataset in registry.all_datasets()}
    dataset = known.get(redaction.dataset)
    return {
        "redaction": redaction,
        "title": dataset.title if dataset else redaction.dataset,
        "label": dataset.label(redaction.field) if dataset else redaction.field,
        "revisions": ", ".join(map(str, redaction.revisions or [redaction.seen_in])),
        "files": formats.number_format(len(redaction.checksums)),
    }


def outlook(redaction: Redaction) -> dict[str, str]:
    """Of one that is not decided yet: `value` is what would be taken out, or `hindrance` says why it cannot be now."""
    if redaction.state != RedactionState.ASKED:
        return {}
    try:
        value = redactions.value_of(redaction)
    except redactions.NotRedactable as hindrance:
        return {"hindrance": str(hindrance)}
    return {"value": text(registry.get(redaction.dataset), redaction.field, value)}


def listed() -> list[dict[str, Any]]:
    """The newest ones."""
    return [about(one) for one in Redaction.objects.select_related("asked_by", "decided_by")[:MOST]]
