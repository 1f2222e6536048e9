"""Answers that are no page: problem+json (RFC 9457) for data addresses, else a page that says what to do."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

DATA_SUFFIXES = (".json", ".geojson", ".mvt")
DATA_FOLDER = "/api/"


def problem(request: HttpRequest, status: int, title: str, detail: str = "", remedy: str = "") -> HttpResponse:
    """An error in the shape the address promises, in the reader's language."""
    if _is_data(request):
        content: dict[str, Any] = {"type": "about:blank", "status": status, "title": title}
        content |= {key: text for key, text in (("detail", detail), ("remedy", remedy)) if text}
        return JsonResponse(
            content,
            status=status,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
    context = {"status": status, "title": title, "detail": detail, "remedy": remedy}
    return render(request, "pages/error.html", context, status=status)


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
    text = _("The server could not answer. Nothing was lost. Please try again in a few minutes.")
    if _is_data(request):
        return JsonResponse(
            {"type": "about:blank", "status": 500, "title": text}, status=500, content_type="application/problem+json"
        )
    return HttpResponse(f"<!doctype html><meta charset=utf-8><title>500</title><p>{text}</p>", status=500)


def _is_data(request: HttpRequest) -> bool:
    return request.path.endswith(DATA_SUFFIXES) or request.path.startswith(DATA_FOLDER)
