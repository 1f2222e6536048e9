"""What the pages of splits and merges show: the ground before, what would come of it with its areas, and what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import shapely
from django.http import QueryDict
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from landgis.accounts.models import User
from landgis.catalog.dataset import REF, Dataset
from landgis.changes import minting, scopes
from landgis.changes.hidden import NOT_SHOWN
from landgis.changes.models import Issue, Severity
from landgis.imagery.queries import scenes
from landgis.lib.divisions import NotDivided
from landgis.pages import sketch
from landgis.workbench import (
    corners,
    dividing,
    edit_fields,
    edit_forms,
    editor_pages,
    edits,
    figures,
    passing,
    reserving,
)
from landgis.workbench.choices import written
from landgis.workbench.dividing import Ground
from landgis.workbench.edits import Feature
from landgis.workbench.passing import Child, Proposal

LONGEST_REASON = 500
SAID = ("how", "line", "srid", "side", "distance", "area", "remeasured")


@dataclass(frozen=True)
class Asked:
    """A page, what was proposed on it, and what the checks say of that; `is_stopped` where it cannot be put in so."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    proposal: Proposal | None = None
    is_stopped: bool = True
    issues: Sequence[Issue] = ()


def split(person: User, found: Feature, said: QueryDict | None) -> Asked:
    ground = dividing.ground_of(found.row)
    typed = _typed(said)
    context: dict[str, Any] = {
        "typed": typed | {"how": typed["how"] or dividing.LINE},
        "sketch": SimpleLazyObject(lambda: _sketch(ground.plane, ground)),
        "sides": dividing.sides(ground),
        "systems": dividing.systems(ground),
        "in_degrees": ground.system.in_degrees,
        "editor": editor_pages.of_passage("split", found, ground),
    }
    if said is None:
        return Asked("workbench/split.html", context)
    try:
        parts = dividing.divided(found.dataset, ground, typed)
    except NotDivided as refused:
        return Asked("workbench/split.html", context | {"error": dividing.in_words(refused)})
    except corners.Unreadable as unreadable:
        return Asked("workbench/split.html", context | {"error": str(unreadable)})
    return _proposed("workbench/split.html", context, person, found, [found.row], parts, said)


def merge(person: User, found: Feature, said: QueryDict | None) -> Asked:
    near = dividing.neighbours(found.dataset, found.row)
    chosen = set(said.getlist("with")) if said is not None else set()
    rows = [found.row, *(row for row in near if row.ref in chosen)]
    context: dict[str, Any] = {
        "typed": _typed(said),
        "neighbours": [_neighbour(found.dataset, row, is_chosen=row.ref in chosen) for row in near],
        "editor": editor_pages.of_passage("merge", found, dividing.ground_of(found.row)),
    }
    if said is None:
        return Asked("workbench/merge.html", context)
    if len(rows) == 1:
        return Asked("workbench/merge.html", context | {"error": _("Choose at least one neighbour.")})
    try:
        ground = dividing.joined(rows)
    except NotDivided as refused:
        return Asked("workbench/merge.html", context | {"error": dividing.in_words(refused)})
    context["contested"] = _contested(found.dataset, rows, said)
    return _proposed("workbench/merge.html", context, person, found, rows, [ground], said)


def renumber(person: User, found: Feature, said: QueryDict | None) -> Asked:
    """The same ground with all its facts under another number; its area on paper stays where nobody types another."""
    template, dataset = "workbench/renumber.html", found.dataset
    context: dict[str, Any] = {"typed": _typed(said), "number_label": dataset.label(minting.number_field(dataset))}
    if said is None:
        return Asked(template, context)
    with_area = said.copy()
    if dataset.legal_area:
        with_area.setdefault(
            "legal-0", edit_fields.text_of(dataset, dataset.legal_area, getattr(found.row, dataset.legal_area))
        )
    return _proposed(template, context, person, found, [found.row], [passing.size_of(found.row)], with_area)


def _proposed(
    template: str,
    context: dict[str, Any],
    person: User,
    found: Feature,
    rows: Sequence[Any],
    parts: Sequence[shapely.Geometry],
    said: QueryDict,
) -> Asked:
    """With the numbers and areas as typed, and what the checks say of it."""
    dataset, ground = found.dataset, dividing.ground_of(rows[0])
    children, wrong = _children(person, found, rows, parts, said)
    chosen = {name: said.get(f"from-{name}", "") for name in passing.contested(dataset, rows)}
    remeasured = context["typed"]["remeasured"]
    proposal = Proposal(dataset, rows, children, remeasured, chosen)
    has_moved = said.get("base", "") != str(found.revision)
    issues = [] if wrong or has_moved else passing.tried(proposal, by=person, into=found.into)
    told = [one for one in issues if one.code not in scopes.CODES]
    context |= {
        "children": _shown(dataset, ground, children, wrong),
        "sums": _sums(dataset, ground, rows, children),
        "figures": SimpleLazyObject(lambda: _figures(rows, parts)),
        "told": [text for texts in edit_forms.by_field(dataset, told).values() for text in texts],
        "has_moved": has_moved,
        "number_label": dataset.label(minting.number_field(dataset)),
        "legal_label": dataset.label(dataset.legal_area) if dataset.legal_area else "",
    }
    is_stopped = bool(wrong) or has_moved or any(one.severity == Severity.STOP for one in told)
    return Asked(template, context | {"can_count": not is_stopped}, proposal, is_stopped, issues)


