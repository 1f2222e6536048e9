"""Edits of single features: kept as they are typed, put into an open change set, staged and handed in by the write door."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from landgis.accounts.models import User
from landgis.catalog.dataset import REF, Dataset
from landgis.catalog.models import Revision
from landgis.changes import actions as changes
from landgis.changes import mending, responsibility
from landgis.changes.comparison import BASE, KEPT, RETIRES
from landgis.changes.issues import Finding
from landgis.changes.models import ChangeSet, Door, Issue, State
from landgis.changes.redactions import Target
from landgis.changes.territories import Outside
from landgis.lib import statements
from landgis.workbench import change_sets, corners, edit_fields
from landgis.workbench.edit_fields import Fact
from landgis.workbench.models import Edit, EditKind

OPEN = (State.DRAFT, State.CHECKED, State.SUBMITTED, State.APPROVED)
MENDABLE = (State.DRAFT, State.CHECKED)
EDIT_LOCK = 0x65646974  # "edit": of a person one open change set of a dataset is made


class NotAsSeen(Exception):
    """The edit was saved again after it was shown, or the feature is in another state."""


class NotReady(Exception):
    """An edit has not been finished."""


@dataclass(frozen=True)
class Feature:
    """A feature in the state that is in force (`row`), and the edit of it that somebody has open, if any."""

    dataset: Dataset
    ref: str
    row: Any
    edit: Edit | None = None

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
        return row_of(self.dataset, self.ref, self.edit.base_revision) if self.edit and self.has_moved else self.row


def in_force(dataset: Dataset, ref: str) -> Any:
    return change_sets.in_force_of(dataset).filter(ref=ref, until_revision=None).first() if ref else None


def row_of(dataset: Dataset, ref: str, revision: int | None) -> Any:
    """The row that came into force with a revision."""
    return change_sets.in_force_of(dataset).filter(ref=ref, from_revision=revision).first() if revision else None


def row_as_of(dataset: Dataset, ref: str, revision: int) -> Any:
    """The row that was in force as of a revision."""
    began = change_sets.in_force_of(dataset).filter(ref=ref, from_revision__lte=revision)
    return began.exclude(until_revision__lte=revision).first()


def was(dataset: Dataset, ref: str) -> bool:
    """Whether there ever was a feature of that ref."""
    return bool(change_sets.in_force_of(dataset).filter(ref=ref).exists())


def of_person(by: User, dataset: Dataset) -> Any:
    """The edits that a person has open of a dataset."""
    open_sets = ChangeSet.objects.filter(author=by, dataset=dataset.name, door=Door.OFFICER, state__in=MENDABLE)
    return Edit.objects.filter(change_set__in=open_sets, refused_by=None).select_related("change_set")


def feature(dataset: Dataset, ref: str, by: User) -> Feature:
    """The feature as the form of a person has it. It need not be in force."""
    return Feature(dataset, ref, in_force(dataset, ref), of_person(by, dataset).filter(ref=ref).first())


def elsewhere(found: Feature) -> list[ChangeSet]:
    """Other open change sets that touch it."""
    if not found.ref:
        return []
    staged = found.dataset.proposed._default_manager.filter(ref=found.ref).exclude(action="unchanged")
    numbers = {
        *staged.values_list("change_set", flat=True),
        *Edit.objects.filter(ref=found.ref, refused_by=None).values_list("change_set", flat=True),
    }
    own = found.edit.change_set_id if found.edit else 0
    open_ones = ChangeSet.objects.filter(pk__in=numbers, dataset=found.dataset.name, state__in=OPEN).exclude(pk=own)
    return list(open_ones.select_related("author").order_by("pk"))


@transaction.atomic
def save(
    found: Feature, *, by: User, kind: str, base: int | None, facts: Mapping[str, Fact], reason: str = "", ref: str = ""
) -> Edit:
    """Keep what was typed; it does not count before its author has seen how it is read. Raises Outside."""
    statements.execute("SELECT pg_advisory_xact_lock(%s, %s)", [EDIT_LOCK, by.pk])
    edit = found.edit or Edit(change_set=_open_change_set(found, by), ref=ref or found.ref)
    if edit.pk:
        _open_again(edit.change_set, by)
    edit.kind, edit.base_revision, edit.facts, edit.reason = kind, base, dict(facts), reason
    edit.is_ready, edit.saves = False, edit.saves + 1
    edit.save()
    return edit


def _open_again(change_set: ChangeSet, by: User) -> None:
    """For its author to go on with. Raises Outside where it was handed over: others work on it."""
    change_set = ChangeSet.objects.select_for_update(of=("self",)).get(pk=change_set.pk)
    if not responsibility.may_prepare(change_set, by):
        raise Outside(0, ())
    if change_set.state == State.CHECKED:
        mending.reopen(change_set, by=by)


def _open_change_set(found: Feature, by: User) -> ChangeSet:
    """The person's open change set of the dataset, of features as real as this one; a new one where there is none."""
    made_up = _is_made_up(found)
    known = ChangeSet.objects.filter(
        author=by, dataset=found.dataset.name, door=Door.OFFICER, state__in=MENDABLE, is_made_up=made_up
    )
    begun = known.exclude(edits=None).order_by("-pk")
    if there := next((one for one in begun if responsibility.may_prepare(one, by)), None):
        _open_again(there, by)
        return there
    return changes.draft(found.dataset, by=by, door=Door.OFFICER, is_made_up=made_up)


