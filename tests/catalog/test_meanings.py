"""Every field of a public dataset says what it means, in both languages, and what is measured how exact it is."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from landgis.catalog import codelists, registry, schema
from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.file_columns import ABOUT
from landgis.lib.text import fold

PUBLIC = [dataset for dataset in registry.all_datasets() if not dataset.is_internal]
MEASURED = {"m²", "m", "km", "ha"}
NEW_WORDS = 3  # beyond those of the label


def described(dataset: Dataset) -> list[dict[str, Any]]:
    return schema.describe(dataset)["fields"]


CASES = [
    pytest.param(dataset, field, id=f"{dataset.name}.{field['name']}")
    for dataset in PUBLIC
    for field in described(dataset)
]


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", fold(text)))


def repeats(text: str, label: str) -> bool:
    """Whether a text says no more than the label that stands beside it."""
    return len(words(text) - words(label)) < NEW_WORDS


@pytest.mark.parametrize(("dataset", "field"), CASES)
def test_a_field_says_what_it_means_and_where_it_comes_from(dataset: Dataset, field: dict[str, Any]) -> None:
    for what in ("description", "source"):
        told = field[what] or {}
        assert all(told.get(language) for language in ("vi", "en")), what
        assert told["vi"] != told["en"], what
    for language, text in field["description"].items():
        assert not repeats(text, field["label"][language]), text
        assert text[0].isupper() or text[0].isdigit()
        assert text.endswith(".")


@pytest.mark.parametrize(("dataset", "field"), CASES)
def test_a_number_has_its_unit_and_what_is_measured_its_accuracy(dataset: Dataset, field: dict[str, Any]) -> None:
    if field["type"] in ("integer", "number"):
        assert field["unit"], "neither a unit nor what it counts"
    if field["unit"] and field["unit"]["en"] in MEASURED:
        assert field["accuracy"] and field["accuracy"]["vi"] != field["accuracy"]["en"]


def lists() -> Iterator[Any]:
    for dataset in registry.all_datasets():
        for field in (*dataset.fields, *dataset.derived_fields):
            for name in (field.codes, field.names, *(part.codes for part in field.parts)):
                if name:
                    yield name


@pytest.mark.parametrize("name", sorted(set(lists())))
def test_a_code_says_what_it_means(name: str) -> None:
    labels = codelists.labels(name)
    assert labels
    for code, label in labels.items():
        meaning = codelists.meaning(name, code)
        assert meaning, code
        told, called = schema.texts(meaning), schema.texts(label)
        assert told["vi"] != told["en"]
        for language, text in told.items():
            assert fold(text).strip(".") != fold(called[language]), text


@pytest.mark.parametrize("dataset", registry.all_datasets(), ids=lambda one: one.name)
def test_officers_are_told_of_the_fields_that_the_public_does_not_see(dataset: Dataset) -> None:
    missing = [field.name for field in dataset.fields if not dataset.meaning(field.name).text]
    assert missing == []
    assert all(dataset.meaning(name).text for name in ABOUT)


def test_a_text_that_repeats_its_label_is_found() -> None:
    assert repeats("The number of the decision.", "decision number")
    assert repeats("Số quyết định.", "số quyết định")
    assert not repeats("Paper by which the table was issued.", "decision number")


def test_a_number_without_a_unit_is_found() -> None:
    dataset = registry.get("auction-lots")
    field = schema._field(dataset, Field("floors"))
    assert field["unit"] == {"vi": "số tầng", "en": "number of storeys"}
