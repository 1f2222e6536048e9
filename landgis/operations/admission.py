"""How much is worked on at once: requests of one cost have so many slots, in all processes, and a short queue.

What finds neither is answered at once with 503 and Retry-After, so that a crowd, or one reader who asks for eight large
files, leaves the other costs their time. It stands before Django, where refusing costs next to nothing.
"""

import io
import os
import random
import re
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from socket import SHUT_RDWR
from typing import Any

import structlog
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.utils import translation

from landgis.lib.document_policy import DocumentPolicy
from landgis.lib.reader import LEFT, has_left
from landgis.lib.slots import Slots
from landgis.pages import errors
from landgis.pages.middleware import open_data

log = structlog.get_logger(__name__)

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]
MOST_CORES = 4
BODY_S = 30.0  # the longest that a body may take to arrive, but for files of officers
IN_MEMORY = 256 * 1024  # bytes of a body; more lies in a file until it is read
RETRY_S = (3, 10)  # when a reader may ask again, drawn: not all at once


@dataclass(frozen=True)
class Cost:
    """What belongs to it, by address (without the language), and what it may take."""

    name: str
    paths: re.Pattern[str]
    a_core: int  # slots for each core
    queue: int  # places to wait, for each slot
    wait_s: float  # how long at most


# The first that matches. What matches none costs nothing: files as they are, and whether this process lives.
COSTS = (
    Cost("free", re.compile(r"/static/|/(livez|readyz|metrics|offline|worker\.js|site\.webmanifest)$"), 0, 0, 0),
    Cost("office", re.compile(r"/(officer|admin)/"), 3, 2, 5.0),
    Cost(
        "tile", re.compile(r"/(tiles|imagery)/[^/]+/\d+/|/basemap/\d+/|/(imagery/seen|tiles/state)\.json$"), 3, 8, 2.0
    ),
    Cost("picture", re.compile(r"/(pictures|imagery)/.+\.(webp|jpg|png)$"), 1, 2, 2.0),
    Cost("pdf", re.compile(r".*\.pdf$"), 1, 1, 3.0),
    Cost("file", re.compile(r".*\.(xlsx|csv|geojson)$"), 1, 1, 3.0),
    Cost("search", re.compile(r"(/api)?/search$"), 2, 2, 0.5),
    Cost("page", re.compile(r""), 3, 2, 0.5),
)
LIMITED = tuple(cost for cost in COSTS if cost.name != "free")


def cost_of(path: str) -> Cost:
    """That of an address."""
    language = translation.get_language_from_path(path)
    plain = path.removeprefix(f"/{language}") if language else path
    return next(cost for cost in COSTS if cost.paths.match(plain))


def limits() -> dict[str, int]:
    """Slots by the name of the cost: as the setting says, else by the cores that this process may use.

    A server with few processes cannot make use of more cores, and more at once would only make everybody slow.
    """
    cores = min(len(os.sched_getaffinity(0)), MOST_CORES)
    return {cost.name: cost.a_core * cores for cost in LIMITED} | settings.LIMITS


def most_at_once() -> int:
    """How many requests are worked on or wait at most: a server with as many threads never leaves one unanswered."""
    return sum(limits()[cost.name] * (1 + cost.queue) for cost in LIMITED)


