"""Pills that say in words what they stand for, as the table of symbols says (landgis/catalog/symbols.py)."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from landgis.catalog import pill_words
from landgis.catalog.clusters import FeatureCluster
from landgis.catalog.dataset import Dataset
from landgis.catalog.symbols import CASING, PILL, WHITE
from landgis.lib.webmap import Box, View
from landgis.pictures import lettering
from landgis.pictures.paint import rgb

WEIGHT = 600


def draw_pills(
    image: Image.Image, dataset: Dataset, found: Sequence[FeatureCluster], view: View, ratio: float, taken: list[Box]
) -> None:
    """Draw a pill for each cluster over a picture of a view; `ratio` is pixels of the view for one of the map.

    `taken` gets the boxes of all in pixels of the view, from which names keep clear.
    """
    smooth = image.width / view.width
    for one in found:
        words = pill_words.said(dataset, one)
        box = pill_box(words, view.pixel(one.x, one.y), ratio)
        taken.append(box)
        _draw(
            image, words, (box[0] * smooth, box[1] * smooth, box[2] * smooth, box[3] * smooth), dataset, ratio * smooth
        )


def pill_box(words: str, at: tuple[float, float], ratio: float) -> Box:
    """The pill of these words above a point, in the same pixels; left, top, right, bottom."""
    wide = lettering.length(words, round(PILL.letters * ratio), WEIGHT) / 2 + (PILL.beside + PILL.ring) * ratio
    bottom = at[1] - PILL.clear * ratio
    return at[0] - wide, bottom - (PILL.letters + 2 * PILL.above + 2 * PILL.ring) * ratio, at[0] + wide, bottom


def _draw(image: Image.Image, words: str, box: Box, dataset: Dataset, scale: float) -> None:
    left, top, right, bottom = box
    if right <= 0 or bottom <= 0 or left >= image.width or top >= image.height:
        return
    sheet = Image.new("RGBA", (round(right - left) + 1, round(bottom - top) + 1))
    pen = ImageDraw.Draw(sheet)
    ring, edge = PILL.ring * scale, (0, 0, right - left, bottom - top)
    inner = (ring, ring, edge[2] - ring, edge[3] - ring)
    pen.rounded_rectangle(edge, (bottom - top) / 2, fill=(*rgb(dataset.map.colour), 255))
    pen.rounded_rectangle(inner, (inner[3] - inner[1]) / 2, fill=(*rgb(CASING), round(255 * PILL.shade)))
    base = (bottom - top) / 2 + PILL.letters * scale * 0.35
    at = ((PILL.beside + PILL.ring) * scale, base)
    lettering.write(pen, at, words, round(PILL.letters * scale), colour=rgb(WHITE), weight=WEIGHT)
    x, y = round(left), round(top)
    image.alpha_composite(sheet, (max(x, 0), max(y, 0)), (max(-x, 0), max(-y, 0)))
