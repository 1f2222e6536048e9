"""A still picture of what a map shows: an image of the ground, the features over it, names. Drawn by the server.

It comes before the live map, stands in for it where none can be drawn, and is printed and shared.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from django.utils.translation import pgettext
from PIL import Image

from landgis.catalog import contributions, ground, symbols
from landgis.catalog.clusters import FeatureCluster
from landgis.catalog.dataset import BOUNDARY, Dataset
from landgis.imagery import overlays
from landgis.imagery.basemap.archive import ArchiveError
from landgis.imagery.basemap.queries import BaseMapInForce
from landgis.imagery.queries import Mosaic, PublicScene
from landgis.imagery.sights import days_text
from landgis.lib.filters import Filter
from landgis.lib.webmap import Box, View, metres
from landgis.pictures import base_map as base_maps
from landgis.pictures import shapes
from landgis.pictures.base_map import GroundShapes
from landgis.pictures.discs import draw_discs
from landgis.pictures.furniture import draw_furniture
from landgis.pictures.names import write_name
from landgis.pictures.paint import paint, rgb
from landgis.pictures.pills import draw_pills

log = structlog.get_logger(__name__)

QUALITIES = (78, 68, 58, 48, 38, 28, 20, 12)


@dataclass(frozen=True)
class StillPlan:
    """What a picture is to show: `layers` are datasets with their filter, the first drawn on top; those in `named` say what
    they stand for, by the field that it gives.

    `base_map` lies over the images of the mosaic, or alone where there are none; `is_real_ground` leaves out made-up features.
    `ratio` is pixels of the picture for one of the map: lines and letters grow with it. `furniture` adds date,
    scale and north.
    """

    view: View
    layers: Sequence[tuple[Dataset, Filter]]
    mosaic: Mosaic | None
    base_map: BaseMapInForce | None = None
    is_real_ground: bool = False
    as_of: int | None = None
    ratio: float = 1.0
    furniture: bool = False
    named: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DrawnLayer:
    """What is drawn of a dataset: shapes and dots, the ground of many, counts, names with their places, and of what it stands for."""

    dataset: Dataset
    drawn: shapes.Drawn
    ground: shapes.Drawn
    counts: list[FeatureCluster]
    names: list[shapes.Name]
    holders: list[shapes.Name]

    @property
    def is_made_up(self) -> bool:
        return self.drawn.is_made_up or self.ground.is_made_up or any(count.is_made_up for count in self.counts)


def draw(plan: StillPlan) -> tuple[Image.Image, bool]:
    """The picture in red, green and blue, and whether all layers are on it: one that fails is left out."""
    layers, failed = _layers(plan)
    base_map, is_whole = _base_map(plan)
    (image, seen), sheet = _ground(plan, base_map), _sheet(plan)
    if base_map:
        base_maps.paint(image, base_map, plan.view, plan.ratio)
    numbers = _paint(sheet, plan, layers)
    size = (plan.view.width, plan.view.height)
    image.alpha_composite(sheet if sheet.size == size else sheet.resize(size, Image.Resampling.BOX))
    flat = image.convert("RGB")
    taken = _write_names(flat, plan, layers, numbers)
    if base_map:
        base_maps.NameWriter(flat, plan.view, plan.ratio, taken).write(base_map)
    if plan.furniture:
        draw_furniture(flat, plan.view.ground_m, _about(plan, layers, seen), plan.ratio)
    return flat, is_whole and not failed


def _base_map(plan: StillPlan) -> tuple[GroundShapes | None, bool]:
    """What is drawn of the base map; and whether it could be read."""
    if plan.base_map is None:
        return None, True
    try:
        return base_maps.read(plan.base_map, plan.view, is_over=plan.mosaic is not None), True
    except (ArchiveError, OSError) as error:
        log.error("base map left out", basemap=plan.base_map.name, error=str(error))
        return None, False


def _layers(plan: StillPlan) -> tuple[list[DrawnLayer], list[Dataset]]:
    """What there is to draw, in the order of the plan, and what failed."""
    wheres = {dataset.name: where for dataset, where in plan.layers}
    # One says its numbers: two would cover each other.
    lead = next((dataset for dataset, _where in plan.layers if dataset.map.tiles.cluster_zooms), None)
    around = max(symbols.PILL_ROOM) * plan.ratio

    def layer(dataset: Dataset) -> DrawnLayer:
        where, view, as_of = wheres[dataset.name], plan.view, plan.as_of
        return DrawnLayer(
            dataset,
            shapes.shapes_in(dataset, view, where, as_of=as_of),
            shapes.ground_in(dataset, view, where, as_of=as_of, ratio=plan.ratio)
            if dataset is lead
            else shapes.Drawn([], [], False),
            shapes.counts(dataset, view, where, as_of=as_of, ratio=plan.ratio, around=around)
            if dataset is lead
            else [],
            shapes.names(dataset, view, where, as_of=as_of, ratio=plan.ratio),
            shapes.holders(dataset, plan.named[dataset.name], where, as_of=as_of) if dataset.name in plan.named else [],
        )

    found, failed = contributions.each([dataset for dataset, _where in plan.layers], layer, "picture")
    return [one for one in found if not (plan.is_real_ground and one.is_made_up)], failed


def _sheet(plan: StillPlan) -> Image.Image:
    """What is painted on, larger than the picture where that makes its edges smooth."""
    view = plan.view
    smooth = 2 if view.width * view.height <= symbols.SMOOTH_TO_PX else 1
    return Image.new("RGBA", (view.width * smooth, view.height * smooth))


def _paint(sheet: Image.Image, plan: StillPlan, layers: Sequence[DrawnLayer]) -> list[Box]:
    """Shapes and counts; gives the boxes of the numbers that were written."""
    # The first is drawn on top; neither that nor a disc hides what the map is opened for.
    upwards = list(reversed(layers))
    numbers: list[Box] = []

    def paint_shapes(*, headline: bool) -> None:
        for layer in upwards:
            if layer.dataset.map.style.is_headline is headline:
                ground = paint(sheet, layer.dataset, layer.ground, plan.view, plan.ratio, symbols.GENERALISED)
                sheet.paste(ground)
                sheet.paste(paint(sheet, layer.dataset, layer.drawn, plan.view, plan.ratio))

    paint_shapes(headline=False)
    for layer in upwards:
        if layer.dataset.map.tiles.counts_by:
            draw_discs(sheet, layer.dataset, layer.counts, plan.view, plan.ratio, numbers)
    paint_shapes(headline=True)
    for layer in upwards:
        if not layer.dataset.map.tiles.counts_by:
            draw_pills(sheet, layer.dataset, layer.counts, plan.view, plan.ratio, numbers, plan.as_of)
    return numbers


def encoded(image: Image.Image, kind: str, largest: int | None = None) -> bytes:
    """The picture as "webp", "jpeg" or "png"; the best WebP or JPEG that is not larger than `largest` bytes."""
    body = b""
    for quality in QUALITIES:
        out = io.BytesIO()
        image.save(out, kind.upper(), quality=quality, **({"method": 4} if kind == "webp" else {}))
        body = out.getvalue()
        if kind == "png" or largest is None or len(body) <= largest:
            break
    return body


def _ground(plan: StillPlan, base_map: GroundShapes | None) -> tuple[Image.Image, list[PublicScene]]:
    """The image of the ground, land and sea where there is none, without a base map a plain colour; and the scenes that are
    seen."""
    view = plan.view
    beside = symbols.UNDER_SEA if plan.mosaic else symbols.LAND
    image = Image.new("RGBA", (view.width, view.height), (*rgb(beside), 255))
    if base_map and base_map.is_over:
        base_maps.paint_under(image, base_map, view)
    scenes = plan.mosaic.scenes if plan.mosaic else ()
    pixels, seen = overlays.picture(scenes, view.box_3857, view.width, view.height)
    if pixels is not None:
        image.alpha_composite(Image.fromarray(pixels))
    return image, seen


def _write_names(image: Image.Image, plan: StillPlan, layers: Sequence[DrawnLayer], numbers: list[Box]) -> list[Box]:
    """Names that do not meet: those of the country over all, of what features stand for, of places, then of the other
    features; gives their boxes.

    These also keep clear of the `numbers` that are written already.
    """
    taken: list[Box] = []
    looks = symbols.on_light if plan.mosaic is None else lambda look: look
    for name in ground.names():
        if name.from_zoom <= plan.view.zoom <= name.to_zoom:
            one = shapes.Name(name.text, *metres(name.longitude, name.latitude))
            taken += write_name(image, plan.view, plan.ratio, one, looks(symbols.GROUND_NAME), taken)
    taken += numbers
    for holder in (holder for layer in layers for holder in layer.holders):
        taken += write_name(image, plan.view, plan.ratio, holder, looks(symbols.HOLDER_NAME), taken)
    for layer in sorted(layers, key=lambda layer: layer.dataset.map.style.kind != BOUNDARY):
        style = layer.dataset.map.style
        # Each within its own: a box round letters that are turned would keep the neighbours' away.
        others = list(taken) if style.is_headline else taken
        for one in layer.names:
            taken += write_name(image, plan.view, plan.ratio, one, looks(symbols.symbol(style).label), others)
    return taken


def _about(plan: StillPlan, layers: Sequence[DrawnLayer], seen: Sequence[PublicScene]) -> str:
    """Days of the images, credit of the base map, and that something is made up."""
    base_map = plan.base_map
    told = [*(one.is_made_up for one in layers), *(one.is_made_up for one in seen)]
    is_made_up = any(told) or (base_map is not None and base_map.is_made_up)
    made_up = pgettext("behind a date", "made-up data") if is_made_up else ""
    return " · ".join(part for part in (days_text(seen), base_map.attribution if base_map else "", made_up) if part)
