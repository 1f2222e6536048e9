"""What a request may bring, looked at before anything reads it; and who it is that asks, for the audit."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from landgis.changes import audit
from landgis.pages.errors import problem

FOR_OFFICERS = _("Compress the file as a zip, hand it in in parts, or ask the operator to load it with manage.py load.")
FOR_READERS = _(
    "Go back: what you wrote is still there. Choose a smaller picture, such as a screenshot of it, or leave it out."
)

Handler = Callable[[HttpRequest], HttpResponse]


def limit_body(get_response: Handler) -> Handler:
    """Middleware: 413 for a body that says it is larger than is taken here; files only from whoever is signed in.

    No request has a body without saying how long it is: what says nothing is read as empty.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        is_upload = _is_upload(request)
        most = settings.MAX_UPLOAD if is_upload else settings.MAX_BODY
        if _length(request) <= most:
            return get_response(request)
        return problem(
            request,
            413,
            gettext("This is too large"),
            gettext("At most %(most)s MB are taken here; nothing was read.") % {"most": most // 10**6},
            str(FOR_OFFICERS if request.path.startswith(reverse("workbench:list")) else FOR_READERS),
        )

    return middleware


class Audited:
    """Middleware: lines of the audit name whoever asks, and what is refused to somebody who is signed in is one of them."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        audit.pressed_by(lambda: request.user)
        try:
            return self.get_response(request)
        finally:
            audit.pressed_by(None)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, PermissionDenied) and request.user.is_authenticated:
            audit.write(request.user, "person.refused", request.path, method=request.method)


def _length(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() else 0


def _is_upload(request: HttpRequest) -> bool:
    desk = reverse("workbench:list")
    is_enclosing = request.path.startswith(f"{desk}changes/") and request.path.endswith("/documents/")
    takes_files = request.path == reverse("workbench:upload") or request.path.startswith(f"{desk}edit/") or is_enclosing
    return takes_files and SESSION_KEY in request.session
