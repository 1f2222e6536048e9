"""Runs, as the worker does them.

Each works in one transaction, which also ends it. A second connection, outside of that transaction (`watch`), tells how
far it is and hears whether somebody asked to stop; it holds an advisory lock, by whose absence `sweep` knows that the
process is gone. The connection that does the work holds another one, by which `actions.cancel` finds and ends it, also
in the middle of a long query: what it has not committed never was.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
import structlog
from django.db import Error, connection, transaction
from django.db.models.functions import Now

from landgis.changes import actions as changes
from landgis.changes import handing, mending
from landgis.changes.models import ChangeSet, Door, Issue
from landgis.changes.territories import Outside
from landgis.ingest import sandbox, store
from landgis.ingest.actions import take
from landgis.ingest.errors import FileError, marked
from landgis.lib import statements
from landgis.workbench import stopped
from landgis.workbench.actions import OPEN, WORK_LOCK, defer
from landgis.workbench.choices import intake_of
from landgis.workbench.models import Run, RunState, Work
from landgis.workbench.watch import Cancelled, Watch, watching

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 3
LAST_WORD = datetime.timedelta(seconds=10)  # the end of a run and that of its job are milliseconds apart


def work(run_id: int, job_id: int | None = None) -> None:
    """Do a run, if it waits. Called again it does nothing."""
    with watching(run_id) as watch:
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
            stopped.tell(run)
        except Outside:
            if run.change_set is not None:
                mending.ask_again(run.change_set, by=run.by)
            watch.fail("lies-elsewhere")
            stopped.tell(run)
        except changes.StateError:
            watch.fail("decided-meanwhile")
            stopped.tell(run)
        except Exception:
            watch.fail("broke-off")
            raise


@contextmanager
def _may_be_ended(run_id: int) -> Iterator[None]:
    """While it lasts, `cancel` finds the connection that does the work."""
    statements.execute("SELECT pg_advisory_lock(%s, %s)", [WORK_LOCK, run_id])
    try:
        yield
    finally:
        with suppress(Error):
            statements.execute("SELECT pg_advisory_unlock(%s, %s)", [WORK_LOCK, run_id])


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
        _withdraw_replaced(run, change_set)
        _finish(run, change_set)


def _withdraw_replaced(run: Run, change_set: ChangeSet) -> None:
    if run.replaces is not None and run.replaces.state in OPEN:
        handing.go_on(run.replaces, change_set)
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
        state=RunState.DONE, change_set=change_set, ended_at=Now()
    )
    if hit != 1:
        raise Cancelled


@transaction.atomic
def _record_moved(run: Run, moved: changes.MovedOn) -> None:
    """Note on the change set which features moved on, in place of what was noted before."""
    if run.change_set is None:
        return
    Issue.objects.filter(change_set=run.change_set, code__in=["feature-moved-on", "no-longer-sound"]).delete()
    changes.record(run.change_set, moved.findings)


WORKS = {Work.STAGE: _stage, Work.APPLY: _apply}


# What lost its process


def sweep() -> None:
    """Begin anew what has lost its process; after some attempts give up."""
    _forget_jobs_of_ended_runs()
    for run in Run.objects.filter(state=RunState.RUNNING):
        with watching(run.pk) as watch:
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
        run.state, run.ended_at = RunState.CANCELLED, Now()
    elif run.attempts >= MOST_ATTEMPTS:
        run.state, run.ended_at = RunState.FAILED, Now()
        run.error = "cut-off"
    else:
        run.state = RunState.WAITING
        defer(run)
    run.save()


def _forget_jobs_of_ended_runs() -> None:
    """A worker that was killed between the end of its run and that of its job left the lock, too."""
    statements.execute(
        "SELECT procrastinate_finish_job_v1(j.id, 'failed', false) FROM procrastinate_jobs j"
        " JOIN workbench_run r ON r.job_id = j.id WHERE j.status = 'doing' AND r.ended_at < now() - %s * interval '1 second'",
        [LAST_WORD.total_seconds()],
    )


def _forget_job(run: Run) -> None:
    """End the job of a worker that is gone: it holds the lock that the next one waits for."""
    statements.execute(
        "SELECT procrastinate_finish_job_v1(id, 'failed', false) FROM procrastinate_jobs"
        " WHERE id = %s AND status = 'doing'",
        [run.job_id],
    )
