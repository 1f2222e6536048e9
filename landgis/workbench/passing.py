"""Splits and merges as edits of a change set: the parents are retired, the children added with what they inherit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.db import transaction

from landgis.accounts.models import User
from landgis.catalog.dataset import Dataset
from landgis.catalog.geometry_kinds import AREA, LEGAL_SRID
from landgis.changes import mending, minting, passages, trials
from landgis.changes.models import ChangeSet, Issue
from landgis.workbench import drafts, edit_fields, edits, inherited, staging
from landgis.workbench.edit_fields import Fact
from landgis.workbench.edits import Feature
from landgis.workbench.models import Edit, EditKind
from landgis.workbench.reserving import MINTED


@dataclass(frozen=True)
class Child:
    """A new feature: its number, whether that was only proposed, its area on paper as typed, and its ground (EPSG:4326)."""

    number: str
    is_minted: bool
    legal: str
    shape: shapely.Geometry


@dataclass(frozen=True)
class Proposal:
    """What becomes of which rows in force. `chosen` says of fields in which parents differ whose value it is, by ref."""

    dataset: Dataset
    parents: Sequence[Any]
    children: Sequence[Child]
    remeasured: str = ""
    chosen: Mapping[str, str] | None = None

    @property
    def is_renumbering(self) -> bool:
        return len(self.parents) == len(self.children) == 1

    @property
    def refs(self) -> list[str]:
        """Those of the children."""
        return minting.refs_of(self.dataset, vars(self.parents[0]), [one.number for one in self.children])


@transaction.atomic
def put_in(found: Feature, proposal: Proposal, *, by: User) -> ChangeSet:
    """Into the person's open change set. Raises AlreadyEdited, ValueError, Outside and StateError."""
    edits.hold(by)
    refs = [row.ref for row in proposal.parents]
    if open_one := edits.of_person(by, proposal.dataset, found.into).filter(ref__in=[*refs, *proposal.refs]).first():
        raise edits.AlreadyEdited(open_one)
    change_set = edits.open_change_set(found, by)
    for ref in (*refs, *proposal.refs):
        mending.edit(change_set, ref, by=by)
    _write(change_set, proposal)
    return change_set


def tried(proposal: Proposal, *, by: User, into: ChangeSet | None = None) -> list[Issue]:
    """What the checks say of it, its neighbours being as the person's other drafts leave them; nothing of the trial stays."""
    with trials.change_set(proposal.dataset, by=by) as trial:
        written = _write(trial, proposal)
        beside = drafts.beside(proposal.dataset, written, by, into)
        told = trials.issues(trial, staging.put(trial, proposal.dataset, [*beside, *written]))
    return staging.of_the_last(told, len(beside))


def _write(change_set: ChangeSet, proposal: Proposal) -> list[Edit]:
    passage = passages.say(
        change_set, [row.ref for row in proposal.parents], proposal.refs, remeasured=proposal.remeasured
    )
    about = {"change_set": change_set, "passage": passage, "is_ready": True}
    retired = [
        Edit(kind=EditKind.RETIRE, ref=row.ref, base_revision=row.from_revision, **about) for row in proposal.parents
    ]
    added = [
        Edit(kind=EditKind.ADD, ref=ref, facts=_facts(proposal, child), **about)
        for ref, child in zip(proposal.refs, proposal.children, strict=True)
    ]
    return Edit.objects.bulk_create([*retired, *added])


def _facts(proposal: Proposal, child: Child) -> dict[str, Fact]:
    dataset, first = proposal.dataset, proposal.parents[0]
    number = minting.number_field(dataset)
    facts: dict[str, Fact] = {
        name: {"text": edit_fields.text_of(dataset, name, getattr(first, name))} for name in dataset.identity
    }
    facts[number] = {"text": child.number} | ({MINTED: True} if child.is_minted else {})
    if proposal.is_renumbering:
        facts |= {field.name: inherited.whole_of(first) for field in inherited.kept(dataset)}
    else:
        givers = {field.name: _givers(proposal, field.name) for field in inherited.passed_on(dataset)}
        facts |= {name: inherited.fact_of(rows) for name, rows in givers.items() if rows}
    if dataset.legal_area and child.legal:
        facts[dataset.legal_area] = {"text": child.legal}
    facts[str(dataset.geometry)] = {
        "wkb": shapely.to_wkb(child.shape, hex=True),
        "srid": getattr(first, LEGAL_SRID),
    }
    return facts


def _givers(proposal: Proposal, name: str) -> list[Any]:
    """The rows whose value a child gets: of lists all, else the one that was chosen, or any where they agree.

    A feature that is not public makes no other one public.
    """
    dataset, rows = proposal.dataset, list(proposal.parents)
    if dataset.field(name).parts:
        return rows
    if name == dataset.public_when:
        return [next((row for row in rows if not getattr(row, name)), rows[0])]
    if not differs(rows, name):
        return rows[:1]
    ref = (proposal.chosen or {}).get(name, "")
    return [row for row in rows if row.ref == ref]


def differs(rows: Sequence[Any], name: str) -> bool:
    return any(getattr(row, name) != getattr(rows[0], name) for row in rows)


def contested(dataset: Dataset, rows: Sequence[Any]) -> list[str]:
    """The fields of which somebody has to say whose value the merged feature gets."""
    return [
        field.name
        for field in inherited.passed_on(dataset)
        if not field.parts and field.name != dataset.public_when and differs(rows, field.name)
    ]


def size_of(row: Any) -> shapely.Geometry:
    """The ground of a row in force, EPSG:4326."""
    return shapely.from_wkb(bytes(getattr(row, AREA.column).wkb))


@transaction.atomic
def again(edit: Edit, *, by: User) -> Edit:
    """A split or merge that was rejected or withdrawn, whole, once more in an open change set. Raises AlreadyEdited."""
    edits.hold(by)
    before = edit.passage
    dataset = edits.dataset_of(edit)
    together = list(before.edits.order_by("pk")) if before else []
    refs = [one.ref for one in together]
    if open_one := edits.of_person(by, dataset).filter(ref__in=refs).first():
        raise edits.AlreadyEdited(open_one)
    parents, children = (
        [one.ref for one in together if (one.kind == EditKind.RETIRE) == is_parent] for is_parent in (True, False)
    )
    change_set = edits.open_change_set(edits.feature(dataset, parents[0], by), by)
    passage = passages.say(change_set, parents, children, remeasured=before.remeasured if before else "")
    for one in together:
        mending.edit(change_set, one.ref, by=by)
        one.pk, one.change_set, one.passage = None, change_set, passage
        one.refused_by, one.refusal, one._state.adding = None, "", True
        one.save()
    return together[0]
