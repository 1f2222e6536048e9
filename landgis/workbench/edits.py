"""Edits of single features: kept as they are typed, put into an open change set, staged and handed in by the write door."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from landgis.accounts.models import User
from landgis.catalog.dataset import Dataset
from landgis.catalog.models import Revision
from landgis.changes import actions as changes
from landgis.changes import confirmations, mending, responsibility
from landgis.changes.models import ChangeSet, Door, State
from landgis.changes.redactions import Target
from landgis.changes.territories import Outside
from landgis.lib import statements
from landgis.workbench import change_sets, reserving, staging
from landgis.workbench.edit_fields import Fact
from landgis.workbench.models import Edit

OPEN = (State.DRAFT, State.CHECKED, State.SUBMITTED, State.APPROVED)
MENDABLE = (State.DRAFT, State.CHECKED)
EDIT_LOCK = 0x65646974  # "edit": of a person one open change set of a dataset is made


class NotAsSeen(Exception):
    """The edit was saved again after it was shown, or the feature is in another state."""


class AlreadyEdited(Exception):
    """The person works on the feature already, in `edit`."""

    def __init__(self, edit: Edit):
        super().__init__(edit.ref)
        self.edit = edit


class SavedMeanwhile(Exception):
    """Its author saved it from another window after this one was opened."""


class NotReady(Exception):
    """An edit has not been finished."""


@dataclass(frozen=True)
class Feature:
    """A feature in the state that is in force (`row`), and the edit of it that somebody has open, if any.

    `into` is the change set that was handed over and that the person writes into, instead of one of the own ones.
    """

    dataset: Dataset
    ref: str
    row: Any
    edit: Edit | None = None
    into: ChangeSet | None = None

    @property
    def revision(self) -> int | None:
        return self.row.from_revision if self.row is not None else None

    @property
    def has_moved(self) -> bool:
        """Whether another state is in force than the one that the author of the edit saw."""
        return self.edit is not None and self.edit.base_revision != self.revision

    @property
    def base(self) -> Any:
        """The row that the author of the edit saw; that in force where there is no edit."""
        if self.edit is None or not self.has_moved:
            return self.row
        return change_sets.row_of(self.dataset, self.ref, self.edit.base_revision)


def in_force(dataset: Dataset, ref: str) -> Any:
    return change_sets.in_force_of(dataset).filter(ref=ref, until_revision=None).first() if ref else None


def was(dataset: Dataset, ref: str) -> bool:
    """Whether there ever was a feature of that ref."""
    return bool(change_sets.in_force_of(dataset).filter(ref=ref).exists())


def of_person(by: User, dataset: Dataset, into: ChangeSet | None = None) -> QuerySet[Edit]:
    """The edits that a person has open of a dataset, or those of a change set that was handed over."""
    open_sets = ChangeSet.objects.filter(author=by, dataset=dataset.name, door=Door.OFFICER, state__in=MENDABLE)
    among = [into] if into else open_sets
    return Edit.objects.filter(change_set__in=among, refused_by=None).select_related("change_set")


def taken_on(by: User, found: Feature) -> QuerySet[ChangeSet]:
    """The change sets that were handed over, and into which the person may write of this feature instead."""
    open_ones = responsibility.taken_on(by).filter(door=Door.OFFICER, state__in=MENDABLE)
    return open_ones.filter(dataset=found.dataset.name).order_by("pk")


def feature(dataset: Dataset, ref: str, by: User, into: ChangeSet | None = None) -> Feature:
    """The feature as the form of a person has it. It need not be in force."""
    edit = of_person(by, dataset, into).filter(ref=ref).first()
    return Feature(dataset, ref, in_force(dataset, ref), edit, into)


def elsewhere(found: Feature) -> list[ChangeSet]:
    """Other open change sets that touch it."""
    if not found.ref:
        return []
    own = found.edit.change_set_id if found.edit else 0
    every = ChangeSet.objects.filter(dataset=found.dataset.name, state__in=OPEN).exclude(pk=own).defer("reading")
    open_ones = {one.pk: one for one in every.select_related("author").order_by("pk")}
    # By the change sets that are open: of all that was ever staged no index knows single features.
    about = {"change_set__in": list(open_ones), "ref": found.ref}
    staged = found.dataset.proposed._default_manager.filter(**about).exclude(action="unchanged")
    numbers = {
        *staged.values_list("change_set", flat=True),
        *Edit.objects.filter(refused_by=None, **about).values_list("change_set", flat=True),
    }
    return [one for number, one in open_ones.items() if number in numbers]


def hold(by: User, into: ChangeSet | None = None) -> None:
    """Let a person write one thing at a time, until the transaction ends, and nobody else into what was handed over.

    What is written to is to be read behind it.
    """
    statements.execute("SELECT pg_advisory_xact_lock(%s, %s)", [EDIT_LOCK, by.pk])
    if into is not None:
        ChangeSet.objects.select_for_update(of=("self",)).get(pk=into.pk)


@transaction.atomic
def save(
    found: Feature,
    *,
    by: User,
    kind: str,
    base: int | None,
    facts: Mapping[str, Fact],
    reason: str = "",
    ref: str = "",
    is_made_up: bool | None = None,
) -> Edit:
    """Keep what was typed; it does not count before its author has seen how it is read. Raises Outside and StateError.

    Whether a feature is made up is said where it is new; another one is what it is.
    """
    hold(by)
    made_up = was_made_up(found) if is_made_up is None else is_made_up
    edit, ref = found.edit or Edit(ref=ref or found.ref), ref or found.ref
    goes_elsewhere = bool(edit.pk) and is_made_up is not None and edit.change_set.is_made_up != made_up
    if goes_elsewhere:
        _leave([edit], by=by)
    if goes_elsewhere or not edit.pk:
        edit.change_set = found.into or _open_change_set(found.dataset, by, is_made_up=made_up)
    mending.edit(edit.change_set, ref, by=by)
    edit.kind, edit.base_revision, edit.facts, edit.reason = kind, base, dict(facts), reason
    edit.is_ready, edit.saves = False, edit.saves + 1
    edit.save()
    return edit


def _open_change_set(dataset: Dataset, by: User, *, is_made_up: bool) -> ChangeSet:
    """The person's open change set of features as real as these; a new one where there is none."""
    begun = _begun(dataset, by).filter(is_made_up=is_made_up)
    there = next((one for one in begun if responsibility.may_edit(one, by)), None)
    return there or changes.draft(dataset, by=by, door=Door.OFFICER, is_made_up=is_made_up)


