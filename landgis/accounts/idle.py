"""Sessions of people end after a time in which nothing was done, and after a working day; what was typed comes back.

What somebody sends after that is kept with the browser's next session: whoever signs in again under the same name finds it
at the same address, to be sent once more. Nobody else does.
"""

import re
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

BEGUN, SEEN, KEPT = "session_begun", "session_seen", "session_kept"
STEP_S = 60  # so often at most it is noted that something was done
OFFICE = re.compile(r"(/[a-z]{2})?/(officer|admin)/")
WATCHED = re.compile(r".*/runs/\d+\.json")  # asked by a page that stands open: nothing is done by it
SECRET = re.compile(r".*password.*|code|credential|csrfmiddlewaretoken")  # names of fields that are not kept

Handler = Callable[[HttpRequest], HttpResponse]


def ended_when_idle(get_response: Handler) -> Handler:
    """Middleware, for the pages of the office alone: others are the same for everybody."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if OFFICE.match(request.path) and request.user.is_authenticated:
            if text := _over(request):
                _end(request, text)
            elif (kept := request.session.get(KEPT)) is not None:
                return _with_kept(request, kept, get_response)
        return get_response(request)

    return middleware


def begin(request: HttpRequest | None, **_told: Any) -> None:
    """Somebody has signed in."""
    if request is not None:
        request.session[BEGUN] = request.session[SEEN] = int(time.time())


def _over(request: HttpRequest) -> str:
    """Why the session is over, in words; empty while it lasts."""
    now = int(time.time())
    begun, seen = request.session.setdefault(BEGUN, now), request.session.setdefault(SEEN, now)
    if now - begun >= settings.SESSION_COOKIE_AGE:
        return _("You were signed out: a session lasts a working day.")
    if now - seen >= settings.IDLE_S:
        minutes = settings.IDLE_S // 60
        text = ngettext(
            "You were signed out: nothing was done for %(count)s minute.",
            "You were signed out: nothing was done for %(count)s minutes.",
            minutes,
        )
        return text % {"count": minutes}
    if now - seen >= STEP_S and not WATCHED.fullmatch(request.path):
        request.session[SEEN] = now
    return ""


def _end(request: HttpRequest, text: str) -> None:
    """Sign out, and keep what was sent for whoever sent it."""
    is_lost = request.method == "POST" and not request.headers.get("Accept", "").startswith("application/json")
    person, sent = request.user.pk, request.POST.lists() if is_lost else ()  # a script keeps itself what it sends
    fields = [(name, value) for name, values in sent if not SECRET.fullmatch(name) for value in values]
    logout(request)
    if fields:
        request.session[KEPT] = {"person": person, "address": request.get_full_path(), "fields": fields}
        text = f"{text} {_('What you sent is kept: sign in, and send it once more.')}"
    messages.warning(request, text)


def _with_kept(request: HttpRequest, kept: dict[str, Any], get_response: Handler) -> HttpResponse:
    """The page that offers it, at its address; it is forgotten once it is sent, or where somebody else has signed in."""
    if kept["person"] != request.user.pk:
        del request.session[KEPT]
    elif request.get_full_path() == kept["address"]:
        if request.method in ("GET", "HEAD"):
            return never_cache(_offered)(request, kept)
        del request.session[KEPT]
    return get_response(request)


def _offered(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    return render(request, "accounts/kept.html", {"fields": kept["fields"], "address": kept["address"]})
