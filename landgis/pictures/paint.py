"""How a dataset is drawn on a picture: the kinds, colours and widths of the live map (static/js/map/edges.js)."""

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from PIL import Image, ImageColor, ImageDraw

from landgis.catalog.dataset import AREA, BOUNDARY, MESH, OUTLINE, Dataset
from landgis.lib.webmap import View
from landgis.pictures.shapes import Drawn

CASING = (8, 16, 15)
WHITE = (255, 255, 255)

Colour = tuple[int, int, int]
Outlined = tuple[Colour, list[np.ndarray]]  # a colour and the rings drawn in it
Stops = Sequence[tuple[float, float]]

LINE: Stops = ((8, 0.6), (12, 1.2), (15, 1.4), (18, 2))
FAR_LINE = (0.45, 1.0)  # how much is seen of it, far out and near
# The dark edges grow whole where single features are looked at: thousands would cost more bytes than they help.
DARK: Stops = ((9, 0.2), (13, 0.5), (15, 1))
DARK_OUTLINE: Stops = ((9, 0.07), (13, 0.5), (15, 1))
DARK_DOT: Stops = ((13, 0), (15, 1))
DOT: Stops = ((8, 0.6), (10, 1.2), (14, 3))
FAR_DOT: Stops = ((9, 0.7), (13, 1))
DASHES = (3, 2.2)  # on and off, in widths of the line
HEADLINE_DOT: Stops = ((8, 4), (12, 5), (16, 6))


def paint(image: Image.Image, dataset: Dataset, found: Drawn, view: View, ratio: float) -> Image.Image:
    """The picture with a dataset drawn over it; `ratio` is pixels of the picture for one of the map."""
    if not (found.shapes or found.dots):
        return image
    sheet = Image.new("RGBA", image.size)
    brush = _Brush(ImageDraw.Draw(sheet), dataset, view, image.width / view.width * ratio, ratio)
    whole: list[Outlined] = []
    dashed: list[Outlined] = []
    for code, shape in found.shapes:
        drawn = brush.colour(code), list(_rings(shape, view, image.width / view.width))
        (dashed if code in dataset.map.style.dashed else whole).append(drawn)
    brush.areas(whole)
    brush.areas(dashed, broken=True)
    brush.dots([(brush.colour(code), x, y) for code, x, y in found.dots], image.width / view.width)
    return Image.alpha_composite(image, sheet)


class _Brush:
    """Draws the features of one dataset; `scale` is pixels drawn for one of the map."""

    def __init__(self, draw: ImageDraw.ImageDraw, dataset: Dataset, view: View, scale: float, ratio: float):
        self.draw, self.dataset, self.view, self.scale = draw, dataset, view, scale
        # What the live map would be at when it shows the same.
        self.zoom = view.zoom - float(np.log2(ratio))
        self.is_headline = dataset.map.style.is_headline
        self.is_boundary = dataset.map.style.kind == BOUNDARY

    def colour(self, code: str | None) -> Colour:
        return ImageColor.getrgb(self.dataset.map.style.colours.get(str(code), self.dataset.map.colour))[:3]

    def areas(self, shapes: list[Outlined], *, broken: bool = False) -> None:
        if self.dataset.map.style.kind == AREA and not broken:
            veil = round(255 * (0.5 if self.is_headline else 0.22))
            for colour, rings in shapes:
                for ring in rings:
                    self.draw.polygon(ring.ravel().tolist(), fill=(*colour, veil))
        width = between(LINE, self.zoom)
        if self.is_headline:
            self._lines((((*CASING, 255), rings) for _colour, rings in shapes), width + 4)
        edge = (
            (*WHITE, 255)
            if self.is_headline
            else (*CASING, self._shade(DARK_OUTLINE if self.dataset.map.style.kind == OUTLINE else DARK))
        )
        self._lines(
            ((edge, rings) for _colour, rings in shapes), width + (0.6 if self.dataset.map.style.kind == MESH else 2)
        )
        shade = 255 if self.is_boundary or self.is_headline else self._by_zoom(*FAR_LINE)
        if broken:
            on, off = (part * (width + 0.4) * self.scale for part in DASHES)
            shapes = [(colour, [dash for ring in rings for dash in _dashes(ring, on, off)]) for colour, rings in shapes]
        self._lines(
            (((*colour, shade), rings) for colour, rings in shapes),
            width + (0.4 if broken else -0.5 if self.dataset.map.style.kind == MESH else 0),
        )

    def _by_zoom(self, far: float, near: float) -> int:
        """From 0 to 255. Far out a thousand lines would be a veil, those of zones that fill the land most of all."""
        far = far / 3 if self.dataset.map.style.kind == OUTLINE else far
        return round(255 * between(((9, far), (13, near)), self.zoom))

    def _shade(self, stops: Stops) -> int:
        return round(255 * between(stops, self.zoom))

    def _lines(self, lines: Iterable[tuple[tuple[int, ...], list[np.ndarray]]], width: float) -> None:
        for colour, rings in lines:
            for ring in rings:
                self.draw.line(
                    ring.ravel().tolist(), fill=colour, width=max(1, round(width * self.scale)), joint="curve"
                )

    def dots(self, dots: list[tuple[Colour, float, float]], pixels: float) -> None:
        """The dark rims of all points below all points: of a dense row each would hide its neighbour."""
        radius = between(HEADLINE_DOT if self.is_headline else DOT, self.zoom) * self.scale
        shade = 255 if self.is_headline else round(255 * between(FAR_DOT, self.zoom))
        dark = 255 if self.is_headline else self._shade(DARK_DOT)
        placed = []
        for colour, east, north in dots:
            x, y = self.view.pixel(east, north)
            placed.append((colour, x * pixels, y * pixels))
        for _colour, x, y in placed:
            self._disc(x, y, radius + (2.5 if self.is_headline else 1) * self.scale, (*CASING, dark))
        for colour, x, y in placed:
            if self.is_headline:
                self._disc(x, y, radius + 1.5 * self.scale, (*WHITE, 255))
            self._disc(x, y, radius, (*colour, shade))

    def _disc(self, x: float, y: float, reach: float, fill: tuple[int, ...]) -> None:
        self.draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=fill)


def between(stops: Stops, zoom: float) -> float:
    """The value at a zoom, on the straight line between its neighbours."""
    return float(np.interp(zoom, [stop for stop, _ in stops], [value for _, value in stops]))


def _dashes(line: np.ndarray, on: float, off: float) -> Iterable[np.ndarray]:
    """The pieces of a broken line, `on` pixels long and `off` apart."""
    at = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
    for start in np.arange(0, at[-1], on + off):
        ends = [start, min(start + on, at[-1])]
        inner = line[(at > ends[0]) & (at < ends[1])]
        first, last = (np.array([np.interp(end, at, line[:, 0]), np.interp(end, at, line[:, 1])]) for end in ends)
        yield np.vstack([first, inner, last])


def _rings(shape: shapely.Geometry, view: View, pixels: float) -> Iterable[np.ndarray]:
    """The rings of an area in pixels."""
    west, _south, _east, north = view.box_3857
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon":
            continue
        for ring in (part.exterior, *part.interiors):
            yield (np.asarray(ring.coords)[:, :2] - (west, north)) * (pixels / view.pixel_m, -pixels / view.pixel_m)