def open_change_set(found: Feature, by: User) -> ChangeSet:
    """Where what a person writes of a feature goes: the change set that was handed over, or the own open one."""
    return found.into or _open_change_set(found.dataset, by, is_made_up=was_made_up(found))


def draft_of(dataset: Dataset, by: User, into: ChangeSet | None = None) -> ChangeSet | None:
    """The open change set of edits that the person has, if any."""
    return into or _begun(dataset, by).first()


def _begun(dataset: Dataset, by: User) -> QuerySet[ChangeSet]:
    """The person's open change sets of edits, the newest first."""
    known = ChangeSet.objects.filter(author=by, dataset=dataset.name, door=Door.OFFICER, state__in=MENDABLE)
    return known.exclude(edits=None).order_by("-pk")


def was_made_up(found: Feature) -> bool:
    """Whether the feature is, as it is in force or was last."""
    row = found.row or change_sets.in_force_of(found.dataset).filter(ref=found.ref).order_by("-from_revision").first()
    return row is not None and Revision.objects.filter(pk=row.from_revision, is_made_up=True).exists()


def is_likely_made_up(found: Feature, by: User) -> bool:
    """Whether a new feature is, as long as nobody says otherwise: as those beside it, else as those published last."""
    if own := found.into or (found.edit.change_set if found.edit else _begun(found.dataset, by).first()):
        return bool(own.is_made_up)
    newest = Revision.objects.filter(dataset=found.dataset.name).order_by("-number").first()
    return newest is not None and newest.is_made_up


