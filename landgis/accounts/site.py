"""The site under /admin/: whom it lets in, and what it takes for a bad request."""

from functools import wraps
from typing import Any

import structlog
from django.contrib import admin
from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError, ProgrammingError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

log = structlog.get_logger(__name__)

# What Django's lists raise where an address asks for a value that is none of its column.
UNREADABLE = (DataError, ProgrammingError, ValidationError, ValueError, OverflowError)


class Site(admin.AdminSite):
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
