"""What the addresses of rows and of maps know, made of the declarations (for `knows` of `landgis.lib.parameters`)."""

from collections.abc import Iterator

from landgis.catalog import exits
from landgis.catalog.dataset import Dataset
from landgis.catalog.filters import parameters
from landgis.lib.filters import BBOX
from landgis.lib.parameters import Parameter


def of_rows(dataset: Dataset) -> Iterator[Parameter]:
    """Of an address that gives rows of a dataset: its filters, the box, and the past."""
    yield from (*parameters(dataset), Parameter(BBOX), Parameter("as_of"))


def of_maps() -> list[Parameter]:
    """Of an address that draws a map: the filters of every dataset on it. A name takes several values where one of them does."""
    found: dict[str, Parameter] = {}
    for one in (one for dataset in exits.datasets("tiles") for one in parameters(dataset)):
        known = found.get(one.name, one)
        found[one.name] = Parameter(
            one.name, is_many=one.is_many or known.is_many, has_default=one.has_default or known.has_default
        )
    return list(found.values())
