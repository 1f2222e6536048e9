"""The satellite images of a server, as pieces that a saved map can carry with it."""

import base64
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from landgis.analysis.server import Server
from landgis.lib.webmap import Box

MOST_PIECES = 40  # of 512 pixels; some 3 MB in the saved file


@dataclass(frozen=True)
class ServedScene:
    """The newest images of each place up to a month, as a map is told of them (/imagery/map.json)."""

    server: Server
    told: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.told["name"])

    def days(self, box: Box, language: str) -> str:
        """The days of the images that are seen in a box, as the reader's language writes them; "" where none is."""
        asked = ",".join(f"{side:.6f}" for side in box)
        told = self.server.json(f"/imagery/seen.json?box={asked}&lang={language}")["scenes"]
        return next(str(one["days"]) for one in told if one["name"] == self.name)

    @property
    def attribution(self) -> str:
        return str(self.told["attribution"])

    @property
    def is_made_up(self) -> bool:
        return bool(self.told["is_made_up"])

    @property
    def template(self) -> str:
        """The address of its tiles with {z}, {x}, {y}."""
        return self.server.address + str(self.told["tiles"][0])

    def covers(self, box: Box) -> bool:
        west, south, east, north = self.told["bounds"]
        return bool(west < box[2] and box[0] < east and south < box[3] and box[1] < north)

    def pieces(self, box: Box, most: int = MOST_PIECES) -> Iterator[tuple[Box, str]]:
        """(box, data: address) of the tiles over a box, from the finest zoom at which they are not more than `most`."""
        zoom = self._zoom(box, most)
        for x, y in _tiles(box, zoom):
            body = self.server.get(self.told["tiles"][0].format(z=zoom, x=x, y=y))
            if body:
                yield _box_of(zoom, x, y), "data:image/webp;base64," + base64.b64encode(body).decode()

    def _zoom(self, box: Box, most: int) -> int:
        zooms = range(self.told["maxzoom"], self.told["minzoom"], -1)
        return next((zoom for zoom in zooms if len(_tiles(box, zoom)) <= most), self.told["minzoom"])


def scenes(server: Server, language: str) -> list[ServedScene]:
    """All that the server shows: first what its own maps show at first, then the others, newest first."""
    told = server.json(f"/imagery/map.json?lang={language}")
    found = [ServedScene(server, one) for one in told["scenes"]]
    return sorted(found, key=lambda scene: scene.name != told["usual"])


def _tiles(box: Box, zoom: int) -> list[tuple[int, int]]:
    west, north = _tile_at(box[0], box[3], zoom)
    east, south = _tile_at(box[2], box[1], zoom)
    return [(x, y) for y in range(north, south + 1) for x in range(west, east + 1)]


def _tile_at(longitude: float, latitude: float, zoom: int) -> tuple[int, int]:
    across = 2**zoom
    down = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2
    x, y = int((longitude + 180) / 360 * across), int(down * across)
    return min(max(x, 0), across - 1), min(max(y, 0), across - 1)


def _box_of(zoom: int, x: int, y: int) -> Box:
    return (_longitude(zoom, x), _latitude(zoom, y + 1), _longitude(zoom, x + 1), _latitude(zoom, y))


def _longitude(zoom: int, x: int) -> float:
    return x / 2**zoom * 360 - 180


def _latitude(zoom: int, y: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / 2**zoom))))
