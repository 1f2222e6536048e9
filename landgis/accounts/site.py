"""The site under /admin/: whom it lets in, and what it takes for a bad request."""

from functools import wraps
from typing import Any
from urllib.parse import urlencode

import structlog
from allauth.account.utils import get_next_redirect_url
from django.contrib import admin
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import DataError, ProgrammingError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from landgis.accounts import factors

log = structlog.get_logger(__name__)

# What Django's lists raise where an address asks for a value that is none of its column.
UNREADABLE = (DataError, ProgrammingError, ValidationError, ValueError, OverflowError)


class Site(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, with the second factor where their role demands one."""
        return super().has_permission(request) and not factors.is_lacking(request.user)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one door, that of the officers; whoever has come through it sets up what is still lacking."""
        if request.user.is_authenticated and not factors.is_lacking(request.user):
            if not super().has_permission(request):
                raise PermissionDenied
            return HttpResponseRedirect(reverse("admin:index"))
        name = "mfa_index" if request.user.is_authenticated else "account_login"
        wanted = get_next_redirect_url(request) or reverse("admin:index")
        return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': wanted})}")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """A view of which nobody gets an error of the server for what he wrote into the address."""

        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                response = view(request, *args, **kwargs)
                # Lists are read when they are written out: what cannot be compared shows then.
                return response.render() if hasattr(response, "render") else response
            except UNREADABLE as error:
                if request.method not in ("GET", "HEAD"):
                    raise
                log.warning("address not understood", exc_info=error)
                raise BadRequest from error

        return super().admin_view(answered, cacheable)
