"""The roads to tiles that are measured beside each other: a plain query, landgis in its server, nginx, an idle Django."""

import gzip
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connections
from psycopg import sql

from landgis import env
from landgis.catalog import published, registry
from landgis.catalog.drawn import EXTENT
from landgis.tiles import pyramid
from landgis.tiles.envelope import BUFFER
from landgis.tiles.store import Key
from tests.benchmarks.meters import family
from tests.waiting import until

DATASET = "parcels"
MANAGE = (sys.executable, "manage.py")


class PlainQuery:
    """What everybody writes first: one prepared statement of ST_AsMVT and ST_AsMVTGeom, with the columns that ours has.

    `zoom` says of which zoom these columns are; without it those of the key's.
    """

    def __init__(self, zoom: int | None = None):
        told = connections["public"].settings_dict
        login = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told["PASSWORD"]}
        self._line = psycopg.connect(**login, dbname=told["NAME"], autocommit=True)
        self._line.execute("SET statement_timeout = 0")
        self._zoom = zoom

    def ask(self, key: Key) -> bytes:
        query = self._query(self._zoom or key[0])
        found = self._line.execute(query, {"z": key[0], "x": key[1], "y": key[2]}, prepare=True, binary=True).fetchone()
        assert found
        return bytes(found[0])

    def close(self) -> None:
        self._line.close()

    def _query(self, zoom: int) -> sql.Composed:
        dataset = registry.get(DATASET)
        names = [one.name for one in dataset.tile_fields if zoom >= (one.tile_from or 0)]
        return sql.SQL(
            "SELECT ST_AsMVT(t, {name}, {extent}, 'shape', 'feature_id') FROM (SELECT feature_id, {columns},"
            " ST_AsMVTGeom(shape, ST_TileEnvelope(%(z)s, %(x)s, %(y)s), {extent}, {buffer}) AS shape FROM {rows}"
            " WHERE shape && ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => {margin})) t"
        ).format(
            name=sql.Literal(dataset.name),
            columns=sql.SQL(", ").join(map(sql.Identifier, ["ref", *names, "is_made_up"])),
            extent=sql.Literal(EXTENT),
            buffer=sql.Literal(BUFFER),
            margin=sql.Literal(BUFFER / EXTENT),
            rows=published.tile_table(dataset),
        )


class Line:
    """A reader who keeps his connection; `path` says where a tile is. Bytes as they were before they were packed."""

    def __init__(self, port: int, path: str = f"/tiles/{DATASET}/{{}}/{{}}/{{}}.mvt"):
        self._line, self._path = http.client.HTTPConnection("127.0.0.1", port, timeout=120), path
        self._etags: dict[Key, str] = {}

    def ask(self, key: Key) -> bytes:
        packed = self.packed(key)
        return gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed

    def packed(self, key: Key) -> bytes:
        status, body, _etag = self._answer(key)
        assert status in (200, 204), (status, key, body[:300])
        return body

    def learn(self, key: Key) -> None:
        self._etags[key] = self._answer(key)[2]

    def known(self, key: Key) -> bytes:
        """A tile that was learnt before."""
        status, body, _etag = self._answer(key, **{"If-None-Match": self._etags[key]})
        assert status == 304, (status, key, body[:300])
        return body

    def _answer(self, key: Key, **headers: str) -> tuple[int, bytes, str]:
        told = {"Accept-Encoding": "gzip", **headers}
        try:
            self._line.request("GET", self._path.format(*key), headers=told)
            answer = self._line.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # Servers end a line on which nothing was asked for a while.
            self._line.close()
            self._line.request("GET", self._path.format(*key), headers=told)
            answer = self._line.getresponse()
        return answer.status, answer.read(), answer.getheader("ETag", "")


def forgotten(keys: Sequence[Key]) -> None:
    """Take these tiles out of the store, so that they are cut for whoever asks next."""
    dataset = registry.get(DATASET)
    pyramid.mark(dataset, [key for key in keys if key[0] in pyramid.stored_zooms(dataset)])
    for key in keys:
        pyramid.store_of(dataset).path(key).unlink(missing_ok=True)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def program(command: Sequence[str], port: int, log: Path, **environ: str) -> Iterator[list[int]]:
    """A server at work on its port; gives its processes."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=env.BASE_DIR, env={**os.environ, **environ}, stdout=file, stderr=subprocess.STDOUT
        )
    try:
        until(lambda: process.poll() is not None or _listens(port))
        assert process.poll() is None, log.read_text()
        time.sleep(1)  # until all its processes are there
        yield family(process.pid)
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def idle(folder: Path) -> Iterator[list[int]]:
    """gunicorn with one process of a Django that does nothing."""
    port = free_port()
    told = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--no-control-socket"]
    command = [sys.executable, "-m", "gunicorn", "tests.benchmarks.idle_django", *told]
    with program(command, port, folder / "idle.log") as pids:
        yield pids


NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; {user}
events {{ }}
http {{
  access_log off; sendfile on; tcp_nopush off; keepalive_requests 1000000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    {tiles}
    location /any/ {{ root {folder}; }}
    location @tile {{ return 502; }}
  }}
}}
"""


@contextmanager
def nginx(folder: Path, state: Path) -> Iterator[tuple[int, list[int]]]:
    """nginx as deploy/nginx/landgis.conf has it, and any other file under /any/; gives its port and its processes."""
    told = Path(env.BASE_DIR, "deploy/nginx/landgis.conf").read_text(encoding="utf-8")
    found = re.search(r"^    (location ~ \^/tiles/.+?^    \}\n)", told, re.S | re.M)
    assert found
    port, user = free_port(), "user root;" if os.geteuid() == 0 else ""
    tiles = found[1].replace("@STATE@", str(state))
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, user=user, tiles=tiles))
    command = [str(shutil.which("nginx")), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with program(command, port, folder / "nginx.log") as pids:
        yield port, pids
