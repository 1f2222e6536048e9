"""What every apply brings in line, in its own transaction."""

from collections.abc import Iterable
from typing import Any

from psycopg import sql

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.published.concealed import refresh_concealed
from landgis.catalog.published.tile_rows import refresh_tile_rows
from landgis.catalog.published.withheld import withhold


def refresh(dataset: Dataset, refs: sql.Composable, parameters: Iterable[int | str]) -> None:
    """Bring in line what is derived from some features of a dataset; `refs` is a SELECT of their refs.

    Of an area that withholds others follows which of those are published.
    """
    bound: list[Any] = list(parameters)
    withhold(dataset, refs, bound)
    refresh_tile_rows(dataset, refs, bound)
    if any(other.withheld_by == dataset.name for other in registry.all_datasets()):
        refresh_concealed()
    for other in registry.all_datasets():
        if other.withheld_by == dataset.name:
            changed = withhold(other)
            refresh_tile_rows(other, sql.SQL("SELECT unnest(%s::text[])"), [changed])
