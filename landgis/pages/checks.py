"""What `manage.py check` says of the addresses of datasets."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.urls import Resolver404, resolve

from landgis.catalog import exits
from landgis.catalog.dataset import Dataset

SOMETHING = "x"  # a ref


def datasets_have_their_addresses(app_configs: Any, **options: Any) -> list[checks.Error]:
    """A path or a name that other pages of the site have, would take theirs away or never be reached."""
    return [
        checks.Error(
            f"{dataset.name}: {attribute} is {word!r}, and {address} does not lead to it.",
            hint="Choose another word: small letters, digits and hyphens, and none that other pages of the site have.",
            id="landgis.E006",
        )
        for dataset in exits.datasets("pages")
        for attribute, word, address in _addresses(dataset)
        if not _leads_to(address, dataset, is_needed=address != f"/{dataset.path}")
    ]


def _addresses(dataset: Dataset) -> Iterator[tuple[str, str, str]]:
    for ending in ("", "/", ".json", f"/{SOMETHING}/", f"/{SOMETHING}.json"):
        yield "path", dataset.path, f"/{dataset.path}{ending}"
    for folder in ("tiles", "styles") if exits.is_open(dataset, "tiles") else ():
        yield "name", dataset.name, f"/{folder}/{dataset.name}.json"


def _leads_to(address: str, dataset: Dataset, *, is_needed: bool) -> bool:
    """Whether it leads to the dataset, or to nothing where it is not needed."""
    # These come before all addresses of the application.
    if address.split("/")[1] in {settings.STATIC_URL.strip("/"), *dict(settings.LANGUAGES)}:
        return False
    try:
        found = resolve(address).kwargs.values()
    except Resolver404:
        return not is_needed
    return dataset in found or dataset.name in found
