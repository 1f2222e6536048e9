"""How a dataset is drawn on a picture: what the table of symbols says (landgis/catalog/symbols.py), as the live map does."""

from collections.abc import Iterable

import numpy as np
import shapely
from PIL import Image, ImageColor, ImageDraw

from landgis.catalog import symbols
from landgis.catalog.dataset import Dataset
from landgis.catalog.symbols import DASHED, WHITE, WHOLE, Dot, Line, Stops, Symbol, between
from landgis.lib.webmap import View
from landgis.pictures.lettering import Colour
from landgis.pictures.shapes import Drawn

Outlined = tuple[str | None, list[np.ndarray]]  # the code of a feature and its rings in pixels


def paint(
    image: Image.Image, dataset: Dataset, found: Drawn, view: View, ratio: float, symbol: Symbol | None = None
) -> Image.Image:
    """The picture with a dataset drawn over it, by the row of its style or another one; `ratio` is pixels of the picture for
    one of the map.
    """
    if not (found.shapes or found.dots):
        return image
    sheet = Image.new("RGBA", image.size)
    pixels = image.width / view.width
    look = symbol or symbols.symbol(dataset.map.style)
    brush = _Brush(ImageDraw.Draw(sheet), dataset, look, map_zoom(view, ratio), pixels * ratio)
    brush.areas([(code, list(_rings(shape, view, pixels))) for code, shape in found.shapes])
    places = [(code, *view.pixel(east, north)) for code, east, north in found.dots]
    brush.dots([(code, x * pixels, y * pixels) for code, x, y in places])
    return Image.alpha_composite(image, sheet)


class _Brush:
    """Draws the features of one dataset; `scale` is pixels drawn for one of the map, which would be at `zoom`."""

    def __init__(self, draw: ImageDraw.ImageDraw, dataset: Dataset, symbol: Symbol, zoom: float, scale: float):
        self.draw, self.dataset, self.symbol, self.zoom, self.scale = draw, dataset, symbol, zoom, scale

    def areas(self, shapes: list[Outlined]) -> None:
        dashed = [shape for shape in shapes if shape[0] in self.dataset.map.style.dashed]
        whole = [shape for shape in shapes if shape[0] not in self.dataset.map.style.dashed]
        fill = self.symbol.fill
        veil = 0 if fill is None or fill.is_hatched else self._shade(fill.shade)
        for code, rings in whole if veil else ():
            for ring in rings:
                self.draw.polygon(ring.ravel().tolist(), fill=(*self._colour("", code), veil))
        for line in self.symbol.lines:
            self._line(line, {WHOLE: whole, DASHED: dashed}.get(line.of, shapes))

    def _line(self, line: Line, shapes: list[Outlined]) -> None:
        pixels = (between(symbols.LINE, self.zoom) + line.wider) * self.scale
        shade = self._shade(line.shade)
        for code, rings in shapes:
            pieces = _dashes(rings, *(part * pixels for part in line.dashes)) if line.dashes else rings
            fill = (*self._colour(line.colour, code), shade)
            for piece in pieces:
                self.draw.line(piece.ravel().tolist(), fill=fill, width=max(1, round(pixels)), joint="curve")

    def dots(self, places: list[tuple[str | None, float, float]]) -> None:
        for dot in self.symbol.dots:
            for code, x, y in places:
                self._dot(dot, x, y, self._colour(dot.colour, code))

    def _dot(self, dot: Dot, x: float, y: float, colour: Colour) -> None:
        radius, shade = between(dot.size, self.zoom) + dot.wider, self._shade(dot.shade)
        if dot.ring:
            self._disc(x, y, radius + dot.ring, (*rgb(WHITE), shade))
        self._disc(x, y, radius, (*colour, shade))

    def _disc(self, x: float, y: float, radius: float, fill: tuple[int, ...]) -> None:
        reach = radius * self.scale
        self.draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=fill)

    def _colour(self, colour: str, code: str | None) -> Colour:
        return rgb(colour or self.dataset.map.style.colours.get(str(code), self.dataset.map.colour))

    def _shade(self, stops: Stops) -> int:
        """From 0 to 255."""
        return round(255 * between(stops, self.zoom))


def map_zoom(view: View, ratio: float) -> float:
    """What the live map would be at when it shows the same as a picture with `ratio` pixels for one of the map."""
    return view.zoom - float(np.log2(ratio))


def rgb(colour: str) -> Colour:
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue


def _dashes(rings: Iterable[np.ndarray], on: float, off: float) -> Iterable[np.ndarray]:
    """The pieces of broken lines, `on` pixels long and `off` apart."""
    for ring in rings:
        yield from _pieces(ring, on, off)


def _pieces(line: np.ndarray, on: float, off: float) -> Iterable[np.ndarray]:
    at = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
    for start in np.arange(0, at[-1], on + off):
        ends = [start, min(start + on, at[-1])]
        inner = line[(at > ends[0]) & (at < ends[1])]
        first, last = (np.array([np.interp(end, at, line[:, 0]), np.interp(end, at, line[:, 1])]) for end in ends)
        yield np.vstack([first, inner, last])


def _rings(shape: shapely.Geometry, view: View, pixels: float) -> Iterable[np.ndarray]:
    """The rings of an area, or the parts of a line, in pixels."""
    west, _south, _east, north = view.box_3857
    for part in shapely.get_parts(shape):
        if part.geom_type not in ("Polygon", "LineString"):
            continue
        for ring in (part.exterior, *part.interiors) if part.geom_type == "Polygon" else (part,):
            yield (np.asarray(ring.coords)[:, :2] - (west, north)) * (pixels / view.pixel_m, -pixels / view.pixel_m)
