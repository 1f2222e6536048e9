"""kill -9 of the database while the worker applies what was approved on a page: all or nothing, and then all.

The cluster is one of its own: the tests of others would feel it.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client, override_settings

from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import Role, User
from landgis.catalog import published
from landgis.changes.models import AuditEntry, ChangeSet, State
from landgis.workbench.models import Run
from tests import samples
from tests.changes.test_apply_cuts import OwnCluster, applier, pointed_to, watching
from tests.people import in_whole_office
from tests.waiting import PATIENCE_S, until
from tests.workbench import files
from tests.workbench.conftest import a_worker, state_of

pytestmark = pytest.mark.prove  # tests/changes/test_apply_cuts.py kills the database in `make test`
PLOTS = 500
# The last table that an apply writes: when it waits for that, everything else is done and nothing is committed.
BEFORE_THE_END = "LOCK TABLE changes_logentry IN SHARE MODE"


@pytest.fixture(scope="module")
def own_cluster(django_db_blocker: Any) -> Iterator[OwnCluster]:
    folder = Path(tempfile.mkdtemp(prefix="landgis-cuts-"))
    folder.chmod(0o755)  # the server's user has to pass
    own = OwnCluster(folder / "state")
    try:
        with (
            django_db_blocker.unblock(),
            pointed_to(own),
            override_settings(MEDIA_ROOT=folder / "worker" / "media"),
        ):
            call_command("migrate", verbosity=0)
            ensure_roles()
            for role in (Role.OFFICER, Role.APPROVER):
                User.objects.create_user(role.value).groups.set([Group.objects.get(name=role.value)])
            in_whole_office(*User.objects.all())
            yield own
    finally:
        for held in own.holds:
            held.release()
        own.holds[-1].release(wait=PATIENCE_S)
        shutil.rmtree(folder, ignore_errors=True)


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def the_newest_run() -> Run:
    return Run.objects.order_by("-id")[0]


def checked(path: Path) -> ChangeSet:
    """The change set of a file that an officer handed in, and submitted."""
    officer = signed_in("officer")
    with path.open("rb") as file:
        assert officer.post("/officer/upload/", {"file": file, "dataset": "public-land"}).status_code == 302
    run = the_newest_run()
    until(lambda: state_of(run) not in ("running", "waiting"))
    assert run.change_set is not None, run.error
    assert officer.post(f"/officer/changes/{run.change_set.pk}/submit/").status_code == 302
    return run.change_set


@contextmanager
def held_before_the_end() -> Iterator[psycopg.Connection]:
    with suppress(psycopg.Error), watching(settings.OWNER_LOGIN) as other:  # the kill takes this one along
        other.autocommit = False
        other.execute(BEFORE_THE_END)
        yield other


def a_worker_is_there(state: Path, stack: ExitStack, workers: list[subprocess.Popen]) -> None:
    """As a service manager would: a worker that ended with the database is started anew."""
    if not workers or workers[-1].poll() is not None:
        workers.append(stack.enter_context(a_worker(state)))


@pytest.mark.parametrize("victim", ["backend", "postmaster"])
def test_an_apply_whose_database_is_killed_is_done_later_and_once(
    own_cluster: OwnCluster, tmp_path: Path, victim: str
) -> None:
    state = Path(settings.MEDIA_ROOT).parent
    state.mkdir(exist_ok=True)
    workers: list[subprocess.Popen] = []
    before = samples.public_land().in_force._default_manager.filter(until_revision=None).count()
    with ExitStack() as stack:
        a_worker_is_there(state, stack, workers)
        change_set = checked(files.many_plots(tmp_path / "plots.gpkg", PLOTS, code=victim[0].upper()))
        with watching() as watch, held_before_the_end():
            approver = signed_in("approver")
            assert approver.post(f"/officer/changes/{change_set.pk}/approve/").status_code == 302
            until(lambda: is_held_up(watch))
            pid = applier(watch)
            assert pid is not None
            own_cluster.kill(pid if victim == "backend" else own_cluster.postmaster())
        own_cluster.recover()
        change_set.refresh_from_db()
        # The worker may already be at it again; it has not been half done.
        in_force = samples.public_land().in_force._default_manager.filter(until_revision=None).count()
        assert in_force == before + (PLOTS if change_set.state == State.APPLIED else 0)
        run = the_newest_run()
        assert run.change_set_id == change_set.pk

        def is_done() -> bool:
            a_worker_is_there(state, stack, workers)
            return state_of(run) not in ("running", "waiting")

        until(is_done)
    change_set.refresh_from_db()
    assert (run.state, change_set.state) == ("done", State.APPLIED), run.error
    assert samples.public_land().in_force._default_manager.filter(until_revision=None).count() == before + PLOTS
    assert published.differences(samples.public_land()) == 0
    verbs = AuditEntry.objects.filter(subject=f"change-set {change_set.pk}", verb="change-set.apply")
    assert verbs.count() == 1
    page = signed_in("approver").get(f"/officer/changes/{change_set.pk}/").content.decode()
    assert f"Đã công bố thành lần công bố {change_set.revision}." in page


def is_held_up(watch: psycopg.Connection) -> bool:
    """Whether the apply waits for the lock that is held."""
    pid = applier(watch)
    if pid is None:
        return False
    [blockers] = watch.execute("SELECT cardinality(pg_blocking_pids(%s))", [pid]).fetchone()
    return blockers > 0
