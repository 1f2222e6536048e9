"""Headers that a browser heeds on documents, and the Content-Security-Policy on scripts that run as workers too; on data a short one.

A map comes in some eighty answers, nearly all of them tiles, pictures, letters and modules; on each of these it would be a
third of a kilobyte for nobody.
"""

from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponseBase

# What no browser runs or frames by itself. An SVG or a PDF is a document, and what is not known may be one.
INERT = {
    *("application/vnd.mapbox-vector-tile", "font/woff2", "text/css"),
    *("image/jpeg", "image/png", "image/webp", "image/x-icon"),
}
OF_JSON = "default-src 'none'; frame-ancestors 'none'"  # browsers show it as a page, which needs nothing else
SCRIPTS = {"text/javascript", "application/javascript"}
BODILESS = {204, 304}  # a browser keeps what it was told with the document that it has
OF_DOCUMENTS = ("X-Frame-Options", "Cross-Origin-Opener-Policy")


class DocumentPolicy(CSPMiddleware):
    """The middleware of django-csp, outside of what sets the others: it leaves them out of what is no document and no worker."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        if _kind(response).endswith("json"):
            response.headers.setdefault(HEADER, OF_JSON)
        if not _is_inert(request.path, response):
            return super().process_response(request, response)
        for name in OF_DOCUMENTS:
            del response[name]
        return response


def _is_inert(path: str, response: HttpResponseBase) -> bool:
    kind = _kind(response)
    is_module = kind in SCRIPTS and "worker" not in path.rpartition("/")[2]
    return is_module or kind in INERT or response.status_code in BODILESS


def _kind(response: HttpResponseBase) -> str:
    return str(response.get("Content-Type", "").partition(";")[0])
