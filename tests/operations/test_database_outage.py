"""The real server of the database is killed under a web server and a worker, stays away, and is started again.

Nobody starts the other two again but whoever supervises them, and no reader gets a connection that died.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from landgis import env
from landgis.operations.supervision import Program, Supervisor
from tests.changes.test_apply_cuts import OwnCluster, pointed_to
from tests.operations.test_web_server import Served, serving, variables_of
from tests.waiting import PATIENCE_S, until

pytestmark = pytest.mark.prove
READERS = 12  # more than a pool has connections


@pytest.fixture
def own_cluster(django_db_blocker: Any) -> Iterator[OwnCluster]:
    folder = Path(tempfile.mkdtemp(prefix="landgis-outage-"))
    folder.chmod(0o755)  # the server's user has to pass
    own = OwnCluster(folder / "state")
    try:
        with django_db_blocker.unblock(), pointed_to(own):
            call_command("migrate", verbosity=0)
            yield own
    finally:
        for held in own.holds:
            held.release()
        own.holds[-1].release(wait=PATIENCE_S)
        shutil.rmtree(folder, ignore_errors=True)


def worker(variables: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    with log.open("ab") as file:
        return subprocess.Popen(
            [sys.executable, "manage.py", "procrastinate", "worker"],
            cwd=env.BASE_DIR,
            env=variables,
            stdout=file,
            stderr=subprocess.STDOUT,
        )


def is_ready(server: Served) -> bool:
    status, text = server.read("/readyz")
    return status == 200 and json.loads(text)["checks"]["worker"] == "ok"


def test_all_come_back_by_themselves(own_cluster: OwnCluster, tmp_path: Path) -> None:
    variables, told = variables_of(tmp_path), []
    program = Program("worker", partial(worker, variables), tmp_path / "worker.log")
    program.start()
    supervisor = Supervisor([program], told.append)
    try:
        with serving(variables) as server:
            until(lambda: is_ready(server))
            assert [server.get("/en/public-land/") for _ in range(READERS)] == [200] * READERS
            first = program.process
            own_cluster.kill(own_cluster.postmaster())
            until(lambda: server.get("/readyz") == 503)
            status, text = server.read("/en/public-land/")
            assert (status, "The data cannot be read at the moment" in text) == (503, True)
            assert "Hiện chưa đọc được dữ liệu" in server.read("/public-land/")[1]
            assert server.get("/offline") == server.get("/livez") == 200
            until(lambda: first.poll() is not None)  # the worker gives up
            own_cluster.recover()
            # Each role's pool is full of what died; the first readers notice nothing of it.
            assert [server.get("/en/public-land/") for _ in range(READERS)] == [200] * READERS
            assert [server.get("/readyz") for _ in range(READERS)] == [200] * READERS
            until(lambda: supervisor.look() or any("was started again" in line for line in told))
            until(lambda: supervisor.look() or is_ready(server))
            assert program.process.pid != first.pid and program.process.poll() is None
    finally:
        program.process.kill()
        program.process.wait()
