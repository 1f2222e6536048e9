"""The exit of pictures: stills of the map, and features outlined on an image."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from landgis.catalog.parameters import of_maps
from landgis.lib.answers import conditional
from landgis.lib.parameters import LANG, Parameter, knows
from landgis.pictures import content

OF_STILLS = (
    *(of_maps, "bbox", "as_of", "view", "size", "scene", "ratio", "named", "v", LANG),
    Parameter("furniture", values=("0", "1")),
    Parameter("layers", has_default=True),  # empty: none of them
)
OF_OUTLINES = ("scene", "width", "height", "v", LANG)


@require_safe
@knows(*OF_STILLS)
def still(request: HttpRequest, kind: str) -> HttpResponseBase:
    """GET /pictures/still.webp (or .jpg, .png): the map as a picture; `parameters.still_plan` says what may be asked."""
    return _answer(request, *content.still(request.GET, kind))


@require_safe
@knows(*OF_OUTLINES)
def outline(request: HttpRequest, name: str, ref: str, kind: str = "webp") -> HttpResponseBase:
    """GET /pictures/outline/<dataset>/<ref>.webp (or .jpg, for messengers): the feature outlined on the image."""
    return _answer(request, *content.outline(request.GET, name, ref, kind))


@require_safe
@knows(*OF_STILLS, *OF_OUTLINES)
def moved(request: HttpRequest, to: str, **parts: Any) -> HttpResponse:
    """Leads from the address that a picture had to the one it has, with all that is asked of it."""
    query = request.GET.urlencode(safe="/,")
    return HttpResponsePermanentRedirect(reverse(to, kwargs=parts) + (f"?{query}" if query else ""))


def _answer(request: HttpRequest, body: bytes, media_type: str) -> HttpResponseBase:
    return conditional(request, HttpResponse(body, content_type=media_type))
