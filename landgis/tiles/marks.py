"""Of each dataset a mark that is another one as soon as one of its tiles may be: what an open map asks for every few seconds.

The mark of stored tiles follows from how far these have followed (`pyramid.TileFollower`) and asks the database nothing. So it
is never ahead of the tiles: whoever sees a new mark finds no old tile any more.
"""

import hashlib
import time
from collections.abc import Mapping, Sequence

from landgis.catalog import exits, queries
from landgis.catalog.dataset import Dataset
from landgis.tiles import pyramid

LETTERS = 12


def stored() -> dict[str, str] | None:
    """Of all datasets that have tiles, without a question to the database; None where one has none that are stored."""
    found: dict[str, str] = {}
    for dataset in exits.datasets("tiles"):
        mark = _of_stored(dataset)
        if mark is None:
            return None
        found[dataset.name] = mark
    return found


def of(datasets: Sequence[Dataset]) -> dict[str, str]:
    """Of these, by their names; asks the database once for all whose tiles are not stored."""
    found = {dataset.name: _of_stored(dataset) for dataset in datasets}
    others = [dataset for dataset in datasets if found[dataset.name] is None]
    states: Mapping[str, str] = dict(queries.state_of(others)) if others else {}
    return {name: mark or states.get(name, "")[:LETTERS] for name, mark in found.items()}


def _of_stored(dataset: Dataset) -> str | None:
    """The same before and after the worker has written down that a state changed by the clock."""
    kept = pyramid.store_of(dataset).kept()
    if kept is None or not pyramid.is_of_this_form(dataset, kept):
        return None
    has_turned = kept.until is not None and time.time() >= kept.until
    told = (kept.form, kept.moved, kept.until if has_turned else kept.ticked_at)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:LETTERS]
