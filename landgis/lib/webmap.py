"""The view of a map in Web Mercator: its middle, its zoom, its size, and the box that is seen in it.

The zoom is the one of the map's scripts: at zoom 0 the world is 512 pixels wide.
"""

import math
from dataclasses import dataclass

WORLD_PX = 512
RADIUS_M = 6378137.0
EQUATOR_M = 2 * math.pi * RADIUS_M
DEGREE_M = EQUATOR_M / 360  # of longitude there, and near enough of latitude everywhere
FARTHEST, NEAREST = 0.0, 22.0
NORTHMOST = 85.0
CONCEALED_CELL_M = EQUATOR_M / 2**19  # of Web Mercator: the side of a tile of zoom 19, some 75 m on the ground

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Padding:
    """Pixels at the sides of a view that other things cover."""

    top: float = 0
    right: float = 0
    bottom: float = 0
    left: float = 0


@dataclass(frozen=True)
class View:
    """What a map of `width` by `height` pixels shows: longitude and latitude of its middle in degrees, zoom."""

    longitude: float
    latitude: float
    zoom: float
    width: int
    height: int

    @property
    def pixel_m(self) -> float:
        """The side of a pixel in metres of EPSG:3857."""
        return EQUATOR_M / WORLD_PX / 2**self.zoom

    @property
    def ground_m(self) -> float:
        """Metres on the ground per pixel, in the middle."""
        return self.pixel_m * math.cos(math.radians(self.latitude))

    @property
    def box_3857(self) -> Box:
        """West, south, east, north in metres of EPSG:3857."""
        x, y = metres(self.longitude, self.latitude)
        beside, above = self.width / 2 * self.pixel_m, self.height / 2 * self.pixel_m
        return x - beside, y - above, x + beside, y + above

    @property
    def box(self) -> Box:
        """West, south, east, north in degrees."""
        west, south, east, north = self.box_3857
        return (*degrees(west, south), *degrees(east, north))

    @property
    def text(self) -> str:
        """As the hash of the map's address: zoom/latitude/longitude."""
        return f"{self.zoom:.3f}/{self.latitude:.6f}/{self.longitude:.6f}"

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of EPSG:3857 lies in the picture, from its upper left corner."""
        west, _south, _east, north = self.box_3857
        return (x - west) / self.pixel_m, (north - y) / self.pixel_m


def parse_view(text: str, width: int, height: int) -> View:
    """The view of `zoom/latitude/longitude`. Raises ValueError for anything else."""
    zoom, latitude, longitude = (float(part) for part in text.split("/"))
    if not (FARTHEST <= zoom <= NEAREST and abs(latitude) <= NORTHMOST and abs(longitude) <= 180):
        raise ValueError(text)
    return View(longitude, latitude, zoom, width, height)


def fit(box: Box, width: int, height: int, padding: Padding = Padding(), *, nearest: float = 18.0) -> View:
    """The nearest view that shows the whole of a box (degrees) beside what is covered; never nearer than `nearest`."""
    west, south = metres(box[0], box[1])
    east, north = metres(box[2], box[3])
    free_width = max(1.0, width - padding.left - padding.right)
    free_height = max(1.0, height - padding.top - padding.bottom)
    pixel_m = max((east - west) / free_width, (north - south) / free_height, 1e-9)
    zoom = min(nearest, math.log2(EQUATOR_M / WORLD_PX / pixel_m))
    side = EQUATOR_M / WORLD_PX / 2**zoom
    # The middle of what is free is the middle of the box.
    x = (west + east) / 2 + (padding.right - padding.left) / 2 * side
    y = (south + north) / 2 + (padding.top - padding.bottom) / 2 * side
    longitude, latitude = degrees(x, y)
    return View(longitude, latitude, zoom, width, height)


def metres(longitude: float, latitude: float) -> tuple[float, float]:
    """EPSG:3857 of a place in degrees."""
    north = math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
    return math.radians(longitude) * RADIUS_M, north * RADIUS_M


def degrees(east: float, north: float) -> tuple[float, float]:
    """Longitude and latitude of a place in EPSG:3857."""
    return math.degrees(east / RADIUS_M), math.degrees(math.atan(math.sinh(north / RADIUS_M)))
