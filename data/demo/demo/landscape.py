"""The demo province: land, communes, water, hills, forest and roads.

Drawn by hand in data/demo/landscape.toml and communes.csv, made natural by noise. Every geometry is in metres,
VN-2000 / TM-3 107-45 (EPSG:5899). Communes share their edges exactly: the land is cut once, by one set of lines.
"""

import csv
import itertools
import tomllib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from shapely import Polygon

from . import DATA
from .noise import fractal, warp

GRID = 0.001  # coordinates are whole millimetres


@dataclass(frozen=True)
class Commune:
    """A unit of the division before 2025. `kind` is phường, xã, thị trấn or huyện (Côn Đảo has no communes)."""

    code: str
    name: str
    kind: str
    district: str
    district_name: str
    centre: tuple[float, float]
    built_m: float
    boundary: shapely.Geometry

    @property
    def urban(self) -> bool:
        return self.kind in ("Phường", "Thị trấn", "Huyện")


@dataclass(frozen=True)
class Road:
    name: str
    kind: str
    width: float
    line: shapely.LineString


@dataclass(frozen=True)
class Hill:
    name: str
    at: tuple[float, float]
    height: float
    radius: float


@dataclass(frozen=True, eq=False)
class Landscape:
    land: shapely.Geometry
    coast: tuple[shapely.LineString, ...]
    communes: tuple[Commune, ...]
    roads: tuple[Road, ...]
    lanes: tuple[shapely.LineString, ...]
    rivers: dict
    lakes: dict
    forests: tuple[tuple[str, str, shapely.Geometry], ...]
    hills: tuple[Hill, ...]
    water: shapely.Geometry

    def elevation(self, x, y):
        """Height in metres at arrays x, y (EPSG:5899): hills on a plain that rises to the north-east."""
        x, y = np.asarray(x, float), np.asarray(y, float)
        rough = fractal(x, y, 900, 5, seed=11)
        ground = np.clip((y - 1_155_000) / 1000 * 2.6, 1, 95) + 6 * fractal(x, y, 5000, 3, seed=12)
        for hill in self.hills:
            squared = ((x - hill.at[0]) ** 2 + (y - hill.at[1]) ** 2) / hill.radius**2
            near = squared < 9
            if near.any():
                cone = np.where(near, np.exp(-squared), 0)
                ground = ground + hill.height * cone * np.clip(0.85 + 0.45 * rough, 0.3, 1.3)
        return np.maximum(ground, 0.5)


def _table():
    with (DATA / "landscape.toml").open("rb") as file:
        return tomllib.load(file)


def _metres(points):
    return np.asarray(points, float) * 1000


def curve(points, step: float = 60.0, closed: bool = False):
    """A smooth line (Catmull-Rom) through points (n, 2), with a vertex about every `step` metres."""
    points = np.asarray(points, float)
    if closed:
        padded = np.vstack([points[-1], points, points[:2]])
    else:
        padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        t = np.arange(0, 1, step / max(np.hypot(*(c - b)), step))[:, None]
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    end = pieces[0][:1] if closed else points[-1:]
    return np.vstack([*pieces, end])


def _outlines(table):
    """Land polygons; the first is the mainland."""
    rings = []
    for number, entry in enumerate(table["outline"]):
        line = curve(_metres(entry["points"]), 60, closed=True)
        amplitude = entry["ragged"] * 1000
        line = warp(line, amplitude, 1400, seed=number)
        line = warp(line, amplitude / 3, 420, seed=50 + number)
        rings.append(shapely.set_precision(Polygon(line), GRID))
    return rings


def _coast(table, outlines):
    """The shore: the part of the mainland's outline in the coast's frame, and the islands' outlines."""
    frame = Polygon(_metres(table["coast"]["points"]))
    shore = shapely.line_merge(outlines[0].boundary & frame)
    return (*shapely.get_parts(shore), *(shapely.LineString(ring.exterior) for ring in outlines[1:]))


