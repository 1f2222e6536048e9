"""Numbers of the features that splits and merges of a change set add: reserved when it is handed in.

A number that the page proposed is only a proposal until then: where somebody else was quicker the next free one takes
its place. One that an officer typed stays as it was typed, and the check says whether it is taken.
"""

from collections.abc import Mapping
from typing import Any

from landgis.catalog.dataset import Dataset
from landgis.changes import minting, passage_checks
from landgis.changes.models import ChangeSet
from landgis.changes.passage_models import Descent
from landgis.workbench.models import Edit, EditKind

MINTED = "minted"  # of the fact of a number: that it was proposed, and may become another


def reserve(change_set: ChangeSet, dataset: Dataset) -> None:
    """Hold the sheets of its splits and merges until the transaction ends, and give each new feature a free number."""
    adding = list(change_set.edits.exclude(passage=None).filter(kind=EditKind.ADD, refused_by=None).order_by("pk"))
    minting.hold_sheets(dataset, [identity(dataset, edit) for edit in adding])
    for edit in adding:
        if edit.facts[minting.number_field(dataset)].get(MINTED) and _is_taken(change_set, dataset, edit.ref):
            _rename(change_set, dataset, edit)


def identity(dataset: Dataset, edit: Edit) -> dict[str, str]:
    return {name: str(edit.facts[name]["text"]) for name in dataset.identity}


def next_numbers(dataset: Dataset, like: Mapping[str, Any], count: int, drafts: ChangeSet | None) -> list[str]:
    """The next free numbers, those passed over that the same change set proposes already."""
    field = minting.number_field(dataset)
    adding = drafts.edits.filter(kind=EditKind.ADD, refused_by=None) if drafts else Edit.objects.none()
    own = [str(edit.facts[field].get("text", "")) for edit in adding if field in edit.facts]
    return minting.next_free(dataset, like, count, besides=drafts, also=own)


def _is_taken(change_set: ChangeSet, dataset: Dataset, ref: str) -> bool:
    given = dataset.in_force._default_manager.filter(ref=ref).exists()
    return bool(given or passage_checks.reserved(dataset, [ref], besides=change_set))


def _rename(change_set: ChangeSet, dataset: Dataset, edit: Edit) -> None:
    field, before, like = minting.number_field(dataset), edit.ref, identity(dataset, edit)
    (number,) = next_numbers(dataset, like, 1, change_set)
    edit.facts[field] = {"text": number, MINTED: True}
    (edit.ref,) = minting.refs_of(dataset, like, [number])
    edit.save(update_fields=["facts", "ref"])
    Descent.objects.filter(passage=edit.passage, child=before).update(child=edit.ref)
