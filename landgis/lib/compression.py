"""Answers squeezed with Brotli where the reader takes it: a tenth to a third smaller than with gzip.

Only what is the same for everybody: a page for one reader may hold a token, and for it Django's own gzip takes care
that lengths tell nothing of it. Such a page says that it varies by the cookie; a public page does not.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import has_vary_header, patch_vary_headers

KINDS = {"application/vnd.mapbox-vector-tile", "application/geo+json", "application/json", "text/html"}
TAKES = {
    coding: re.compile(rf"(^|[\s,]){coding}(?![\w-])(?!\s*;\s*q=0(\.0*)?\s*($|,))", re.IGNORECASE)
    for coding in ("br", "gzip")
}
LEAST = 200  # bytes; less is not worth it
QUALITY = 5  # as fast as gzip


def takes(coding: str, meta: Mapping[str, Any]) -> bool:
    """Whether the reader of a request, by its META or environ, takes answers squeezed so ("br" or "gzip")."""
    return TAKES[coding].search(meta.get("HTTP_ACCEPT_ENCODING", "")) is not None


def brotli_data(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware; stands within Django's GZipMiddleware, which leaves alone what is squeezed already."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        kind = response.get("Content-Type", "").partition(";")[0]
        if not isinstance(response, HttpResponse) or kind not in KINDS or response.has_header("Content-Encoding"):
            return response
        if has_vary_header(response, "Cookie"):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if len(response.content) < LEAST or not takes("br", request.META):
            return response
        response.content = brotli.compress(response.content, quality=QUALITY)
        response["Content-Length"] = str(len(response.content))
        response["Content-Encoding"] = "br"
        etag = response.get("ETag")
        if etag and etag.startswith('"'):
            response["ETag"] = "W/" + etag
        return response

    return middleware
