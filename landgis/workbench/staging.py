"""Edits of single features as items of a change set: staged and checked by the write door."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from landgis.accounts.models import User
from landgis.catalog.dataset import REF, Dataset
from landgis.changes import actions as changes
from landgis.changes import trials
from landgis.changes.issues import Finding
from landgis.changes.marks import BASE, KEPT, REASON, RETIRES
from landgis.changes.models import ChangeSet, Issue
from landgis.workbench import change_sets, edit_fields, inherited, kept_corners
from landgis.workbench.edit_fields import Fact
from landgis.workbench.models import Edit, EditKind


def ref_of(dataset: Dataset, facts: Mapping[str, Fact]) -> str:
    """The ref of a new feature; empty where none can be made yet."""
    named = (*dataset.identity, *dataset.optional_identity)
    read = {name: edit_fields.read(dataset, name, facts[name]).value for name in named if name in facts}
    ref = dataset.ref(read)
    return ref if REF.fullmatch(ref) else ""


def tried(dataset: Dataset, edits: Sequence[Edit], *, by: User, beside: Sequence[Edit] = ()) -> list[Issue]:
    """What the checks say of edits alone, what lies `beside` them being as drafted; nothing of the trial stays.

    They need not have been saved. The rows of the issues count the edits from 1.
    """
    before = len(beside)
    with trials.change_set(dataset, by=by) as trial:
        told = trials.issues(trial, put(trial, dataset, [*beside, *edits]))
    return of_the_last(told, before)


def of_the_last(told: Sequence[Issue], before: int) -> list[Issue]:
    """Issues without those of the first rows, the others counted from 1."""
    found = [issue for issue in told if issue.row is None or issue.row > before]
    for issue in found:
        issue.row = issue.row - before if issue.row else None
    return found


def stage(change_set: ChangeSet, edits: Sequence[Edit]) -> None:
    """The items of edits, checked."""
    findings = put(change_set, change_sets.or_404(change_set.pk)[1], edits)
    changes.record(change_set, findings)
    changes.check(change_set)


def put(change_set: ChangeSet, dataset: Dataset, edits: Sequence[Edit]) -> list[Finding]:
    """The items of edits; gives what cannot be read."""
    names = {name for edit in edits for name in edit.facts}
    brings = [name for name in dataset.columns if name in _columns(dataset, names)]
    findings: list[Finding] = []
    changes.stage(change_set, brings, list(_records(dataset, edits, brings, findings)))
    return findings


def _columns(dataset: Dataset, names: Iterable[str]) -> set[str]:
    """The columns that facts fill: those of a geometry belong together."""
    return {
        column for name in names for column in (dataset.geometry_kind.columns if name == dataset.geometry else [name])
    }


def _records(
    dataset: Dataset, edits: Sequence[Edit], brings: Sequence[str], findings: list[Finding]
) -> Iterator[tuple[Any, ...]]:
    known: inherited.Rows = {}
    for row, edit in enumerate(edits, 1):
        read = values_of(dataset, edit, row, findings, known)
        untouched = [name for name in brings if name not in read]
        raw: dict[str, Any] = {BASE: edit.base_revision or 0}
        if edit.base_revision is None:
            read |= {name: dataset.model_field(name).get_default() for name in untouched if name in _declared(dataset)}
        elif untouched:
            raw[KEPT] = untouched
        if edit.kind == EditKind.RETIRE:
            raw[RETIRES] = True
        if edit.reason and (edit.kind == EditKind.RETIRE or _hides(dataset, edit)):
            raw[REASON] = edit.reason
        yield (row, edit.ref, raw, *(read.get(name) for name in brings))


def _hides(dataset: Dataset, edit: Edit) -> bool:
    """Whether it withdraws its feature from the public."""
    return edit.facts.get(str(dataset.public_when), {}).get("text") == "false"


def _declared(dataset: Dataset) -> set[str]:
    return {field.name for field in dataset.fields}


def values_of(dataset: Dataset, edit: Edit, row: int, findings: list[Finding], known: inherited.Rows) -> dict[str, Any]:
    """The values of the columns that an edit brings; what cannot be read is a finding."""
    read: dict[str, Any] = {}
    for name, fact in edit.facts.items():
        if edit.kind == EditKind.RETIRE:
            break
        if "as_of" in fact:
            past = change_sets.row_as_of(dataset, edit.ref, fact["as_of"])
            read |= {one: edit_fields.stored(getattr(past, one, None)) for one in _columns(dataset, [name])}
            continue
        if "of" in fact:
            read[name] = inherited.stored(dataset, name, fact, known)
            continue
        if name == dataset.geometry:
            drawn = kept_corners.read(dataset, edit, fact)
            read |= drawn.values
            if drawn.error:
                findings.append(Finding("geometry-missing", row=row, ref=edit.ref))
            continue
        found = edit_fields.read(dataset, name, fact)
        read[name] = found.value
        if found.error:
            findings.append(
                Finding("value-unreadable", row=row, ref=edit.ref, field=name, params={"value": "", "expected": ""})
            )
    return read
