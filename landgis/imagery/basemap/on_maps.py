"""What a map is told of the base map: where its tiles are, whom they credit, and how they are drawn."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from landgis.catalog import exits, maplibre_ground, sums, symbols
from landgis.imagery.basemap.queries import BaseMapInForce
from landgis.imagery.queries import Mosaic, usual

MAP = "map"  # as a choice of images is named: the base map alone, in place of an image


def template() -> str:
    """The address of tiles with {z}, {x} and {y}."""
    return reverse("basemap:tile", args=[0, 0, 0]).replace("/0/0/0.mvt", "/{z}/{x}/{y}.mvt")


def credit(found: BaseMapInForce) -> str:
    made_up = [_("Made-up data")] if found.is_made_up else []
    return " · ".join([found.attribution, *made_up])


def for_map(found: BaseMapInForce | None) -> dict[str, Any] | None:
    """`layers` draw it alone, `over` over an image, `under` on land of that colour round it. Its whole world may be asked for: beyond its box it is coarse."""
    if found is None:
        return None
    return {
        "tiles": [template()],
        "minzoom": found.minzoom,
        "maxzoom": found.maxzoom,
        "attribution": credit(found),
        "is_made_up": found.is_made_up,
        "layers": maplibre_ground.layers(is_over=False),
        "over": maplibre_ground.layers(is_over=True),
        "under": maplibre_ground.layers_under(),
        "under_land": symbols.UNDER_LAND,
    }


def is_over(found: BaseMapInForce, mosaic: Mosaic) -> bool:
    """Whether it may lie over these images: what is real and what is made up do not lie over each other."""
    return found.is_made_up == any(scene.is_made_up for scene in mosaic.scenes)


def usual_choice(found: BaseMapInForce | None, mosaics: Sequence[Mosaic]) -> str | None:
    """What maps show where no reader chooses: images, without any the base map; None for a bare ground.

    On a real base map made-up features would not be shown, and nobody begins with an empty map.
    """
    if first := usual(mosaics):
        return first.name
    if found is None or (not found.is_made_up and sums.any_made_up(exits.datasets("tiles"))):
        return None
    return MAP