def _is_made_up(found: Feature) -> bool:
    row = found.row or change_sets.in_force_of(found.dataset).filter(ref=found.ref).order_by("-from_revision").first()
    return row is not None and Revision.objects.filter(pk=row.from_revision, is_made_up=True).exists()


@transaction.atomic
def take_out(edit: Edit, *, by: User) -> None:
    """Drop an edit; the change set that loses its last one is withdrawn. Raises Outside."""
    change_set = edit.change_set
    _open_again(change_set, by)
    edit.delete()
    if not change_set.edits.exists():
        changes.withdraw(change_set, by=by, reason=EMPTIED)


EMPTIED = gettext_noop("The last feature was taken out of it.")


@transaction.atomic
def make_ready(edit: Edit, saves: int, *, by: User) -> None:
    """Let an edit count as it was shown. Raises NotAsSeen, and Outside where it was handed over."""
    if not responsibility.may_prepare(edit.change_set, by):
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
    found = feature(dataset_of(edit), edit.ref, by)
    if found.edit is not None:
        return found.edit
    return save(
        found, by=by, kind=edit.kind, base=edit.base_revision, facts=edit.facts, reason=edit.reason, ref=edit.ref
    )


def forget_value(target: Target) -> None:
    """Take a redacted value out of what was typed of its feature."""
    for edit in Edit.objects.filter(change_set__dataset=target.dataset.name, ref=target.redaction.ref):
        said = {name: target.without(getattr(edit, name)) for name in ("facts", "reason", "refusal")}
        Edit.objects.filter(pk=edit.pk).update(**said)


# What the write door says


def ref_of(dataset: Dataset, facts: Mapping[str, Fact]) -> str:
    """The ref of a new feature; empty where none can be made yet."""
    named = (*dataset.identity, *dataset.optional_identity)
    read = {name: edit_fields.read(dataset, name, facts[name]).value for name in named if name in facts}
    ref = dataset.ref(read)
    return ref if REF.fullmatch(ref) else ""


def tried(edit: Edit, *, by: User) -> list[Issue]:
    """What the checks say of an edit alone; nothing of the trial stays. Raises what the write door raises."""
    found: list[Issue] = []
    with transaction.atomic():
        trial = changes.draft(dataset_of(edit), by=by, door=Door.OFFICER)
        stage(trial, [edit])
        found = list(trial.issues.exclude(code__in=OF_MANY).order_by("severity", "id"))
        transaction.set_rollback(True)
    return found


OF_MANY = ("many-retired", "many-moved", "many-changed")  # asked of the whole change set


def dataset_of(edit: Edit) -> Dataset:
    return change_sets.or_404(edit.change_set_id)[1]


@transaction.atomic
def hand_in(change_set: ChangeSet, *, by: User, reason: str, source: str = "") -> bool:
    """Stage, check and submit; False where issues stop it: then it stays, checked, to be mended."""
    _open_again(change_set, by)
    ChangeSet.objects.filter(pk=change_set.pk).update(reason=reason, source=source)
    change_set.refresh_from_db()
    stage(change_set, list(change_set.edits.filter(refused_by=None)))
    if changes.stopping(change_set) or not any(changes.counts(change_set)[one] for one in ("add", "change", "retire")):
        return False
    changes.submit(change_set, by=by)
    return True


def stage(change_set: ChangeSet, edits: Sequence[Edit]) -> None:
    """The items of edits, checked."""
    dataset = change_sets.or_404(change_set.pk)[1]
    names = {name for edit in edits for name in edit.facts}
    brings = [name for name in dataset.columns if name in _columns(dataset, names)]
    findings: list[Finding] = []
    changes.stage(change_set, brings, list(_records(dataset, edits, brings, findings)))
    changes.record(change_set, findings)
    changes.check(change_set)


def _columns(dataset: Dataset, names: Iterable[str]) -> set[str]:
    """The columns that facts fill: those of a geometry belong together."""
    return {
        column for name in names for column in (dataset.geometry_kind.columns if name == dataset.geometry else [name])
    }


def _records(
    dataset: Dataset, edits: Sequence[Edit], brings: Sequence[str], findings: list[Finding]
) -> Iterator[tuple[Any, ...]]:
    for row, edit in enumerate(edits, 1):
        read = values_of(dataset, edit, row, findings)
        untouched = [name for name in brings if name not in read]
        raw: dict[str, Any] = {BASE: edit.base_revision or 0}
        if edit.base_revision is None:
            read |= {name: dataset.model_field(name).get_default() for name in untouched if name in _declared(dataset)}
        elif untouched:
            raw[KEPT] = untouched
        if edit.kind == EditKind.RETIRE:
            raw[RETIRES] = True
        yield (row, edit.ref, raw, *(read.get(name) for name in brings))


def _declared(dataset: Dataset) -> set[str]:
    return {field.name for field in dataset.fields}


def values_of(dataset: Dataset, edit: Edit, row: int, findings: list[Finding]) -> dict[str, Any]:
    """The values of the columns that an edit brings; what cannot be read is a finding."""
    read: dict[str, Any] = {}
    for name, fact in edit.facts.items():
        if edit.kind == EditKind.RETIRE:
            break
        if "as_of" in fact:
            past = row_as_of(dataset, edit.ref, fact["as_of"])
            read |= {one: edit_fields.stored(getattr(past, one, None)) for one in _columns(dataset, [name])}
            continue
        if name == dataset.geometry:
            drawn = corners.read(dataset, fact)
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
