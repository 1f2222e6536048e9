"""What several datasets give to one answer: one that fails is left out and logged, and the others stand.

What the reader asked wrongly, and a database that does not answer in time, are no fault of a dataset and are raised; so
is what fails in every one of several.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog
from django.db import InterfaceError, OperationalError
from django.http import Http404

from landgis.catalog.dataset import Dataset
from landgis.lib.filters import FilterError
from landgis.lib.reader import ReaderLeft

log = structlog.get_logger(__name__)

T = TypeVar("T")
NO_FAULT_OF_A_DATASET = (FilterError, Http404, OperationalError, InterfaceError, ReaderLeft)


def each(datasets: Sequence[Dataset], give: Callable[[Dataset], T], what: str) -> tuple[list[T], list[Dataset]]:
    """What each of the datasets gives, and those that failed. `what` says in the log what was asked of them."""
    given: list[T] = []
    failed: list[Dataset] = []
    for dataset in datasets:
        try:
            given.append(give(dataset))
        except NO_FAULT_OF_A_DATASET:
            raise
        except Exception:
            if failed and len(failed) == len(datasets) - 1:
                raise
            log.exception("dataset left out", dataset=dataset.name, what=what)
            failed.append(dataset)
    return given, failed


def together(
    datasets: Sequence[Dataset], ask: Callable[[Sequence[Dataset]], Sequence[T]], what: str
) -> tuple[list[T], list[Dataset]]:
    """What one question to all of the datasets gives; where it fails, each of them is asked alone."""
    try:
        return list(ask(datasets)), []
    except NO_FAULT_OF_A_DATASET:
        raise
    except Exception:
        given, failed = each(datasets, lambda dataset: ask([dataset]), what)
        if not failed:
            raise
    return [one for some in given for one in some], failed
