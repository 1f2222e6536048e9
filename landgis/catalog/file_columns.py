"""The columns of the files that exits write, and what they are called there: who reads such a file again knows them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from landgis.catalog import legal_bases
from landgis.catalog.codelists import Label
from landgis.catalog.dataset import Dataset
from landgis.catalog.models import Revision
from landgis.catalog.value_types import type_of

REF = "ref"
# What tables say of each row beside its facts.
ABOUT: dict[str, Label] = {
    "from_revision": _("Revision"),
    "source": _("Source"),
    "source_as_of": _("State of the source"),
    "is_made_up": _("Made up"),
}
# The sheet of a workbook that says what the columns mean.
MEANINGS_SHEET = _("Meaning of the columns")
# What programs get beside the facts, the number of a feature that GeoJSON and GeoPackage have, and what every KML has.
FOR_PROGRAMS = (
    "id",
    "fid",
    "feature_id",
    "applied_at",
    "until_revision",
    "lon",
    "lat",
    "west",
    "south",
    "east",
    "north",
)
OF_KML = ("Name", "description", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility")
OF_LATER_KML = ("drawOrder", "icon", "id2")
DBF_LETTERS, KEPT_LETTERS = 10, 8


def table_columns(dataset: Dataset) -> list[tuple[str, str]]:
    """(column of the view, its heading): ref, the public facts, what was reported of the state, what is measured, and
    where each row comes from.
    """
    measure = dataset.geometry_kind.measure
    facts = [field.name for field in dataset.public_fields if not field.parts]
    names = [REF, *facts, *_reported(dataset), *([measure.column] if measure else []), *ABOUT]
    return [(name, heading(dataset, name)) for name in names]


@dataclass(frozen=True)
class ColumnMeaning:
    """What a column of a table says, in the active language; `type` is that of the values."""

    name: str
    heading: str
    type: str
    unit: str
    text: str
    source: str
    accuracy: str
    legal_basis: str


def column_meanings(dataset: Dataset) -> list[ColumnMeaning]:
    """Of every column of a table, in its order."""
    return [_meaning(dataset, name, heading) for name, heading in table_columns(dataset)]


def _meaning(dataset: Dataset, name: str, heading: str) -> ColumnMeaning:
    meaning, measure = dataset.meaning(name), dataset.geometry_kind.measure
    declared = next((field for field in dataset.public_fields if field.name == name), None)
    unit = measure.unit if measure and name == measure.column else (declared.unit if declared else "")
    if declared and declared.per:
        unit = f"{unit}/{declared.per}"
    kept = dataset.state.field if name in _reported(dataset) else name
    column = dataset.model_field(kept) if kept not in ABOUT or kept == "from_revision" else _of_revision(kept)
    # Codes are shown by their labels.
    kind = "text" if declared and declared.codes else type_of(column)
    return ColumnMeaning(
        name,
        heading,
        kind,
        str(unit or meaning.counts),
        str(meaning.text),
        str(meaning.source),
        str(meaning.accuracy),
        str(legal_bases.of(dataset, name)),
    )


def _of_revision(name: str) -> "models.Field[Any, Any]":
    found = Revision._meta.get_field(name)
    if not isinstance(found, models.Field):
        raise TypeError(f"{name} is no field of a revision")
    return found


def meanings_sheets() -> list[str]:
    """What the sheet with the meaning of the columns is called, in every language of the site."""
    found = []
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            found.append(str(MEANINGS_SHEET))
    return found


def heading(dataset: Dataset, name: str) -> str:
    """Label and unit of a column in the active language: "Diện tích (m²)"."""
    if name == REF:
        return str(_("Reference"))
    if name in ABOUT:
        return str(ABOUT[name])
    if name in _reported(dataset):
        return str(reported_label(dataset))
    measure = dataset.geometry_kind.measure
    if measure and name == measure.column:
        return f"{dataset.label(name)} ({measure.unit})"
    unit = dataset.field(name).unit
    return f"{dataset.label(name)} ({unit})" if unit else str(dataset.label(name))


def reported_label(dataset: Dataset) -> Label:
    """What the column is called that says of the state what was reported."""
    return format_lazy(_("{label}, as reported"), label=dataset.label(dataset.state.field))


def fields_by_heading(dataset: Dataset) -> dict[str, str]:
    """Heading in any language of the site -> public field that files bring."""
    names = {name: name for name in (field.name for field in dataset.stated_fields)}
    names |= dict.fromkeys(_reported(dataset), dataset.state.field)
    plain = {text: dataset.state.field for name in _reported(dataset) for text in (name, name[:DBF_LETTERS])}
    return plain | {text: field for name, field in names.items() for text in _headings(dataset, name)}


def is_told_twice(dataset: Dataset, headings: Collection[str]) -> bool:
    """Whether a file of ours has both what was reported of the state and what it was when the file was written."""
    known = {text for name in _reported(dataset) for text in (name, name[:DBF_LETTERS], *_headings(dataset, name))}
    return not known.isdisjoint(headings)


def of_then(dataset: Dataset) -> set[str]:
    """The headings of what the state was when a file was written: nobody reported that."""
    return {dataset.state.field, *_headings(dataset, dataset.state.field)} if dataset.state.field else set()


def _reported(dataset: Dataset) -> list[str]:
    return [dataset.state.reported_field] if dataset.state.field else []


def added_headings(dataset: Dataset) -> dict[str, str]:
    """What exits add to the facts, by the headings that it has: the reference, what is computed, where a row comes from."""
    measure = dataset.geometry_kind.measure
    derived = [field.name for field in dataset.derived_fields]
    shown = [REF, *derived, *([measure.column] if measure else []), *ABOUT]
    plain = [REF, *ABOUT, *derived, *dataset.geometry_kind.computed, *FOR_PROGRAMS, *OF_KML, *OF_LATER_KML]
    return {name: name for name in plain} | _by_heading(dataset, shown)


def is_written_by_us(dataset: Dataset, headings: Collection[str]) -> bool:
    """Whether headings are those of a file that an exit of ours wrote, perhaps taken through another program."""
    identity = [{name, name[:DBF_LETTERS], *_headings(dataset, name)} for name in dataset.identity]
    return not {REF, *_headings(dataset, REF)}.isdisjoint(headings) and all(
        not known.isdisjoint(headings) for known in identity
    )


def cut_names(dataset: Dataset) -> list[dict[str, str]]:
    """Headings in a .dbf that GDAL writes of our columns -> column, for each group that only its order tells apart.

    It keeps ten letters; the next column with the same ten has eight and a number: `starting_p`, `starting_1`.
    """
    columns = [
        "id",
        REF,
        *(field.name for field in dataset.public_fields),
        *dataset.geometry_kind.computed,
        "is_made_up",
    ]
    groups: dict[str, list[str]] = defaultdict(list)
    for name in columns:
        groups[name[:DBF_LETTERS]].append(name)
    return [
        {cut: names[0]} | {f"{cut[:KEPT_LETTERS]}_{number}": name for number, name in enumerate(names[1:], 1)}
        for cut, names in groups.items()
        if 1 < len(names) <= DBF_LETTERS
    ]


def _by_heading(dataset: Dataset, names: Iterable[str]) -> dict[str, str]:
    return {text: name for name in names for text in _headings(dataset, name)}


def _headings(dataset: Dataset, name: str) -> set[str]:
    """What a column is called, in every language of the site."""
    found = set()
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            found.add(heading(dataset, name))
    return found
