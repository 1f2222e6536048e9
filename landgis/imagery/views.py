"""Tiles of scenes and mosaics, and the list of them for maps."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.views.decorators.http import require_safe

from landgis.imagery import basemaps, queries, raster
from landgis.lib.answers import as_json, conditional
from landgis.lib.language import asked_language

WEBP = "image/webp"


@require_safe
def tile(request: HttpRequest, name: str, z: int, x: int, y: int) -> HttpResponseBase:
    """GET /imagery/<scene or month>/<z>/<x>/<y>.webp: 512 px; 204 where there is no pixel, 404 outside.

    An address with `?v=` of what is shown at present may be kept for ever, by the reader's own browser: it has another once
    other ground is concealed, but a cache of many readers would go on to give the old one to whoever asks for it.
    """
    mosaic = queries.mosaic_named(name)
    if mosaic is None or not (queries.MINZOOM <= z <= mosaic.maxzoom and x < 2**z and y < 2**z):
        raise Http404
    body, is_whole = raster.tile(mosaic.scenes, z, x, y)
    kept = is_whole and request.GET.get("v") == mosaic.fingerprint
    control = "private, max-age=31536000, immutable" if kept else "no-cache"
    if body is None:
        return HttpResponse(status=204, headers={"Cache-Control": control})
    return conditional(request, HttpResponse(body, content_type=WEBP), control=control)


@require_safe
def for_map(request: HttpRequest) -> HttpResponseBase:
    """GET /imagery/map.json: the mosaics a map can show, newest first, and base maps of others; texts in `?lang=`."""
    with asked_language(request):
        others = basemaps.of_names(settings.BASEMAPS)
        content = {
            "scenes": queries.map_scenes(),
            "basemaps": [basemap.for_map(translation.get_language()) for basemap in others],
        }
    return as_json(request, content)
