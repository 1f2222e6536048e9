"""What takes a look at every row is worked out once a revision.

One memory a process, for all exits. Each use asks the database one cheap question, whether what is published is still
what it was (revisions, and what areas withhold: `queries.state_of`); so no process answers otherwise than another.
"""

import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.queries import public_database, state_of
from landgis.lib.reader import ReaderLeft
from landgis.lib.single_flight import SingleFlight

T = TypeVar("T")
LONGEST_KEY = 500  # letters: readers write addresses as long as they like, and what they ask once is not worth keeping
MOST_BYTES = 32 * 1024**2  # of answers that a process remembers; the one that was not used for the longest time goes
LEAST = 1000  # bytes that an answer counts for, with all that is kept round it


@dataclass(frozen=True)
class Remembered:
    """What was read of a state, and when it was last asked (`time.monotonic`) whether that is still the state."""

    state: tuple[Any, ...]
    value: Any
    asked_at: float
    size: int


_answers: OrderedDict[Hashable, Remembered] = OrderedDict()
_lock = threading.Lock()
_reading = SingleFlight()
# Of the answer that is being made: the state of each dataset, once it was asked for.
_found: ContextVar[dict[str, str] | None] = ContextVar("found", default=None)


@contextmanager
def one_state() -> Iterator[None]:
    """Until its end the state of all datasets is asked for once: all that an answer says is of one. For what only reads; as
    a decorator, too.
    """
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


def of_each(about: Hashable, datasets: Sequence[Dataset], read: Callable[[Dataset], T]) -> Callable[[Dataset], T]:
    """A function that gives for each of the datasets what `read` does: one question for all, where nothing has changed.

    `about` names the reading, with all that its answer depends on beside the dataset.
    """
    states = dict(_states(datasets))
    return lambda dataset: _answer((about, dataset.name), (states.get(dataset.name),), partial(read, dataset))


def of_state(about: Hashable, dataset: Dataset, state: Hashable, read: Callable[[], T]) -> T:
    """What `read` gives of a dataset, for whoever has asked what its state is (`queries.state_of`) before."""
    return _answer((about, dataset.name), (state,), read)


def of_all(about: Hashable, datasets: Sequence[Dataset], read: Callable[[], T], *, ask_again_s: float = 0) -> T:
    """What `read` gives for the datasets together.

    Whoever may be behind by some seconds need not ask again within them.
    """
    with _lock:
        kept = _answers.get((public_database(), about))
    if kept is not None and time.monotonic() - kept.asked_at < ask_again_s:
        value: T = kept.value
        return value
    names = tuple(dataset.name for dataset in datasets)
    return _answer(about, (names, _states(datasets)), read)


def forget() -> None:
    """Read all anew at the next use."""
    with _lock:
        _answers.clear()


def _answer(about: Hashable, state: tuple[Any, ...], read: Callable[[], T]) -> T:
    """Read where this state has not been read yet: after it was asked for, so that what comes in between is read twice."""
    key = (public_database(), about)
    if len(repr(about)) > LONGEST_KEY:
        return read()
    kept = _kept(key, state)
    if kept is None:
        kept = _read_once((key, state), lambda: _kept(key, state) or _keep(key, state, read()))
    value: T = kept.value
    return value


def _kept(key: Hashable, state: tuple[Any, ...]) -> Remembered | None:
    """What is remembered of that state, as used now."""
    with _lock:
        kept = _answers.get(key)
        if kept is None or kept.state != state:
            return None
        kept = _answers[key] = replace(kept, asked_at=time.monotonic())
        _answers.move_to_end(key)
        return kept


def _keep(key: Hashable, state: tuple[Any, ...], value: Any) -> Remembered:
    kept = Remembered(state, value, time.monotonic(), LEAST + _size(value))
    with _lock:
        _answers[key] = kept
        _answers.move_to_end(key)
        _let_go()
    return kept


def _states(datasets: Sequence[Dataset]) -> tuple[tuple[str, str | None], ...]:
    known = _found.get()
    if known is None:
        known = dict(state_of(datasets))
    elif not known:
        known |= dict(state_of(registry.all_datasets()))
    return tuple(sorted((dataset.name, known.get(dataset.name)) for dataset in datasets))


def _read_once(question: Hashable, read: Callable[[], T]) -> T:
    """One reading for all who come at once: after a revision each of them would look at all rows."""
    try:
        return _reading.of(question, read)
    except ReaderLeft:  # another one may have left, not this one
        return read()


def _let_go() -> None:
    """What is larger than all that may be kept stays alone: reading it each time would cost more than its room."""
    total = sum(one.size for one in _answers.values())
    while total > MOST_BYTES and len(_answers) > 1:
        total -= _answers.popitem(last=False)[1].size


def _size(value: Any) -> int:
    """The bytes of a value with all that it holds, but for declarations, classes and functions, which are there anyway."""
    total, seen, rest = 0, set[int](), [value]
    while rest:
        one = rest.pop()
        if id(one) in seen or isinstance(one, Dataset | type) or callable(one):
            continue
        seen.add(id(one))
        total += sys.getsizeof(one)
        if isinstance(one, dict):
            rest += [*one, *one.values()]
        elif isinstance(one, list | tuple | set | frozenset):
            rest += one
        else:
            rest += vars(one).values() if hasattr(one, "__dict__") else ()
            rest += [getattr(one, name) for name in getattr(one, "__slots__", ()) if hasattr(one, name)]
    return total
