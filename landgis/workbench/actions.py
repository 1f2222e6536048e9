"""The officers' acts that take the background: files into change sets, approved change sets into force.

Each run works in one transaction, which also ends it. A second connection, outside of that transaction, tells how far
it is and hears whether somebody asked to stop; it holds an advisory lock, by whose absence `sweep` knows that the
process is gone. The connection that does the work holds another one, by which `cancel` finds and ends it, also in the
middle of a long query: what it has not committed never was.
"""

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import structlog
from django.db import Error, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from landgis.accounts.models import User
from landgis.changes import actions as changes
from landgis.changes.models import ChangeSet, Door, Issue, State
from landgis.ingest import sandbox, store
from landgis.ingest.actions import Onlooker, take
from landgis.ingest.errors import FileError, marked
from landgis.workbench.choices import Choices, intake_of
from landgis.workbench.models import Run, RunState, Work

log = structlog.get_logger(__name__)

RUN_LOCK = 0x0FF1CE  # the first of the two numbers of the advisory lock; the second is the run
WORK_LOCK = 0x0FF1CF  # of the connection that does the work
MOST_ATTEMPTS = 3
LAST_WORD = datetime.timedelta(seconds=10)  # the end of a run and that of its job are milliseconds apart
OPEN = (State.DRAFT, State.CHECKED, State.SUBMITTED, State.APPROVED)


class NoSandbox(Exception):
    """Files from browsers are only read behind walls, and there are none here."""


class Cancelled(Exception):
    """Somebody asked to stop the run."""


# Asking for work


def take_in(files: Sequence[store.HandedFile], dataset: str, choices: Choices, *, by: User) -> Run:
    """Keep what a browser sent and have it staged in the background. Raises NoSandbox."""
    if not sandbox.is_available():
        raise NoSandbox
    kept = store.keep_handed(files)
    return stage_kept(kept.sha256, kept.name, dataset, choices, by=by)


@transaction.atomic
def stage_kept(
    sha256: str, name: str, dataset: str, choices: Choices, *, by: User, replaces: ChangeSet | None = None
) -> Run:
    """Have a kept file staged; the change set that it `replaces` is withdrawn when that has gone well."""
    run = Run.objects.create(
        work=Work.STAGE, by=by, dataset=dataset, file_name=name, file_sha256=sha256, choices=choices, replaces=replaces
    )
    _defer(run)
    return run


@transaction.atomic
def approve(change_set: ChangeSet, *, by: User) -> Run:
    """Let a change set in and have it applied. The database refuses the author."""
    changes.approve(change_set, by=by)
    return publish(change_set, by=by)


@transaction.atomic
def publish(change_set: ChangeSet, *, by: User) -> Run:
    """Have an approved change set applied."""
    run = Run.objects.create(
        work=Work.APPLY,
        by=by,
        dataset=change_set.dataset,
        file_name=change_set.file_name,
        file_sha256=change_set.file_sha256,
        change_set=change_set,
    )
    _defer(run)
    return run


def cancel(run: Run) -> None:
    """Stop a run: at once when it waits; else its connection is ended, and the worker hears of it at its next word."""
    waiting = Run.objects.filter(pk=run.pk, state=RunState.WAITING)
    if not waiting.update(state=RunState.CANCELLED, ended_at=timezone.now()):
        asked = Run.objects.filter(pk=run.pk, state=RunState.RUNNING).update(cancel_asked=True)
        if asked:
            transaction.on_commit(lambda: _end_work(run.pk))


