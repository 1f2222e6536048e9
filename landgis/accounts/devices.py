"""Devices from which somebody has signed in before: a signed cookie that outlives the session."""

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from landgis.accounts.models import User

COOKIE = "landgis_device"
KEPT_S = 365 * 24 * 3600
MOST = 5  # people of one device; the one who has not signed in for the longest time is forgotten
SALT = "landgis.accounts.devices"


def known(request: HttpRequest, name: str) -> str:
    """The mark of the device if that person has signed in from it before, else the empty text."""
    return _people(request).get(name.casefold(), "")


def remember(request: HttpRequest | None, user: User, **_told: Any) -> None:
    """The person has signed in from here: the answer will carry the cookie."""
    if request is not None:
        request.META[COOKIE] = user.get_username().casefold()


def remembered(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: puts the cookie into the answer to a sign-in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if name := request.META.get(COOKIE):
            others = {other: mark for other, mark in _people(request).items() if other != name}
            people = dict(list(others.items())[1 - MOST :]) | {name: known(request, name) or secrets.token_urlsafe(16)}
            value = signing.dumps(people, salt=SALT, compress=True)
            secure = settings.SESSION_COOKIE_SECURE
            response.set_cookie(COOKIE, value, max_age=KEPT_S, secure=secure, httponly=True, samesite="Lax")
        return response

    return middleware


def _people(request: HttpRequest) -> dict[str, str]:
    """Name -> mark. What is not ours, or too old, says nothing."""
    try:
        found: dict[str, str] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_S)
    except signing.BadSignature:
        return {}
    return found
