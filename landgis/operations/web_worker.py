"""gunicorn's worker of threads for a server that stands alone: readers who are slow take no thread from the others.

gunicorn's own gives a thread to whoever has sent one byte, and that thread waits for the rest of the header without end:
eight half-sent headers were the end of eight threads. Here a header is collected beside all others until it is whole.
In front of a real installation nginx does this, and more.
"""

import socket
import struct
import time
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

HEADER_S = 5.0  # the longest that a header may take to arrive
STILL_S = 20  # nothing is read or taken any more: the other end is gone, or means no good
LARGEST_HEADER = 64 * 1024
ACCEPTED_AT_ONCE = 64
SPARE_THREADS = 16  # for what is refused, and for what costs nothing


def arguments(host: str, port: int, most_at_once: int) -> list[str]:
    """Those of Python that start the web server of the demo, with a thread for each who is worked for or waits."""
    threads = str(most_at_once + SPARE_THREADS)
    told = ["--bind", f"{host}:{port}", "--workers", "2", "--threads", threads, "--graceful-timeout", "10"]
    return ["-m", "gunicorn", "landgis.wsgi", *told, "--worker-class", f"{__name__}.WebWorker", "--no-control-socket"]


class WebWorker(ThreadWorker):
    """`--worker-class landgis.operations.web_worker.WebWorker`."""

    def accept(self, listener: socket.socket) -> None:
        """All who wait, so that none waits for as many turns of the loop as there are readers before."""
        for _ in range(ACCEPTED_AT_ONCE):
            try:
                line, address = listener.accept()
            except OSError:  # nobody any more, or gone meanwhile
                return
            for limit in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                line.setsockopt(socket.SOL_SOCKET, limit, struct.pack("ll", STILL_S, 0))
            self.nr_conns += 1
            self._collect(TConn(self.cfg, line, address, listener.getsockname()), b"")
            if self.nr_conns >= self.worker_connections:
                return

    def on_client_socket_readable(self, conn: TConn, client: Any) -> None:
        """The next request on a line that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._collect(conn, b"")

    def finish_request(self, conn: TConn, fs: Any) -> None:
        """What was sent together with the request before is the beginning of the next one."""
        goes_on = not fs.cancelled() and fs.exception() is None and fs.result()
        begun = conn.parser.unreader.take_buffered() if goes_on and conn.parser is not None else b""
        if begun:
            self._collect(conn, begun)
        else:
            super().finish_request(conn, fs)

    def _collect(self, conn: TConn, begun: bytes) -> None:
        """Wait beside the others until the header is whole; `murder_pending` ends what takes too long."""
        if _is_whole(begun):
            self._hand_over(conn, begun)
            return
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + HEADER_S
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self._read_on, conn, bytearray(begun)))

    def _read_on(self, conn: TConn, header: bytearray, client: socket.socket) -> None:
        try:
            piece = client.recv(LARGEST_HEADER)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        header += piece
        if piece and not _is_whole(header):
            return
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        if piece:
            self._hand_over(conn, bytes(header))
        else:
            self.nr_conns -= 1
            conn.close()

    def _hand_over(self, conn: TConn, header: bytes) -> None:
        conn.init()
        conn.parser.unreader.unread(header)
        conn.data_ready = True
        self.enqueue_req(conn)


def _is_whole(header: bytes | bytearray) -> bool:
    """Or so large that gunicorn refuses it."""
    return b"\r\n\r\n" in header.lstrip(b"\r\n") or len(header) >= LARGEST_HEADER