def _end_work(run_id: int) -> None:
    """End the connection that works on a run, if one does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND classid = %s AND objid = %s AND objsubid = 2 AND pid <> pg_backend_pid()"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [WORK_LOCK, run_id],
        )


def _defer(run: Run) -> None:
    from landgis.workbench import tasks

    # One file after the other: each may take a gigabyte of memory.
    tasks.work.configure(lock="workbench").defer(run_id=run.pk)


# Working


def work(run_id: int, job_id: int | None = None) -> None:
    """Do a run, if it waits. Called again it does nothing."""
    with _watch(run_id) as watch:
        if watch is None or not watch.begin(job_id):
            return
        run = Run.objects.select_related("by", "replaces", "change_set").get(pk=run_id)
        try:
            with _may_be_ended(run_id):
                if watch.was_asked_to_stop():
                    raise Cancelled
                WORKS[Work(run.work)](run, watch)
        except Cancelled:
            watch.end(RunState.CANCELLED)
        except (Error, psycopg.Error):  # COPY raises those of the driver
            if not watch.was_asked_to_stop():
                watch.fail("broke-off")
                raise
            connection.close()
            watch.end(RunState.CANCELLED)
        except FileError as error:
            watch.fail(error.code, error.params)
        except changes.MovedOn as moved:
            _record_moved(run, moved)
            watch.fail("features-moved-on")
        except changes.StateError:
            watch.fail("decided-meanwhile")
        except Exception:
            watch.fail("broke-off")
            raise


@contextmanager
def _may_be_ended(run_id: int) -> Iterator[None]:
    """While it lasts, `cancel` finds the connection that does the work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [WORK_LOCK, run_id])
    try:
        yield
    finally:
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [WORK_LOCK, run_id])


def sweep() -> None:
    """Begin anew what has lost its process; after some attempts give up."""
    _forget_jobs_of_ended_runs()
    for run in Run.objects.filter(state=RunState.RUNNING):
        with _watch(run.pk) as watch:
            if watch is not None:
                _begin_anew(run)


@transaction.atomic
def _begin_anew(run: Run) -> None:
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.state != RunState.RUNNING:
        return
    log.warning("run lost its process", run=run.pk, attempts=run.attempts)
    _forget_job(run)
    run.job_id, run.rows_done = None, 0
    if run.cancel_asked:
        run.state, run.ended_at = RunState.CANCELLED, timezone.now()
    elif run.attempts >= MOST_ATTEMPTS:
        run.state, run.ended_at = RunState.FAILED, timezone.now()
        run.error = "cut-off"
    else:
        run.state = RunState.WAITING
        _defer(run)
    run.save()


def _forget_jobs_of_ended_runs() -> None:
    """A worker that was killed between the end of its run and that of its job left the lock, too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procrastinate_finish_job_v1(j.id, 'failed', false) FROM procrastinate_jobs j"
            " JOIN workbench_run r ON r.job_id = j.id WHERE j.status = 'doing' AND r.ended_at < now() - %s * interval '1 second'",
            [LAST_WORD.total_seconds()],
        )


def _forget_job(run: Run) -> None:
    """End the job of a worker that is gone: it holds the lock that the next one waits for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procrastinate_finish_job_v1(id, 'failed', false) FROM procrastinate_jobs"
            " WHERE id = %s AND status = 'doing'",
            [run.job_id],
        )


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
def _watch(run_id: int) -> Iterator[Watch | None]:
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


# The two works


def _stage(run: Run, watch: Watch) -> None:
    if not sandbox.is_available():
        raise FileError("sandbox-missing")
    if not store.is_kept(run.file_sha256):
        raise FileError("file-not-kept")
    kept = store.KeptFile(run.file_sha256, run.file_name)
    with transaction.atomic():
        change_set, _report = take(
            kept.path, intake_of(run.choices, run.dataset), by=run.by, door=Door.FILE, kept=kept, onlooker=watch
        )
        _withdraw_replaced(run)
        _finish(run, change_set)


def _withdraw_replaced(run: Run) -> None:
    if run.replaces is not None and run.replaces.state in OPEN:
        changes.withdraw(run.replaces, by=run.by, reason=marked("The file was read again with other choices."))


def _apply(run: Run, watch: Watch) -> None:
    if run.change_set is None:
        raise changes.StateError
    with transaction.atomic():
        changes.apply(run.change_set, by=run.by)
        _finish(run, run.change_set)


def _finish(run: Run, change_set: ChangeSet) -> None:
    """End the run in the transaction of its work. Raises Cancelled when somebody asked to stop."""
    hit = Run.objects.filter(pk=run.pk, state=RunState.RUNNING, cancel_asked=False).update(
        state=RunState.DONE, change_set=change_set, ended_at=timezone.now()
    )
    if hit != 1:
        raise Cancelled


@transaction.atomic
def _record_moved(run: Run, moved: changes.MovedOn) -> None:
    """Note on the change set which features moved on, in place of what was noted before."""
    if run.change_set is None:
        return
    Issue.objects.filter(change_set=run.change_set, code="feature-moved-on").delete()
    changes.record(run.change_set, moved.findings)


WORKS = {Work.STAGE: _stage, Work.APPLY: _apply}
