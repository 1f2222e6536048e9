"""The web server of the demo, as the demo starts it, and readers who want too much of it."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from landgis import env
from landgis.operations import admission, web_worker
from tests.programs import environment
from tests.waiting import PATIENCE_S, until

PRINT = "/print.pdf?view=15/10.5/107.17&scale=5000"


@dataclass
class Served:
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def get(self, path: str) -> int:
        """The status of the answer, read to its end."""
        return self.read(path)[0]

    def read(self, path: str) -> tuple[int, str]:
        """Status and text."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE_S) as answer:
                return int(answer.status), answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")

    def says(self, text: bytes) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
        line.sendall(text)
        return line


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """It reads the world; its files are those of the tests."""
    with django_db_blocker.unblock():
        variables = variables_of(tmp_path_factory.mktemp("served"))
    with serving(variables) as served:
        yield served


def variables_of(state: Path) -> dict[str, str]:
    """The environment of a program that works on the database in use, with a folder of state of its own."""
    (state / "static").symlink_to(settings.STATIC_ROOT)
    return {**environment(state), "LANDGIS_POOL": "8", "DJANGO_SETTINGS_MODULE": "landgis.settings"}


@contextmanager
def serving(variables: dict[str, str]) -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = Path(variables["LANDGIS_STATE"]) / "web.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, *web_worker.arguments("127.0.0.1", port, admission.most_at_once())],
            cwd=env.BASE_DIR,
            env=variables,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    served = Served(port, process, log)
    try:
        until(lambda: process.poll() is not None or _answers(served))
        assert process.poll() is None, log.read_text()
        yield served
    finally:
        process.terminate()
        process.wait()


def _answers(served: Served) -> bool:
    try:
        return served.get("/livez") == 200
    except OSError:
        return False


@pytest.mark.prove
def test_a_page_answers_while_others_ask_for_everything_at_once(server: Served) -> None:
    """Eight workbooks, twenty prints and eight half-sent headers: what there was eight threads for."""
    half = [server.says(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-") for _ in range(8)]
    with ThreadPoolExecutor(28) as readers:
        asked = [readers.submit(server.get, "/parcels.xlsx") for _ in range(8)]
        asked += [readers.submit(server.get, PRINT) for _ in range(20)]
        pages = [server.get("/en/datasets/") for _ in range(3)]
        at_work = sum(not one.done() for one in asked)
        answers = [one.result() for one in asked]
    for line in half:
        line.close()
    assert pages == [200] * 3
    assert at_work, "the pages came before all that was heavy was done"
    assert set(answers) == {200, 503}, "some are served, the others are told"
    assert {answers[:8].count(200) > 0, answers[8:].count(200) > 0} == {True}
    assert server.get("/parcels.xlsx") == 200 and server.get(PRINT) == 200, "and the slots are free again"


def test_a_half_sent_header_is_ended_and_a_slow_one_that_ends_is_answered(server: Served) -> None:
    half = server.says(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-")
    slow = server.says(b"GET /livez HTTP/1.1\r\nHo")
    for piece in (b"st: localhost\r", b"\nConnection: close\r\n", b"\r", b"\n"):
        slow.sendall(piece)
    with slow:
        assert slow.makefile("rb").read().startswith(b"HTTP/1.1 200")
    with half:
        assert half.recv(1) == b"", "closed by the server"


def test_a_kept_line_answers_one_request_after_the_other(server: Served) -> None:
    """Also what was sent at once, and what comes in pieces after it."""
    ask = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n"
    with server.says(ask + b"\r\n" + ask[:10]) as line:
        answers = line.makefile("rb")
        assert _body(answers) == b"ok\n"
        line.sendall(ask[10:] + b"\r\n")
        assert _body(answers) == b"ok\n"
        line.sendall(ask + b"Connection: close\r\n\r\n")
        assert _body(answers) == b"ok\n"
        assert answers.read() == b""


def _body(answers) -> bytes:
    assert answers.readline().startswith(b"HTTP/1.1 200")
    length = 0
    while (line := answers.readline()) != b"\r\n":
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return answers.read(length)


@pytest.mark.prove  # tests/lib/test_slots.py kills a process that holds slots in `make test`
def test_a_killed_process_of_the_server_takes_no_slot_along(server: Served) -> None:
    """Its workbooks are never finished; the next ones are."""
    readers = [server.says(b"GET /parcels.xlsx HTTP/1.1\r\nHost: localhost\r\n\r\n") for _ in range(4)]
    workers = [
        int(pid) for pid in Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    ]
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    for line in readers:
        line.close()
    until(lambda: _answers(server))
    assert server.get("/parcels.xlsx") == 200
