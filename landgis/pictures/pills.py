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
    image: Image.Image,
    dataset: Dataset,
    found: Sequence[FeatureCluster],
    view: View,
    ratio: float,
    taken: list[Box],
    as_of: int | None = None,
) -> None:
    """Draw a pill for each cluster over a picture of a view; `ratio` is pixels of the view for one of the map.

    `taken` gets the boxes of all in pixels of the view, from which names keep clear.
    """
    smooth = image.width / view.width
    for one in found:
        words = pill_words.said(dataset, one, as_of)
        box = pill_box(words, view.pixel(one.x, one.y), ratio)
        taken.append(box)
        _draw(
            image, words, (box[0] * smooth, box[1] * smooth, box[2] * smooth, box[3] * smooth), dataset, ratio * smooth
        )


def pill_box(words: str, at: tuple[float, float], ratio: float) -> Box:
    """The pill of these words above a point, in the same pixels; left, top, right, bottom."""
    lines = words.split("\n")
    longest = max(lettering.length(line, round(PILL.letters * ratio), WEIGHT) for line in lines)
    wide = longest / 2 + (PILL.beside + PILL.ring) * ratio
    bottom = at[1] - PILL.clear * ratio
    high = PILL.letters * (1 + PILL.line * (len(lines) - 1)) + 2 * PILL.above + 2 * PILL.ring
    return at[0] - wide, bottom - high * ratio, at[0] + wide, bottom


def _draw(image: Image.Image, words: str, box: Box, dataset: Dataset, scale: float) -> None:
    left, top, right, bottom = box
    if right <= 0 or bottom <= 0 or left >= image.width or top >= image.height:
        return
    sheet = Image.new("RGBA", (round(right - left) + 1, round(bottom - top) + 1))
    pen = ImageDraw.Draw(sheet)
    ring, edge = PILL.ring * scale, (0, 0, right - left, bottom - top)
    inner = (ring, ring, edge[2] - ring, edge[3] - ring)
    # The ends are round as of one line.
    end = (PILL.letters / 2 + PILL.above + PILL.ring) * scale
    pen.rounded_rectangle(edge, end, fill=(*rgb(dataset.map.colour), 255))
    pen.rounded_rectangle(inner, end - ring, fill=(*rgb(CASING), round(255 * PILL.shade)))
    size = round(PILL.letters * scale)
    for number, line in enumerate(words.split("\n")):
        base = end + PILL.letters * scale * (0.35 + PILL.line * number)
        beside = (right - left - lettering.length(line, size, WEIGHT)) / 2
        lettering.write(pen, (beside, base), line, size, colour=rgb(WHITE), weight=WEIGHT)
    x, y = round(left), round(top)
    image.alpha_composite(sheet, (max(x, 0), max(y, 0)), (max(-x, 0), max(-y, 0)))
