"""The background in a process of its own: progress, a stop in the middle, and kill -9, after which nothing is half."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from procrastinate.contrib.django import app

from landgis.accounts.models import User
from landgis.changes import actions as changes
from landgis.changes.followers import FOLLOW_LOCK
from landgis.changes.models import ChangeSet, Position, State
from landgis.search.actions import FOLLOWER
from landgis.workbench import actions, runs
from landgis.workbench.models import Run
from landgis.workbench.watch import watching
from tests import samples
from tests.waiting import until
from tests.workbench import files
from tests.workbench.conftest import a_worker, items_in, newest, state_of

pytestmark = pytest.mark.usefixtures("own_world")
ROWS = 12_000
TABLE = "publicland_plotitem"


def hand_in(path: Path, by: User) -> Run:
    return actions.take_in([SimpleUploadedFile(path.name, path.read_bytes())], "public-land", {}, by=by)


def is_reading(run: Run) -> bool:
    run.refresh_from_db()
    return run.rows_done > 0


def test_a_killed_worker_leaves_nothing_half_and_the_next_one_does_it(
    tmp_path: Path, state: Path, people: dict[str, User]
) -> None:
    before, sets = items_in(TABLE), ChangeSet.objects.count()
    run = hand_in(files.many_plots(tmp_path / "plots.gpkg", ROWS), people["officer"])
    with a_worker(state) as worker:
        until(lambda: is_reading(run))
        assert run.state == "running" and run.rows_total == ROWS
        worker.kill()
        worker.wait()
    assert (items_in(TABLE), ChangeSet.objects.count()) == (before, sets)
    assert state_of(run) == "running"
    with a_worker(state):
        until(lambda: state_of(run) not in ("running", "waiting"))
        assert (run.state, run.attempts) == ("done", 2), (run.error, run.error_params)
        assert (items_in(TABLE), ChangeSet.objects.count()) == (before + ROWS, sets + 1)
        assert changes.counts(newest())["add"] == ROWS
        second = hand_in(tmp_path / "plots.gpkg", people["officer"])
        until(lambda: is_reading(second))
        actions.cancel(second)
        until(lambda: state_of(second) not in ("running", "waiting"))
        assert second.state == "cancelled"
        assert (items_in(TABLE), ChangeSet.objects.count()) == (before + ROWS, sets + 1)
        _published(newest(), people)


def _published(change_set: ChangeSet, people: dict[str, User]) -> None:
    """The same worker applies what another person approves."""
    assert not changes.stopping(change_set), set(change_set.issues.values_list("code", "field")[:5000])
    changes.submit(change_set, by=change_set.author)
    run = actions.approve(change_set, by=people["approver"])
    until(lambda: state_of(run) not in ("running", "waiting"))
    change_set.refresh_from_db()
    assert (run.state, change_set.state) == ("done", State.APPLIED), run.error


def test_a_publication_does_not_wait_behind_a_file(tmp_path: Path, state: Path, people: dict[str, User]) -> None:
    """The file is read here for as long as the test wants: it waits to write its rows."""
    urgent = samples.drafted([samples.plot(9000)], by=people["officer"])
    changes.check(urgent)
    slow = connections.create_connection("default")
    try:
        with slow.cursor() as cursor:
            cursor.execute(f"BEGIN; LOCK TABLE {TABLE} IN SHARE MODE")
        file = hand_in(files.many_plots(tmp_path / "plots.gpkg", 5), people["officer"])
        with a_worker(state):
            until(lambda: state_of(file) == "running" and file.seen)
            _published(urgent, people)
            assert state_of(file) == "running"
            slow.close()
            until(lambda: state_of(file) == "done")
    finally:
        slow.close()


@pytest.mark.prove
def test_a_slow_follower_is_one_and_keeps_no_slot_from_officers(
    tmp_path: Path, state: Path, people: dict[str, User]
) -> None:
    """It is asked for every two seconds, and waits here for as long as the test wants."""
    Position.objects.filter(dataset="public-land").update(fingerprint="")
    run = hand_in(files.many_plots(tmp_path / "plots.gpkg", 5), people["officer"])
    slow = connections.create_connection("default")
    with slow.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [FOLLOW_LOCK, FOLLOWER])
        with a_worker(state):
            until(lambda: waiting_for(FOLLOW_LOCK) == 1)
            asked = asked_to_follow()
            until(lambda: asked_to_follow() >= asked + 4)
            until(lambda: state_of(run) not in ("running", "waiting"))
            assert run.state == "done", run.error
            assert waiting_for(FOLLOW_LOCK) == 1
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [FOLLOW_LOCK, FOLLOWER])
            until(lambda: not Position.objects.filter(fingerprint="").exists())
    slow.close()


def asked_to_follow() -> int:
    """How often, as counted by the jobs that were made of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(defer_timestamp) FROM procrastinate_periodic_defers WHERE task_name = 'follow_search'"
        )
        [(last,)] = cursor.fetchall()
        return int(last or 0) // 2


def waiting_for(lock: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE locktype = 'advisory'"
            " AND NOT granted AND classid = %s AND d.datname = current_database()",
            [lock],
        )
        return cursor.fetchone()[0]


def test_no_periodic_work_takes_the_slot_of_another() -> None:
    """Each runs once at a time, so that there is always a slot for what officers hand in."""
    periodic = [task for task in app.tasks.values() if task.queueing_lock]
    assert {"check_published", "follow_search", "sweep_runs"} <= {task.name for task in periodic}
    assert settings.PROCRASTINATE_WORKER_DEFAULTS["concurrency"] >= len(periodic) + len(actions.QUEUES)
    registered = {one.task.name for one in app.periodic_registry.periodic_tasks.values()}
    assert registered == {task.name for task in periodic}


def test_what_is_cut_again_and_again_is_given_up(state: Path, people: dict[str, User]) -> None:
    run = Run.objects.create(by=people["officer"], state="running", attempts=runs.MOST_ATTEMPTS)
    runs.sweep()
    assert state_of(run) == "failed" and run.error == "cut-off"


def test_what_another_process_works_on_is_left_alone(state: Path, people: dict[str, User]) -> None:
    run = Run.objects.create(by=people["officer"], state="running", attempts=1)
    with watching(run.pk) as watch:
        assert watch is not None
        runs.sweep()
        assert state_of(run) == "running"
    runs.sweep()
    assert state_of(run) == "waiting"


def test_the_job_of_a_worker_that_was_killed_right_after_its_run_is_forgotten(
    state: Path, people: dict[str, User]
) -> None:
    """Else it would hold for ever the lock that lets one file after the other."""
    run = hand_in(files.many_plots(state / "plots.gpkg", 5), people["officer"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'workbench_run' RETURNING id")
        [(job,)] = cursor.fetchall()
    runs.work(run.pk, job)
    runs.sweep()
    assert (state_of(run), status_of(job)) == ("done", "doing")  # its worker may be about to say so itself
    Run.objects.filter(pk=run.pk).update(ended_at=run.ended_at - 2 * runs.LAST_WORD)
    runs.sweep()
    assert (state_of(run), status_of(job)) == ("done", "failed")


def status_of(job: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job])
        return cursor.fetchone()[0]