class Admission:
    """A WSGI application before another one."""

    def __init__(self, application: Application, folder: Path):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # where that cannot be, the start fails
        self._application, self._folder = application, folder
        self._opened: dict[str, Slots] = {}
        self._opening, self._process = threading.Lock(), 0

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        cost = cost_of(environ.get("PATH_INFO", ""))
        if cost.name == "free":
            return self._application(environ, start)
        if not _has_arrived(environ):
            return _nobody(start)
        slot = self._slots(cost).take(cost.wait_s)
        if slot is None:
            log.warning("refused", cost=cost.name, path=environ.get("PATH_INFO", ""), status=503)
            return _refusal(environ, start)
        try:
            if has_left(environ):
                slot.give_back()
                return _nobody(start)
            answer = self._application(environ, start)
        except BaseException:
            slot.give_back()
            raise
        if not getattr(answer, "streaming", True):  # all is done; sending it is the server's matter
            slot.give_back()
            return answer
        return _Held(answer, slot.give_back)

    def _slots(self, cost: Cost) -> Slots:
        """Opened once a process: a lock that was opened before a fork would belong to both."""
        with self._opening:
            if self._process != os.getpid():
                self._opened, self._process = {}, os.getpid()
            if cost.name not in self._opened:
                most = limits()[cost.name]
                self._opened[cost.name] = Slots(self._folder, cost.name, most=most, queue=most * cost.queue)
            return self._opened[cost.name]


class _Held:
    """An answer that is made while it is sent; its slot is given back when it ends, however it ends."""

    def __init__(self, answer: Iterable[bytes], give_back: Callable[[], None]):
        self._answer, self._give_back = answer, give_back

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        try:
            if hasattr(self._answer, "close"):
                self._answer.close()
        finally:
            self._give_back()


def _nobody(start: Start) -> list[bytes]:
    start(f"{LEFT} Reader Left", [("Content-Length", "0")])
    return []


# Bodies


def _has_arrived(environ: dict[str, Any]) -> bool:
    """Read the body before a slot is taken, which it would hold for as long as it takes to arrive.

    False where it did not arrive in time. What is larger are files of officers; whose they are is looked at behind this.
    """
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or not 0 < int(length) <= settings.MAX_BODY:
        return True
    kept = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- goes with the request
    with _cut_after(BODY_S, environ.get("gunicorn.socket")):
        try:
            kept.write(environ["wsgi.input"].read(int(length)))
        except OSError:
            return False
    arrived = kept.tell() == int(length)
    kept.seek(0)
    environ["wsgi.input"] = kept
    return arrived


@contextmanager
def _cut_after(seconds: float, line: Any) -> Iterator[None]:
    """End the connection, where the server gives it, if that takes longer."""
    if line is None:
        yield
        return
    timer = threading.Timer(seconds, line.shutdown, [SHUT_RDWR])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


# The answer to whoever finds no slot


def _refusal(environ: Mapping[str, Any], start: Start) -> list[bytes]:
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    language = translation.get_language_from_path(path) or _language_in(query)
    # One of each kind is made and kept: which kind, the end of the address says, as for every error.
    kind = "/api/" if errors.is_data_path(path) else Path(path).suffix
    headers, body = _made(language, kind if kind in ("/api/", *errors.FILES) else "")
    again = random.randint(*RETRY_S)  # noqa: S311 -- no secret
    start("503 Service Unavailable", [*headers, ("Retry-After", str(again))])
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]


def _language_in(query: str) -> str:
    """What `lang=` names, where the site has it."""
    asked = QueryDict(query).get("lang")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


@cache
def _made(language: str, ending: str) -> tuple[list[tuple[str, str]], bytes]:
    """Headers and body, with the headers of every answer."""
    scheme = "https" if settings.SECURE_SSL_REDIRECT else "http"
    place = {"REQUEST_METHOD": "GET", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.url_scheme": scheme}
    place["HTTP_ACCEPT"] = "text/html"  # one is kept for all who ask for a file, and most of them look at it
    path = ending if ending.startswith("/") else f"/{ending}"
    with translation.override(language):
        response = _dressed(WSGIRequest({**place, "PATH_INFO": path, "wsgi.input": io.BytesIO()}))
    return [*response.items(), ("Content-Length", str(len(response.content)))], response.content


def _dressed(request: HttpRequest) -> HttpResponse:
    answer: Any = errors.crowded
    for middleware in (XFrameOptionsMiddleware, SecurityMiddleware, DocumentPolicy, open_data):
        answer = middleware(answer)
    response: HttpResponse = answer(request)
    response["Cache-Control"] = "no-store"
    return response
