"""Fields as people name them: by the label that they read, in any language of the site, or by the name of the declaration."""

from collections.abc import Mapping

from django.conf import settings
from django.utils import translation

from landgis.catalog.dataset import Dataset
from landgis.ingest.errors import FileError
from landgis.lib.text import fold


def named(dataset: Dataset, said: str) -> str:
    """The name of the field that is meant; what names none, or more than one, stays as it was said."""
    if any(field.name == said for field in dataset.fields):
        return said
    meant = {name for name, labels in _labels(dataset).items() if fold(said) in labels}
    return meant.pop() if len(meant) == 1 else said


def all_named(dataset: Dataset, said: Mapping[str, str]) -> dict[str, str]:
    """What is said of fields, by their names."""
    return {named(dataset, name): value for name, value in said.items()}


def must_be_said_once(columns: Mapping[str, str], constants: Mapping[str, str]) -> None:
    """Raises FileError where two answers give one field different columns, or a column and one value for every row."""
    for name in {name for name in columns.values() if name}:
        said = [heading for heading, field in columns.items() if field == name]
        if len(said) > 1:
            raise FileError("field-twice", columns=said)
        if name in constants:
            raise FileError("field-both", column=said[0])


def _labels(dataset: Dataset) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {field.name: set() for field in dataset.fields}
    for language, _title in settings.LANGUAGES:
        with translation.override(language):
            for name, labels in found.items():
                labels.add(fold(str(dataset.label(name))))
    return found