@transaction.atomic
def take_out(edit: Edit, *, by: User) -> None:
    """Drop an edit, and all of its split or merge; the change set that loses its last one is withdrawn.

    Raises Outside, StateError and, where it is gone already, NotAsSeen.
    """
    hold(by)
    mending.open_for(edit.change_set, by=by)
    if not Edit.objects.filter(pk=edit.pk).exists():
        raise NotAsSeen
    passage = edit.passage
    together = list(passage.edits.all()) if passage else [edit]
    _leave(together, by=by)
    Edit.objects.filter(pk__in=[one.pk for one in together]).delete()
    if passage:
        passage.delete()


def _leave(together: Sequence[Edit], *, by: User) -> None:
    """Let edits leave their change set, which has them no more."""
    change_set = together[0].change_set
    for edit in together:
        mending.edit(change_set, edit.ref, by=by, verb="take-out")
    if not change_set.edits.exclude(pk__in=[edit.pk for edit in together]).exists():
        changes.withdraw(change_set, by=by, reason=EMPTIED)


EMPTIED = gettext_noop("The last feature was taken out of it.")


@transaction.atomic
def make_ready(edit: Edit, saves: int, *, by: User) -> None:
    """Let an edit count as it was shown. Raises NotAsSeen, and Outside where it was handed over."""
    if not responsibility.may_edit(edit.change_set, by):
        raise Outside(0, ())
    hit = Edit.objects.filter(pk=edit.pk, saves=saves, change_set__state=State.DRAFT).update(is_ready=True)
    if hit != 1:
        raise NotAsSeen


def refuse(change_set: ChangeSet, reasons: Mapping[str, str], *, by: User) -> None:
    """Write down with the edits that an approver rejected them, each ref with its reason."""
    for ref, reason in reasons.items():
        change_set.edits.filter(ref=ref).update(refused_by=by, refusal=reason)


@transaction.atomic
def mend(edit: Edit, *, by: User) -> Edit:
    """What was rejected or withdrawn, once more in an open change set of its author; what is open there already stays."""
    hold(by)
    found = feature(dataset_of(edit), edit.ref, by)
    if found.edit is not None:
        return found.edit
    return save(
        found,
        by=by,
        kind=edit.kind,
        base=edit.base_revision,
        facts=edit.facts,
        reason=edit.reason,
        ref=edit.ref,
        is_made_up=edit.change_set.is_made_up,
    )


def forget_value(target: Target) -> None:
    """Take a redacted value out of what was typed of its feature."""
    for edit in Edit.objects.filter(change_set__dataset=target.dataset.name, ref=target.redaction.ref):
        said = {name: target.without(getattr(edit, name)) for name in ("facts", "reason", "refusal")}
        Edit.objects.filter(pk=edit.pk).update(**said)


def dataset_of(edit: Edit) -> Dataset:
    return change_sets.or_404(edit.change_set_id)[1]


@transaction.atomic
def hand_in(change_set: ChangeSet, *, by: User, reason: str, source: str = "", numbers: Collection[int] = ()) -> bool:
    """Stage, check and submit; False where issues stop it: then it stays, checked, to be mended.

    One of the `numbers` confirms what would touch much of what is in force. Raises NotReady, Outside and StateError.
    """
    mending.open_for(change_set, by=by)
    if not change_set.edits.exists() or change_set.edits.filter(is_ready=False).exists():
        raise NotReady
    ChangeSet.objects.filter(pk=change_set.pk).update(reason=reason, source=source)
    change_set.refresh_from_db()
    reserving.reserve(change_set, change_sets.or_404(change_set.pk)[1])
    staging.stage(change_set, list(change_set.edits.filter(refused_by=None)))
    confirmations.confirm(change_set, numbers, by=by)
    if changes.stopping(change_set) or not any(changes.counts(change_set)[one] for one in ("add", "change", "retire")):
        return False
    changes.submit(change_set, by=by)
    return True
