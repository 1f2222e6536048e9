"""Who follows the log of revisions after an apply: one list, one pattern.

What must be true together with the apply follows inside it (`catalog.published.refresh`). The others are brought in line
by a task of their own, some seconds later, each in order, resumable, and as often as one likes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction
from psycopg import sql

from landgis.catalog import contributions, registry
from landgis.catalog.dataset import Dataset
from landgis.changes import log, ticks
from landgis.changes.models import Position
from landgis.lib import statements

FOLLOW_LOCK = 0x666F6C6C  # "foll": one at a time of each follower


class Follows(Protocol):
    """Who follows, wherever it keeps how far it has come."""

    @property
    def name(self) -> str: ...

    def follow(self, dataset: Dataset) -> int | None:
        """Come to the newest revision and tick of a dataset: how much was written, None when there was nothing to follow."""

    def follow_at_once(self, names: Sequence[str]) -> None:
        """What cannot wait some seconds after a revision of these datasets."""

    def forget_others(self, names: Sequence[str]) -> None:
        """Remove what is left of datasets that are not among these."""


@dataclass(frozen=True)
class Follower:
    """What is derived from published features, in the database: how some of them, or all, are brought in line.

    `write` gets a dataset and a SELECT of refs with what is bound, or None for all of them; it gives how many it wrote.
    `fingerprint` tells from what the form of it follows: all are written anew where it is another one. `forget` removes
    what is left of a dataset that is no longer installed.
    """

    name: str
    fingerprint: Callable[[Dataset], str]
    write: Callable[[Dataset, sql.Composable | None, Sequence[Any]], int]
    forget: Callable[[str], None]

    @transaction.atomic
    def follow(self, dataset: Dataset) -> int | None:
        """In one transaction, so a cut costs only what was not finished, and the next call goes on there."""
        return _follow(self, dataset)

    def follow_at_once(self, names: Sequence[str]) -> None:
        """Nothing: a lock that others may hold is no matter of an apply."""

    def forget_others(self, names: Sequence[str]) -> None:
        for position in Position.objects.filter(follower=self.name).exclude(dataset__in=names):
            with transaction.atomic():
                _hold_lock(self.name)
                self.forget(position.dataset)
                position.delete()


_followers: dict[str, Follows] = {}


def register(follower: Follows) -> None:
    _followers[follower.name] = follower


def follow_at_once(names: Sequence[str]) -> None:
    """After the commit of a revision that touched these datasets."""
    for follower in _followers.values():
        follower.follow_at_once(names)


def follow_all() -> None:
    """Bring every follower to the newest revision and tick."""
    for name in _followers:
        follow(name)


def follow(name: str) -> dict[str, int]:
    """Bring a follower to the newest revision and tick of every dataset; returns how much it wrote, by dataset."""
    follower = _followers[name]
    datasets = registry.all_datasets()
    follower.forget_others([dataset.name for dataset in datasets])
    followed, _failed = contributions.each(datasets, lambda dataset: (dataset.name, follower.follow(dataset)), name)
    return {dataset: written for dataset, written in followed if written is not None}


def _follow(follower: Follower, dataset: Dataset) -> int | None:
    """How many features were written; None when there was nothing to follow."""
    made_from = follower.fingerprint(dataset)
    positions = Position.objects.filter(follower=follower.name, dataset=dataset.name)
    newest, tick = log.newest(dataset.name), ticks.newest(dataset.name)
    if positions.filter(revision__gte=newest, tick__gte=tick, fingerprint=made_from).exists():
        return None
    _hold_lock(follower.name)
    position = positions.first()
    # Read before the rows: what a later revision brings meanwhile is only written twice.
    newest, tick = log.newest(dataset.name), ticks.newest(dataset.name)
    if position is not None and position.fingerprint == made_from:
        written = follower.write(dataset, *touched(dataset, (position.revision, position.tick), (newest, tick)))
    else:
        written = follower.write(dataset, None, [])
    Position.objects.update_or_create(
        follower=follower.name,
        dataset=dataset.name,
        defaults={"revision": newest, "tick": tick, "fingerprint": made_from},
    )
    return written


def touched(dataset: Dataset, since: tuple[int, int], until: tuple[int, int]) -> tuple[sql.Composable, list[Any]]:
    """SELECT of the refs that revisions or the clock touched between two positions (revision, tick)."""
    by_revisions, bound = log.touched(dataset, since[0], until[0])
    by_clock, more = ticks.touched(dataset, since[1], until[1])
    return sql.SQL("{} UNION {}").format(by_revisions, by_clock), [*bound, *more]


def _hold_lock(name: str) -> None:
    """Wait until no other process runs this follower; held to the end of the transaction."""
    statements.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [FOLLOW_LOCK, name])
