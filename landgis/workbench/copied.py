"""What the form of a new feature takes over of another one: what everybody may read of it, and nothing that names it or is its own.

Nobody's identity, certificate, national code, area on paper or place is copied, no share of a whole, no file, and not whether it is public.
"""

from typing import Any

from django.http import Http404

from landgis.catalog.dataset import Dataset, Field
from landgis.workbench import edit_fields, edits, inherited
from landgis.workbench.edit_fields import Fact


def row_of(dataset: Dataset, ref: str) -> Any:
    """The feature in force that is copied. Raises Http404."""
    row = edits.in_force(dataset, ref)
    if row is None:
        raise Http404
    return row


def facts_of(dataset: Dataset, row: Any) -> dict[str, Fact]:
    """As if they had been typed."""
    values = {field.name: _value(field, getattr(row, field.name)) for field in _copied(dataset)}
    return {
        name: {"text": edit_fields.text_of(dataset, name, value)}
        for name, value in values.items()
        if value not in (None, "", [])
    }


def _copied(dataset: Dataset) -> list[Field]:
    shown = {field.name for field in edit_fields.editable(dataset, is_new=True)} - {dataset.public_when}
    passed_on = inherited.passed_on(dataset)
    return [field for field in passed_on if field.name in shown and not dataset.is_hidden(field.name)]


def _value(field: Field, value: Any) -> Any:
    own = {part.name for part in field.parts if part.is_number or part.is_file}
    return [{key: told for key, told in line.items() if key not in own} for line in value or []] if own else value
