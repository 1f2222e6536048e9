"""Sheets of paper for maps: how large the map on each is, and the view that shows the ground to scale in it."""

import math
from dataclasses import dataclass

from landgis.lib.webmap import EQUATOR_M, WORLD_PX, View

INCH_MM = 25.4
DOTS_AN_INCH = 200
SCREEN_DOTS_AN_INCH = 96
SCALES = (500, 1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000)
# Paper: width and height of the map on it in millimetres; the sheets are laid out in static/css/sheet.css.
PAPERS = {
    "A4-landscape": (217, 172),
    "A4-portrait": (190, 200),
    "A3-landscape": (332, 259),
    "A3-portrait": (277, 312),
}
WGS84_E2 = 0.00669437999014


@dataclass(frozen=True)
class Sheet:
    """A map of `scale` (the 5000 of 1:5000) on `paper` round a place in degrees."""

    paper: str
    scale: int
    longitude: float
    latitude: float

    @property
    def size_mm(self) -> tuple[int, int]:
        return PAPERS[self.paper]

    @property
    def ratio(self) -> float:
        """Dots of the picture for a pixel of a screen."""
        return DOTS_AN_INCH / SCREEN_DOTS_AN_INCH

    @property
    def view(self) -> View:
        """The view whose picture, stretched to the size on paper, is true to scale in both directions.

        Web Mercator is that of a sphere: on the ellipsoid it stretches north-south a little more than east-west.
        """
        wide_mm, high_mm = self.size_mm
        beside, above = stretch(self.latitude)
        width = round(wide_mm / INCH_MM * DOTS_AN_INCH)
        pixel_m = wide_mm / 1000 * self.scale / width * beside
        height = round(high_mm / 1000 * self.scale * above / pixel_m)
        zoom = math.log2(EQUATOR_M / WORLD_PX / pixel_m)
        return View(self.longitude, self.latitude, zoom, width, height)

    @property
    def bar(self) -> tuple[int, float]:
        """Metres of the scale bar, and its length on paper in millimetres."""
        longest_mm = 50
        power = 10 ** math.floor(math.log10(longest_mm / 1000 * self.scale))
        metres = max(step * power for step in (1, 2, 5) if step * power <= longest_mm / 1000 * self.scale)
        return int(metres), metres / self.scale * 1000


def stretch(latitude: float) -> tuple[float, float]:
    """Metres of EPSG:3857 for one metre on the ground (WGS 84), east-west and north-south."""
    sine = math.sin(math.radians(latitude))
    across = 1 / math.sqrt(1 - WGS84_E2 * sine**2)  # radius across the meridian, in semi-axes
    along = (1 - WGS84_E2) * across**3  # radius along it
    cosine = math.cos(math.radians(latitude))
    return 1 / (across * cosine), 1 / (along * cosine)
