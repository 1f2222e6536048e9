"""Stored tiles as they are, before Django: a look at a file, for most of what a map asks for.

What is not stored, is to be cut anew or has a question goes on to the application. nginx in front of it does the same with the same
files and the same ETags (docs/operations.md).
"""

import io
import re
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

from landgis.catalog.dataset import Dataset
from landgis.catalog.exits import open_dataset, told_to_robots
from landgis.lib import http
from landgis.lib.compression import takes
from landgis.pages.middleware import open_data
from landgis.tiles.pyramid import is_trusted, store_of
from landgis.tiles.store import TOP, StoredTile
from landgis.tiles.views import TILE_TYPE

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]
ADDRESS = re.compile(r"/tiles/([a-z0-9-]+)/(\d{1,2})/(\d{1,8})/(\d{1,8})\.mvt", re.ASCII)


class StoredTiles:
    """A WSGI application before another one."""

    def __init__(self, application: Application):
        self._application = application

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        begun = time.perf_counter()
        found = self._found(environ)
        if found is None:
            return self._application(environ, start)
        dataset, tile = found
        status, headers, body = _answer(environ, dataset, tile)
        request_id = http.request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        http.note_request(
            environ["REQUEST_METHOD"], environ["PATH_INFO"], int(status[:3]), begun, request_id=request_id
        )
        start(status, [*headers, ("X-Request-ID", request_id)])
        return [] if environ["REQUEST_METHOD"] == "HEAD" or not body else [body]

    def _found(self, environ: dict[str, Any]) -> tuple[Dataset, StoredTile | None] | None:
        """The dataset and the tile, None for the tile that is known to be empty; None for what is not answered here."""
        address = ADDRESS.fullmatch(environ.get("PATH_INFO", ""))
        if not address or environ.get("QUERY_STRING") or environ.get("REQUEST_METHOD") not in ("GET", "HEAD"):
            return None
        if settings.SECURE_SSL_REDIRECT and environ.get("wsgi.url_scheme") != "https":
            return None
        dataset = open_dataset(address[1], "tiles")
        if dataset is None or not takes("gzip", environ):
            return None
        z, x, y = int(address[2]), int(address[3]), int(address[4])
        store = store_of(dataset)
        if not is_trusted(dataset, store.kept()):
            return None
        tile = store.read((z, x, y))
        if tile is not None:
            return dataset, tile
        plan = dataset.map.tiles
        is_known = plan.lowest <= z <= min(plan.maxzoom, TOP) and x < 2**z and y < 2**z
        return (dataset, None) if is_known and not store.is_marked((z, x, y)) else None


def _answer(
    environ: dict[str, Any], dataset: Dataset, tile: StoredTile | None
) -> tuple[str, list[tuple[str, str]], bytes]:
    headers = _headers(dataset, settings.SECURE_SSL_REDIRECT)
    if tile is None:
        return "204 No Content", headers, b""
    headers = [*headers, ("ETag", tile.etag), ("Vary", "Accept-Encoding")]
    known = {one.strip().removeprefix("W/") for one in environ.get("HTTP_IF_NONE_MATCH", "").split(",")}
    if tile.etag in known or "*" in known:
        return "304 Not Modified", headers, b""
    length = ("Content-Length", str(len(tile.packed)))
    return "200 OK", [*headers, ("Content-Type", TILE_TYPE), ("Content-Encoding", "gzip"), length], tile.packed


@cache
def _headers(dataset: Dataset, is_https: bool) -> list[tuple[str, str]]:
    """What every answer of the application says beside what it is."""
    place = {"REQUEST_METHOD": "GET", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.input": io.BytesIO()}
    place |= {"wsgi.url_scheme": "https" if is_https else "http", "PATH_INFO": f"/tiles/{dataset.name}/0/0/0.mvt"}

    def plain(_request: HttpRequest) -> HttpResponseBase:
        return told_to_robots(dataset, HttpResponse(status=204))

    answer: Any = plain
    for middleware in (XFrameOptionsMiddleware, CSPMiddleware, SecurityMiddleware, open_data, http.asked_again):
        answer = middleware(answer)
    return [(name, value) for name, value in answer(WSGIRequest(place)).items() if name != "Content-Type"]
