"""What is kept of the sums of a dataset (`catalog.published.totals`), as `totals` gives them: no row is read for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from landgis.catalog import published
from landgis.catalog.dataset import Dataset
from landgis.catalog.queries.database import fetch
from landgis.lib.filters import And, Equals, Filter, OneOf


@dataclass(frozen=True)
class Chosen:
    """The rows that have one of some texts in a field; without a field all."""

    field: str = ""
    values: tuple[str, ...] = ()


def kept_lines(
    dataset: Dataset, where: Filter, by: Sequence[str], as_of: int | None
) -> dict[str, list[dict[str, Any]]] | None:
    """The lines of `totals` where they are kept: of all that is in force now, or of some values of one field; else None."""
    chosen = _chosen(dataset, where)
    if as_of is not None or chosen is None or not published.keeps_totals(dataset):
        return None
    if not set(by) <= ({chosen.field} if chosen.field else {*published.totalled_by(dataset)}):
        return None
    bound = chosen.values if chosen.field else by
    lines: dict[str, list[dict[str, Any]]] = {"": [], **{name: [] for name in by}}
    for line in fetch(published.lines_sql(dataset, chosen.field), [[*bound]]):
        part = line.pop("part")
        if part in lines:
            lines[part].append(line)
    return lines


def _chosen(dataset: Dataset, where: Filter) -> Chosen | None:
    """Which rows a filter means, where it is as simple as that."""
    parts = where.parts if isinstance(where, And) else (where,)
    if not parts:
        return Chosen()
    one = parts[0] if len(parts) == 1 else None
    if not isinstance(one, Equals | OneOf) or one.field not in published.totalled_by(dataset):
        return None
    values = one.values if isinstance(one, OneOf) else (one.value,)
    return Chosen(one.field, tuple(values)) if all(isinstance(value, str) for value in values) else None
