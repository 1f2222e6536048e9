"""What is told of a run while it works, over a connection of its own, and whether somebody asked to stop it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from landgis.ingest.actions import Onlooker
from landgis.workbench.models import RunState

RUN_LOCK = 0x0FF1CE  # the first of the two numbers of the advisory lock; the second is the run


class Cancelled(Exception):
    """Somebody asked to stop the run."""


class Watch(Onlooker):
    """What is told of a run while it works, over a connection of its own."""

    def __init__(self, own: BaseDatabaseWrapper, run_id: int):
        self.own, self.run_id = own, run_id

    def begin(self, job_id: int | None) -> bool:
        """Take a waiting run; False when there is none."""
        return self._update(
            "state = 'running', attempts = attempts + 1, job_id = %s, rows_done = 0, error = ''", [job_id], "waiting"
        )

    def see(self, seen: dict[str, Any], dataset: str) -> None:
        self._update("seen = %s, dataset = %s", [json.dumps(seen, ensure_ascii=False), dataset])

    def progress(self, done: int, total: int) -> None:
        """Tell the rows done and in all. Raises Cancelled."""
        with self.own.cursor() as cursor:
            cursor.execute(
                "UPDATE workbench_run SET rows_done = %s, rows_total = %s"
                " WHERE id = %s AND state = 'running' AND NOT cancel_asked",
                [done, max(done, total), self.run_id],
            )
            if cursor.rowcount != 1:
                raise Cancelled

    def was_asked_to_stop(self) -> bool:
        with self.own.cursor() as cursor:
            cursor.execute("SELECT cancel_asked FROM workbench_run WHERE id = %s", [self.run_id])
            return cursor.fetchone()[0]

    def end(self, state: RunState) -> None:
        self._update("state = %s, ended_at = now()", [state.value])

    def fail(self, code: str, params: Mapping[str, Any] = {}) -> None:
        """End it with an error of a file or of the work; see `words`."""
        shown = {
            name: list(map(str, value)) if isinstance(value, list | tuple) else str(value)
            for name, value in params.items()
        }
        self._update(
            "state = 'failed', ended_at = now(), error = %s, error_params = %s",
            [code, json.dumps(shown, ensure_ascii=False)],
        )

    def _update(self, what: str, bound: list[Any], before: str = "running") -> bool:
        with self.own.cursor() as cursor:
            cursor.execute(
                f"UPDATE workbench_run SET {what} WHERE id = %s AND state = %s",  # noqa: S608 -- pieces of ours
                [*bound, self.run_id, before],
            )
            return cursor.rowcount == 1


@contextmanager
def watching(run_id: int) -> Iterator[Watch | None]:
    """The watch of a run; None while another process has it."""
    own = connections.create_connection("default")
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [RUN_LOCK, run_id])
            is_ours = cursor.fetchone()[0]
        yield Watch(own, run_id) if is_ours else None
    finally:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [RUN_LOCK, run_id])
        own.close()
