"""The datasets of this installation, in the order in which the apps registered them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from landgis.catalog import office
from landgis.catalog.dataset import Dataset
from landgis.catalog.dataset.faults import faults

PartQuery = Callable[[Any], Mapping[str, Any] | None]

_datasets: dict[str, Dataset] = {}
_feature_parts: list[tuple[str, PartQuery]] = []
_feature_heads: list[tuple[str, PartQuery]] = []


class WrongDeclaration(ValueError):
    """What a declaration says is not so; the text names dataset, attribute and word."""


def register(dataset: Dataset) -> None:
    """Add a dataset. A declaration that is wrong stops the start; what it says of others is left to `verify`."""
    _refuse(faults(dataset, _datasets))
    dataset.exits = office.current().exits_of(dataset)
    _datasets[dataset.name] = dataset


def verify() -> None:
    """Look at all declarations when every app has registered its datasets and code lists. Raises WrongDeclaration."""
    _refuse(fault for dataset in all_datasets() for fault in faults(dataset, _datasets, is_late=True))


def _refuse(found: Iterable[str]) -> None:
    if told := list(found):
        raise WrongDeclaration("\n".join(told))


def unregister(name: str) -> None:
    """Take a dataset out again (tests declare datasets of their own)."""
    del _datasets[name]


def get(name: str) -> Dataset:
    """The dataset of that name; KeyError when there is none."""
    return _datasets[name]


def all_datasets() -> list[Dataset]:
    return list(_datasets.values())


def add_feature_part(template: str, query: PartQuery) -> None:
    """Put a part on the page of every feature of every dataset; `query` takes the Subject."""
    _feature_parts.append((template, query))


def feature_parts() -> list[tuple[str, PartQuery]]:
    return list(_feature_parts)


def add_feature_head(template: str, query: PartQuery) -> None:
    """The same under the title, for what has to be known first; `query` gives None where there is nothing to tell."""
    _feature_heads.append((template, query))


def feature_heads() -> list[tuple[str, PartQuery]]:
    return list(_feature_heads)
