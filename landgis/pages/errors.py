"""Answers that are no page: problem+json (RFC 9457) for data addresses, else a page that says what to do."""

import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from landgis.catalog.queries import is_away
from landgis.lib.answers import as_problem
from landgis.lib.full_disk import is_full_disk

log = structlog.get_logger(__name__)

DATA_SUFFIXES = (".json", ".geojson", ".mvt")
DATA_FOLDERS = ("/api/", "/imagery/")
FILES = (".csv", ".xlsx", ".ics", ".atom", ".webp", ".jpg", ".png")  # people click on them, programs fetch them
BARE = (
    '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    '<title>500</title><h1>{title}</h1><p>{detail}</p><p><a href="/">{way}</a></p>'
)
BUSY_S = 30  # after so many seconds a busy server may be asked again


def problem(
    request: HttpRequest,
    status: int,
    title: str,
    detail: str = "",
    remedy: str = "",
    *,
    without_data: bool = False,
    ways: Sequence[Mapping[str, str]] = (),
    more: Mapping[str, Any] = MappingProxyType({}),
) -> HttpResponse:
    """An error in the shape the address promises, in the reader's language; `without_data` asks the database nothing.

    A page leads on by the `ways` (label and url), a program gets the members `more`.
    """
    if is_data(request):
        response = as_problem(status, title, detail=detail, remedy=remedy, **more)
    else:
        context = {"status": status, "title": title, "detail": detail, "remedy": remedy, "without_data": without_data}
        context |= {"is_error": True, "ways": ways}
        response = render(request, "pages/error.html", context, status=status)
    if request.path.endswith(FILES):
        patch_vary_headers(response, ["Accept"])
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(
        request, 400, _("The request cannot be understood"), remedy=_("Check the address, or start from the map.")
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(request, 403, _("This page is not open to you"), remedy=_("Sign in with another account."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(
        request,
        404,
        _("There is nothing at this address"),
        remedy=_("Check the reference, or look for it on the map or in a list."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks the database nothing, as it may be what failed; where the templates did, the bare words."""
    error = sys.exc_info()[1]
    if is_away(error):
        return away(request)
    if is_full_disk(error):
        return full(request)
    title, detail = _("The server could not answer"), _("Nothing was lost. Please try again in a few minutes.")
    try:
        return problem(request, 500, title, detail, without_data=True)
    except Exception:
        log.exception("the page of an error failed")
        return HttpResponse(BARE.format(title=title, detail=detail, way=_("Open the map")), status=500)


def too_slow(request: HttpRequest) -> HttpResponse:
    """What was to be read took longer than the database may be kept busy."""
    return _later(request, _("The server is busy and took too long to answer"), "")


def away(request: HttpRequest) -> HttpResponse:
    """The database does not answer."""
    return _later(
        request, _("The data cannot be read at the moment"), _("The database does not answer. Nothing was lost.")
    )


def crowded(request: HttpRequest) -> HttpResponse:
    """More is asked at once than the server can do; whoever answers with it says when to come again."""
    title, detail = _("The server is busy"), _("More is asked of it at the moment than it can answer.")
    return problem(request, 503, title, detail, _("Please try again in a few seconds."), without_data=True)


def full(request: HttpRequest) -> HttpResponse:
    """There is no room on the disk for what was sent, or for what was to be made."""
    text = _("The disk of the server is full")
    return problem(request, 507, text, _("Nothing was kept."), _("Please tell the operator."), without_data=True)


def _later(request: HttpRequest, title: str, detail: str) -> HttpResponse:
    response = problem(request, 503, title, detail, _("Please try again in a minute."), without_data=True)
    response["Retry-After"] = str(BUSY_S)
    return response


def is_data(request: HttpRequest) -> bool:
    """Whether a program asks, which reads errors as data. What follows a link to a file and would show a page is none."""
    if request.path.endswith(FILES):
        return "text/html" not in request.headers.get("Accept", "")
    is_page = getattr(request.resolver_match.func, "is_page", None) if request.resolver_match else None
    return is_data_path(request.path) if is_page is None else not is_page


def is_data_path(path: str) -> bool:
    return path.endswith(DATA_SUFFIXES) or path.startswith(DATA_FOLDERS)
