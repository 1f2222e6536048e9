"""The officers' acts that take the background: a file to be staged, a change set to be applied, a run to be stopped."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from landgis.accounts.models import Role, User
from landgis.changes import actions as changes
from landgis.changes import redacted_items, scopes
from landgis.changes.models import ChangeSet, State
from landgis.changes.redactions import NotRedactable, Target
from landgis.ingest import sandbox, store
from landgis.lib import statements
from landgis.lib.files import HandedFile
from landgis.workbench.choices import Choices
from landgis.workbench.models import Run, RunState, Work

WORK_LOCK = 0x0FF1CF  # of the connection that does the work; the second of the two numbers is the run
QUEUES = {Work.STAGE: "files", Work.APPLY: "publication"}
OPEN = (State.DRAFT, State.CHECKED, State.SUBMITTED, State.APPROVED)


class TooLate(Exception):
    """The time has passed already."""


class NoSandbox(Exception):
    """Files from browsers are only read behind walls, and there are none here."""


def take_in(files: Sequence[HandedFile], dataset: str, choices: Choices, *, by: User) -> Run:
    """Keep what a browser sent and have it staged in the background. Raises NoSandbox."""
    kept = _kept(files)
    return stage_kept(kept.sha256, kept.name, dataset, choices, by=by)


def hold(files: Sequence[HandedFile], dataset: str, choices: Choices, *, by: User) -> Run:
    """Keep what a browser sent until what was said of it can be read: nobody sends it twice. Raises NoSandbox."""
    kept = _kept(files)
    return Run.objects.create(
        state=RunState.FAILED,
        error="said-wrongly",
        by=by,
        dataset=dataset,
        file_name=kept.name,
        file_sha256=kept.sha256,
        choices=choices,
        ended_at=Now(),
    )


def _kept(files: Sequence[HandedFile]) -> store.KeptFile:
    if not sandbox.is_available():
        raise NoSandbox
    return store.keep_handed(files)


@transaction.atomic
def stage_kept(
    sha256: str, name: str, dataset: str, choices: Choices, *, by: User, replaces: ChangeSet | None = None
) -> Run:
    """Have a kept file staged; the change set that it `replaces` is withdrawn when that has gone well."""
    run = Run.objects.create(
        work=Work.STAGE, by=by, dataset=dataset, file_name=name, file_sha256=sha256, choices=choices, replaces=replaces
    )
    defer(run)
    return run


@transaction.atomic
def approve(change_set: ChangeSet, *, by: User) -> Run | None:
    """Let a change set in and have it applied; None where another territory has to let in its part first.

    The database refuses the author. Raises Outside.
    """
    changes.approve(change_set, by=by)
    return publish(change_set, by=by) if change_set.state == State.APPROVED else None


@transaction.atomic
def plan(change_set: ChangeSet, at: datetime.datetime, *, by: User) -> Run | None:
    """Let a change set in and have it applied at a time by the database's clock; None as `approve`.

    Raises TooLate for a time that has passed, and Outside.
    """
    _must_come(at)
    changes.approve(change_set, by=by)
    return publish(change_set, by=by, at=at) if change_set.state == State.APPROVED else None


def _must_come(at: datetime.datetime) -> None:
    if at <= statements.value("SELECT clock_timestamp()"):
        raise TooLate


@transaction.atomic
def begin_planned() -> None:
    """Put into the queue what is due."""
    due = Run.objects.filter(state=RunState.WAITING, is_queued=False, planned_for__lte=Now())
    for run in due.select_for_update(skip_locked=True):
        Run.objects.filter(pk=run.pk).update(is_queued=True)
        defer(run)


def _run_of(change_set: ChangeSet, by: User, **when: Any) -> Run:
    return Run.objects.create(
        work=Work.APPLY,
        by=by,
        dataset=change_set.dataset,
        file_name=change_set.file_name,
        file_sha256=change_set.file_sha256,
        change_set=change_set,
        **when,
    )


@transaction.atomic
def publish(change_set: ChangeSet, *, by: User, at: datetime.datetime | None = None) -> Run:
    """Have an approved change set applied, now or at a time by the database's clock. Raises TooLate and Outside."""
    scopes.must_touch(change_set, by, scopes.decider(change_set), Role.PUBLISHER)
    if at is not None:
        _must_come(at)
        return _run_of(change_set, by, planned_for=at, is_queued=False)
    run = _run_of(change_set, by)
    defer(run)
    return run


def cancel(run: Run) -> None:
    """Stop a run: at once when it waits; else its connection is ended, and the worker hears of it at its next word."""
    waiting = Run.objects.filter(pk=run.pk, state=RunState.WAITING)
    if not waiting.update(state=RunState.CANCELLED, ended_at=Now()):
        asked = Run.objects.filter(pk=run.pk, state=RunState.RUNNING).update(cancel_asked=True)
        if asked:
            transaction.on_commit(lambda: _end_work(run.pk))


def _end_work(run_id: int) -> None:
    """End the connection that works on a run, if one does."""
    statements.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND classid = %s AND objid = %s AND objsubid = 2 AND pid <> pg_backend_pid()"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        [WORK_LOCK, run_id],
    )


def defer(run: Run) -> None:
    """Put a run into its queue of the worker."""
    from landgis.workbench import tasks

    # One file after the other, since each may take a gigabyte of memory; and beside them one publication after the other,
    # which must not wait for a file that is read for minutes.
    queue = QUEUES[Work(run.work)]
    tasks.work.configure(queue=queue, lock=queue).defer(run_id=run.pk)


def forget_value(target: Target) -> None:
    """Take a redacted value out of what is kept of runs. Raises NotRedactable while one reads a file that brings it."""
    of_files = Q(file_sha256__in=target.checksums)
    if Run.objects.filter(of_files, state__in=(RunState.WAITING, RunState.RUNNING)).exists():
        raise NotRedactable(_("A file that brings it is being read: wait for the end of that, or stop it."))
    for run in Run.objects.filter(of_files | Q(change_set__in=target.about) | Q(replaces__in=target.about)):
        names = ("file_name", "choices", "error_params")
        said = {name: target.without(getattr(run, name)) for name in names}
        said["seen"] = redacted_items.reading_without(target, run.seen)
        Run.objects.filter(pk=run.pk).update(**said)
    Run.objects.filter(of_files).update(file_sha256="")
