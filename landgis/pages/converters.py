"""Addresses of datasets and features."""

from landgis.catalog import exits
from landgis.catalog.dataset import REF, Dataset


class DatasetConverter:
    """The path of a dataset's pages, such as `lots` of `auction-lots`; no match for anything else."""

    regex = "[a-z][a-z0-9-]*"

    def to_python(self, value: str) -> Dataset:
        for dataset in exits.datasets("pages"):
            if dataset.path == value:
                return dataset
        raise ValueError(value)

    def to_url(self, value: Dataset) -> str:
        return value.path


class RefConverter:
    regex = REF.pattern

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
