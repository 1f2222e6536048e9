"""Answers of this site's own exits and its static files, for what is put together on the server (a sheet as PDF)."""

import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import resolve

from landgis.catalog import pictures

ADDRESS = ("SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO")


def answer(request: HttpRequest, url: str) -> HttpResponse:
    """What the view of an address of this site answers to the reader of `request`. Raises Http404, FilterError."""
    asked = urlsplit(url)
    inner = HttpRequest()
    inner.method, inner.path, inner.path_info = "GET", asked.path, asked.path
    # Whose request it is does not matter: what an exit answers is for everybody.
    inner.META = {name: request.META[name] for name in ADDRESS if name in request.META} | {"QUERY_STRING": asked.query}
    inner.GET = QueryDict(asked.query)
    found = resolve(asked.path)
    return found.func(inner, *found.args, **found.kwargs)


def content(request: HttpRequest, url: str) -> tuple[bytes, str]:
    """Bytes and type of a static file or of an exit's answer."""
    path = urlsplit(url).path
    if path.startswith(settings.STATIC_URL):
        file = finders.find(path.removeprefix(settings.STATIC_URL))
        if file is None:
            raise FileNotFoundError(path)
        return Path(file).read_bytes(), mimetypes.guess_type(path)[0] or "application/octet-stream"
    try:
        return pictures.content(url)
    except Http404:
        response = answer(request, url)
    return response.content, response["Content-Type"]
