"""Pictures of a map drawn by the server: they come with the page, and the live map later takes their very view."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import translation

from landgis.catalog import contributions, symbols
from landgis.catalog.clusters import FeatureCluster, levels
from landgis.catalog.dataset import Dataset
from landgis.catalog.filters import from_query
from landgis.lib.webmap import Box, Padding, View, fit
from landgis.pages.addresses import data_address

NEAREST = 19.0  # at which a lot of a street has room for its name
TURNS = 4  # farther out others may be cut
# The map page: width of the screen from which on, size in pixels, what the sheet or the buttons cover. The picture
# covers its frame, so that a frame of other proportions cuts off what lies outside the padding.
HOME = (
    ("(max-width: 23.74rem)", (400, 860), Padding(40, 50, 330, 30)),
    ("(min-width: 100rem)", (1280, 800), Padding(60, 90, 60, 60)),
    ("(min-width: 60rem)", (960, 760), Padding(80, 90, 80, 80)),
    ("(min-width: 37.5rem) and (max-height: 30rem)", (844, 300), Padding(56, 60, 60, 60)),  # a phone on its side
    ("(min-width: 37.5rem)", (720, 820), Padding(40, 70, 300, 40)),
    ("", (480, 860), Padding(40, 50, 330, 30)),
)
BESIDE_A_LIST = (("", (480, 720), Padding(70, 40, 70, 40)),)
EMBEDDED = (("", (720, 540), Padding(40, 60, 50, 40)),)
Shapes = Iterable[tuple[str, tuple[int, int], Padding]]


def stills(
    datasets: Iterable[Dataset],
    bounds: Box | None,
    shapes: Shapes,
    query: QueryDict,
    *,
    scene: str | None,
    lead: Dataset | None = None,
) -> list[dict[str, Any]]:
    """The pictures of a map for screens of different shapes: media, url, width, height; the last is for all others. The
    pills of the layer in the lead are whole on all."""
    if bounds is None:
        return []
    names = [dataset.name for dataset in datasets]
    found = []
    # A layer that fails is left out, here as on the map.
    some, _failed = contributions.each([lead] if lead else [], lambda one: levels(one, from_query(one, query)), "pills")
    pills = some[0] if some else {}
    for media, (width, height), padding in shapes:
        view = fit(bounds, width, height, padding, nearest=NEAREST)
        if lead is not None:
            view = _with_whole_pills(view, bounds, padding, pills, symbols.room(lead.map.tiles)[0] / 2)
        url = address(view, names, query, scene=scene)
        found.append({"media": media, "url": url, "width": width, "height": height})
    return found


def _with_whole_pills(
    view: View, bounds: Box, padding: Padding, pills: Mapping[int, Sequence[FeatureCluster]], beside: float
) -> View:
    """The box with more room at the sides at which pills would be cut, which reach so far `beside` their places.

    What lies outside the padding may be cut off by the frame.
    """
    west, east = padding.left + beside, view.width - padding.right - beside
    for _turn in range(TURNS):
        places = [view.pixel(one.x, one.y) for one in pills.get(math.floor(view.zoom), ())]
        seen = [x for x, y in places if 0 < x < view.width and 0 < y < view.height]
        cut = max(0.0, west - min(seen, default=west)), max(0.0, max(seen, default=east) - east)
        if not any(cut):
            break
        padding = replace(padding, left=padding.left + cut[0], right=padding.right + cut[1])
        view = fit(bounds, view.width, view.height, padding, nearest=NEAREST)
    return view


def address(
    view: View,
    layers: Iterable[str],
    query: QueryDict,
    *,
    scene: str | None = None,
    kind: str = "webp",
    **more: Any,
) -> str:
    """The address of a still picture (landgis/pictures/views.py); `query` are filters and `as_of`."""
    asked = {
        "view": view.text,
        "size": f"{view.width}x{view.height}",
        "layers": ",".join(layers),
        "lang": translation.get_language(),
        **({"scene": scene} if scene else {}),
        **more,
    }
    place = data_address("pictures:still", f"/pictures/still.{kind}", kind)
    filters = {name: values for name, values in query.lists() if name not in asked}
    return f"{place}?{urlencode({**filters, **asked}, doseq=True, safe='/,')}"
