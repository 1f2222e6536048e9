"""Discs that bear the number of all they stand for, as the table of symbols says (landgis/catalog/symbols.py)."""

import math
from collections.abc import Sequence

from django.utils.formats import number_format
from PIL import Image, ImageDraw

from landgis.catalog.clusters import FeatureCluster
from landgis.catalog.dataset import Dataset
from landgis.catalog.symbols import CASING, DISC, WHITE, between
from landgis.lib.webmap import Box, View
from landgis.pictures import lettering
from landgis.pictures.paint import rgb

WEIGHT = 600
FREE = 2  # what a number keeps free round itself


def draw_discs(
    image: Image.Image, dataset: Dataset, counts: Sequence[FeatureCluster], view: View, ratio: float, taken: list[Box]
) -> None:
    """Draw a disc for each count over a picture of a view; `ratio` is pixels of the view for one of the map.

    A number that would meet one that is there already is left out. `taken` holds the boxes of numbers in pixels of
    the view and gets those that are written.
    """
    smooth = image.width / view.width
    edge = rgb(dataset.map.colour)
    for count in counts:
        x, y = (side * smooth for side in view.pixel(count.x, count.y))
        _draw_disc(image, x, y, between(DISC.radius, math.sqrt(count.number)), edge, ratio * smooth)
    pen = ImageDraw.Draw(image)
    for count in counts:
        _write_number(
            pen, number_format(count.number, force_grouping=True), view.pixel(count.x, count.y), ratio, smooth, taken
        )


def _draw_disc(image: Image.Image, x: float, y: float, radius: float, edge: tuple[int, ...], scale: float) -> None:
    """On a piece of its own, so that what lies below shows through; `scale` is pixels drawn for one of the map."""
    inner, outer = radius * scale, (radius + DISC.ring) * scale
    left, top = math.floor(x - outer), math.floor(y - outer)
    side = math.ceil(2 * outer) + 1
    if left <= -side or top <= -side or left >= image.width or top >= image.height:
        return
    piece = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(piece)
    for reach, colour in ((outer, (*edge, 255)), (inner, (*rgb(CASING), round(255 * DISC.shade)))):
        # The pixels at both ends of a box belong to the ellipse.
        pen.ellipse((x - left - reach, y - top - reach, x - left + reach - 1, y - top + reach - 1), fill=colour)
    image.alpha_composite(piece, (max(left, 0), max(top, 0)), (max(-left, 0), max(-top, 0)))


def _write_number(
    pen: ImageDraw.ImageDraw, text: str, at: tuple[float, float], ratio: float, smooth: float, taken: list[Box]
) -> None:
    size = DISC.letters * ratio * smooth
    wide = lettering.length(text, round(size), WEIGHT)
    x, y = at
    beside, above = (wide / 2 / smooth + FREE * ratio), (DISC.letters * 0.6 + FREE) * ratio
    box = (x - beside, y - above, x + beside, y + above)
    if any(meet(box, other) for other in taken):
        return
    taken.append(box)
    place = (x * smooth - wide / 2, y * smooth + size * 0.35)
    lettering.write(pen, place, text, round(size), colour=rgb(WHITE), weight=WEIGHT)


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes share a point that is not on their edges."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
