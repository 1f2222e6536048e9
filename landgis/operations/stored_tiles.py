"""Stored tiles as they are, before Django: a look at a file, for most of what a map asks for.

So are their marks, for which open maps ask every few seconds. What is not stored, is to be cut anew or has a question goes on to the application. nginx in front of it does the same with the same
files and the same ETags (docs/operations.md).
"""

import io
import re
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

from landgis.catalog.dataset import Dataset
from landgis.catalog.exits import open_dataset, told_to_robots
from landgis.lib import http
from landgis.lib.answers import etag_of, plain_json
from landgis.lib.compression import takes
from landgis.lib.document_policy import DocumentPolicy
from landgis.pages.middleware import open_data
from landgis.tiles import marks
from landgis.tiles.pyramid import is_trusted, store_of
from landgis.tiles.store import TOP, Key
from landgis.tiles.views import TILE_TYPE

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]
Answer = tuple[str, list[tuple[str, str]], bytes]
STATE = "/tiles/state.json"
ADDRESS = re.compile(r"/tiles/([a-z0-9-]+)/(\d{1,2})/(\d{1,8})/(\d{1,8})\.mvt", re.ASCII)


class StoredTiles:
    """A WSGI application before another one."""

    def __init__(self, application: Application):
        self._application = application

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        begun = time.perf_counter()
        answer = _answer(environ)
        if answer is None:
            return self._application(environ, start)
        return sent(environ, start, answer, begun)


def sent(environ: dict[str, Any], start: Start, answer: Answer, begun: float) -> list[bytes]:
    """The answer to a request that began at that time of `time.perf_counter`, with its line in the log."""
    status, headers, body = answer
    request_id = http.request_id(environ.get("HTTP_X_REQUEST_ID", ""))
    if environ["PATH_INFO"] not in http.QUIET:
        http.note_request(
            environ["REQUEST_METHOD"], environ["PATH_INFO"], int(status[:3]), begun, request_id=request_id
        )
    start(status, [*headers, ("X-Request-ID", request_id)])
    return [] if environ["REQUEST_METHOD"] == "HEAD" or not body else [body]


def _answer(environ: dict[str, Any]) -> Answer | None:
    """None for what is not answered here."""
    if environ.get("QUERY_STRING"):
        return None
    if environ.get("PATH_INFO") == STATE:
        return _state(environ) if _may_be_answered(environ) else None
    asked = tile_of(environ)
    return _tile(environ, *asked) if asked else None


def _may_be_answered(environ: dict[str, Any]) -> bool:
    if settings.SECURE_SSL_REDIRECT and environ.get("wsgi.url_scheme") != "https":
        return False
    return environ.get("REQUEST_METHOD") in ("GET", "HEAD")


def tile_of(environ: dict[str, Any]) -> tuple[Dataset, Key] | None:
    """The dataset and the tile that are asked for, where they can be answered before Django."""
    address = ADDRESS.fullmatch(environ.get("PATH_INFO", ""))
    dataset = open_dataset(address[1], "tiles") if address else None
    if address is None or dataset is None or not takes("gzip", environ) or not _may_be_answered(environ):
        return None
    return dataset, (int(address[2]), int(address[3]), int(address[4]))


def _state(environ: dict[str, Any]) -> Answer | None:
    """The marks, where all tiles are stored."""
    told = marks.stored()
    if told is None:
        return None
    body = plain_json(told).content
    return unless_known(environ, headers_of(None), etag_of(body), "application/json", body)


def _tile(environ: dict[str, Any], dataset: Dataset, key: Key) -> Answer | None:
    """A stored tile, or that it is known to be empty."""
    store, headers = store_of(dataset), headers_of(dataset)
    if not is_trusted(dataset, store.kept()):
        return None
    if environ.get("HTTP_IF_NONE_MATCH") and (etag := store.etag(key)) and is_known(environ, etag):
        return not_modified(headers, etag)
    tile = store.read(key)
    if tile is not None:
        packed = ("Content-Encoding", "gzip")
        return unless_known(environ, headers, tile.etag, TILE_TYPE, tile.packed, packed)
    plan, (z, x, y) = dataset.map.tiles, key
    is_empty = plan.lowest <= z <= min(plan.maxzoom, TOP) and x < 2**z and y < 2**z and not store.is_marked(key)
    return ("204 No Content", headers, b"") if is_empty else None


def unless_known(
    environ: dict[str, Any],
    headers: list[tuple[str, str]],
    etag: str,
    kind: str,
    body: bytes,
    *more: tuple[str, str],
) -> Answer:
    """The whole answer, or 304 for whoever has it already."""
    if is_known(environ, etag):
        return not_modified(headers, etag)
    told = [*_with_etag(headers, etag), ("Content-Type", kind), *more, ("Content-Length", str(len(body)))]
    return "200 OK", told, body


def not_modified(headers: list[tuple[str, str]], etag: str) -> Answer:
    return "304 Not Modified", _with_etag(headers, etag), b""


def _with_etag(headers: list[tuple[str, str]], etag: str) -> list[tuple[str, str]]:
    return [*headers, ("ETag", etag), ("Vary", "Accept-Encoding")]


def is_known(environ: dict[str, Any], etag: str) -> bool:
    """Whether the reader has the answer with that ETag."""
    known = {one.strip().removeprefix("W/") for one in environ.get("HTTP_IF_NONE_MATCH", "").split(",")}
    return etag in known or "*" in known


def headers_of(dataset: Dataset | None) -> list[tuple[str, str]]:
    return _headers(dataset, settings.SECURE_SSL_REDIRECT)


@cache
def _headers(dataset: Dataset | None, is_https: bool) -> list[tuple[str, str]]:
    """What every answer of the application says beside what it is: for a tile of the dataset, or the marks of all."""
    place = {"REQUEST_METHOD": "GET", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.input": io.BytesIO()}
    path = f"/tiles/{dataset.name}/0/0/0.mvt" if dataset else STATE
    place |= {"wsgi.url_scheme": "https" if is_https else "http", "PATH_INFO": path}

    def plain(_request: HttpRequest) -> HttpResponseBase:
        if dataset is None:
            return HttpResponse(content_type="application/json")
        return told_to_robots(dataset, HttpResponse(status=204))

    answer: Any = plain
    for middleware in (XFrameOptionsMiddleware, SecurityMiddleware, DocumentPolicy, open_data, http.asked_again):
        answer = middleware(answer)
    return [(name, value) for name, value in answer(WSGIRequest(place)).items() if name != "Content-Type"]
