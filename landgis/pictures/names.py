"""Writes the names of features on a picture: lines in the middle of a place, turned where that is how they fit."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from landgis.catalog import label_room, symbols
from landgis.catalog.symbols import Lettering
from landgis.lib.webmap import Box, View
from landgis.pictures import lettering
from landgis.pictures.discs import meet
from landgis.pictures.paint import map_zoom, rgb
from landgis.pictures.shapes import Name

BESIDE = 4  # pixels that others keep clear


@dataclass(frozen=True)
class _Line:
    text: str
    size: int
    wide: float


def write_name(
    image: Image.Image, view: View, ratio: float, name: Name, look: Lettering, taken: Sequence[Box]
) -> list[Box]:
    """Write a name where it is whole and meets nothing in `taken`; gives the box of what is written."""
    lines, weight = _lines(name.text, view, ratio, look), 600 if look.is_strong else 400
    x, y = view.pixel(name.x, name.y)
    y += look.clear * ratio + lines[0].size if look.clear else 0
    wide = max(line.wide for line in lines)
    high = lines[0].size * (2 + (len(lines) - 1) * label_room.LINE)
    box = _box((x, y), wide + 2 * BESIDE, high, math.radians(name.turn))
    is_whole = box[0] >= 0 and box[1] >= 0 and box[2] <= view.width and box[3] <= view.height
    if not is_whole or any(meet(box, other) for other in taken):
        return []
    piece = _piece(lines, wide, high, weight, look, max(1, round(look.halo_width * ratio)))
    turned = piece.rotate(-name.turn, Image.Resampling.BICUBIC, expand=True) if name.turn else piece
    image.paste(turned, (round(x - turned.width / 2), round(y - turned.height / 2)), turned)
    return [box]


def _lines(text: str, view: View, ratio: float, look: Lettering) -> list[_Line]:
    """All but the first of the declared lines are smaller."""
    size = symbols.between(look.size, map_zoom(view, ratio)) * ratio
    weight, found = 600 if look.is_strong else 400, []
    for index, line in enumerate(text.split("\n")):
        letters = round(size * label_room.SMALLER if index else size)
        parts = lettering.wrapped(line, letters, weight, label_room.WIDEST * letters)
        found += [_Line(part, letters, lettering.length(part, letters, weight)) for part in parts]
    return found


def _box(at: tuple[float, float], wide: float, high: float, turn: float) -> Box:
    beside = (abs(math.cos(turn)) * wide + abs(math.sin(turn)) * high) / 2
    above = (abs(math.sin(turn)) * wide + abs(math.cos(turn)) * high) / 2
    return at[0] - beside, at[1] - above, at[0] + beside, at[1] + above


def _piece(lines: Sequence[_Line], wide: float, high: float, weight: int, look: Lettering, rim: int) -> Image.Image:
    colour, halo = rgb(look.colour), rgb(look.halo)
    piece = Image.new("RGBA", (math.ceil(wide) + 4 * rim, math.ceil(high)), (*halo, 0))
    pen = ImageDraw.Draw(piece)
    for number, line in enumerate(lines):
        middle = piece.height / 2 + lines[0].size * (number - (len(lines) - 1) / 2) * label_room.LINE
        at = ((piece.width - line.wide) / 2, middle + line.size * 0.35)
        lettering.write(pen, at, line.text, line.size, colour=colour, weight=weight, halo=halo, halo_width=rim)
    return piece
