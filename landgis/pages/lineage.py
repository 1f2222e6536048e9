"""What a feature was before, as its page tells it: its versions, what changed in each, and its relatives."""

from itertools import takewhile
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from landgis.catalog import lineage, queries
from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.subject import Subject
from landgis.pages.texts import size_text, value_text

CUT = 160  # letters of a long text: the whole stands in the version itself
BEFORE_A_DIFFERENCE = 40


def context(subject: Subject) -> dict[str, Any]:
    """Context of pages/_history.html; of a past state what had happened by then."""
    dataset, as_of = subject.dataset, subject.state.as_of
    url = reverse("pages:feature", args=[dataset, subject.ref])
    found = subject.lineage
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
    """Label, value before, value after; only that it changed where the two read alike, and of a list."""
    if change.field is None:
        kind = dataset.geometry_kind
        before, after = (size_text(kind.measure, size) for size in (change.before, change.after))
        is_as_given, name = False, kind.column
    else:
        before, after = _values(dataset, change.field, change.before, change.after)
        is_as_given, name = dataset.is_free_text(change.field.name), change.field.name
    before = _("taken out") if change.is_before_redacted else before
    after = _("taken out") if change.is_after_redacted else after
    return {
        "label": dataset.label(name),
        "before": before,
        "after": after,
        "is_only_told": before == after or bool(change.field and change.field.parts),
        "before_is_as_given": is_as_given and not change.is_before_redacted,
        "after_is_as_given": is_as_given and not change.is_after_redacted,
    }


def _values(dataset: Dataset, field: Field, *values: Any) -> list[str]:
    """The two values in words; of long texts from where they differ."""
    unit = f" {field.unit}" if field.unit else ""
    texts = [
        f"{text}{unit}" if text else _("not stated") for text in (value_text(dataset, field, one) for one in values)
    ]
    alike = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False)))
    skipped = alike - BEFORE_A_DIFFERENCE if alike >= CUT - BEFORE_A_DIFFERENCE else 0
    return [_cut(text, skipped) for text in texts]


def _cut(text: str, skipped: int) -> str:
    text = f"…{text[skipped:]}" if skipped else text
    return text if len(text) <= CUT else text[: CUT - 1].rstrip() + "…"
