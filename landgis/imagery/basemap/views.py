"""The door of the base map: tiles cut from the archive, and their description."""

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.imagery.basemap import queries
from landgis.imagery.basemap.archive import ArchiveError
from landgis.imagery.basemap.on_maps import credit, template
from landgis.imagery.basemap.queries import BaseMapInForce
from landgis.imagery.basemap.schemas import KINDS, NAMED
from landgis.lib.answers import as_json, as_problem, unless_known
from landgis.lib.parameters import LANG, knows

log = structlog.get_logger(__name__)

TILE_TYPE = "application/vnd.mapbox-vector-tile"
NO_CACHE = {"Cache-Control": "no-cache"}


@require_safe
@knows()
def tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponseBase:
    """GET /basemap/<z>/<x>/<y>.mvt: 200 with ETag, 204 when empty, 404 outside the zooms or the world, or without a base map.

    What may not be shown now is cut out now, whenever the archive was made.
    """
    found = queries.in_force()
    if found is None or not queries.is_inside(found, z, x, y):
        raise Http404
    try:
        body = queries.tile(found, z, x, y)
    except (ArchiveError, OSError) as error:
        log.error("base map cannot be read", basemap=found.name, error=str(error))
        return as_problem(503, _("The base map cannot be read at present."))
    if not body:
        return HttpResponse(status=204, headers=NO_CACHE)
    digest = f"{found.fingerprint}-{z}-{x}-{y}"
    return unless_known(request, digest, lambda: HttpResponse(body, content_type=TILE_TYPE))


@require_safe
@knows(LANG)
def tilejson(request: HttpRequest) -> HttpResponseBase:
    """GET /basemap.json: TileJSON 3.0 of the base map; 404 where there is none."""
    found = queries.in_force()
    if found is None:
        raise Http404
    return as_json(request, _tilejson(request, found))


def _tilejson(request: HttpRequest, found: BaseMapInForce) -> dict[str, object]:
    """In one form, whichever the archive has."""
    return {
        "tilejson": "3.0.0",
        "name": _("Base map"),
        "attribution": credit(found),
        "tiles": [request.build_absolute_uri("/")[:-1] + template()],  # whole, it would write {z} as %7Bz%7D
        "minzoom": found.minzoom,
        "maxzoom": found.maxzoom,
        "bounds": list(found.box),
        "vector_layers": [
            {"id": layer, "fields": {"kind": ", ".join(kinds), **({"name": _("name")} if layer in NAMED else {})}}
            for layer, kinds in KINDS.items()
        ],
    }