def _power_cell(site, weight, others, weights, box):
    """Corners of the cell of one site: nearer to it than to any other, by distance² - weight."""
    ring = box
    order = np.argsort(((others - site) ** 2).sum(1))
    for k in order:
        normal = others[k] - site
        limit = ((others[k] ** 2).sum() - (site**2).sum() - weights[k] + weight) / 2
        side = ring @ normal - limit
        if (side <= 0).all():
            continue
        kept = []
        for i in range(len(ring)):
            j = (i + 1) % len(ring)
            if side[i] <= 0:
                kept.append(ring[i])
            if (side[i] < 0) != (side[j] < 0) and side[i] != side[j]:
                kept.append(ring[i] + (ring[j] - ring[i]) * side[i] / (side[i] - side[j]))
        ring = np.array(kept)
    return ring


def _shared_edges(cells):
    """Unique edges of the cells as pairs of corners; corners within a metre are one."""
    corners = np.vstack(cells)
    tree = shapely.STRtree(shapely.points(corners))
    left, right = tree.query(shapely.points(corners), predicate="dwithin", distance=1.0)
    first = np.arange(len(corners))
    np.minimum.at(first, left, right)
    edges, start = set(), 0
    for cell in cells:
        ids = first[start : start + len(cell)]
        start += len(cell)
        edges |= {tuple(sorted(pair)) for pair in zip(ids, np.roll(ids, -1), strict=True) if pair[0] != pair[1]}
    return [(corners[a], corners[b]) for a, b in sorted(edges)]


def _bend(points):
    """The warp of commune borders: wide bends and small ones."""
    return warp(warp(points, 620, 3200, seed=21), 110, 620, seed=22)


def _borders(sites, weights):
    """Bent border lines between the communes of the mainland."""
    low, high = sites.min(0) - 30_000, sites.max(0) + 30_000
    box = np.array([[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]])
    rest = [np.delete(np.arange(len(sites)), k) for k in range(len(sites))]
    cells = [_power_cell(sites[k], weights[k], sites[rest[k]], weights[rest[k]], box) for k in range(len(sites))]
    lines = []
    for a, b in _shared_edges(cells):
        n = max(2, int(np.hypot(*(b - a)) / 90))
        lines.append(shapely.LineString(_bend(a + (b - a) * np.linspace(0, 1, n)[:, None])))
    whole = [Polygon(_bend(curve_free(cell))) for cell in cells]
    return lines, whole


def curve_free(ring, step: float = 90.0):
    """A straight-sided ring with more vertices: one about every `step` metres."""
    return shapely.get_coordinates(shapely.segmentize(shapely.LinearRing(ring), step))


def _cut(mainland, sites, weights):
    """The mainland as one (Multi)Polygon per site, sharing edges exactly."""
    lines, whole = _borders(sites, weights)
    near = [line for line in lines if line.intersects(mainland)]
    noded = shapely.unary_union([*near, mainland.boundary], grid_size=GRID)
    faces = [f for f in shapely.get_parts(shapely.polygonize([noded])) if mainland.contains(f.representative_point())]
    owner = _owners(faces, whole)
    cells = []
    for k in range(len(sites)):
        cells.append(shapely.unary_union([f for f, o in zip(faces, owner, strict=True) if o == k], grid_size=GRID))
    return cells


def _owners(faces, whole):
    """Which cell each face belongs to; a scrap cut off from its cell by a bay goes to its neighbour."""
    tree = shapely.STRtree(whole)
    owner = []
    for face in faces:
        point = face.representative_point()
        found = [k for k in tree.query(point) if whole[k].contains(point)]
        owner.append(int(found[0]) if found else int(tree.nearest(point)))
    largest: dict[int, int] = {}
    for i, o in enumerate(owner):
        if o not in largest or faces[i].area > faces[largest[o]].area:
            largest[o] = i
    for i in range(len(faces)):
        if largest[owner[i]] != i:
            shared = [faces[i].intersection(faces[largest[o]]).length if o != owner[i] else 0 for o in sorted(largest)]
            if max(shared) > 0:
                owner[i] = sorted(largest)[int(np.argmax(shared))]
    return owner


