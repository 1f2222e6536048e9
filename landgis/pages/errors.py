"""Answers that are no page: problem+json (RFC 9457) for data addresses, else a page that says what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from landgis.lib.answers import as_problem, opened

DATA_SUFFIXES = (".json", ".geojson", ".mvt")
DATA_FOLDERS = ("/api/", "/imagery/")
OPEN_SUFFIXES = (".csv", ".xlsx", ".ics", ".atom", ".webp", ".jpg", ".png")  # files that other sites may take
BUSY_S = 30  # after so many seconds a busy server may be asked again


def problem(request: HttpRequest, status: int, title: str, detail: str = "", remedy: str = "") -> HttpResponse:
    """An error in the shape the address promises, in the reader's language."""
    if is_data(request):
        return as_problem(status, title, detail=detail, remedy=remedy)
    context = {"status": status, "title": title, "detail": detail, "remedy": remedy}
    response = render(request, "pages/error.html", context, status=status)
    return opened(response) if request.path.endswith(OPEN_SUFFIXES) else response


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
    """Written without templates and without the database: either may be what failed."""
    return _plain(request, 500, _("The server could not answer. Nothing was lost. Please try again in a few minutes."))


def too_busy(request: HttpRequest) -> HttpResponse:
    """Plain, too: what every page shows round its content is read from the same database."""
    response = _plain(request, 503, _("The server is busy and took too long to answer. Please try again in a minute."))
    response["Retry-After"] = str(BUSY_S)
    return response


def _plain(request: HttpRequest, status: int, text: str) -> HttpResponse:
    if is_data(request):
        return as_problem(status, text)
    return HttpResponse(f"<!doctype html><meta charset=utf-8><title>{status}</title><p>{text}</p>", status=status)


def is_data(request: HttpRequest) -> bool:
    """Whether a program asks, which reads errors as data."""
    return request.path.endswith(DATA_SUFFIXES) or request.path.startswith(DATA_FOLDERS)
