"""kill -9 at a hundred random moments, of the command and of the server: a change set is in force whole or not at all.

The moments are drawn from a seed; CUTS_SEED=<number> in the environment repeats those of a failed run.
"""

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import Error, connection, connections
from django.test import override_settings

from landgis.catalog import published
from landgis.changes import checksums
from landgis.operations import cluster, roles
from tests import databases, samples
from tests.changes import loading
from tests.waiting import PATIENCE_S, until

SEED = int(os.environ.get("CUTS_SEED") or random.SystemRandom().randrange(1_000_000))
PLOTS = 1000
SHIFT = 40  # every step retires so many plots, adds as many and changes all others
COMMAND_CUTS = 42  # at any moment of the command, and as many while it applies
# Of each kind one is tried by `make test`, all of them by `make prove`.
ONE_OR_ALL = [
    number if number == COMMAND_CUTS // 2 else pytest.param(number, marks=pytest.mark.prove)
    for number in range(COMMAND_CUTS)
]
SERVER_CUTS = [
    ("postmaster", "apply"),
    *(
        pytest.param(*cut, marks=pytest.mark.prove)
        for cut in [
            ("backend", "load"),
            ("backend", "apply"),
            ("backend", "load"),
            ("backend", "apply"),
            ("postmaster", "apply"),
        ]
        * 3
    ),
]

# Everything that an apply writes.
WRITTEN = {
    "in force": "SELECT ref, name, from_revision FROM publicland_plot WHERE until_revision IS NULL",
    "past": "SELECT from_revision, until_revision, count(*) FROM publicland_plot WHERE until_revision IS NOT NULL"
    " GROUP BY 1, 2",
    "tile rows": "SELECT ref, name FROM published.tile_public_land",
    "revisions": "SELECT number, dataset FROM catalog_revision",
    "log": "SELECT revision, added, changed, retired FROM changes_logentry",
    "change sets": "SELECT revision, state::text FROM changes_changeset WHERE revision IS NOT NULL OR state = 'applied'",
    "orphans": "SELECT id, state::text FROM changes_changeset WHERE state IN ('submitted', 'approved')",
    "audit": "SELECT (details->>'revision')::int, verb FROM changes_auditentry WHERE verb = 'change-set.apply'",
}


MUCH = {"CONFIRM_FEATURES": 1_000_000}  # every step changes most of the plots


@pytest.fixture(scope="module", autouse=True)
def _much_is_meant() -> Iterator[None]:
    with override_settings(**MUCH):
        yield


