"""Neighbours whose corners move along with a shared side: edits of the same change set, kept all or none.

The form says them as `along-<ref>` (corners, in the system of the form) and `base-<ref>` (the revision that was seen).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from landgis.accounts.models import User
from landgis.catalog.dataset import REF, Dataset
from landgis.catalog.geometry_kinds import LEGAL_SRID
from landgis.workbench import change_sets, corner_forms, corners, edits
from landgis.workbench.edit_fields import Fact
from landgis.workbench.edits import Feature
from landgis.workbench.models import Edit, EditKind

CORNERS, BASE = "along-", "base-"
ALONG = "along"  # of a fact: with which feature it moved, and as of which of its own saves
MOST = 40


class NotTogether(Exception):
    """A neighbour that cannot move along, by its `ref`; the text says why. Nothing was kept."""

    def __init__(self, ref: str, why: str):
        super().__init__(f"{ref}: {why}")
        self.ref = ref


@dataclass(frozen=True)
class Neighbour:
    """A feature that moves along: what is known of it, the fact of its corners, and the revision that was seen."""

    found: Feature
    fact: Fact
    base: int | None

    def edit(self) -> Edit:
        """What would be kept of it."""
        own, dataset = self.found.edit, self.found.dataset
        facts = (own.facts if own else {}) | {str(dataset.geometry): self.fact}
        kind, base = (own.kind, own.base_revision) if own else (EditKind.CHANGE, self.base)
        return Edit(ref=self.found.ref, kind=kind, base_revision=base, facts=facts)


def said_in(found: Feature, said: QueryDict, person: User) -> list[Neighbour]:
    """Those of a form whose corners differ from what is in force or drafted. Raises NotTogether."""
    refs = [name.removeprefix(CORNERS) for name in said if name.startswith(CORNERS)]
    if len(refs) > MOST:
        raise NotTogether(refs[MOST], _("More than %(most)s neighbours: move fewer at once.") % {"most": MOST})
    every = [_neighbour(found, ref, said, person) for ref in refs if REF.fullmatch(ref) and ref != found.ref]
    return [one for one in every if one is not None]


def _neighbour(found: Feature, ref: str, said: QueryDict, person: User) -> Neighbour | None:
    own = edits.feature(found.dataset, ref, person, found.into)
    if own.base is None:
        raise NotTogether(ref, _("There is no feature of that reference."))
    if own.edit is not None and (own.edit.passage_id or own.edit.kind == EditKind.RETIRE):
        raise NotTogether(ref, _("It belongs to a split or merge of yours, or is to be retired: take that out first."))
    text = corner_forms.lines_of(said.get(CORNERS + ref, ""))
    name = str(found.dataset.geometry)
    drafted = own.edit.facts.get(name) if own.edit else None
    if text == (drafted["text"] if drafted and "text" in drafted else corners.text_of(found.dataset, own.base)):
        return None
    srid = corner_forms.chosen_system(found, said)
    if getattr(own.base, LEGAL_SRID) != srid:
        raise NotTogether(ref, _("Its corners are kept in another coordinate system: move it alone."))
    base = said.get(BASE + ref, "")
    return Neighbour(
        own, {"text": text, "srid": srid}, int(base) if base.isascii() and base.isdecimal() and len(base) < 16 else None
    )


@transaction.atomic
def save(own: Edit, neighbours: Sequence[Neighbour], *, by: User) -> None:
    """Keep them in the change set of the edit that was just saved. Raises NotTogether, Outside and StateError."""
    for one in neighbours:
        found, name = one.found, str(one.found.dataset.geometry)
        if found.edit is not None and found.edit.change_set_id != own.change_set_id:
            raise NotTogether(found.ref, _("You have an open edit of it in another change set: finish that first."))
        if edits.was_made_up(found) != own.change_set.is_made_up:
            raise NotTogether(found.ref, _("One of the two is made up, the other is not: they do not move together."))
        is_seen = found.edit is None or found.edit.is_ready
        place = edits.Feature(found.dataset, found.ref, found.row, found.edit, own.change_set)
        kept = one.edit()
        fact = one.fact | ({ALONG: [own.ref, (found.edit.saves if found.edit else 0) + 1]} if is_seen else {})
        about: dict[str, Any] = {"kind": kept.kind, "base": kept.base_revision}
        edits.save(
            place, by=by, facts=kept.facts | {name: fact}, reason=found.edit.reason if found.edit else "", **about
        )


def of(own: Edit, geometry: str | None) -> list[Edit]:
    """The edits that moved along with it, and were not touched since."""
    if not own.pk or not geometry:
        return []
    others = own.change_set.edits.filter(refused_by=None, **{f"facts__{geometry}__{ALONG}__0": own.ref})
    return [other for other in others if other.facts[geometry][ALONG] == [own.ref, other.saves]]


@transaction.atomic
def make_ready(own: Edit, saves: int, geometry: str | None, *, by: User) -> None:
    """Let an edit count as it was shown, and what moved along with it. Raises as `edits.make_ready`."""
    edits.make_ready(own, saves, by=by)
    for other in of(own, geometry):
        edits.make_ready(other, other.saves, by=by)


def told(along: Sequence[Edit], dataset: Dataset) -> list[dict[str, Any]]:
    """For the page: each with its size before and as it would be."""
    measure, lines = dataset.geometry_kind.measure, []
    for other in along:
        row = change_sets.row_of(dataset, other.ref, other.base_revision)
        read = corners.read(dataset, other.facts[str(dataset.geometry)])
        lines.append(
            {
                "ref": other.ref,
                "before": corners.size_text(dataset, getattr(row, measure.column, None) if measure else None),
                "after": corners.size_text(dataset, read.measure),
                "error": read.error,
            }
        )
    return lines
