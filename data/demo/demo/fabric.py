"""Streets and blocks of the demo's towns and villages.

A commune's built-up land is cut into patches; each patch has a street grid turned to the nearest road. A block is a
rectangle with two rows of lots, back to back; each row faces a named street. Metres, EPSG:5899.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from . import DATA
from .landscape import Commune, Landscape
from .noise import warp


@dataclass(frozen=True)
class Block:
    """A rectangle: corner `origin`, `length` along the street, `depth` across it, turned by `angle` (radians)."""

    commune: int
    patch: int
    origin: tuple[float, float]
    angle: float
    length: float
    depth: float
    streets: tuple[str, str]

    def place(self, points):
        """Block coordinates (along, across) -> EPSG:5899; array (n, 2)."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return np.asarray(points, float) @ np.array([[cos, sin], [-sin, cos]]) + self.origin

    def local(self, points):
        """EPSG:5899 -> block coordinates; array (n, 2)."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return (np.asarray(points, float) - self.origin) @ np.array([[cos, -sin], [sin, cos]])

    @property
    def polygon(self):
        length, depth = self.length, self.depth
        return shapely.Polygon(self.place([(0, 0), (length, 0), (length, depth), (0, depth)]))


def rectangles(blocks: Sequence[Block], which, along, across) -> np.ndarray:
    """Rectangles in blocks, in EPSG:5899; which: number of the block of each; along, across: (from, to) as arrays."""
    origin = np.array([block.origin for block in blocks]).reshape(-1, 2)[which]
    angle = np.array([block.angle for block in blocks])[which]
    u, v = (
        np.stack([axis[k] for k in corners], 1) for axis, corners in ((along, (0, 1, 1, 0)), (across, (0, 0, 1, 1)))
    )
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    return shapely.polygons(np.stack([u * cos - v * sin, u * sin + v * cos], -1) + origin[:, None])


@lru_cache(maxsize=1)
def street_names() -> dict[str, list[str]]:
    """District code -> names of its streets."""
    with (DATA / "streets.csv").open(encoding="utf-8", newline="") as file:
        return {row["district"]: row["names"].split(";") for row in csv.DictReader(file)}


def closed_land(land: Landscape):
    """Where nobody builds and nothing is farmed: water, main roads, a strip along the shore."""
    roads = [road.line.buffer(road.width / 2 + 4) for road in land.roads]
    shore = land.land.boundary.buffer(45)
    return shapely.unary_union([land.water.buffer(18), shore, *roads])


@lru_cache(maxsize=2)
def slopes(land: Landscape):
    """The hills as polygons."""
    return shapely.unary_union([ragged_circle(hill.at, hill.radius * 1.15, 81) for hill in land.hills])


def ragged_circle(centre, radius: float, seed: int):
    """A disc of about `radius` metres with a natural outline."""
    circle = shapely.get_coordinates(shapely.Point(centre).buffer(radius, quad_segs=24))
    return shapely.Polygon(warp(circle, radius * 0.4, radius * 0.9, seed)).buffer(0)


def built_up(land: Landscape, commune: Commune):
    """Built-up land of a commune: round its centre; in a village only along the roads."""
    area = commune.boundary.buffer(-6) & ragged_circle(commune.centre, commune.built_m, 71)
    if not commune.urban:
        ways = [road.line & area for road in land.roads] + [lane & area for lane in land.lanes]
        area = area & shapely.unary_union(ways).buffer(170)
    return area


def _bearing(line, point) -> float:
    at = line.project(point)
    a, b = line.interpolate(max(at - 30, 0)), line.interpolate(at + 30)
    return float(np.arctan2(b.y - a.y, b.x - a.x))


def _patches(area, urban, rng):
    """Patches of built-up land, about 600 m wide."""
    low_x, low_y, high_x, high_y = area.bounds
    step = 620 if urban else 420
    x, y = np.meshgrid(np.arange(low_x, high_x + step, step), np.arange(low_y, high_y + step, step))
    points = np.column_stack([x.ravel(), y.ravel()]) + rng.uniform(-0.36, 0.36, (x.size, 2)) * step
    cells = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=area, ordered=True)
    for cell in shapely.get_parts(cells):
        piece = cell & area
        if piece.area > 8000:
            yield piece


QUARTERS = 4


def _grid(piece, angle, size, rng):
    """Rectangles of one patch's street grid that lie wholly in it: origins (n, 2), rows, lengths.

    A block that sticks out of the patch keeps its first run of whole quarters.
    """
    length, depth, street = size
    centre = shapely.get_coordinates(piece.centroid)[0]
    reach = np.hypot(piece.bounds[2] - piece.bounds[0], piece.bounds[3] - piece.bounds[1]) / 2 + length
    along = np.arange(-reach, reach, length + street) + rng.uniform(0, length)
    across = np.arange(-reach, reach, depth + street) + rng.uniform(0, depth)
    u, v = np.meshgrid(along, across)
    rows = np.repeat(np.arange(len(across)), len(along))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    part = length / QUARTERS
    start = (u.ravel()[:, None] + np.arange(QUARTERS) * part).ravel()
    base = np.repeat(v.ravel(), QUARTERS)
    sides = ((0, 0), (part, 0), (part, depth), (0, depth))
    corners = np.stack([np.column_stack([start + a, base + b]) for a, b in sides], 1) @ turn + centre
    shapely.prepare(piece)
    inside = shapely.contains(piece, shapely.polygons(corners)).reshape(-1, QUARTERS)
    some = inside.any(1)
    first = inside.argmax(1)
    before = np.arange(QUARTERS) < first[:, None]
    count = (np.logical_and.accumulate(inside | before, axis=1) & ~before).sum(1)
    return corners.reshape(-1, QUARTERS, 4, 2)[some, first[some], 0], rows[some], count[some] * part


def commune_blocks(land: Landscape, number: int, closed, ways, rng) -> list[Block]:
    """All whole blocks of one commune."""
    commune = land.communes[number]
    area = built_up(land, commune) - closed
    names = street_names()[commune.district]
    blocks = []
    for patch, piece in enumerate(_patches(area, commune.urban, rng) if not area.is_empty else []):
        middle = piece.representative_point()
        angle = _bearing(ways[1][ways[0].nearest(middle)], middle) + rng.normal(0, 0.03)
        coarse = rng.random() < 0.22
        size = (
            (rng.uniform(170, 250), rng.uniform(95, 140), rng.uniform(9, 14))
            if coarse
            else (rng.uniform(95, 170), rng.uniform(40, 58), rng.uniform(6.5, 10))
        )
        first = int(rng.integers(len(names)))
        for origin, row, length in zip(*_grid(piece, angle, size, rng), strict=True):
            streets = names[(first + row) % len(names)], names[(first + row + 1) % len(names)]
            blocks.append(Block(number, patch, tuple(origin), angle, length, size[1], streets))
    return blocks


@lru_cache(maxsize=2)
def blocks(land: Landscape, seed: int = 1) -> tuple[tuple[Block, ...], ...]:
    """Blocks of every commune, in the order of land.communes; some 20,000 in all."""
    rng = np.random.default_rng(seed)
    closed = shapely.unary_union([closed_land(land), slopes(land), *(shape for _, _, shape in land.forests)])
    lines = [road.line for road in land.roads if road.kind != "motorway"] + list(land.lanes)
    ways = shapely.STRtree(lines), lines
    return tuple(tuple(commune_blocks(land, k, closed, ways, rng)) for k in range(len(land.communes)))
