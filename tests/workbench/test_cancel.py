"""A run that is stopped in the middle of a long step: nothing of it stays, and its page says that it was stopped."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client

from landgis.accounts.models import User
from landgis.catalog import published
from landgis.catalog.dataset import Dataset
from landgis.changes import actions as changes
from landgis.changes.issues import Finding
from landgis.changes.models import ChangeSet, State
from landgis.workbench import actions, runs
from landgis.workbench.models import Run
from tests import samples
from tests.programs import address
from tests.waiting import PATIENCE_S, until
from tests.workbench import files
from tests.workbench.conftest import a_worker, items_in, newest, state_of

pytestmark = pytest.mark.usefixtures("own_world")
TABLE = "publicland_plotitem"
# What the check (ANALYZE, after more than a few rows are in) and the apply run into, so that both take long for certain.
IN_CHECK = f"LOCK TABLE {TABLE} IN SHARE UPDATE EXCLUSIVE MODE"
IN_APPLY = f"SELECT pg_advisory_xact_lock({published.APPLY_LOCK})"


@contextmanager
def held_up(statement: str) -> Iterator[Callable[[], bool]]:
    """Somebody else's transaction, for which the work has to wait; tells whether it does."""
    with psycopg.connect(address("default")) as other:
        other.execute(statement)

        def is_waited_for() -> bool:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid)))",
                    [other.info.backend_pid],
                )
                return cursor.fetchone()[0]

        yield is_waited_for
        other.rollback()


def hand_in(path: Path, by: User) -> Run:
    return actions.take_in([SimpleUploadedFile(path.name, path.read_bytes())], "public-land", {}, by=by)


def stop(run: Run, client: Client) -> None:
    assert client.post(f"/officer/runs/{run.pk}/cancel/").status_code == 302
    until(lambda: state_of(run) != "running")
    assert run.state == "cancelled"


def test_a_long_check_and_a_long_apply_are_stopped_and_leave_nothing(
    tmp_path: Path, state: Path, people: dict[str, User], signed_in: Callable[[str], Client]
) -> None:
    before, sets = items_in(TABLE), ChangeSet.objects.count()
    officer, approver = signed_in("officer"), signed_in("approver")
    path = files.many_plots(tmp_path / "plots.gpkg", 600)
    with a_worker(state):
        with held_up(IN_CHECK) as is_waited_for:
            run = hand_in(path, people["officer"])
            until(is_waited_for)
            assert state_of(run) == "running" and run.rows_done == run.rows_total == 600
            # The other one goes on holding what the check waits for: it ends all the same.
            stop(run, officer)
            assert not is_waited_for()
        assert run.change_set is None
        assert (items_in(TABLE), ChangeSet.objects.count()) == (before, sets)
        assert "Đã dừng: không có gì thay đổi." in officer.get(f"/officer/runs/{run.pk}/").content.decode()

        again = hand_in(path, people["officer"])
        until(lambda: state_of(again) not in ("running", "waiting"))
        assert again.state == "done", again.error
        change_set = newest()
        changes.submit(change_set, by=change_set.author)
        with held_up(IN_APPLY) as is_waited_for:
            publishing = actions.approve(change_set, by=people["approver"])
            until(is_waited_for)
            assert 'action="/officer/runs/' in approver.get(f"/officer/changes/{change_set.pk}/").content.decode()
            stop(publishing, approver)
        change_set.refresh_from_db()
        assert (change_set.state, change_set.revision) == (State.APPROVED, None)
        said = approver.get(f"/officer/changes/{change_set.pk}/").content.decode()
        assert "Đã dừng việc công bố: không có gì thay đổi." in said
        # The same worker goes on, and what was stopped can be begun again.
        once_more = actions.publish(change_set, by=people["approver"])
        until(lambda: state_of(once_more) not in ("running", "waiting"))
        change_set.refresh_from_db()
        assert (once_more.state, change_set.state) == ("done", State.APPLIED), once_more.error


def test_a_check_that_computes_is_stopped_at_its_next_word_to_the_database(
    tmp_path: Path, state: Path, people: dict[str, User]
) -> None:
    """The connection sits idle while Python works: a query that is cancelled would not be noticed."""
    dataset = samples.public_land()
    computing, asked = threading.Event(), threading.Event()

    def long_check(_dataset: Dataset, change_set: ChangeSet) -> Iterator[Finding]:
        computing.set()
        assert asked.wait(PATIENCE_S)
        assert change_set.issues.count() >= 0
        yield from ()

    def work() -> None:
        try:
            runs.work(run.pk)
        finally:
            connections.close_all()

    before, sets = items_in(TABLE), ChangeSet.objects.count()
    run = hand_in(files.many_plots(tmp_path / "plots.gpkg", 20), people["officer"])
    dataset.checks = (*type(dataset).checks, long_check)
    try:
        working = threading.Thread(target=work)
        working.start()
        assert computing.wait(PATIENCE_S)
        actions.cancel(run)
        asked.set()
        working.join(PATIENCE_S)
    finally:
        del dataset.checks
    assert state_of(run) == "cancelled"
    assert (items_in(TABLE), ChangeSet.objects.count()) == (before, sets)
