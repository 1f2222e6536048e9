"""What every request gets: an id that joins its log lines, and one line when it is answered."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language_from_path

log = structlog.get_logger(__name__)

# What a proxy in front may have given; anything else is replaced, so that a reader cannot write into the log.
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

_WORDLESS = re.compile(r"/\d+/\d+/\d+\.(mvt|webp|png|jpg)$|^/tiles/state\.json$", re.ASCII)

# Of a moment, by language, where it is not that of the site: a header has no letters with marks.
_SPELT = {"en": "%H:%M on %d %b %Y"}

# Asked every few seconds by machines; only their failures are worth a line.
QUIET = ("/livez", "/readyz", "/metrics", "/tiles/state.json")


def request_log(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: binds `request_id`, answers it as X-Request-ID, and logs the request without its query."""

    def middleware(request: HttpRequest) -> HttpResponse:
        named = request_id(request.headers.get("X-Request-ID", ""))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=named)
        begun = time.perf_counter()
        response = get_response(request)
        response["X-Request-ID"] = named
        if response.status_code >= 400 or request.path not in QUIET:
            note_request(str(request.method), request.path, response.status_code, begun)
        return response

    return middleware


def request_id(given: str) -> str:
    """The id of a request: what a proxy in front gave it, or a new one."""
    return given if _ID.fullmatch(given) else uuid.uuid4().hex


def note_request(method: str, path: str, status: int, begun: float, **more: str) -> None:
    """The line of the log for a request that began at that time of `time.perf_counter`."""
    took = round((time.perf_counter() - begun) * 1000, 1)
    log.info("request", method=method, path=path, status=status, ms=took, **more)


def asked_again(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: what does not say how long it may be kept is asked for again each time, by every cache.

    It may be withheld the next second. Otherwise caches guess, and keep a redirection for ever.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return middleware


def said_when(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: tells a proxy that keeps the answer when it was made, in words that it can put into the page later.

    By the clock of the office and in the language of the address; only where the proxy asks for it by X-Say-When.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "X-Say-When" in request.headers:
            spelt = _SPELT.get(get_language_from_path(request.path) or "", "%H:%M %d/%m/%Y")
            response["X-Made-At"] = timezone.localtime().strftime(spelt)
        return response

    return middleware


def one_for_all_languages(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a tile has no words, and caches need not keep it once for each language that browsers ask for.

    Stands outside of what says of every answer that it varies so. Errors have words.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code < 400 and _WORDLESS.search(request.path):
            varies = [name.strip() for name in response.get("Vary", "").split(",")]
            response["Vary"] = ", ".join(name for name in varies if name and name.lower() != "accept-language")
            if not response["Vary"]:
                del response["Vary"]
        return response

    return middleware


def client_address(request: HttpRequest) -> str:
    """The address a request came from; behind a proxy on this machine the one that the proxy was asked from."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return forwarded if forwarded and peer in ("", "127.0.0.1", "::1") else peer


def browser_key(request: HttpRequest) -> str:
    """What tells browsers behind one address apart: that which guards forms. "" of a program that has none."""
    return str(request.COOKIES.get(settings.CSRF_COOKIE_NAME, ""))[:64]
