"""What is counted, summed or found out over many rows (`queries`), worked out once a state: by all exits of a process.

A question to the database each, whether the state is still the same (`memory`). What is given is shared: not to be changed.
"""

from collections.abc import Sequence
from typing import Any

from landgis.catalog import contributions, memory, queries
from landgis.catalog.dataset import Dataset
from landgis.catalog.queries import PublishedRevision
from landgis.lib.filters import ALL, Filter
from landgis.lib.webmap import Box

Lines = dict[str, list[dict[str, Any]]]  # as `queries.totals` gives them


def totals(dataset: Dataset, where: Filter = ALL, *, by: Sequence[str] = (), as_of: int | None = None) -> Lines:
    return memory.of_each(
        ("totals", where, tuple(by), as_of),
        [dataset],
        lambda one: queries.totals(one, where, by=by, as_of=as_of),
    )(dataset)


def count(dataset: Dataset, where: Filter = ALL) -> int:
    return memory.of_each(("count", where), [dataset], lambda one: queries.count(one, where))(dataset)


def extent(dataset: Dataset, where: Filter = ALL, *, as_of: int | None = None, but: Sequence[Box] = ()) -> Box | None:
    return memory.of_each(
        ("extent", where, as_of, tuple(but)),
        [dataset],
        lambda one: queries.extent(one, where, as_of=as_of, but=but),
    )(dataset)


def changed_last(dataset: Dataset, where: Filter = ALL, *, limit: int) -> list[dict[str, Any]]:
    return memory.of_each(
        ("changed last", where, limit),
        [dataset],
        lambda one: queries.changed_last(one, where, limit=limit),
    )(dataset)


def newest_and_made_up(datasets: Sequence[Dataset]) -> tuple[PublishedRevision | None, bool]:
    """The newest revision of all, and whether any public row in force of some datasets is made up."""
    told, _failed = contributions.together(list(datasets), _newest_and_made_up, "made up")
    return (told[0][0] if told else None), any(is_made_up for _newest, is_made_up in told)


def any_made_up(datasets: Sequence[Dataset]) -> bool:
    return newest_and_made_up(datasets)[1]


def _newest_and_made_up(datasets: Sequence[Dataset]) -> list[tuple[PublishedRevision | None, bool]]:
    """Where a dataset fails nothing is remembered of it."""
    about = ("newest and made up", tuple(dataset.name for dataset in datasets))
    return [memory.of_all(about, datasets, lambda: queries.newest_and_made_up(datasets))]
