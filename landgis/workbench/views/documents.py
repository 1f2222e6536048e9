"""Files of documents as officers see them, before and after readers do."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from landgis.documents import store, views
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
