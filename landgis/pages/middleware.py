"""Who may read an answer, and what becomes of errors wherever they are raised.

Parameters that cannot be understood are a 400 that names them; reads that the database cut off because they took too
long are a 503, and so is all that needs a database which is not there.
"""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from landgis.catalog.queries import is_away, was_cut_off
from landgis.lib.filters import FilterError
from landgis.lib.reader import LEFT, ReaderLeft
from landgis.pages.errors import FILES, away, is_data, too_slow
from landgis.pages.mending import refused

log = structlog.get_logger(__name__)

OFFICE = "/officer/"


# What a script of another site may send and read beside what browsers always let it.
MAY_SEND = "Accept, Accept-Language, Content-Type, If-Modified-Since, If-None-Match, Range, X-Request-ID"
MAY_READ = "Content-Disposition, Content-Encoding, ETag, Link, Retry-After, X-Request-ID"
KEEP_S = 86_400  # so long a browser need not ask again what it may send


def open_data(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: pages of every site may read public data and files, and their errors (CORS).

    Whoever looks at an address from outside asks this first, so that no view, refusal or redirection can forget it. What
    a browser asks before (OPTIONS) is answered here. Search engines keep pages, and no data.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if OFFICE in request.path or not (is_data(request) or request.path.endswith(FILES)):
            return get_response(request)
        response = _what_is_allowed() if request.method == "OPTIONS" else get_response(request)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = MAY_READ
        response.headers.setdefault("X-Robots-Tag", "noindex")
        return response

    return middleware


def _what_is_allowed() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Allow"] = response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response["Access-Control-Allow-Headers"] = MAY_SEND
    response["Access-Control-Max-Age"] = str(KEEP_S)
    return response


class ReadErrors:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ReaderLeft):
            return HttpResponse(status=LEFT)
        if was_cut_off(exception):
            return too_slow(request)
        if is_away(exception):
            log.error("database away", error=exception)
            return away(request)
        return refused(request, exception) if isinstance(exception, FilterError) else None
