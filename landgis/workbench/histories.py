"""The time line of a feature, for officers: who made it what it was, when and why, and what it came from."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from landgis.catalog import lineage
from landgis.catalog.dataset import Dataset
from landgis.catalog.models import Revision
from landgis.changes.hidden import NOT_SHOWN
from landgis.changes.models import ChangeSet
from landgis.imagery.queries import PublicScene, scenes
from landgis.workbench import change_sets, corners, edit_fields
from landgis.workbench import figures as drawing

MOST = 100
MOST_FIGURES = 12


def timeline(dataset: Dataset, ref: str) -> list[dict[str, Any]]:
    """What happened to a feature, the newest first; the state of each line can be restored where it is no more."""
    rows = list(change_sets.in_force_of(dataset).filter(ref=ref).order_by("-from_revision")[: MOST + 1])
    revisions = {row.from_revision for row in rows} | {row.until_revision for row in rows if row.until_revision}
    about, known = _about(revisions), scenes() if dataset.geometry else []
    lines: list[dict[str, Any]] = []
    for place, row in enumerate(rows[:MOST]):
        before = rows[place + 1] if place + 1 < len(rows) else None
        follows = before is not None and before.until_revision == row.from_revision
        if row.until_revision and (place == 0 or rows[place - 1].from_revision != row.until_revision):
            lines.append(about[row.until_revision] | {"what": _("retired"), "facts": [], "state": None, "figures": []})
        what = _("changed") if follows else _("in force again") if before is not None else _("added")
        facts = differing(dataset, before, row) if follows else []
        state = row.from_revision if row.until_revision else None
        figures = _figures(dataset, before if follows else None, row, known) if place < MOST_FIGURES else []
        lines.append(about[row.from_revision] | {"what": what, "facts": facts, "state": state, "figures": figures})
    return lines


def _figures(dataset: Dataset, before: Any, row: Any, known: Sequence[PublicScene]) -> list[dict[str, Any]]:
    """The state on the ground, with the one before where its boundary was another."""
    was, now = (drawing.shape_of(dataset, one) for one in (before, row))
    return drawing.over_each_other({"before": None if was == now else was, "after": now}, known, most=1)


def _about(revisions: set[int]) -> dict[int, dict[str, Any]]:
    """Of each revision when it was, and the change set with its people and reason."""
    made = ChangeSet.objects.filter(revision__in=revisions).select_related("author", "approver")
    by_revision = {one.revision: one for one in made}
    return {
        one.number: {
            "revision": one.number,
            "at": one.applied_at,
            "change_set": by_revision.get(one.number),
            "url": _address(by_revision.get(one.number)),
        }
        for one in Revision.objects.filter(number__in=revisions)
    }


def _address(change_set: ChangeSet | None) -> str:
    return reverse("workbench:change-set", args=[change_set.pk]) if change_set else ""


def differing(dataset: Dataset, before: Any, after: Any) -> list[dict[str, Any]]:
    """The facts in which two rows differ; of those that the public does not see only that they do."""
    lines = []
    for field in dataset.fields:
        values = [getattr(one, field.name, None) for one in (before, after)]
        if values[0] == values[1]:
            continue
        texts = [edit_fields.shown(dataset, field.name, value) for value in values]
        if dataset.is_hidden(field.name):
            texts = [str(NOT_SHOWN)] * 2
        lines.append({"label": dataset.label(field.name), "before": texts[0], "after": texts[1]})
    if (
        dataset.geometry
        and before is not None
        and getattr(before, dataset.geometry) != getattr(after, dataset.geometry)
    ):
        sizes = [_size(dataset, one) for one in (before, after)]
        lines.append(
            {
                "label": dataset.label(dataset.geometry),
                "before": sizes[0] or _("the former one"),
                "after": ", ".join(filter(None, (_("another one"), sizes[1]))),
            }
        )
    return lines


def _size(dataset: Dataset, row: Any) -> str:
    """What is measured of its geometry; empty where nothing is."""
    measure = dataset.geometry_kind.measure
    value = getattr(row, measure.column, None) if measure else None
    return corners.size_text(dataset, value) if value is not None else ""


def family(dataset: Dataset, ref: str) -> dict[str, list[lineage.Relative]]:
    """The public features from which it came, and those that followed it."""
    return {
        "parents": lineage.lineage(dataset, ref).predecessors,
        "children": lineage.successors(dataset, ref),
    }
