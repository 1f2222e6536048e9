"""What a feature was before, as its page tells it: its versions, what changed in each, and its relatives."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from landgis.catalog import lineage, queries
from landgis.catalog.dataset import Dataset
from landgis.catalog.subject import Subject
from landgis.pages.texts import size_text, value_text

CUT = 160  # letters of a long text: the whole stands in the version itself


def context(subject: Subject) -> dict[str, Any]:
    """Context of pages/_history.html; of a past state what had happened by then."""
    dataset, as_of = subject.dataset, subject.state.as_of
    url = reverse("pages:feature", args=[dataset, subject.ref])
    found = lineage.lineage(dataset, subject.ref, as_of=as_of)
    return {
        "versions": [_version(dataset, one, url) for one in found.versions],
        "taken_out": [_taken_out(dataset, one) for one in found.taken_out],
        "predecessors": relatives(dataset, found.predecessors, as_of=as_of),
        "tells_relatives": dataset.geometry_kind.covers,
    }


def relatives(dataset: Dataset, found: list[lineage.Relative], *, as_of: int | None = None) -> list[dict[str, Any]]:
    """Each with its page; of one that is no longer in force, or was not as of a revision, the state in which it ended."""
    shown = []
    for one in found:
        url = reverse("pages:feature", args=[dataset, one.ref])
        state = as_of if one.is_in_force else one.revision - 1
        past = f"?as_of={state}" if state else ""
        shown.append(
            {
                "title": one.title,
                "is_as_given": one.is_as_given,
                "ref": one.ref,
                "url": url + past,
                "revision": one.revision,
            }
        )
    return shown


def _taken_out(dataset: Dataset, one: queries.TakenOut) -> dict[str, Any]:
    return {
        "label": dataset.label(one.field),
        "revisions": ", ".join(map(str, sorted(one.revisions))),
        "at": one.at,
        "reason": one.reason,
    }


def _version(dataset: Dataset, version: lineage.Version, url: str) -> dict[str, Any]:
    row = version.row
    return {
        "action": _("First published")
        if version.is_first
        else _("Published again")
        if version.is_back
        else _("Changed"),
        "revision": row["from_revision"],
        "applied_at": row["applied_at"],
        "source": row["source"],
        "source_as_of": row["source_as_of"],
        "url": f"{url}?as_of={row['from_revision']}",
        "changes": [_change(dataset, one) for one in version.changes],
        "is_same": not version.is_first and not version.changes,
    }


def _change(dataset: Dataset, change: lineage.Change) -> dict[str, Any]:
    """Label, value before, value after; of a list only that it changed."""
    if change.field is None:
        kind = dataset.geometry_kind
        return {
            "label": dataset.label(kind.column),
            "before": size_text(kind.measure, change.before),
            "after": size_text(kind.measure, change.after),
            "is_list": False,
            "before_is_as_given": False,
            "after_is_as_given": False,
        }
    texts = [value_text(dataset, change.field, value) for value in (change.before, change.after)]
    unit = f" {change.field.unit}" if change.field.unit else ""
    before, after = (f"{_cut(text)}{unit}" if text else _("not stated") for text in texts)
    before = _("taken out") if change.is_before_redacted else before
    after = _("taken out") if change.is_after_redacted else after
    is_as_given = dataset.is_free_text(change.field.name)
    return {
        "label": dataset.label(change.field.name),
        "before": before,
        "after": after,
        "is_list": bool(change.field.parts),
        "before_is_as_given": is_as_given and not change.is_before_redacted,
        "after_is_as_given": is_as_given and not change.is_after_redacted,
    }


def _cut(text: str) -> str:
    return text if len(text) <= CUT else text[: CUT - 1].rstrip() + "…"
