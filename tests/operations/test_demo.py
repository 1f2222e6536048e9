"""`manage.py demo` as a person starts it: ready, stopped, and back after a part of it was killed."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from landgis import env
from tests import factors
from tests.programs import environment
from tests.waiting import PATIENCE_S, until


@pytest.fixture
def started(own_world: str, tmp_path: Path):
    """Starts a demo on a copy of the world, with a state folder and a port of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = environment(tmp_path, as_owner=True) | {"PORT": str(port)}
    return lambda: _demo(variables, tmp_path / "demo.out", port)


@contextmanager
def _demo(variables: dict[str, str], told: Path, port: int) -> Iterator[tuple[subprocess.Popen[bytes], Path, int]]:
    with told.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo"], cwd=env.BASE_DIR, env=variables, stdout=out, stderr=out
        )
    try:
        until(lambda: "Ctrl-C stops everything" in told.read_text() or process.poll() is not None)
        assert process.poll() is None, told.read_text()
        yield process, told, port
    finally:
        process.kill()
        process.wait()


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _wait_for_the_end_of(pids: list[int]) -> None:
    until(lambda: not any(map(_is_alive, pids)))


@pytest.mark.prove
def test_it_serves_signs_in_and_stops(started, tmp_path):
    """The static files are those of the tests: a demo collects them in `make prove`."""
    shutil.copytree(settings.STATIC_ROOT, tmp_path / "static")
    shutil.copy(settings.STATE / "static.digest", tmp_path)
    with started() as (process, told, port):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/public-land/") as page:
            assert page.status == 200
            assert "minh họa" in page.read().decode()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
            assert set(json.load(answer)["checks"].values()) == {"ok"}
        passwords = json.loads((tmp_path / "demo-people.json").read_text())
        assert (tmp_path / "demo-people.json").stat().st_mode & 0o077 == 0
        assert len(set(passwords.values())) == len(passwords) == 9
        assert all(
            f"{name}" in told.read_text() and password in told.read_text() for name, password in passwords.items()
        )
        assert f":{port}/officer/sign-in/ as" in told.read_text() and "manage.py code NAME" in told.read_text()
        secrets = json.loads((tmp_path / "demo-factors.json").read_text())
        assert set(secrets) == {"admin", "administrator", "approver", "publisher", "approver-two-communes"}
        code = subprocess.run(
            [sys.executable, "manage.py", "code", "approver"],
            cwd=env.BASE_DIR,
            env=environment(tmp_path),
            capture_output=True,
            check=True,
        )
        assert code.stdout.decode().strip() in {factors.code_of(secrets["approver"], steps) for steps in (-1, 0)}
        children = _children(process.pid)
        assert len(children) == 2
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 0
        _wait_for_the_end_of(children)
    with started() as (process, told, port):  # again: the same people, and no second seed
        assert all(password in told.read_text() for password in passwords.values())
        assert "only at the first start" not in told.read_text()
        children = _children(process.pid)
        process.kill()  # not even asked: its children end all the same
        process.wait()
        _wait_for_the_end_of(children)


@pytest.mark.prove
@pytest.mark.parametrize(("part", "program"), [("worker", b"procrastinate"), ("web server", b"gunicorn")])
def test_a_part_that_was_killed_comes_back(started, part: str, program: bytes):
    def running() -> list[int]:
        found = _children(process.pid)
        return [pid for pid in found if _is_alive(pid) and program in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def serves() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE_S) as answer:
                return set(json.load(answer)["checks"].values()) == {"ok"}
        except OSError:
            return False

    with started() as (process, told, port):
        [killed] = running()
        os.kill(killed, signal.SIGKILL)
        until(lambda: [pid for pid in running() if pid != killed])
        until(serves)
        said = told.read_text()
        assert process.poll() is None
        assert f"The {part} ended with status -9" in said
        assert f"The {part} is started again in 1 s." in said and f"The {part} was started again." in said
        assert len(_children(process.pid)) == 2
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 0


@pytest.mark.prove
def test_a_taken_port_is_said(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "manage.py", "demo"],
            cwd=env.BASE_DIR,
            env={**os.environ, "PORT": str(port), "DATABASE_URL": "postgresql://nobody@localhost/none"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 1
    assert f"Port {port} of 127.0.0.1 cannot be used" in ended.stderr
    assert f"PORT={port + 1} make demo" in ended.stderr