def _figures(rows: Sequence[Any], parts: Sequence[shapely.Geometry]) -> list[dict[str, Any]]:
    before = shapely.union_all([passing.size_of(row) for row in rows])
    return figures.of_states(before, _lines(parts), scenes())


def _typed(said: QueryDict | None) -> dict[str, str]:
    texts = {name: said.get(name, "") if said is not None else "" for name in SAID}
    texts["remeasured"] = written(texts["remeasured"])[:LONGEST_REASON]
    return texts


def _children(
    person: User, found: Feature, rows: Sequence[Any], parts: Sequence[shapely.Geometry], said: QueryDict
) -> tuple[list[Child], dict[int, str]]:
    """With what is wrong with the number or area of each. Numbers that nobody typed are the next free ones."""
    dataset, like = found.dataset, vars(rows[0])
    draft = edits.draft_of(dataset, person, found.into)
    proposed = reserving.next_numbers(dataset, like, len(parts), draft)
    children, wrong = [], {}
    for at, part in enumerate(parts):
        number = written(said.get(f"number-{at}", ""))
        is_minted = not number or number == said.get(f"proposed-{at}")
        legal = written(said.get(f"legal-{at}", ""))
        children.append(Child(proposed[at] if is_minted else number, is_minted, legal, part))
        if error := _wrong_area(dataset, rows, legal):
            wrong[at] = error
    refs = minting.refs_of(dataset, like, [child.number for child in children])
    for at, ref in enumerate(refs):
        if not REF.fullmatch(ref) or refs.count(ref) > 1 or ref in {row.ref for row in rows}:
            wrong[at] = _("Each needs a number of its own, of letters, digits and hyphens.")
    return children, wrong


def _wrong_area(dataset: Dataset, rows: Sequence[Any], legal: str) -> str:
    """What is wrong with an area on paper as it was typed; empty where nothing is."""
    name = dataset.legal_area
    if name is None:
        return ""
    if not legal:
        return _("Type the area of the document.") if all(getattr(row, name) is not None for row in rows) else ""
    return edit_fields.read(dataset, name, {"text": legal}).error


def _legal_m2(dataset: Dataset, child: Child) -> float | None:
    """The area on paper as it was typed; None where it is no number."""
    if not (dataset.legal_area and child.legal):
        return None
    value = edit_fields.read(dataset, dataset.legal_area, {"text": child.legal}).value
    return None if value is None else float(value)


def _shown(dataset: Dataset, ground: Ground, children: Sequence[Child], wrong: dict[int, str]) -> list[dict[str, Any]]:
    lines = []
    for at, child in enumerate(children):
        plane = dividing.plane(child.shape, ground.srid)
        computed, legal = dividing.computed_m2(child.shape, ground.srid), _legal_m2(dataset, child)
        lines.append(
            {
                "at": at,
                "number": child.number,
                "proposed": child.number if child.is_minted else "",
                "legal": child.legal,
                "computed": edit_fields.square_metres(computed),
                "difference": "" if legal is None else edit_fields.square_metres(legal - computed),
                "sketch": SimpleLazyObject(partial(_sketch, plane, ground)),
                "error": wrong.get(at, ""),
            }
        )
    return lines


def _sums(dataset: Dataset, ground: Ground, rows: Sequence[Any], children: Sequence[Child]) -> dict[str, str]:
    """Before and after: on paper and computed."""
    before = sum(dividing.computed_m2(passing.size_of(row), ground.srid) for row in rows)
    after = sum(dividing.computed_m2(child.shape, ground.srid) for child in children)
    found = {"before": edit_fields.square_metres(before), "after": edit_fields.square_metres(after)}
    if dataset.legal_area:
        had = [getattr(row, dataset.legal_area) for row in rows]
        found["legal"] = "–" if None in had else edit_fields.square_metres(float(sum(had)))
        typed = [_legal_m2(dataset, child) for child in children]
        found["legal_after"] = "" if None in typed else edit_fields.square_metres(sum(one or 0.0 for one in typed))
    return found


def _sketch(plane: shapely.Geometry, ground: Ground) -> dict[str, Any] | None:
    return None if ground.system.in_degrees else sketch.of_shape(plane, ground.system)


def _lines(parts: Sequence[shapely.Geometry]) -> shapely.Geometry:
    return shapely.multilinestrings([ring for part in parts for ring in shapely.get_rings(shapely.get_parts(part))])


def _neighbour(dataset: Dataset, row: Any, *, is_chosen: bool) -> dict[str, Any]:
    measure = dataset.geometry_kind.measure
    size = corners.size_text(dataset, getattr(row, measure.column) if measure else None)
    named = {one.name: getattr(row, one.name) for one in dataset.stated_fields}
    return {"ref": row.ref, "title": dataset.title_of({**named, "ref": row.ref}), "size": size, "is_chosen": is_chosen}


def _contested(dataset: Dataset, rows: Sequence[Any], said: QueryDict) -> list[dict[str, Any]]:
    """Fields in which those to be merged differ; of what the public does not see only that they do."""
    lines = []
    for name in passing.contested(dataset, rows):
        values = [
            str(NOT_SHOWN) if dataset.is_hidden(name) else edit_fields.shown(dataset, name, getattr(row, name))
            for row in rows
        ]
        choices = [(row.ref, f"{value} ({row.ref})") for row, value in zip(rows, values, strict=True)]
        lines.append(
            {"name": name, "label": dataset.label(name), "choices": choices, "said": said.get(f"from-{name}", "")}
        )
    return lines
