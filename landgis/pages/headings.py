"""The rows of a list under the headings that its declaration names, each with how many rows of all pages stand under it."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from landgis.catalog.dataset import Dataset
from landgis.pages.sorting import RowOrder
from landgis.pages.texts import count_text

Lines = Mapping[str, Sequence[Mapping[str, Any]]]


def counted_by(dataset: Dataset) -> list[str]:
    """The fields whose totals the headings need."""
    return [dataset.lists.headed.by] if dataset.lists.headed else []


def bodies(
    dataset: Dataset, rows: Sequence[Mapping[str, Any]], shown: Sequence[Any], totals: Lines, order: RowOrder
) -> list[dict[str, Any]]:
    """What a page shows of some rows, in runs under one heading; without one where readers asked for another order.

    `totals` are those of all rows that are found, by the field of the headings too.
    """
    headed = dataset.lists.headed
    if headed is None or order.sorting:
        return [{"rows": shown}] if shown else []
    runs = groupby(zip(rows, shown, strict=True), lambda pair: headed.over(pair[0][headed.by]))
    return [
        {
            "label": heading.label,
            "count": count_text(
                sum(line["count"] for line in totals[headed.by] if headed.over(line["value"]) is heading)
            ),
            "rows": [one for _row, one in run],
        }
        for heading, run in runs
    ]
