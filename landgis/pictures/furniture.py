"""What is drawn over every picture: its date, a scale bar and north, each readable on any ground."""

import math

from PIL import Image, ImageDraw

from landgis.pictures import lettering

DARK, LIGHT = (20, 35, 43), (255, 255, 255)
SIZE = 14


def draw_furniture(image: Image.Image, metres_per_pixel: float, about: str, ratio: float = 1.0) -> None:
    """`metres_per_pixel` are those on the ground; `about` is the date of the image and what else must be said of it.

    All is `ratio` times as large as where a pixel of the picture is one of the screen.
    """
    draw = ImageDraw.Draw(image)
    metres = round_down(image.width / 4 * metres_per_pixel)
    length = metres / metres_per_pixel
    x, y = 12 * ratio, image.height - 14 * ratio
    boxed(draw, (x + 5 * ratio, y - 12 * ratio), length_text(metres), ratio)
    draw.line([(x, y), (x + length, y)], fill=LIGHT, width=round(6 * ratio))
    draw.line([(x, y), (x + length, y)], fill=DARK, width=round(3 * ratio))
    if about:
        lines = _lines(about, image.width - 34 * ratio, round(SIZE * ratio))
        for up, line in enumerate(reversed(lines)):
            long = lettering.length(line, round(SIZE * ratio))
            boxed(draw, (image.width - 17 * ratio - long, y + (2 - 20 * up) * ratio), line, ratio)
    right, top = image.width - 24 * ratio, 12 * ratio
    arrow = [(0, 0), (-8, 22), (0, 17), (8, 22)]
    draw.polygon([(right + x * ratio, top + y * ratio) for x, y in arrow], fill=DARK, outline=LIGHT)


def _lines(about: str, widest: float, size: int) -> list[str]:
    """What is said, in lines that a narrow picture holds; its parts stay whole."""
    lines = [""]
    for part in about.split(" · "):
        longer = " · ".join(filter(None, (lines[-1], part)))
        if lines[-1] and lettering.length(longer, size) > widest:
            lines.append(part)
        else:
            lines[-1] = longer
    return lines


def boxed(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, ratio: float = 1.0) -> None:
    """A text on a light ground; its base line begins at a point."""
    x, y = at
    size, rim = round(SIZE * ratio), 5 * ratio
    draw.rectangle((x - rim, y - size - ratio, x + lettering.length(text, size) + rim, y + rim), fill=LIGHT)
    lettering.write(draw, at, text, size, colour=DARK)


def round_down(metres: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is not longer."""
    power = 10 ** math.floor(math.log10(metres))
    return max(step * power for step in (1, 2, 5) if step * power <= metres)


def length_text(metres: float) -> str:
    return f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
