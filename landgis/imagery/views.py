"""Tiles of scenes and mosaics, the list of them for maps, and which are seen where."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.catalog import maplibre
from landgis.imagery import basemaps, kept_tiles, queries
from landgis.imagery.basemap.on_maps import for_map as for_map_of
from landgis.imagery.basemap.on_maps import usual_choice
from landgis.imagery.basemap.queries import in_force
from landgis.imagery.queries import Mosaic
from landgis.imagery.sights import SceneSight, days_text
from landgis.lib.answers import as_json, conditional
from landgis.lib.filters import FilterError, no_such_value
from landgis.lib.parameters import LANG, knows
from landgis.lib.webmap import NORTHMOST, Box, metres

WEBP = "image/webp"
TAKEN = "taken"


@require_safe
@knows("v", "look")
def tile(request: HttpRequest, name: str, z: int, x: int, y: int) -> HttpResponseBase:
    """GET /imagery/<scene or month>/<z>/<x>/<y>.webp: 512 px; 204 where there is no pixel, 404 outside. With `?look=taken`
    the scenes of a month have hard edges and the colours of their files, as comparisons want them.

    An address with `?v=` of what is shown at present may be kept for ever, by the reader's own browser: it has another once
    other ground is concealed, but a cache of many readers would go on to give the old one to whoever asks for it.
    """
    mosaic = queries.mosaic_named(name)
    if mosaic is None or not (queries.MINZOOM <= z <= mosaic.maxzoom and x < 2**z and y < 2**z):
        raise Http404
    look = request.GET.get("look")
    if look not in (None, TAKEN):
        raise no_such_value("look", look, [TAKEN]).in_words(_)
    body, is_whole = kept_tiles.tile(mosaic, z, x, y, is_matched=look is None)
    kept = is_whole and request.GET.get("v") == mosaic.fingerprint
    control = "private, max-age=31536000, immutable" if kept else "no-cache"
    if body is None:
        return HttpResponse(status=204, headers={"Cache-Control": control})
    return conditional(request, HttpResponse(body, content_type=WEBP), control=control)


@require_safe
@knows(LANG)
def for_map(request: HttpRequest) -> HttpResponseBase:
    """GET /imagery/map.json: the mosaics a map can show, newest first, which of them it shows at first, the base map of the
    office, those of others, and how names are written where no image lies below; texts in `?lang=`."""
    others = basemaps.of_names(settings.BASEMAPS)
    found = queries.mosaics(queries.scenes())
    ground = in_force()
    content = {
        "scenes": queries.map_scenes(found),
        "usual": usual_choice(ground, found),
        "ground": for_map_of(ground),
        "light_writing": maplibre.light_writing(),
        "basemaps": [basemap.for_map(translation.get_language()) for basemap in others],
    }
    return as_json(request, content)


@require_safe
@knows("box", "at", LANG)
def seen(request: HttpRequest) -> HttpResponseBase:
    """GET /imagery/seen.json?box=west,south,east,north (or ?at=longitude,latitude), degrees: of each mosaic of
    /imagery/map.json the scenes that are seen there, the newest first; none where there is no pixel or the ground is not
    shown. Of a place `is_withheld` says whether its ground is not shown. Texts in `?lang=`."""
    box = _box(request.GET)
    found = queries.scenes()
    place = (*metres(*box[:2]), *metres(*box[2:]))
    sight = SceneSight(found, place)
    content: dict[str, Any] = {"box": list(box), "scenes": [_sight_of(one, sight) for one in queries.mosaics(found)]}
    if "at" in request.GET:
        content["is_withheld"] = bool(queries.concealed(place))
    return as_json(request, content)


def _sight_of(mosaic: Mosaic, sight: SceneSight) -> dict[str, Any]:
    here = sight.of(mosaic)
    return {
        "name": mosaic.name,
        "days": days_text(one.scene for one in here),
        "seen": [
            {
                "scene": one.scene.name,
                "acquired_on": one.scene.acquired_on.isoformat(),
                "acquired": date_format(one.scene.acquired_on, "SHORT_DATE_FORMAT"),
                "resolution_m": one.scene.resolution_m,
                "attribution": one.scene.attribution,
                "is_made_up": one.scene.is_made_up,
            }
            for one in here
        ],
    }


def _box(query: QueryDict) -> Box:
    """Raises FilterError."""
    name = "at" if "at" in query else "box"
    try:
        sides = [float(text) for text in query.get(name, "").split(",")]
        west, south, east, north = sides * 2 if name == "at" else sides
    except ValueError:
        west, south, east, north = 1.0, 1.0, 0.0, 0.0
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        help_of = {
            "at": _("Write two numbers: longitude,latitude in degrees."),
            "box": _("Write four numbers: west,south,east,north in degrees."),
        }
        raise FilterError(name, help_of[name])
    return west, max(-NORTHMOST, min(south, NORTHMOST)), east, max(-NORTHMOST, min(north, NORTHMOST))
