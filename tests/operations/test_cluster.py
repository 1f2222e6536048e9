"""The private cluster, for real: made, shared, killed and recovered in folders of the test's own."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from landgis import env
from landgis.operations import cluster, roles
from tests.waiting import PATIENCE_S, until

HOLDER = """
import sys
from pathlib import Path
from landgis.operations import cluster
held = cluster.hold(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """The state folder of a finished cluster; the server's user can reach it."""
    with _folder() as folder:
        state = folder / "state"
        cluster.hold(state).release(wait=PATIENCE_S)
        yield state


@pytest.fixture
def state(made: Path) -> Iterator[Path]:
    """The folder of `made`, stopped before and after."""
    _wait_until_stopped(made)
    yield made
    _wait_until_stopped(made)


@pytest.fixture
def hold(state: Path) -> Iterator[Callable[[Path], cluster.Hold]]:
    """Holds clusters until the test ends, however it ends."""
    held = []

    def hold(folder: Path) -> cluster.Hold:
        held.append(cluster.hold(folder))
        return held[-1]

    yield hold
    for one in held:
        one.release(wait=PATIENCE_S)


@contextmanager
def _folder() -> Iterator[Path]:
    # Not pytest's tmp_path: that one is closed to the user `postgres`.
    folder = Path(tempfile.mkdtemp(prefix="landgis-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def _holder(state: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the cluster until its standard input closes."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(state)],
        cwd=env.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.wait()


def _pointer(state: Path) -> dict:
    return json.loads((state / "cluster.json").read_text())


def _connect(state: Path, role: str = roles.OWNER, **more: object) -> psycopg.Connection:
    told = _pointer(state)
    place = {"host": told["socket"], "port": told["port"], "password": told["passwords"].get(role), "dbname": "landgis"}
    return psycopg.connect(user=role, autocommit=True, **{**place, **more})


def _value(state: Path, statement: str, **more: object) -> object:
    with _connect(state, **more) as connection:
        return connection.execute(statement).fetchone()[0]


def _servers(state: Path) -> list[int]:
    """Processes that work in the data folder."""
    return cluster.Cluster(cluster._account(), Path(), state / "pg", Path()).processes()


def _wait_until_stopped(state: Path) -> None:
    try:
        until(lambda: not _servers(state), pause=0.02)
    except AssertionError:
        for pid in _servers(state):  # or the tests after this one would fail as well
            os.kill(pid, signal.SIGKILL)
        raise


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _postmaster(state: Path) -> int:
    return int((state / "pg" / "data" / "postmaster.pid").read_text().splitlines()[0])


def test_what_is_made(state, hold):
    hold(state)
    assert _value(state, "SHOW data_checksums") == "on"
    assert _value(state, "SHOW server_encoding") == "UTF8"
    assert _value(state, "SHOW jit") == "off"
    assert _value(state, "SELECT lower('ĐẤT ĐỎ')") == "đất đỏ"
    assert _value(state, "SELECT 'Ăn' < 'Đất' COLLATE \"vi-x-icu\" AND 'Đất' < 'Em' COLLATE \"vi-x-icu\"")
    assert set(roles.EXTENSIONS) <= set(_value(state, "SELECT array_agg(extname::text) FROM pg_extension"))
    assert not _value(state, "SELECT bool_or(rolsuper) FROM pg_roles WHERE rolname LIKE 'landgis%'")


def test_it_listens_on_loopback_and_its_own_socket_only(state, hold):
    hold(state)
    told = _pointer(state)
    assert _value(state, "SHOW listen_addresses") == "127.0.0.1"
    assert [path.name for path in Path(told["socket"]).glob(".s*[0-9]")] == [f".s.PGSQL.{told['port']}"]
    assert stat.S_IMODE(Path(told["socket"]).stat().st_mode) == 0o700
    port = f"{told['port']:04X}"
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if " 0A " in line]
    assert [address for address in listening if address.endswith(f":{port}")] == [f"0100007F:{port}"]
    if Path("/proc/net/tcp6").exists():
        assert f":{port} " not in Path("/proc/net/tcp6").read_text()
    assert stat.S_IMODE((state / "cluster.json").stat().st_mode) == 0o600


def test_who_may_come_in(state, hold):
    hold(state)
    assert _value(state, "SELECT 1", host="127.0.0.1") == 1
    for wrong in (
        {"password": "wrong"},
        {"password": ""},
        {"role": "postgres", "host": "127.0.0.1", "password": "postgres"},
    ):
        with pytest.raises(psycopg.OperationalError):
            _connect(state, **wrong)
    if os.geteuid() == 0:  # not its own unix user
        with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
            _connect(state, role="postgres")


def test_the_public_role_reads_published_and_nothing_else(state, hold):
    hold(state)
    with _connect(state) as owner:
        owner.execute("DROP TABLE IF EXISTS hidden, published.shown")
        owner.execute("CREATE TABLE hidden (a int)")
        owner.execute("CREATE TABLE published.shown (a int)")
    with _connect(state, role=roles.PUBLIC) as public:
        public.execute("SELECT * FROM shown")
        public.execute("SET default_transaction_read_only = off")
        for statement in (
            "SELECT * FROM public.hidden",
            "INSERT INTO shown VALUES (1)",
            "CREATE TABLE public.mine (a int)",
            "CREATE TABLE published.mine (a int)",
            "CREATE TEMPORARY TABLE mine (a int)",
            "CREATE DATABASE mine",
            "SET ROLE landgis",
            "SELECT pg_read_file('PG_VERSION')",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                public.execute(statement)
    assert _value(state, "SHOW statement_timeout", role=roles.PUBLIC) == "5s"


def test_the_server_log_holds_no_row(state, hold):
    held = hold(state)
    with _connect(state) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS strict (name text CHECK (name = 'x'))")
        for statement in ("INSERT INTO strict VALUES ('canary-4711')", "SELECT 'canary-4711'::int"):
            with pytest.raises(psycopg.Error, match="canary-4711"):
                owner.execute(statement)
    held.release(wait=PATIENCE_S)
    logs = list((state / "pg" / "log").iterdir())
    assert any("database system is ready" in log.read_text() for log in logs)
    assert not any("canary-4711" in log.read_text() for log in logs)


def test_the_last_holder_stops_it(state, hold):
    first = hold(state)
    with _holder(state) as other:
        server = _postmaster(state)
        first.release(wait=PATIENCE_S)  # returns at once: another one holds
        time.sleep(0.3)
        assert _servers(state)
        assert _postmaster(state) == server
        assert _value(state, "SELECT 1") == 1
        other.stdin.close()
        _wait_until_stopped(state)
    assert not (state / "pg" / "data" / "postmaster.pid").exists()


def test_many_at_once_share_one_server(state):
    command = [sys.executable, "-c", HOLDER, str(state)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, cwd=env.BASE_DIR, **pipes) for _ in range(4)]
    answers = [process.stdout.readline() for process in processes]
    started = (state / "pg" / "log" / "start.log").read_text()
    masters = [pid for pid in _servers(state) if _parent(pid) not in _servers(state)]
    for process in processes:
        process.communicate()
    assert answers == ["held\n"] * 4, started
    assert len(masters) == 1


def test_a_killed_holder_leaves_nothing_running(state):
    with _holder(state) as other:
        other.kill()
        _wait_until_stopped(state)


def test_everything_killed_at_once_is_recovered(state, hold):
    """kill -9 of the holder, the server and the guard, in the middle of writing; nothing committed is lost."""
    with _holder(state) as other, _connect(state) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        before = owner.execute("SELECT count(*) FROM kept").fetchone()[0]
        owner.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        os.kill(_guard(state), signal.SIGKILL)
        other.kill()
        os.kill(_postmaster(state), signal.SIGKILL)
    hold(state)
    assert _value(state, "SELECT count(*) FROM kept") == before + 1000
    assert _guard(state)


def test_a_killed_guard_is_replaced(state, hold):
    first = hold(state)
    guard = _guard(state)
    os.kill(guard, signal.SIGKILL)
    until(lambda: not Path(f"/proc/{guard}/exe").exists())
    second = hold(state)
    first.release()
    second.release(wait=PATIENCE_S)
    assert not _servers(state)


def _guard(state: Path) -> int:
    """The process that is the guard; one that has just begun has its words a moment later."""

    def found() -> int | None:
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"guard" in words and os.fsencode(state) in words:
                return int(entry.name)
        return None

    guard = until(found)
    assert guard is not None
    return guard


def test_a_pid_that_belongs_to_somebody_else_by_now(state, hold):
    """After a restart of the machine the noted number may be any process's; that one is left in peace."""
    with subprocess.Popen(["sleep", "60"]) as stranger:
        lines = [str(stranger.pid), str(state / "pg" / "data"), "0", "5432", "", "", "", "ready"]
        (state / "pg" / "data" / "postmaster.pid").write_text("\n".join(lines))
        hold(state)
        assert _value(state, "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.kill()


def test_a_port_that_is_taken(state, hold):
    hold(state).release(wait=PATIENCE_S)
    before = _pointer(state)["port"]
    with socket.create_server(("127.0.0.1", before)):
        hold(state)
        assert _pointer(state)["port"] != before
        assert _value(state, "SELECT 1", host="127.0.0.1") == 1


def test_a_lost_pointer_is_written_anew(state, hold):
    before = _pointer(state)["passwords"]
    (state / "cluster.json").write_text("{ half a poin")
    hold(state)
    assert _pointer(state)["passwords"] != before
    assert _value(state, "SELECT 1") == 1
    with pytest.raises(psycopg.OperationalError):
        _connect(state, password=before[roles.OWNER])


@pytest.mark.prove
def test_a_moved_clone_keeps_its_data(state, hold):
    held = hold(state)
    with _connect(state) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS moved (n int)")
    held.release(wait=PATIENCE_S)
    moved = state.with_name("a-place-with-a-name-so-long-that-no-socket-fits-below-it-" + "x" * 40)
    state.rename(moved)
    try:
        held = hold(moved)
        assert _value(moved, "SELECT to_regclass('moved') IS NOT NULL")
        assert len(_pointer(moved)["socket"]) < cluster.LONGEST_SOCKET - len("/.s.PGSQL.65535")
        held.release(wait=PATIENCE_S)
    finally:
        short = Path(_pointer(moved)["socket"])
        if short.parent != moved / "pg":
            shutil.rmtree(short)
        moved.rename(state)


@pytest.mark.prove
def test_a_copy_does_not_touch_the_original(state, hold):
    hold(state)
    server = _postmaster(state)
    with _connect(state) as owner:
        owner.execute("SELECT 1")
    copy = state.with_name("copy")
    subprocess.run(["cp", "-a", state, copy], check=True)
    try:
        other = hold(copy)
        assert _postmaster(copy) != server
        assert _postmaster(state) == server
        assert _pointer(copy)["port"] != _pointer(state)["port"]
        other.release(wait=PATIENCE_S)
        assert _value(state, "SELECT 1") == 1
    finally:
        shutil.rmtree(copy)


@pytest.mark.prove
def test_a_cut_while_it_is_made(made, hold):
    """A half-made data folder is begun anew, and roles that were not finished are finished."""
    with _folder() as folder:
        state = folder / "state"
        process = subprocess.Popen([sys.executable, "-c", HOLDER, str(state)], cwd=env.BASE_DIR, start_new_session=True)
        until((state / "pg" / "data.part" / "PG_VERSION").exists, pause=0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert not (state / "pg" / "data").exists()
        hold(state)
        assert _value(state, "SELECT 1", role=roles.PUBLIC) == 1


def test_no_other_cluster_is_touched(state, monkeypatch, hold):
    """PG* variables that lead to another server change nothing."""
    for name, value in {"PGHOST": "/nowhere", "PGPORT": "1", "PGDATA": "/nowhere", "PGUSER": "nobody"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PGOPTIONS", "-c no_such_setting=1")
    (state / "pg" / "data" / "landgis.prepared").unlink()
    hold(state)
    monkeypatch.undo()
    assert _value(state, "SELECT 1") == 1


def test_missing_programs_say_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("LANDGIS_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(cluster.ClusterError, match="make setup"):
        cluster.binaries(tmp_path)


def test_data_of_another_version_say_what_to_do(tmp_path):
    (tmp_path / "PG_VERSION").write_text("9\n")
    with pytest.raises(cluster.ClusterError, match="made by PostgreSQL 9"):
        cluster.binaries(tmp_path)
