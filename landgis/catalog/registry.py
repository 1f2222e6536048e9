"""The datasets of this installation, in the order in which the apps registered them."""

from collections.abc import Callable, Mapping
from typing import Any

from landgis.catalog import office
from landgis.catalog.dataset import PUBLIC, REF, Dataset

PartQuery = Callable[[Dataset, Mapping[str, Any]], Mapping[str, Any]]

_datasets: dict[str, Dataset] = {}
_feature_parts: list[tuple[str, PartQuery]] = []


def register(dataset: Dataset) -> None:
    """Add a dataset. A declaration that contradicts its model stops the start."""
    names = {field.name for field in dataset.in_force._meta.get_fields()}
    declared = [field.name for field in dataset.fields]
    named = {*dataset.identity, *dataset.optional_identity, dataset.title_field, *declared}
    if dataset.public_when:
        named.add(dataset.public_when)
    unknown = named - names
    if unknown:
        raise ValueError(f"{dataset.name}: no such field in {dataset.in_force.__name__}: {sorted(unknown)}")
    if dataset.name in _datasets or not REF.fullmatch(dataset.name):
        raise ValueError(f"{dataset.name}: name taken or not made of letters, digits and hyphens")
    hidden = [
        name for name in (*dataset.identity, *dataset.optional_identity) if dataset.field(name).visibility != PUBLIC
    ]
    if hidden:
        raise ValueError(f"{dataset.name}: the ref would show {hidden}, which the policy hides")
    if dataset.theme.pending and dataset.field(dataset.theme.pending[0]).visibility != PUBLIC:
        raise ValueError(f"{dataset.name}: pages would tell by {dataset.theme.pending[0]}, which the policy hides")
    searched = [
        *dataset.numbers.fields,
        *dataset.search.codes,
        *dataset.search.places,
        *filter(None, [dataset.search.address]),
    ]
    unsearchable = [name for name in searched if dataset.field(name).visibility != PUBLIC]
    if unsearchable:
        raise ValueError(f"{dataset.name}: search would find by {unsearchable}, which the policy hides")
    dataset.exits = office.current().exits_of(dataset)
    _datasets[dataset.name] = dataset


def unregister(name: str) -> None:
    """Take a dataset out again (tests declare datasets of their own)."""
    del _datasets[name]


def get(name: str) -> Dataset:
    """The dataset of that name; KeyError when there is none."""
    return _datasets[name]


def all_datasets() -> list[Dataset]:
    return list(_datasets.values())


def add_feature_part(template: str, query: PartQuery) -> None:
    """Put a part on the page of every feature of every dataset; `query` takes dataset and public row."""
    _feature_parts.append((template, query))


def feature_parts() -> list[tuple[str, PartQuery]]:
    return list(_feature_parts)
