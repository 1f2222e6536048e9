"""The base map on a picture, as the table of symbols says (landgis/catalog/symbols.py) and the live map draws it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from PIL import Image, ImageDraw

from landgis.catalog import ground_symbols, symbols
from landgis.catalog.ground_symbols import BaseMapArea, BaseMapName
from landgis.catalog.symbols import Lettering, between
from landgis.imagery.basemap import queries
from landgis.imagery.basemap.queries import BaseMapInForce
from landgis.lib.webmap import Box, View
from landgis.pictures import lettering
from landgis.pictures.discs import meet
from landgis.pictures.paint import map_zoom, rgb

APART_PX = 320  # of the same name, as on the live map
STRAIGHT = 0.9  # how much of a line lies between its ends where a name is written along it


@dataclass(frozen=True)
class GroundShapes:
    """What a picture shows of a base map, by layer and kind; `is_over` an image."""

    shapes: dict[tuple[str, str], list[tuple[str, shapely.Geometry]]]
    is_over: bool

    def of(self, layer: str, kinds: Iterable[str]) -> list[tuple[str, shapely.Geometry]]:
        """Names and shapes in EPSG:3857."""
        return [one for kind in kinds for one in self.shapes.get((layer, kind), ())]


def read(found: BaseMapInForce, view: View, *, is_over: bool) -> GroundShapes:
    """Raises ArchiveError and OSError."""
    shapes: dict[tuple[str, str], list[tuple[str, shapely.Geometry]]] = {}
    for layer, kind, name, shape in queries.features(found, view.box_3857, view.zoom):
        shapes.setdefault((layer, kind), []).append((name, shape))
    return GroundShapes(shapes, is_over)


def paint_under(image: Image.Image, found: GroundShapes, view: View) -> None:
    """Draw land and sea on a picture of the view, before an image is laid over them."""
    image.paste((*rgb(symbols.UNDER_LAND), 255), (0, 0, *image.size))
    brush = _Brush(ImageDraw.Draw(image), view, 1, 1)
    for area in ground_symbols.BASE_MAP_AREAS:
        brush.areas(found, area, symbols.UNDER_SEA, symbols.UNDER_LAND)


def paint(image: Image.Image, found: GroundShapes, view: View, ratio: float) -> None:
    """Draw areas, lines and dots on a picture of the view; `ratio` is pixels of it for one of the map."""
    smooth = 2 if image.width * image.height <= symbols.SMOOTH_TO_PX else 1
    sheet = Image.new("RGBA", (image.width * smooth, image.height * smooth))
    brush = _Brush(ImageDraw.Draw(sheet), view, smooth, ratio)
    if found.is_over:
        brush.thin(found)
    else:
        brush.map(found)
    brush.dots(found)
    image.alpha_composite(sheet if smooth == 1 else sheet.resize(image.size, Image.Resampling.BOX))


class _Brush:
    def __init__(self, pen: ImageDraw.ImageDraw, view: View, smooth: int, ratio: float):
        self.pen, self.view, self.smooth = pen, view, smooth
        self.zoom, self.scale = map_zoom(view, ratio), smooth * ratio

    def map(self, found: GroundShapes) -> None:
        for area in ground_symbols.BASE_MAP_AREAS:
            self.areas(found, area, area.colour, symbols.LAND)
        seen = [line for line in ground_symbols.BASE_MAP_LINES if line.since <= self.zoom]
        for line in seen:
            if line.casing:
                width = between(line.width, self.zoom) + ground_symbols.CASING_PX
                self._lines(found.of(line.layer, line.kinds), (*rgb(line.casing), 255), width)
        for line in seen:
            self._lines(found.of(line.layer, line.kinds), (*rgb(line.colour), 255), between(line.width, self.zoom))

    def thin(self, found: GroundShapes) -> None:
        shade = round(255 * between(ground_symbols.OVER_SHADE, self.zoom))
        for line in ground_symbols.BASE_MAP_LINES if shade else ():
            if line.is_over and line.since <= self.zoom:
                width = between(line.width, self.zoom) * ground_symbols.OVER_WIDTH
                self._lines(found.of(line.layer, line.kinds), (*rgb(symbols.WHITE), shade), width)

    def dots(self, found: GroundShapes) -> None:
        for name in ground_symbols.BASE_MAP_NAMES:
            for _text, shape in found.of(name.layer, name.kinds) if name.dot and name.since <= self.zoom else ():
                x, y = (side * self.smooth for side in self.view.pixel(*shape.centroid.coords[0]))
                for reach, colour in (
                    (ground_symbols.LANDMARK_PX + 1, symbols.WHITE),
                    (ground_symbols.LANDMARK_PX, name.dot),
                ):
                    side = reach * self.scale
                    self.pen.ellipse((x - side, y - side, x + side, y + side), fill=(*rgb(colour), 255))

    def areas(self, found: GroundShapes, area: BaseMapArea, colour: str, land: str) -> None:
        """Of an area with holes what lies in these is land."""
        for kind in area.kinds:  # the sea below the lakes of its islands
            for _name, shape in found.of(area.layer, [kind]):
                for part in shapely.get_parts(shape):
                    for ring, fill in ((part.exterior, colour), *((hole, land) for hole in part.interiors)):
                        self.pen.polygon(self._pixels(ring).ravel().tolist(), fill=(*rgb(fill), 255))

    def _lines(self, shapes: Sequence[tuple[str, shapely.Geometry]], fill: tuple[int, ...], width: float) -> None:
        pixels = max(1, round(width * self.scale))
        for _name, shape in shapes:
            for part in shapely.get_parts(shape):
                self.pen.line(self._pixels(part).ravel().tolist(), fill=fill, width=pixels, joint="curve")

    def _pixels(self, line: shapely.Geometry) -> np.ndarray:
        west, _south, _east, north = self.view.box_3857
        side = self.view.pixel_m / self.smooth
        return (shapely.get_coordinates(line) - (west, north)) / (side, -side)


@dataclass
class NameWriter:
    """Writes names that meet nothing in `taken`, the most important first, and the same one not twice near by."""

    image: Image.Image
    view: View
    ratio: float
    taken: list[Box]
    places: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def write(self, found: GroundShapes) -> None:
        zoom = map_zoom(self.view, self.ratio)
        for name in reversed(ground_symbols.BASE_MAP_NAMES):
            look = name.over if found.is_over else name.look
            size = round(between(look.size, zoom) * self.ratio)
            for text, shape in found.of(name.layer, name.kinds) if name.since <= zoom else ():
                self._one(name, look, text, shape, size)

    def _one(self, name: BaseMapName, look: Lettering, text: str, shape: shapely.Geometry, size: int) -> None:
        wide = lettering.length(text, size)
        if name.is_along:
            place = self._along(shape, wide)
        else:
            x, y = self.view.pixel(*shape.centroid.coords[0])
            place = (x + (wide / 2 + 5 * self.ratio if name.dot else 0), y, 0.0)
        if place is None:
            return
        x, y, turn = place
        beside = abs(math.cos(turn)) * wide / 2 + abs(math.sin(turn)) * size / 2 + 2
        above = abs(math.sin(turn)) * wide / 2 + abs(math.cos(turn)) * size / 2 + 2
        box = (x - beside, y - above, x + beside, y + above)
        inside = box[0] >= 0 and box[1] >= 0 and box[2] <= self.view.width and box[3] <= self.view.height
        near = any(math.dist((x, y), other) < APART_PX * self.ratio for other in self.places.get(text, ()))
        if not inside or near or any(meet(box, other) for other in self.taken):
            return
        self.taken.append(box)
        self.places.setdefault(text, []).append((x, y))
        self._lay(text, (x, y), turn, size, wide, look)

    def _along(self, shape: shapely.Geometry, wide: float) -> tuple[float, float, float] | None:
        """The middle of the longest part in the view, and how it runs there; None where it is short or bends."""
        parts = shapely.get_parts(shapely.clip_by_rect(shape, *self.view.box_3857))
        lines = [part for part in parts if part.geom_type == "LineString"]
        line = max(lines, key=lambda one: one.length, default=None)
        length = wide * self.view.pixel_m
        if line is None or line.length < length * 1.1:
            return None
        middle = line.length / 2
        ends = [line.interpolate(middle + step * length / 2) for step in (-1, 1)]
        (x1, y1), (x2, y2) = sorted(self.view.pixel(end.x, end.y) for end in ends)
        if math.dist((x1, y1), (x2, y2)) < wide * STRAIGHT:
            return None
        x, y = self.view.pixel(*line.interpolate(middle).coords[0])
        return x, y, math.atan2(y2 - y1, x2 - x1)

    def _lay(self, text: str, at: tuple[float, float], turn: float, size: int, wide: float, look: Lettering) -> None:
        """On a piece of its own, which is turned."""
        rim = max(1, round(look.halo_width * self.ratio))
        piece = Image.new("RGBA", (math.ceil(wide) + 4 * rim, size * 2), (*rgb(look.halo), 0))
        place = (2 * rim, size * 1.35)
        pen = ImageDraw.Draw(piece)
        lettering.write(pen, place, text, size, colour=rgb(look.colour), halo=rgb(look.halo), halo_width=rim)
        turned = piece.rotate(-math.degrees(turn), Image.Resampling.BICUBIC, expand=True) if turn else piece
        corner = (round(at[0] - turned.width / 2), round(at[1] - turned.height / 2))
        self.image.paste(turned, corner, turned)
