"""What is drawn over every picture: its date, a scale bar and north, each readable on any ground."""

import math

from PIL import Image, ImageDraw

from landgis.imagery import lettering

DARK, LIGHT = (20, 35, 43), (255, 255, 255)
SIZE = 14


def draw_furniture(image: Image.Image, metres_per_pixel: float, about: str) -> None:
    """`metres_per_pixel` are those on the ground; `about` is the date of the image and what else must be said of it."""
    draw = ImageDraw.Draw(image)
    metres = round_down(image.width / 4 * metres_per_pixel)
    length = metres / metres_per_pixel
    x, y = 12, image.height - 14
    boxed(draw, (x + 5, y - 12), length_text(metres))
    draw.line([(x, y), (x + length, y)], fill=LIGHT, width=6)
    draw.line([(x, y), (x + length, y)], fill=DARK, width=3)
    if about:
        boxed(draw, (image.width - 17 - lettering.length(about, SIZE), y + 2), about)
    tip = (image.width - 24, 12)
    draw.polygon(
        [tip, (tip[0] - 8, tip[1] + 22), (tip[0], tip[1] + 17), (tip[0] + 8, tip[1] + 22)], fill=DARK, outline=LIGHT
    )


def boxed(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str) -> None:
    """A text on a light ground; its base line begins at a point."""
    x, y = at
    draw.rectangle((x - 5, y - SIZE - 1, x + lettering.length(text, SIZE) + 5, y + 5), fill=LIGHT)
    lettering.write(draw, at, text, SIZE, colour=DARK)


def round_down(metres: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is not longer."""
    power = 10 ** math.floor(math.log10(metres))
    return max(step * power for step in (1, 2, 5) if step * power <= metres)


def length_text(metres: float) -> str:
    return f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
