"""What an approver sees of a change set of single features: each with what differs, on the ground too, and its issues."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from landgis.catalog.dataset import REF, Dataset
from landgis.changes import items
from landgis.changes.models import Action, ChangeSet, State
from landgis.imagery.queries import PublicScene, scenes
from landgis.workbench import change_sets, figures, histories
from landgis.workbench.edit_forms import issue_texts
from landgis.workbench.models import Edit

MOST_FIGURES = 12


def lines(change_set: ChangeSet, dataset: Dataset, said: Mapping[str, str]) -> list[dict[str, Any]]:
    """The features that it changes, in the order in which their author put them in, with what was decided of each."""
    first = items.of(change_set).first(change_sets.MOST_COMPARED, without=[Action.UNCHANGED])
    refs = [item.ref for item in first]
    before = change_sets.in_force_of(dataset).filter(ref__in=refs, until_revision=change_set.revision)
    rows = {row.ref: row for row in before}
    edits = {edit.ref: edit for edit in change_set.edits.all()}
    issues = issue_texts(dataset, change_set.issues.exclude(row=None))
    drawn = _figures(dataset, [(rows.get(item.ref), item) for item in first])
    return [
        {
            "item": item,
            "edit": edits.get(item.ref),
            "title": _title(dataset, item),
            "url": reverse("workbench:feature", args=[dataset.name, item.ref]) if REF.fullmatch(item.ref) else "",
            "facts": histories.differing(dataset, rows.get(item.ref), item) if item.action != Action.RETIRE else [],
            "issues": issues.get(item.row, []),
            "figures": figure,
            "is_rejected": said.get(f"decision-{item.row}") == "reject",
            "refusal": said.get(f"refusal-{item.row}", ""),
        }
        for item, figure in zip(first, drawn, strict=True)
    ]


def to_mend(change_set: ChangeSet) -> QuerySet[Edit]:
    """Its edits that an approver rejected; all of them where it was rejected or withdrawn as a whole."""
    found = change_set.edits.select_related("refused_by")
    is_whole = change_set.state in (State.REJECTED, State.WITHDRAWN)
    return found if is_whole else found.exclude(refused_by=None)


def _title(dataset: Dataset, item: Any) -> str:
    names = [field.name for field in dataset.stated_fields]
    return dataset.title_of({name: getattr(item, name) for name in (*names, "ref")})


def _figures(dataset: Dataset, pairs: list[tuple[Any, Any]]) -> list[list[dict[str, Any]]]:
    """Of the first features that have a place, those pictures on which it is drawn before and after."""
    if not dataset.geometry:
        return [[] for _pair in pairs]
    newest_first = scenes()
    return [
        _of_feature(dataset, before, item, newest_first) if place < MOST_FIGURES else []
        for place, (before, item) in enumerate(pairs)
    ]


def _of_feature(dataset: Dataset, before: Any, item: Any, known: list[PublicScene]) -> list[dict[str, Any]]:
    after = None if item.action == Action.RETIRE else figures.shape_of(dataset, item)
    return figures.of_states(figures.shape_of(dataset, before), after, known)
