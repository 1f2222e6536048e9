"""What a scene shows, as shapes: shore, water, woods, patches of fields, streets, blocks and the public plots.

The same world is drawn at 20 m and at 0.5 m. Metres, EPSG:5899.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import geopandas
import numpy as np
import shapely

from . import fabric
from .landscape import Landscape, curve
from .noise import fractal, warp
from .sheet import SUN, chance

RUBBER, ORCHARD, RICE, ANNUAL, SCRUB, SALT, PONDS, WOOD, MANGROVE, QUARRY = range(10)
PATCH_M = 1050  # fields lie in patches of about this width, each with a direction of its own
FIELD_M = {  # size of a field along and across
    RUBBER: (420, 230),
    ORCHARD: (120, 75),
    RICE: (95, 38),
    ANNUAL: (110, 60),
    SCRUB: (260, 170),
    SALT: (62, 34),
    PONDS: (130, 62),
    WOOD: (900, 700),
    MANGROVE: (900, 700),
    QUARRY: (200, 160),
}
# land use of a public plot outside the towns -> what grows there
GROWS = {"LUC": RICE, "LMU": SALT, "NTS": PONDS, "HNK": ANNUAL, "CLN": RUBBER, "RSX": WOOD, "RPH": WOOD, "RDD": WOOD}
GROWS |= {"NKH": ORCHARD, "DCS": SCRUB, "BCS": SCRUB, "SKS": QUARRY, "DNL": SCRUB, "SKN": SCRUB}
# what the patches of a district are, before its plots decide: weights of RUBBER, ORCHARD, RICE, ANNUAL, SCRUB
MIXES = {
    "747": (0, 1, 0, 2, 5),
    "748": (1, 4, 4, 2, 1),
    "750": (6, 6, 0, 1.5, 0.3),
    "751": (6, 5, 0.2, 2, 0.8),
    "752": (0, 3, 4, 3, 1),
    "753": (1, 3, 4, 3, 1),
    "754": (3, 5, 0.5, 2, 1.2),
    "755": (0, 2, 0, 1, 3),
    "": (5, 5, 0.4, 2, 0.8),
}
# Beyond the border and the sea: the rest of the delta's east, so that a scene does not end with the province (km).
NEIGHBOURS_KM = [
    *([479.6, 1168.0], [483.0, 1170.1], [487.5, 1172.0], [492.0, 1175.0], [500.0, 1178.0], [500.0, 1215.0]),
    *([395.0, 1215.0], [395.0, 1153.0], [403.0, 1151.0], [409.0, 1152.8], [413.0, 1154.6], [415.0, 1157.4]),
    *([415.9, 1160.6], [418.2, 1163.6], [421.5, 1167.0], [423.0, 1172.0], [440.0, 1172.0], [470.0, 1172.0]),
]
# the mangrove of the delta beyond the western border
DELTA_KM = [
    [400, 1149],
    [412, 1150],
    [419, 1158],
    [421, 1166],
    [420, 1173],
    [415.5, 1169],
    [411, 1173],
    [405, 1170],
    [398, 1176],
]


def rounded(line, times: int = 3):
    """A line whose corners are cut off again and again (Chaikin); its ends stay."""
    points = shapely.get_coordinates(line)
    for _ in range(times if len(points) > 2 else 0):
        early, late = points[:-1] * 0.75 + points[1:] * 0.25, points[:-1] * 0.25 + points[1:] * 0.75
        points = np.vstack([points[:1], np.stack([early, late], 1).reshape(-1, 2), points[-1:]])
    return shapely.LineString(points)


def lane_marks(line, width):
    """White lines of a road: along its edges, and dashes between the lanes."""
    middles = [line.offset_curve(side * width / 4) for side in (-1, 1)] if width >= 12 else [line]
    yield from (line.offset_curve(side * (width / 2 - 0.6)) for side in (-1, 1))
    for middle in middles:
        at = np.arange(0, middle.length - 4, 9.0)
        ends = np.stack(
            [shapely.line_interpolate_point(middle, at), shapely.line_interpolate_point(middle, at + 3.5)], 1
        )
        yield shapely.multilinestrings(shapely.linestrings(shapely.get_coordinates(ends).reshape(-1, 2, 2)))


@dataclass(frozen=True, eq=False)
class Patch:
    """Patches of fields as columns: outline, direction (radians), what grows on most of each."""

    shape: np.ndarray
    angle: np.ndarray
    grows: np.ndarray


@dataclass(eq=False)
class World:
    land: Landscape
    plots: geopandas.GeoDataFrame
    roads_by_kind: dict = field(init=False)

    def __post_init__(self):
        self.roads_by_kind = {}
        for road in self.land.roads:
            self.roads_by_kind.setdefault(road.kind, []).append((road.line, road.width))

    @cached_property
    def neighbours(self):
        line = curve(np.array(NEIGHBOURS_KM) * 1000, 150, closed=True)
        return shapely.Polygon(line).buffer(0) - self.land.land.geoms[0].buffer(1)

    @cached_property
    def ground(self):
        """All land, the neighbours' too."""
        return shapely.unary_union([self.land.land, self.neighbours.buffer(3)])

    @cached_property
    def slopes(self):
        return fabric.slopes(self.land)

    @cached_property
    def reserves(self):
        return shapely.unary_union([shape for _, kind, shape in self.land.forests if kind == "protected"])

    @cached_property
    def mangrove(self):
        own = [shape for _, kind, shape in self.land.forests if kind == "mangrove"]
        west = shapely.Polygon(warp(curve(np.array(DELTA_KM) * 1000, 150, closed=True), 900, 3000, seed=97)).buffer(0)
        return shapely.unary_union([*own, west & self.neighbours])

    @cached_property
    def closed(self):
        return fabric.closed_land(self.land)

    @cached_property
    def woods(self):
        """Forest on the hills and in the reserves, and mangrove."""
        return shapely.unary_union([self.slopes, *(shape for _, _, shape in self.land.forests)])

    @cached_property
    def shore(self):
        """Line segments of all shores, the neighbours' too, and a tree of them."""
        lines = shapely.get_parts(self.ground.boundary)
        pairs = [shapely.get_coordinates(line) for line in lines]
        segments = shapely.linestrings(np.vstack([np.stack([xy[:-1], xy[1:]], 1) for xy in pairs]))
        return shapely.STRtree(segments)

    def from_shore(self, x, y):
        """Metres to the nearest shore at arrays x, y."""
        points = shapely.points(x.ravel(), y.ravel())
        _, distance = self.shore.query_nearest(points, return_distance=True, all_matches=False)
        return distance.reshape(x.shape)

    def near_shore(self, x, y):
        """As from_shore, but no more than 150 m, which is found sooner."""
        found, distance = self.shore.query_nearest(
            shapely.points(x.ravel(), y.ravel()), max_distance=150, return_distance=True, all_matches=False
        )
        away = np.full(x.size, 150.0)
        away[found[0]] = distance
        return away.reshape(x.shape)

    @cached_property
    def ways(self) -> dict:
        """Roads, lanes, banks and shores as the areas that are painted."""
        lanes = np.array(self.land.lanes)
        made: dict[Any, Any] = {"lanes": shapely.buffer(lanes, 3.0), "lanes from afar": shapely.buffer(lanes, 8.0)}
        made["banks"] = shapely.buffer(list(self.land.rivers.values()), 9)
        made["rims"] = shapely.buffer(list(self.land.lakes.values()), 22)
        made["shore"] = shapely.buffer(shapely.get_parts(self.ground.boundary), 70, quad_segs=3)
        for kind, roads in self.roads_by_kind.items():
            lines, width = np.array([line for line, _ in roads]), np.array([width for _, width in roads])
            made[kind, "verge"] = shapely.buffer(lines, width / 2 + (14 if kind == "motorway" else 4))
            made[kind, "paved"] = shapely.buffer(lines, width / 2)
            made[kind, "paved from afar"] = shapely.buffer(lines, np.maximum(width / 2, 9))
            made[kind, "median"] = shapely.buffer(lines[width >= 16], 1.1)
        return made

    def marks(self, near) -> dict:
        """White lines of the roads near a place, by kind of road, as areas."""
        made = {}
        for kind, roads in self.roads_by_kind.items():
            pieces = [(part, width) for line, width in roads for part in shapely.get_parts(line & near)]
            lines = [mark for line, width in pieces for mark in lane_marks(line, width)]
            made[kind] = shapely.buffer(np.array(lines, object), 0.16, quad_segs=1)
        return made

    def light(self, x, y):
        """Light on the slopes of the ground at a grid x, y (rows from north to south): a factor round 1."""
        south, east = np.gradient(self.land.elevation(x, y), abs(x[0, 1] - x[0, 0]))
        return 1 - 1.15 * (east * SUN[0] - south * SUN[1])

    @cached_property
    def built(self):
        """Built-up land by commune, without water and the like."""
        return [fabric.built_up(self.land, commune) for commune in self.land.communes]

    @cached_property
    def blocks(self) -> list[fabric.Block]:
        return [block for of_commune in fabric.blocks(self.land) for block in of_commune]

    @cached_property
    def block_shapes(self):
        length, depth = (np.array([getattr(block, side) for block in self.blocks]) for side in ("length", "depth"))
        ends = np.zeros(len(length))
        return fabric.rectangles(self.blocks, np.arange(len(length)), (ends, length), (ends, depth))

    @cached_property
    def pavements(self):
        """The blocks with half of the streets round them."""
        half = [7.2 if block.depth > 90 else 5.0 for block in self.blocks]
        return shapely.buffer(self.block_shapes, half, cap_style="square", join_style="mitre")

    def avenues(self, near):
        """Streets between the grids of neighbouring patches of blocks: lines midway between them."""
        chosen = np.flatnonzero(shapely.intersects(self.block_shapes, near.buffer(300)))
        if len(chosen) < 2:
            return np.array([], object)
        groups = np.array([self.blocks[k].commune * 1000 + self.blocks[k].patch for k in chosen])
        points, owner = shapely.get_coordinates(
            shapely.segmentize(shapely.get_exterior_ring(self.block_shapes[chosen]), 22), return_index=True
        )
        _, first = np.unique(points.round(2), axis=0, return_index=True)
        cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points[first]), ordered=True))
        owner = groups[owner[first]]
        areas = [shapely.coverage_union_all(cells[owner == group]) for group in np.unique(owner)]
        lines = shapely.line_merge(shapely.unary_union(shapely.boundary(areas)))
        close = shapely.unary_union(shapely.buffer(self.block_shapes[chosen], 55, quad_segs=2))
        inland = (self.ground & near.buffer(300)).buffer(-75)
        return np.array(
            [rounded(line) for line in shapely.get_parts(shapely.simplify(lines, 14) & close & inland & near)]
        )

    @cached_property
    def patches(self) -> Patch:
        low, high = np.array(self.land.land.geoms[0].bounds).reshape(2, 2) + [[-14_000] * 2, [14_000] * 2]
        places = [self._spots(low, high)]
        for island in list(self.land.land.geoms)[1:]:
            w, s, e, n = island.bounds
            places.append(self._spots(np.array([w, s]) - 1500, np.array([e, n]) + 1500))
        shapes = []
        for points in places:
            cells = shapely.voronoi_polygons(shapely.MultiPoint(points), ordered=True)
            shapes += list(shapely.get_parts(cells))
        shapes = shapely.segmentize(np.array(shapes), 70)
        shapes = shapely.transform(shapes, lambda xy: warp(warp(xy, 260, 1500, seed=95), 50, 260, seed=96))
        number = np.arange(len(shapes))
        return Patch(shapes, chance(number, seed=3) * np.pi, self._grows(shapes, number))

    @staticmethod
    def _spots(low, high):
        x, y = np.meshgrid(np.arange(low[0], high[0], PATCH_M), np.arange(low[1], high[1], PATCH_M))
        i, j = np.rint(x / PATCH_M).astype(int), np.rint(y / PATCH_M).astype(int)
        move = np.stack([chance(i, j, seed=1), chance(i, j, seed=2)], -1).reshape(-1, 2) - 0.5
        return np.column_stack([x.ravel(), y.ravel()]) + move * PATCH_M * 0.8

    def _grows(self, shapes, number):
        """What grows on each patch: what its public plots say, else a draw by the district's mix."""
        centre = shapely.get_coordinates(shapely.centroid(shapes))
        tree = shapely.STRtree([commune.boundary for commune in self.land.communes])
        district = np.full(len(shapes), "", object)
        for k, commune in tree.query(shapely.points(centre), predicate="within").T:
            district[k] = self.land.communes[commune].district
        patchy = fractal(centre[:, 0], centre[:, 1], 5200, 3, seed=91) * 0.55 + chance(number, seed=4) - 0.5
        grows = np.empty(len(shapes), int)
        for name, weights in MIXES.items():
            here = district == name
            grows[here] = np.searchsorted(np.cumsum(weights) / np.sum(weights), np.clip(patchy[here] + 0.5, 0, 0.999))
        island = centre[:, 1] < 1_000_000
        grows[island & (chance(number, seed=5) < 0.8)] = WOOD
        rural = self.plots[self.plots["LOAIDAT"].isin(GROWS)]
        votes = np.zeros((len(shapes), 10))
        which = shapely.STRtree(shapes)
        for plot, patch in which.query(shapely.centroid(rural.geometry.to_numpy()), predicate="within").T:
            votes[patch, GROWS[rural["LOAIDAT"].iat[plot]]] += rural.geometry.iat[plot].area
        for kind in (RICE, SALT, PONDS):
            grows[votes[:, kind] > 45_000] = kind
        return grows
