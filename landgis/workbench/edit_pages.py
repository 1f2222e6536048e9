"""What the page of the form of one feature says beside its controls: how it was read, where it lies, what may be done."""

from typing import Any

from landgis.accounts.models import User
from landgis.catalog.addresses import feature_address
from landgis.changes import responsibility, scopes
from landgis.changes.models import Issue, Severity
from landgis.imagery.queries import scenes
from landgis.workbench import (
    alongside,
    copied,
    corner_forms,
    corners,
    drafts,
    edit_forms,
    editor_pages,
    edits,
    figures,
    refusals,
    staging,
)
from landgis.workbench.edits import Feature
from landgis.workbench.models import Edit, EditKind


def context(person: User, found: Feature, *, is_refused: bool = False, like: Any = None) -> dict[str, Any]:
    """For the template; `is_refused` where what was typed now is shown once more and was not kept, `like` the row that is copied."""
    own = found.edit
    facts = own.facts if own else copied.facts_of(found.dataset, like) if like is not None else {}
    is_retired = own is not None and own.kind == EditKind.RETIRE
    controls = edit_forms.fields(found, facts, {})
    shape = corner_forms.shape_of(found, facts)
    is_wrong = not is_retired and (any(one["errors"] for one in controls) or bool(shape and shape["error"]))
    is_told = own is not None and bool(facts or is_retired) and not is_wrong and not found.has_moved
    is_handed = is_refused or is_handed_over(person, found)
    along = alongside.of(own, found.dataset.geometry) if own and is_told and not is_handed else []
    tried = tried_with(person, found, [own, *along]) if own and is_told and not is_handed else []
    faults = [one for one in tried if one.code not in scopes.CODES]
    told = edit_forms.by_field(found.dataset, faults)
    controls = edit_forms.fields(found, facts, told) if faults else controls
    conflict = [] if is_handed else edit_forms.conflict(found)
    is_stopped = any(one.severity == Severity.STOP for one in faults)
    return {
        "controls": controls,
        "shape": shape,
        "editor": None if is_handed or is_retired else editor_pages.of_form(found, (shape or {}).get("srid")),
        "survey_url": editor_pages.survey_url(found) if shape and not shape["is_large"] else "",
        "figures": _figures(found) if is_told else [],
        "told": told.get("", []),
        "along": alongside.told(along, found.dataset),
        "is_retired": is_retired,
        "like": like,
        "conflict": conflict,
        "conflict_figures": _conflict_drawn(found) if conflict and found.dataset.geometry else [],
        "changed": edit_forms.changed(found, facts) if is_told and not is_retired else [],
        "can_count": is_told and not is_stopped and not is_handed,
        "is_wrong": (is_wrong or is_stopped) and not is_handed,
        "is_handed": is_handed,
        "is_kept": not is_handed,
        "outside": "" if is_handed else refusals.of_feature(person, found.dataset, _ref(found), _lying(tried)),
        "taken_on": edits.taken_on(person, found),
        "asks_made_up": edit_forms.is_new(found) and found.into is None and not is_handed,
        "is_made_up": not is_handed and edits.is_likely_made_up(found, person),
        **_known(found),
    }


def tried_with(person: User, found: Feature, some: list[Edit]) -> list[Issue]:
    """What the checks say of edits, as the person's other drafts leave their neighbours."""
    beside = drafts.beside(found.dataset, some, person, found.into)
    return staging.tried(found.dataset, some, by=person, beside=beside)


def _known(found: Feature) -> dict[str, Any]:
    """What is known of the feature whatever was typed."""
    return {
        "found": found,
        "dataset": found.dataset,
        "edit": found.edit,
        "base": found.edit.base_revision if found.edit else found.revision,
        "elsewhere": edits.elsewhere(found),
        "is_public": _is_public(found),
        "public_url": feature_address(found.dataset.name, found.ref) if found.row is not None else None,
        "title": edit_forms.title(found),
        # Of a feature that is new the address of the page does not say that it was begun.
        "action": edit_forms.address(found) if found.edit and found.edit.pk else "",
    }


def is_handed_over(person: User, found: Feature) -> bool:
    """Whether others work on the change set of the person's edit now."""
    change_set = found.edit.change_set if found.edit else found.into
    return change_set is not None and not responsibility.may_edit(change_set, person)


def _ref(found: Feature) -> str:
    """Of what is in force."""
    return found.ref if found.row is not None else ""


def _lying(tried: list[Issue]) -> dict[str, str] | None:
    """Where it would lie by what was typed, where that is outside of the person's territory."""
    return next((one.params for one in tried if one.code in scopes.CODES), None)


def _figures(found: Feature) -> list[dict[str, Any]]:
    """The boundary that was written, on the ground."""
    fact = found.edit.facts.get(str(found.dataset.geometry)) if found.edit else None
    if not fact or "text" not in fact:
        return []
    after = corners.read(found.dataset, fact).shape
    return figures.of_states(figures.shape_of(found.dataset, found.base), after, scenes()) if after is not None else []


def _conflict_drawn(found: Feature) -> list[dict[str, Any]]:
    """What it was, theirs and mine over each other, where the boundary is among what differs."""
    dataset, own = found.dataset, found.edit
    mine = drafts.shape_of(dataset, own) if own else None
    was, theirs = (figures.shape_of(dataset, row) for row in (found.base, found.row))
    if mine is None and was == theirs:
        return []
    return figures.over_each_other({"base": was, "theirs": theirs, "mine": mine}, scenes())


def _is_public(found: Feature) -> bool | None:
    """Whether it is shown; None where that is not asked of single features."""
    name = found.dataset.public_when
    return bool(getattr(found.row, name)) if name and found.row is not None else None
