"""Files of documents as officers see them, before and after readers do."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from landgis.documents import pictures, store, views
from landgis.documents.kinds import MEDIA_TYPES, WEBP
from landgis.lib.parameters import knows
from landgis.workbench.people import OfficerRequest, signed_in


@require_safe
@signed_in()
@knows(is_page=True)
def document(request: OfficerRequest, name: str) -> HttpResponseBase:
    """GET /officer/documents/<name>: a file that is kept; only those who see a row know what it is called."""
    if not store.is_kept(name):
        raise Http404
    return views.handed_over(request, name, "")


@require_safe
@signed_in()
@knows()
def page(request: OfficerRequest, name: str, number: int) -> HttpResponseBase:
    """GET /officer/documents/<name>/<number>.webp: the picture of a page of it."""
    drawn = pictures.page(name, number) if store.is_kept(name) else None
    if drawn is None:
        raise Http404
    return views.runs_nothing(HttpResponse(drawn, content_type=MEDIA_TYPES[WEBP]))
