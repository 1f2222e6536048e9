"""What the addresses of pictures ask for."""

import math
import re
from dataclasses import dataclass

from django.http import Http404, QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from landgis.catalog import exits, queries
from landgis.catalog.dataset import Dataset
from landgis.catalog.filters import from_query
from landgis.imagery import basemaps
from landgis.imagery.basemap.on_maps import MAP, is_over, usual_choice
from landgis.imagery.basemap.queries import BaseMapInForce, in_force
from landgis.imagery.queries import Mosaic, mosaic_named, mosaics, scenes
from landgis.lib.filters import FilterError, no_such_value
from landgis.lib.webmap import NEAREST, View, parse_view
from landgis.pictures.still import StillPlan

SIZE = re.compile(r"(\d{2,4})x(\d{2,4})")
LEAST_PX, MOST_PX = 40, 3000


@dataclass(frozen=True)
class Bounds:
    """How many pixels a picture may have (each costs some 60 bytes while it is drawn), and how near it may come."""

    most_pixels: int
    nearest: float


READER = Bounds(2_000_000, 20.0)  # the largest frame of static/js/map/still.js, and the nearest zoom of the map
SHEET = Bounds(5_500_000, NEAREST)  # what this server puts together itself: an A3 sheet at 200 dots an inch
SIDES = range(120, 1601)  # pixels of an outlined feature
NO_SCENE = "none"


def still_plan(query: QueryDict, bounds: Bounds = READER) -> StillPlan:
    """The plan of `?view=zoom/lat/lon&size=WxH&layers=a,b&named=a&scene=&ratio=&furniture=1`, with the filters of lists.

    Without `scene` the images that maps show at first, with `none` no image, with `map` the base map alone. Raises FilterError for what cannot be understood and
    Http404 for a scene that is not there.
    """
    scene = query.get("scene", "")
    layers, as_of = _layers(query.get("layers")), queries.parse_as_of(query.get("as_of"))
    if scene in basemaps.by_name():
        # A map of others is not drawn here, and nothing over its place: made-up features do not stand on real ground.
        layers, scene = [], NO_SCENE
    view = _view(query.get("view", ""), query.get("size", ""), bounds)  # before anything is asked of the database
    named = _named(query.get("named", ""), layers)
    mosaic, base_map = chosen(scene)
    return StillPlan(
        view=view,
        layers=[(dataset, from_query(dataset, query, as_of=as_of)) for dataset in layers],
        named=named,
        mosaic=mosaic,
        base_map=base_map,
        is_real_ground=mosaic is None and base_map is not None and not base_map.is_made_up,
        as_of=as_of,
        ratio=_ratio(query.get("ratio", "1")),
        furniture=query.get("furniture") == "1",
    )


def outline_size(query: QueryDict) -> tuple[int, int]:
    """`width` and `height` of an outlined feature in pixels; one of 4 to 3 where only the width is given. Raises FilterError."""
    width = _side(query, "width", 720)
    height = _side(query, "height", max(SIDES.start, width * 3 // 4))
    if width * height > READER.most_pixels:
        raise FilterError("height", _size_help(READER.most_pixels))
    return width, height


def _side(query: QueryDict, parameter: str, default: int) -> int:
    text = query.get(parameter, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) in SIDES):
        raise FilterError(
            parameter,
            _("Write a whole number from %(low)s to %(high)s.") % {"low": SIDES.start, "high": SIDES.stop - 1},
        )
    return int(text)


def _view(text: str, size: str, bounds: Bounds) -> View:
    found = SIZE.fullmatch(size)
    width, height = (int(side) for side in found.groups()) if found else (0, 0)
    is_small = width * height <= bounds.most_pixels and max(width, height) <= MOST_PX
    if not (is_small and min(width, height) >= LEAST_PX):
        raise FilterError("size", _size_help(bounds.most_pixels))
    try:
        view = parse_view(text, width, height)
    except ValueError:
        raise FilterError("view", _("Write zoom/latitude/longitude, for example 12/10.5/107.2.")) from None
    if view.zoom > bounds.nearest:
        raise FilterError("view", _("Write a zoom of at most %(nearest)s.") % {"nearest": f"{bounds.nearest:.0f}"})
    return view


def _size_help(most_pixels: int) -> str:
    bounds = {"low": LEAST_PX, "high": MOST_PX, "most": number_format(most_pixels, force_grouping=True)}
    return (
        _(
            "Write width x height in pixels, for example 720x540: each from %(low)s to %(high)s, and no more than"
            " %(most)s pixels in all."
        )
        % bounds
    )


def _layers(text: str | None) -> list[Dataset]:
    """The named datasets that maps show, in the order of the registry; all of them where none is named."""
    shown = exits.datasets("tiles")
    if text is None:
        return shown
    wanted = [name for name in text.split(",") if name]
    unknown = set(wanted) - {dataset.name for dataset in shown}
    if unknown:
        raise FilterError("layers", _("There is no such layer: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    return [dataset for dataset in shown if dataset.name in wanted]


def _named(text: str, layers: list[Dataset]) -> dict[str, str]:
    """The fields by which layers name what they stand for on maps, of the named datasets. Raises FilterError."""
    able = {one.name: one.map.drawn_with for one in exits.datasets("pages") if one.map.drawn_with}
    wanted = [name for name in text.split(",") if name]
    for name in wanted:
        if name not in able:
            raise no_such_value("named", name, list(able)).in_words(_)
    pairs = [able[name] for name in wanted]
    return {layer: field for layer, field in pairs if layer in {dataset.name for dataset in layers}}


def choices() -> list[str]:
    """The names that a reader may choose an image by: none, months, scenes, the base map and those of others."""
    found = scenes()
    own = [MAP] if in_force() else []
    months = [mosaic.name for mosaic in mosaics(found)]
    return list(dict.fromkeys([NO_SCENE, *own, *months, *(scene.name for scene in found), *basemaps.by_name()]))


def chosen(name: str) -> tuple[Mosaic | None, BaseMapInForce | None]:
    """The images of a choice, and the base map that is drawn with it; of none what maps show at first. Raises Http404 for
    what is not there."""
    if name == NO_SCENE:
        return None, None
    base_map, known = in_force(), scenes()
    name = name or usual_choice(base_map, mosaics(known)) or NO_SCENE
    mosaic = mosaic_named(name, known)
    if mosaic is None and name == NO_SCENE:
        return None, None
    if mosaic is None and (name != MAP or base_map is None):
        raise Http404
    return mosaic, base_map if base_map and (mosaic is None or is_over(base_map, mosaic)) else None


def _ratio(text: str) -> float:
    try:
        ratio = float(text)
    except ValueError:
        ratio = math.nan
    if not 0.5 <= ratio <= 4:
        raise FilterError("ratio", _("Write a number from 0.5 to 4."))
    return ratio
