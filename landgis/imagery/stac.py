"""The scenes as a STAC catalogue (SpatioTemporal Asset Catalog 1.0): what other programs ask for.

`/imagery/` is the catalogue, `/imagery/<scene>.json` an item of it.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.imagery.footprints import footprint_of
from landgis.imagery.queries import MINZOOM, PublicScene, scenes
from landgis.lib.answers import GEOJSON, as_json
from landgis.lib.parameters import knows

VERSION = "1.0.0"
# What STAC takes as a licence: an SPDX identifier; anything else is said in words beside it.
SPDX = ("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "ODbL-1.0", "PDDL-1.0")

CLOUDS = "https://stac-extensions.github.io/eo/v1.1.0/schema.json"

Absolute = Callable[[str], str]


@require_safe
@knows()
def catalogue(request: HttpRequest) -> HttpResponseBase:
    """GET /imagery/: the STAC catalogue."""
    return as_json(request, catalogue_of(scenes(), request.build_absolute_uri))


@require_safe
@knows()
def item(request: HttpRequest, name: str) -> HttpResponseBase:
    """GET /imagery/<scene>.json: one scene as a STAC item; 404 for one that is withdrawn or never was."""
    for scene in scenes():
        if scene.name == name:
            return as_json(request, item_of(scene, request.build_absolute_uri), media_type=GEOJSON)
    raise Http404


def catalogue_of(found: list[PublicScene], absolute: Absolute) -> dict[str, Any]:
    """The catalogue with a link to each scene; `absolute` makes a full address of a path."""
    here = absolute(reverse("imagery:catalogue"))
    items = [
        {
            "rel": "item",
            "href": _address(scene, absolute),
            "type": GEOJSON,
            "title": f"{scene.name}, {scene.acquired_on}",
        }
        for scene in found
    ]
    return {
        "type": "Catalog",
        "stac_version": VERSION,
        "id": "imagery",
        "title": _("Satellite and aerial images"),
        "description": _("Dated images of the ground, each with its source, licence and footprint."),
        "links": [
            {"rel": "self", "href": here, "type": "application/json"},
            {"rel": "root", "href": here, "type": "application/json"},
            *items,
        ],
    }


def item_of(scene: PublicScene, absolute: Absolute) -> dict[str, Any]:
    """One scene: when it was taken, what it covers, who may use it, and the template of its tiles."""
    here, root = _address(scene, absolute), absolute(reverse("imagery:catalogue"))
    tiles = absolute(reverse("imagery:tile", args=[scene.name, 0, 0, 0])).replace("/0/0/0.webp", "/{z}/{x}/{y}.webp")
    return {
        "type": "Feature",
        "stac_version": VERSION,
        "stac_extensions": [] if scene.cloud_percent is None else [CLOUDS],
        "id": scene.name,
        "bbox": list(scene.box),
        "geometry": footprint_of(scene),
        "properties": {
            # The day is known, not the hour: an interval says so, a moment would be made up.
            "datetime": None,
            "start_datetime": f"{scene.acquired_on}T00:00:00Z",
            "end_datetime": f"{scene.acquired_on}T23:59:59Z",
            "title": scene.source,
            "license": scene.licence if scene.licence in SPDX else "proprietary",
            "gsd": scene.resolution_m,
            **({} if scene.cloud_percent is None else {"eo:cloud_cover": scene.cloud_percent}),
            "landgis:licence": scene.licence,
            "landgis:attribution": scene.attribution,
            "landgis:made_up": scene.is_made_up,
        },
        "links": [
            {"rel": "self", "href": here, "type": GEOJSON},
            {"rel": "root", "href": root, "type": "application/json"},
            {"rel": "parent", "href": root, "type": "application/json"},
        ],
        "assets": {
            "tiles": {
                "href": tiles,
                "type": "image/webp",
                "title": _("Tiles of 512 pixels, zoom %(low)s to %(high)s") % {"low": MINZOOM, "high": scene.maxzoom},
                "roles": ["visual"],
            }
        },
    }


def _address(scene: PublicScene, absolute: Absolute) -> str:
    return absolute(reverse("imagery:item", args=[scene.name]))
