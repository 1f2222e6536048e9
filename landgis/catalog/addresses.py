"""Addresses of pages by the names of datasets, for apps that lead to pages they must not import."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from landgis.catalog import exits
from landgis.catalog.dataset import Dataset


def with_pages(name: str) -> Dataset | None:
    """The dataset of that name where it is installed and its pages are open."""
    return exits.open_dataset(name, "pages")


def list_address(name: str, **filters: Any) -> str | None:
    """The list of a dataset, filtered (by a value, or several of a list), in the reader's language; None where it has no
    pages."""
    dataset = with_pages(name)
    if dataset is None:
        return None
    query = urlencode(filters, doseq=True)
    return reverse("pages:list", args=[dataset]) + (f"?{query}" if query else "")


def feature_address(name: str, ref: str | None, *, as_of: int | None = None) -> str | None:
    """The page of a feature in the reader's language, of now or as of a revision.

    None without ref or where the dataset has no pages. Whether there is such a feature is not asked.
    """
    dataset = with_pages(name)
    if dataset is None or not ref:
        return None
    return reverse("pages:feature", args=[dataset, ref]) + (f"?as_of={as_of}" if as_of is not None else "")


def map_address(lon: float, lat: float, zoom: float) -> str:
    """The map of the first page at a place in degrees, in the reader's language."""
    return reverse("pages:home") + f"#{zoom:g}/{lat:.6f}/{lon:.6f}"
