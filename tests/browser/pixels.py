"""What a map's pixels show, compared with what its numbers say."""

import io
import math
from typing import Any

import numpy as np
from PIL import Image, ImageDraw
from playwright.sync_api import Page

TILE = 512


def settled(page: Page) -> None:
    """Wait until the map has drawn all it asked for, and asks for no more."""
    page.locator("#map[data-drawn=true]").wait_for()
    page.wait_for_timeout(400)
    page.locator("#map[data-drawn=true]").wait_for()


# Two frames, so that what was just done has begun to move.
RESTS = """async () => {
  for (const _turn of [1, 2]) await new Promise(requestAnimationFrame);
  const moving = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(moving.map((one) => one.finished));
}"""


def at_rest(page: Page) -> None:
    """Wait until nothing on the page moves any more."""
    page.evaluate(RESTS)


def drawn(page: Page) -> Image.Image:
    """The map's pixels once it is settled."""
    settled(page)
    return Image.open(io.BytesIO(page.locator(".map__canvas canvas").screenshot())).convert("RGB")


def share_like(image: Image.Image, colour: tuple[int, int, int], within: int = 40) -> float:
    """The share of pixels that are nearly of a colour."""
    away = np.abs(np.asarray(image, dtype=int) - np.array(colour))
    return float((away.max(axis=2) <= within).mean())


def changed(one: Image.Image, other: Image.Image, by: int = 25) -> np.ndarray:
    """The pixels in which two pictures of one size differ."""
    return np.abs(np.asarray(one, dtype=int) - np.asarray(other, dtype=int)).max(axis=2) > by


def pixel(longitude: float, latitude: float, zoom: float) -> tuple[float, float]:
    """The place of a point on the whole of Web Mercator at a zoom, in pixels from 0°, 0°."""
    world = TILE * 2**zoom
    north = math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
    return longitude / 360 * world, -north / (2 * math.pi) * world


def mask_of(area: Any, middle: Any, zoom: float, size: tuple[int, int]) -> np.ndarray:
    """The pixels that an area (degrees) covers on a map of Web Mercator with `middle` in its centre."""
    centre = pixel(middle.x, middle.y, zoom)
    image = Image.new("1", size)
    for part in getattr(area, "geoms", [area]):
        ring = [pixel(*point[:2], zoom) for point in part.exterior.coords]
        moved = [(x - centre[0] + size[0] / 2, y - centre[1] + size[1] / 2) for x, y in ring]
        ImageDraw.Draw(image).polygon(moved, fill=1)
    return np.asarray(image)


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    return float((one & other).sum() / max(1, (one | other).sum()))


def best_shift(wanted: np.ndarray, seen: np.ndarray, around: np.ndarray) -> tuple[tuple[int, int], float]:
    """By how many pixels (right, down) what was wanted must be moved to lie best on what is seen, and how well it does."""
    score = {
        (dx, dy): overlap(np.roll(wanted, (dy, dx), axis=(0, 1)) & around, seen & around)
        for dx in range(-6, 7)
        for dy in range(-6, 7)
    }
    best = max(score, key=score.__getitem__)
    return best, score[best]
