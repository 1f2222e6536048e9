"""Which exits of a dataset are open, asked in one place. A closed one answers like an address that never was."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset

View = Callable[..., Any]


def is_open(dataset: Dataset, *exits: str) -> bool:
    """Whether all these exits of the dataset are open (names of `Exits`); tiles need a place on the map."""
    return all(getattr(dataset.exits, name) for name in exits) and ("tiles" not in exits or bool(dataset.geometry))


def datasets(*exits: str) -> list[Dataset]:
    """The datasets of this installation of which all these exits are open."""
    return [dataset for dataset in registry.all_datasets() if is_open(dataset, *exits)]


def open_dataset(name: str, *exits: str) -> Dataset | None:
    """The dataset of that name; None where there is none or one of these exits is closed."""
    return next((dataset for dataset in datasets(*exits) if dataset.name == name), None)


def told_to_robots(found: Dataset, response: HttpResponseBase) -> HttpResponseBase:
    """The answer, with what search engines may not keep said."""
    if not found.exits.indexed:
        response["X-Robots-Tag"] = "noindex"
    return response


def through(*exits: str) -> Callable[[View], View]:
    """A view of a dataset that answers only while these exits are open, and says what search engines may not keep.

    The address gives the dataset (`dataset`) or its name (`name`); the view takes the dataset.
    """

    def decorated(view: View) -> View:
        @wraps(view)
        def answered(
            request: HttpRequest, *, dataset: Dataset | None = None, name: str = "", **parts: Any
        ) -> HttpResponseBase:
            found = dataset if dataset is not None else open_dataset(name)
            if found is None or not is_open(found, *exits):
                raise Http404
            return told_to_robots(found, view(request, found, **parts))

        return answered

    return decorated
