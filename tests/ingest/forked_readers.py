"""Processes that parse files, forked from one that has read all code: its start takes more than most files of the tests do.

They have the limits and the environment of the product's, and no walls, as on machines without bubblewrap. What stands
behind walls is read so by tests/ingest/test_sandbox.py, and by every program that a test starts.
"""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

from landgis.ingest import sandbox

ROOT = Path(__file__).parents[2]


class ForkedReader:
    """What a ReaderProcess needs of its process."""

    def __init__(self, forker: socket.socket):
        theirs, mine = os.pipe(), os.pipe()
        socket.send_fds(forker, [b"?"], [theirs[0], mine[1]])
        os.close(theirs[0])
        os.close(mine[1])
        self.stdin, self.stdout = os.fdopen(theirs[1], "wb"), os.fdopen(mine[0], "rb")
        self.handle = os.pidfd_open(int(forker.recv(16)))  # it waits to be asked: the number is its own

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def wait(self) -> None:
        select.select([self.handle], [], [])
        os.close(self.handle)


def forker(folder: Path) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """The process that the others are forked from, and the way to ask it for one; what they write lies in the folder."""
    mine, its = socket.socketpair()
    environment = sandbox._environment() | {"TMPDIR": str(folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", __name__, str(its.fileno())]
    with its:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, pass_fds=[its.fileno()], start_new_session=True
        )
    return mine, process


def _fork(asked: socket.socket) -> None:
    """A process for each that is asked for, until nobody can ask any more."""
    from landgis.ingest.formats import worker

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    while pipes := socket.recv_fds(asked, 1, 2)[1]:
        if (process := os.fork()) == 0:
            asked.close()
            for number, pipe in enumerate(pipes):
                os.dup2(pipe, number)
                os.close(pipe)
            worker.main()
            os._exit(0)
        for pipe in pipes:
            os.close(pipe)
        asked.send(str(process).encode())


if __name__ == "__main__":
    from landgis.ingest.formats import worker

    worker.read_code()
    _fork(socket.socket(fileno=int(sys.argv[1])))
