"""The rows of one page of a list."""

from typing import Any

from django.http import QueryDict

from landgis.catalog import queries
from landgis.catalog.dataset import Dataset
from landgis.catalog.filters import parse_after
from landgis.lib.filters import And
from landgis.pages import sorting

PAGE_ROWS = 50
UNSORTED = sorting.RowOrder()
LEAST_ROWS = 100 * PAGE_ROWS  # of which a dataset is thought to have so many that it is not read whole for a page


def page_of_rows(
    asked: QueryDict,
    dataset: Dataset,
    where: And,
    as_of: int | None,
    order: sorting.RowOrder = UNSORTED,
    *,
    beside: bool = False,
    found: int,
    total: int = LEAST_ROWS,
) -> list[dict[str, Any]]:
    """The rows of the page that the address asks for, and one more where there is a next page.

    The filter finds so many rows of the dataset's `total`.
    """
    # In the order of all, so many rows are met until a page is full; or all that are found are sorted.
    are_few = bool(where.parts) and found * found <= PAGE_ROWS * total
    after, most = parse_after(asked.get("after")), PAGE_ROWS + 1
    return queries.listed(
        dataset, where, as_of=as_of, after=after, limit=most, sorting=order.sorting, beside=beside, are_few=are_few
    )
