"""What ends is started again after waits that grow, and the log of the demo says so; with real processes."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from landgis.operations import cluster, supervision
from landgis.operations.management.commands import demo
from landgis.operations.supervision import Program, Supervisor
from tests.waiting import PATIENCE_S, until

FAILS = "import sys; print('no such setting', flush=True); sys.exit(3)"
WORKS = "import sys; sys.stdin.read()"


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Callable[[str], Program]]:
    """Starts a program of the given code, which ends with the test."""
    programs = []

    def launch(code: str, log: Path) -> subprocess.Popen[bytes]:
        with log.open("ab") as file:
            return subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=file)

    def begin(code: str) -> Program:
        program = Program("worker", partial(launch, code), tmp_path / "worker.log")
        program.start()
        programs.append(program)
        return program

    yield begin
    for program in programs:
        program.process.kill()
        program.process.communicate()


def test_a_killed_program_comes_back(begun: Callable[[str], Program], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "FIRST_WAIT_S", 0.05)
    told: list[str] = []
    program = begun(WORKS)
    supervisor = Supervisor([program], told.append)
    supervisor.look()
    assert told == []
    first = program.process
    first.kill()
    until(lambda: supervisor.look() or len(told) == 2)
    assert "The worker ended with status -9" in told[0] and "started again in" in told[0]
    assert told[1] == "The worker was started again."
    assert first.poll() is not None and program.process.poll() is None and program.process.pid != first.pid


def test_waits_grow_while_it_fails_and_have_an_end(
    begun: Callable[[str], Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "FIRST_WAIT_S", 0.02)
    monkeypatch.setattr(supervision, "LONGEST_WAIT_S", 0.1)
    monkeypatch.setattr(supervision, "STEADY_S", 3600.0)  # on a slow machine, too, it never counts as steady
    waits: list[float] = []
    program = begun(FAILS)
    supervisor = Supervisor([program], lambda text: waits.append(supervisor._waits["worker"]))
    until(lambda: supervisor.look() or len(waits) >= 12)
    assert sorted(set(waits)) == pytest.approx([0.02, 0.04, 0.08, 0.1])
    assert waits == sorted(waits)
    assert program.log.read_text().count("no such setting") >= 5, "each start writes on in the same file"


@pytest.mark.prove
def test_the_private_server_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its postmaster is killed; what was there is there again, at the same address."""
    folder = Path(tempfile.mkdtemp(prefix="landgis-supervised-"))
    folder.chmod(0o755)  # the server's user has to pass
    state = folder / "state"
    held = cluster.hold(state)
    monkeypatch.setattr(demo, "STATE", state)
    server = demo.PrivateServer()
    try:
        before = (state / "cluster.json").read_text()
        assert server.ending() == ""
        os.kill(int((state / "pg/data/postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
        told: list[str] = []
        supervisor = Supervisor([server], told.append)
        until(lambda: supervisor.look() or any("was started again" in line for line in told))
        assert server.ending() == ""
        assert (state / "cluster.json").read_text() == before
    finally:
        for one in (held, *server.held):
            one.release(wait=PATIENCE_S)
        shutil.rmtree(folder, ignore_errors=True)
