"""What has to be known first of any feature, whatever dataset it is of: that it does not hold yet, that facts contradict."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from landgis.catalog import codelists, registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.dataset.told import Contradiction
from landgis.catalog.subject import Subject
from landgis.catalog.tolerances import AREA_M2, AREA_SHARE
from landgis.lib.text import fold
from landgis.pages.texts import number_text


def not_in_force(subject: Subject) -> dict[str, Any] | None:
    """Context of pages/_not_in_force.html; None of what holds, or says nothing of it."""
    dataset, row = subject.dataset, subject.row
    if dataset.theme.pending is None or not dataset.is_pending(row):
        return None
    field = dataset.field(dataset.theme.pending[0])
    code = row[field.name]
    days = [row.get(turn.at) for turn in dataset.state.turns if turn.at and code in turn.reported]
    state = str(dataset.choices(field.name).get(code, code))
    return {
        "state": state,
        "says_so": fold(_("Not in force yet")) in fold(state),
        "meaning": codelists.meaning(field.codes, code),
        "holds_from": next(filter(None, days), None),
    }


def contradictions(subject: Subject) -> dict[str, Any] | None:
    """Context of pages/_contradictions.html; None where no fact of the office is against another."""
    parts = subject.dataset.parts
    found = [*_areas(subject), *(parts.contradictions(subject) if parts.contradictions else ())]
    return {"found": found, "explanation": subject.row.get(parts.explained_in) or ""} if found else None


def _areas(subject: Subject) -> Iterator[Contradiction]:
    """The same as the check of change sets, `area-difference`."""
    dataset, row = subject.dataset, subject.row
    measure = dataset.geometry_kind.measure
    legal = row[dataset.legal_area] if dataset.legal_area and measure else None
    if measure and legal and abs(row[measure.column] - float(legal)) > max(AREA_M2, AREA_SHARE * float(legal)):
        said = {"legal": number_text(legal, 1), "computed": number_text(row[measure.column], 1)}
        yield Contradiction(_("The area on paper is %(legal)s m², the boundary encloses %(computed)s m².") % said)


def heads(dataset: Dataset) -> list[tuple[str, Callable[[Any], Mapping[str, Any] | None]]]:
    """Pairs of template and query of what stands under a title: these, those that apps give to all, the dataset's own."""
    first, last = ("pages/_not_in_force.html", not_in_force), ("pages/_contradictions.html", contradictions)
    return [first, *registry.feature_heads(), *dataset.parts.head, last]
