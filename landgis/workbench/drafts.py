"""What the open edits of a person draw: the ground as it would be once they are in force."""

from collections.abc import Iterable, Sequence

import shapely
from django.contrib.gis.db.models.functions import AsWKB

from landgis.accounts.models import User
from landgis.catalog.dataset import Dataset
from landgis.changes.models import ChangeSet
from landgis.changes.touched import REACH_DEGREES
from landgis.workbench import change_sets, corners, edits
from landgis.workbench.models import Edit, EditKind


def shape_of(dataset: Dataset, edit: Edit) -> shapely.Geometry | None:
    """The geometry that an edit draws, EPSG:4326; None where it leaves that alone, or what it says cannot be read."""
    fact = edit.facts.get(str(dataset.geometry))
    if fact is None or edit.kind == EditKind.RETIRE:
        return None
    if "as_of" not in fact:
        return corners.read(dataset, fact).shape
    stored = getattr(change_sets.row_as_of(dataset, edit.ref, fact["as_of"]), str(dataset.geometry), None)
    return shapely.from_wkb(bytes(stored.wkb)) if stored is not None else None


def retired(edits: Iterable[Edit]) -> set[str]:
    """The refs of what they would retire."""
    return {edit.ref for edit in edits if edit.kind == EditKind.RETIRE}


def beside(dataset: Dataset, some: Sequence[Edit], person: User, into: ChangeSet | None) -> list[Edit]:
    """The person's other open edits that draw or retire a neighbour of these: each is looked at as the others leave it."""
    if not dataset.geometry:
        return []
    own = {edit.ref for edit in some}
    others = [edit for edit in edits.of_person(person, dataset, into) if edit.ref not in own]
    others = [edit for edit in others if edit.kind == EditKind.RETIRE or dataset.geometry in edit.facts]
    if not others:
        return []
    known = _in_force(dataset, own | retired(others))
    reached = [*(shape_of(dataset, edit) for edit in some), *(known.get(ref) for ref in own)]
    ground = [shapely.box(*one.bounds).buffer(REACH_DEGREES) for one in reached if one is not None]
    shapes = [known.get(edit.ref) if edit.kind == EditKind.RETIRE else shape_of(dataset, edit) for edit in others]
    return [
        edit
        for edit, shape in zip(others, shapes, strict=True)
        if shape is not None and any(shape.intersects(one) for one in ground)
    ]


def _in_force(dataset: Dataset, refs: Iterable[str]) -> dict[str, shapely.Geometry]:
    column = str(dataset.geometry)
    rows = change_sets.in_force_of(dataset).filter(until_revision=None, ref__in=list(refs)).exclude(**{column: None})
    return {ref: shapely.from_wkb(bytes(wkb)) for ref, wkb in rows.values_list("ref", AsWKB(column))}