def _communes(land):
    with (DATA / "communes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    main = [row for row in rows if row["district"] != "755"]
    sites = _metres([[float(row["e"]), float(row["n"])] for row in main])
    cells = _cut(land[0], sites, np.array([float(row["weight"]) for row in main]) * 1e6)
    boundary = {row["code"]: cell for row, cell in zip(main, cells, strict=True)}
    boundary["755"] = shapely.MultiPolygon(land[1:])
    return tuple(
        Commune(
            row["code"],
            row["name"],
            next(k for k in ("Phường", "Thị trấn", "Huyện", "Xã") if row["name"].startswith(k)),
            row["district"],
            row["district_name"],
            tuple(_metres([[float(row["e"]), float(row["n"])]])[0]),
            float(row["built_km"]) * 1000,
            boundary[row["code"]],
        )
        for row in rows
    )


def _river(entry):
    """A river as a polygon that widens from its first point to its last."""
    line = warp(curve(_metres(entry["points"]), 70), 130, 700, seed=31)
    half = np.linspace(entry["width"][0], entry["width"][1], len(line)) / 2
    half = half * (1 + 0.22 * fractal(line[:, 0], line[:, 1], 500, 2, seed=32))
    discs = shapely.buffer(shapely.points(line), half, quad_segs=4)
    links = [shapely.unary_union([a, b]).convex_hull for a, b in itertools.pairwise(discs)]
    return shapely.unary_union(links).simplify(3)


def _lake(entry):
    line = warp(curve(_metres(entry["points"]), 50, closed=True), 120, 500, seed=41)
    return Polygon(line).buffer(0)


def _lanes(communes, roads):
    """Smaller roads: from each commune's centre to its nearest main road and to two near centres."""
    main = shapely.unary_union([road.line for road in roads])
    centres = np.array([c.centre for c in communes if c.code != "755"])
    pairs = set()
    for k, centre in enumerate(centres):
        for near in np.argsort(np.hypot(*(centres - centre).T))[1:3]:
            pairs.add((min(k, int(near)), max(k, int(near))))
    ends = [(centres[a], centres[b]) for a, b in sorted(pairs)]
    for centre in centres:
        ends.append((centre, shapely.get_coordinates(shapely.shortest_line(shapely.Point(centre), main))[1]))
    lanes = []
    for a, b in ends:
        length = np.hypot(*(b - a))
        if length > 150:
            t = np.linspace(0, 1, max(3, int(length / 120)))[:, None]
            straight = a + (b - a) * t
            # pinned at both ends, free in between
            lanes.append(
                shapely.LineString(straight + (warp(straight, 420, 1900, seed=61) - straight) * np.sin(np.pi * t))
            )
    return tuple(lanes)


@lru_cache(maxsize=1)
def province() -> Landscape:
    """The whole landscape; takes about a second the first time."""
    table = _table()
    outlines = _outlines(table)
    communes = _communes(outlines)
    roads = tuple(
        Road(r["name"], r["class"], r["width"], shapely.LineString(curve(_metres(r["points"]), 50)))
        for r in table["road"]
    )
    rivers = {r["name"]: _river(r) for r in table["river"]}
    lakes = {r["name"]: _lake(r) for r in table["lake"]}
    forests = tuple(
        (f["name"], f["kind"], Polygon(warp(curve(_metres(f["points"]), 80, closed=True), 240, 900, seed=51)).buffer(0))
        for f in table["forest"]
    )
    hills = tuple(Hill(h["name"], tuple(_metres([h["at"]])[0]), h["height"], h["radius"] * 1000) for h in table["hill"])
    return Landscape(
        shapely.MultiPolygon(outlines),
        _coast(table, outlines),
        communes,
        roads,
        _lanes(communes, roads),
        rivers,
        lakes,
        forests,
        hills,
        shapely.unary_union([*rivers.values(), *lakes.values()]),
    )
