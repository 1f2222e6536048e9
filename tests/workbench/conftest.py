"""What the tests of the workbench share: people with roles, and a worker in a process of its own."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client, override_settings

from landgis import env
from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import Role, User
from landgis.changes.models import ChangeSet
from landgis.lib import statements
from landgis.places import holdings
from landgis.workbench import runs
from landgis.workbench.models import Run
from tests.people import in_whole_office
from tests.programs import environment

PASSWORD = "đúng mật khẩu 2026"


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    """A folder of state for the worker; the file store of this process is the one in it."""
    folder = tmp_path / "state"
    folder.mkdir()
    with override_settings(MEDIA_ROOT=folder / "media"):
        yield folder


@pytest.fixture
def people(own_world: str) -> dict[str, User]:
    """One person a role, by role; and a second officer."""
    ensure_roles()
    found = {name: User.objects.create_user(name) for name in (*Role.values, "second")}
    for name, user in found.items():
        user.groups.set([Group.objects.get(name=name if name in Role.values else Role.OFFICER.value)])
    in_whole_office(*found.values())
    return found | {"admin": User.objects.create_superuser("admin")}


@pytest.fixture
def signed_in(people: dict[str, User]) -> Callable[[str], Client]:
    """A client of the person of that name."""

    def of(name: str) -> Client:
        client = Client()
        client.force_login(people[name])
        return client

    return of


@pytest.fixture
def units() -> list[str]:
    """The two units of today with most plots of public land."""
    found = statements.rows(
        "SELECT l.unit FROM catalog_location l JOIN places_unit u ON u.ref = l.unit AND u.until_revision IS NULL"
        " WHERE l.dataset = 'public-land' GROUP BY l.unit ORDER BY count(*) DESC, l.unit LIMIT 2"
    )
    return [unit for (unit,) in found]


@pytest.fixture
def local(people: dict[str, User], units: list[str]) -> dict[str, User]:
    """Officers of the two communes, and an approver of the second."""
    for name, role, unit in (("one", "officer", 0), ("two", "officer", 1), ("judge", "approver", 1)):
        person = User.objects.create_user(name, email=f"zq.{name}@example.org")
        person.groups.set(Group.objects.filter(name=role))
        area = holdings.make(f"zq-{unit}", f"Area {unit}", [units[unit]], by=None)
        holdings.give(person, Role(role), area, by=None)
        people[name] = person
    return people


def do_waiting() -> None:
    """What the worker would do, here."""
    for run in Run.objects.filter(state="waiting", is_queued=True).order_by("id"):
        runs.work(run.pk)


@contextmanager
def a_worker(state: Path, **more: str) -> Iterator[subprocess.Popen]:
    """The background worker on the database in use, in a process of its own; `more` are variables of its environment."""
    with (state / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "procrastinate", "worker"],
            cwd=env.BASE_DIR,
            env=environment(state) | more,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def state_of(run: Run) -> str:
    run.refresh_from_db()
    return run.state


def items_in(dataset_table: str) -> int:
    """How many belong to change sets that have not ended: any worker puts the others away."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {dataset_table} i JOIN changes_changeset c ON c.id = i.change_set_id"
            " WHERE c.state NOT IN ('applied', 'rejected', 'withdrawn')"
        )
        return cursor.fetchone()[0]


def newest() -> ChangeSet:
    return ChangeSet.objects.order_by("-id")[0]
