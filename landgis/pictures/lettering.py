"""Letters on pictures: the site's own typeface, whose Vietnamese letters lie in a file of their own."""

import functools
import itertools
import math
from collections.abc import Iterator

from django.conf import settings
from django.contrib.staticfiles import finders
from PIL import ImageDraw, ImageFont

FONT = "@fontsource/be-vietnam-pro"
# Those of css/fonts.css.
VIETNAMESE = (
    (0x0102, 0x0103), (0x0110, 0x0111), (0x0128, 0x0129), (0x0168, 0x0169), (0x01A0, 0x01A1), (0x01AF, 0x01B0),
    (0x0300, 0x0301), (0x0303, 0x0304), (0x0308, 0x0309), (0x0323, 0x0323), (0x0329, 0x0329), (0x1EA0, 0x1EF9),
    (0x20AB, 0x20AB),
)  # fmt: skip

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Colour = tuple[int, int, int]


def length(text: str, size: int, weight: int = 400) -> float:
    """The width of a text in pixels."""
    return sum(font.getlength(run) for run, font in _runs(text, size, weight))


def wrapped(text: str, size: int, weight: int, widest: float) -> list[str]:
    """The lines of a text; one that is wider than so many pixels is broken between words into lines of about one length."""
    return [part for line in text.split("\n") for part in _parts(line, size, weight, widest)]


def _parts(line: str, size: int, weight: int, widest: float) -> list[str]:
    whole = length(line, size, weight)
    most = max(1, math.ceil(whole / widest))
    parts = [""]
    for word in line.split():
        short, long = parts[-1], f"{parts[-1]} {word}".strip()
        over = length(long, size, weight) - whole / most
        if short and len(parts) < most and over > whole / most - length(short, size, weight):
            parts.append(word)
        else:
            parts[-1] = long
    return parts


def write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    size: int,
    *,
    colour: Colour,
    weight: int = 400,
    halo: Colour | None = None,
    halo_width: int = 0,
) -> None:
    """Draw a text whose base line begins at a point; with a rim of another colour it is read on any ground."""
    for rim in (True, False) if halo else (False,):
        x, y = at
        for run, font in _runs(text, size, weight):
            fill, width = (halo, halo_width) if rim else (colour, 0)
            draw.text((x, y), run, fill=fill, font=font, anchor="ls", stroke_width=width, stroke_fill=halo)
            x += font.getlength(run)


def _runs(text: str, size: int, weight: int) -> Iterator[tuple[str, Font]]:
    for is_vietnamese, letters in itertools.groupby(text, _is_vietnamese):
        yield "".join(letters), _font("vietnamese" if is_vietnamese else "latin", size, weight)


def _is_vietnamese(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in VIETNAMESE)


@functools.cache
def _font(script: str, size: int, weight: int) -> Font:
    path = finders.find(f"{settings.VENDOR[FONT]}/be-vietnam-pro-{script}-{weight}-normal.woff2")
    return ImageFont.truetype(str(path), size)
