"""Work that the background worker does every so often, one at a time of each kind.

A run that is slower than its interval must not be joined by the next one, and that one by a third, until no slot of
the worker is left for what officers wait for. The lock is that of a database session: a worker that is killed leaves
none behind.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import Error, close_old_connections
from procrastinate.contrib.django import app

from landgis.lib import statements

PERIODIC = 0x65766572  # "ever": the first half of the locks of this kind


def periodic(cron: str) -> Callable[[Callable[[], None]], Callable[..., None]]:
    """Do this at the times of `cron`, as a task of the function's name; never twice at the same time."""

    def registered(work: Callable[[], None]) -> Callable[..., None]:
        name = work.__name__

        @functools.wraps(work)
        def run(timestamp: int = 0, **_more: Any) -> None:
            close_old_connections()  # one that broke with the database would never work again
            with _alone(name) as is_alone:
                if is_alone:
                    work()

        # Of those that wait for a slot there is one at most.
        task = app.task(name=name, queueing_lock=name, pass_context=False)(run)
        return app.periodic(cron=cron)(task)

    return registered


@contextmanager
def _alone(name: str) -> Iterator[bool]:
    """Whether nobody else is at it, in any process."""
    is_alone = statements.value("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [PERIODIC, name])
    try:
        yield is_alone
    finally:
        if is_alone:
            with suppress(Error):  # with the session the lock went, too
                statements.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [PERIODIC, name])
