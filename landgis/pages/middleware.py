"""Parameters that cannot be understood become a 400 that names them, wherever they are read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from landgis.catalog.filters import FilterError
from landgis.pages.errors import problem


class FilterErrors:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, FilterError):
            return None
        title = _("The parameter “%(name)s” cannot be understood") % {"name": exception.parameter}
        return problem(request, 400, title, str(exception), _("Correct it in the address, or leave it out."))