class Story:
    """A database whose plots go from step to step, each one file and one revision; cuts happen on the way."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.step = 0
        self.random = random.Random(SEED)
        sys.stdout.write(f"CUTS_SEED={SEED}\n")
        samples.load(self.file(0))
        self.check_whole("the first load")

    def file(self, step: int) -> Path:
        return samples.write(self.folder / f"step_{step}.geojson", (_plot(step, number) for number in _numbers(step)))

    def next_file(self) -> Path:
        self.step += 1
        return self.file(self.step)

    def check_whole(self, cut: str) -> None:
        """All of the step before or all of this one; then the same load again makes it this one."""
        with suppress(Error):  # a server that was killed took our connection along
            connection.close()
        found = {name: _rows(query) for name, query in WRITTEN.items()}
        revisions = len(found["revisions"])
        assert revisions in (self.step, self.step + 1), f"{cut}, CUTS_SEED={SEED}"
        for name, rows in expected(revisions - 1).items():
            assert found[name] == rows, f"{name} after {cut}, CUTS_SEED={SEED}"
        dataset = samples.public_land()
        assert published.differences(dataset) == 0, f"tile rows after {cut}, CUTS_SEED={SEED}"
        assert not [*checksums.altered_rows(dataset), *checksums.wrong_revisions(dataset)], f"{cut}, CUTS_SEED={SEED}"

    def complete(self, cut: str) -> None:
        samples.load(self.folder / f"step_{self.step}.geojson")
        self.check_whole(f"the repeated load after {cut}")
        assert len(_rows(WRITTEN["revisions"])) == self.step + 1


def _numbers(step: int) -> range:
    return range(step * SHIFT, step * SHIFT + PLOTS)


def _plot(step: int, number: int) -> samples.Plot:
    return samples.plot(number, name=f"Step {step}")


def expected(step: int) -> dict[str, list[tuple]]:
    """What each query of WRITTEN must give when this step is in force and nothing else ever happened."""
    last = step + 1
    refs = [f"P-{number:05d}" for number in _numbers(step)]
    told = {
        "in force": [(ref, f"Step {step}", last) for ref in refs],
        "past": [(number, number + 1, PLOTS) for number in range(1, last)],
        "tile rows": [(ref, f"Step {step}") for ref in refs],
        "revisions": [(number, "public-land") for number in range(1, last + 1)],
        "log": [(1, PLOTS, 0, 0), *((number, SHIFT, PLOTS - SHIFT, SHIFT) for number in range(2, last + 1))],
        "change sets": [(number, "applied") for number in range(1, last + 1)],
        "orphans": [],
        "audit": [(number, "change-set.apply") for number in range(1, last + 1)],
    }
    return {name: sorted(rows) for name, rows in told.items()}


def _rows(query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(cursor.fetchall())


@contextmanager
def watching(login: dict[str, Any] | None = None) -> Iterator[psycopg.Connection]:
    """A connection of one's own, beside Django's; as the application, or with another login."""
    at = connections["default"].settings_dict | (login or {})
    with psycopg.connect(
        host=at["HOST"], port=at["PORT"], user=at["USER"], password=at["PASSWORD"], dbname=at["NAME"], autocommit=True
    ) as watch:
        yield watch


def applier(watch: psycopg.Connection) -> int | None:
    """The process of the server that holds the apply lock of this database."""
    found = watch.execute(
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = %s"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        [published.APPLY_LOCK],
    ).fetchone()
    return found[0] if found else None


# The command is killed


class Command:
    """`manage.py load FILE --commit` in a process of its own."""

    def __init__(self, file: Path, watch: psycopg.Connection):
        self.watch = watch
        self.told = file.with_suffix(".txt")
        database = connections["default"].settings_dict["NAME"]
        self.process = loading.started(
            database, file, self.told, MEDIA_ROOT=settings.MEDIA_ROOT, TILES=settings.TILES, **MUCH
        )

    def wait_for_apply(self) -> bool:
        """True as soon as it applies; False when it ended before we saw that."""
        return (
            until(lambda: (self.is_applying() and "applies") or (self.process.exitcode is not None and "ended"), 0.001)
            == "applies"
        )

    def is_applying(self) -> bool:
        return applier(self.watch) is not None

    def end(self) -> None:
        """Wait until it has done all."""
        self.process.join(PATIENCE_S)
        assert self.process.exitcode == 0, self.told.read_text(encoding="utf-8")

    def kill(self) -> None:
        self.process.kill()
        self.process.join(PATIENCE_S)
        # The server notices at its next word to the client; what it was told before that, it may still do.
        alive = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND datname = current_database()"
        until(lambda: self.watch.execute(alive, [loading.NAME]).fetchone() == (0,), 0.001)


@pytest.fixture(scope="module")
def command_story(
    migrated: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Story, float, float]]:
    """A story, and the seconds that a whole command and its apply take when nobody cuts them."""
    with django_db_blocker.unblock(), databases.made(migrated) as name, databases.used(name), watching() as watch:
        story = Story(tmp_path_factory.mktemp("cuts"))
        file = story.next_file()
        loading.be_ready()
        begin = time.monotonic()
        command = Command(file, watch)
        assert command.wait_for_apply(), command.told.read_text(encoding="utf-8")
        began_to_apply = time.monotonic()
        until(lambda: not command.is_applying(), 0.001)
        applied = time.monotonic()
        command.end()
        story.check_whole("no cut")
        assert len(_rows(WRITTEN["revisions"])) == story.step + 1
        yield story, applied - begin, applied - began_to_apply


@pytest.mark.parametrize("number", ONE_OR_ALL)
def test_a_load_killed_at_any_moment_leaves_all_or_nothing(
    command_story: tuple[Story, float, float], number: int
) -> None:
    story, whole_s, _apply_s = command_story
    # One cut in each part of the run, so that none is left out by chance.
    moment = whole_s * (number + story.random.random()) / COMMAND_CUTS
    with watching() as watch:
        command = Command(story.next_file(), watch)
        time.sleep(moment)
        command.kill()
    story.check_whole(f"the command was killed {moment:.3f} s after its start")
    story.complete("that")


@pytest.mark.prove  # `make test` kills one at any moment
@pytest.mark.parametrize("number", ONE_OR_ALL)
def test_a_load_killed_while_it_applies_leaves_all_or_nothing(
    command_story: tuple[Story, float, float], number: int
) -> None:
    story, _whole_s, apply_s = command_story
    moment = apply_s * (number + story.random.random()) / COMMAND_CUTS
    with watching() as watch:
        command = _applying(story, watch)
        time.sleep(moment)
        command.kill()
    story.check_whole(f"the command was killed {moment:.3f} s after it began to apply")
    story.complete("that")


def _applying(story: Story, watch: psycopg.Connection) -> Command:
    """A command in the middle of its apply. One that was too quick for us to see it is let go."""
    for _ in range(5):
        command = Command(story.next_file(), watch)
        if command.wait_for_apply():
            return command
        command.end()
    raise AssertionError("no apply was slow enough to be seen")


# The server is killed, in a cluster of its own: the others' tests would feel it.


class OwnCluster:
    """A second private cluster, to which both aliases point."""

    def __init__(self, state: Path):
        self.state = state
        self.holds = [cluster.hold(state)]

    @property
    def pointer(self) -> dict[str, Any]:
        return json.loads((self.state / "cluster.json").read_text())

    def postmaster(self) -> int:
        return int((Path(self.pointer["place"]) / "data" / "postmaster.pid").read_text().splitlines()[0])

    def kill(self, pid: int) -> None:
        """kill -9 of a process of this cluster; of no other, should the number have been given anew."""
        with suppress(OSError):  # it was done and gone
            if Path(f"/proc/{pid}/cwd").samefile(Path(self.pointer["place"]) / "data"):
                os.kill(pid, signal.SIGKILL)

    def recover(self) -> None:
        """As the next command would: the cluster is started if nothing runs, and asked until it answers."""
        self.holds.append(cluster.hold(self.state))
        until(self._answers)

    @staticmethod
    def _answers() -> bool:
        connections.close_all()
        try:
            connection.ensure_connection()
        except Error:
            return False
        return True


@pytest.fixture(scope="module")
def server_story(
    django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Story, OwnCluster, float, float]]:
    """A story in a cluster of its own, and the seconds that a load and its apply take there."""
    folder = Path(tempfile.mkdtemp(prefix="landgis-cuts-"))
    folder.chmod(0o755)  # the server's user has to pass; pytest's own folders are closed to it
    own = OwnCluster(folder / "state")
    try:
        with django_db_blocker.unblock(), pointed_to(own):
            call_command("migrate", verbosity=0)
            story = Story(tmp_path_factory.mktemp("server_cuts"))
            file = story.next_file()
            with watching() as watch:
                begin = time.monotonic()
                load = Load(file)
                until(lambda: applier(watch), 0.001)
                began_to_apply = time.monotonic()
                until(lambda: not applier(watch), 0.001)
                applied = time.monotonic()
            assert load.end() is None
            story.check_whole("no cut")
            yield story, own, applied - begin, applied - began_to_apply
    finally:
        for held in own.holds:
            held.release()
        own.holds[-1].release(wait=PATIENCE_S)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def pointed_to(own: OwnCluster) -> Iterator[None]:
    before = {alias: dict(connections[alias].settings_dict) for alias in databases.ALIASES}
    for alias, role in (("default", roles.APPLICATION), ("public", roles.PUBLIC)):
        connections[alias].close()
        place = {"HOST": own.pointer["socket"], "PORT": str(own.pointer["port"]), "NAME": roles.DATABASE}
        login = {"USER": role, "PASSWORD": own.pointer["passwords"][role]}
        connections[alias].settings_dict.update(place | login)
    owner = place | {"USER": roles.OWNER, "PASSWORD": own.pointer["passwords"][roles.OWNER]}
    try:
        with override_settings(OWNER_LOGIN=owner):
            yield
    finally:
        for alias, told in before.items():
            connections[alias].close()
            connections[alias].settings_dict.update(told)


class Load(threading.Thread):
    """The load in a thread of this process, with a database connection of its own."""

    def __init__(self, file: Path):
        super().__init__()
        self.file = file
        self.backend: int | None = None
        self.error: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            connection.ensure_connection()
            self.backend = connection.connection.info.backend_pid
            samples.load(self.file)
        except Exception as error:  # handed to the test by `end`
            self.error = error
        finally:
            connections.close_all()

    def end(self) -> Exception | None:
        self.join(PATIENCE_S)
        assert not self.is_alive()
        return self.error


@pytest.mark.prove
@pytest.mark.parametrize(("victim", "during"), SERVER_CUTS)
def test_a_server_killed_while_a_file_is_loaded_leaves_all_or_nothing(
    server_story: tuple[Story, OwnCluster, float, float], victim: str, during: str
) -> None:
    story, own, load_s, apply_s = server_story
    postmaster = own.postmaster()
    with suppress(psycopg.Error), watching() as watch:
        load = Load(story.next_file())
        backend = until(lambda: load.backend, 0.001)
        if during == "apply":
            until(lambda: applier(watch) or not load.is_alive(), 0.001)
        moment = story.random.random() * (apply_s if during == "apply" else load_s)
        time.sleep(moment)
        own.kill(postmaster if victim == "postmaster" else backend)
    error = load.end()
    assert error is None or isinstance(error, Error)
    own.recover()
    assert (own.postmaster() != postmaster) == (victim == "postmaster")
    cut = f"the {victim} was killed {moment:.3f} s after the {during} began"
    story.check_whole(cut)
    story.complete(cut)


def test_there_are_a_hundred_cuts() -> None:
    assert 2 * COMMAND_CUTS + len(SERVER_CUTS) == 100
