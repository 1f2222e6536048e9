"""The check of what lies between neighbours: land of two, and land of nobody.

A gap is a sliver between two boundaries that run beside each other, wider than both may play and narrower than any
path, or a hole of a few square metres that neighbours close in. Streets and rivers are neither. Both are told by the
edges that only one boundary has, of a strip of the map at a time.
"""

from collections.abc import Iterator

import numpy as np
import shapely

from landgis.catalog.dataset import Dataset, ScaleFields
from landgis.changes import overlaps
from landgis.changes.issues import PLACE, Finding
from landgis.changes.models import ChangeSet
from landgis.changes.strips import Strip, strips
from landgis.lib import geometry
from landgis.lib.webmap import DEGREE_M

PATH_M = 0.5  # nobody leaves less between two parcels to walk on
PLAYS = 2  # each of two neighbours may lie off by the tolerance
HOLE_M2 = 10.0  # no parcel, and no road that is closed in, is as small
LONGER = 6.0  # than wide: the square between four corners that nearly meet is no gap
LEAST_M2 = 0.05
LOOKED_AT = (0.2, 0.5, 0.8)  # of each segment


def neighbours(
    dataset: Dataset, change_set: ChangeSet, *, drawn: ScaleFields | None = None, since: int | None = None
) -> Iterator[Finding]:
    """Items that overlap a neighbour or leave a gap to it, by the tolerance of the scale at which they are `drawn`.

    Of two rows of the source the later one is named. At most MAX_FINDINGS of each code are told.
    """
    told = {"overlap": 0, "gap": 0}
    for strip in strips(dataset, change_set, drawn, since):
        for finding in _found_in(strip):
            told[finding.code] += 1
            if told[finding.code] <= overlaps.MAX_FINDINGS:
                yield finding
        if min(told.values()) >= overlaps.MAX_FINDINGS:
            return


def by_scale(dataset: Dataset, change_set: ChangeSet, *, since: int | None = None) -> Iterator[Finding]:
    """The check for a dataset that says at which scale it is `drawn_at`, to be named in its `checks`."""
    return neighbours(dataset, change_set, drawn=dataset.drawn_at, since=since)


def _found_in(strip: Strip) -> Iterator[Finding]:
    reach = float(_widest(strip.plays).max()) * _degrees_per_metre(strip)
    edges = shapely.coverage_invalid_edges(strip.shapes, gap_width=reach)
    doubtful = np.flatnonzero(~shapely.is_empty(edges))
    if doubtful.size:
        yield from overlaps.found_in(strip, doubtful)
        yield from _slivers(strip, edges, doubtful)
    yield from _holes(strip)


def _widest(plays: np.ndarray) -> np.ndarray:
    """The width (m) up to which land between two boundaries is a gap."""
    return np.maximum(PATH_M, PLAYS * plays)


# Slivers


def _slivers(strip: Strip, edges: np.ndarray, doubtful: np.ndarray) -> Iterator[Finding]:
    one, other = strip.later_first(*_beside(strip, edges, doubtful))
    if not one.size:
        return
    plays = np.maximum(strip.plays[one], strip.plays[other])
    between = _between(strip, one, other, _widest(plays))
    areas, widths, lengths = _measured(between, strip.srids[one])
    is_gap = (widths > plays) & (widths < _widest(plays)) & (areas > LEAST_M2) & (lengths > LONGER * widths)
    for at in np.flatnonzero(is_gap):
        yield _finding(strip, one[at], other[at], areas[at], between[at])


def _beside(strip: Strip, edges: np.ndarray, doubtful: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of positions that run beside each other, farther apart than they may play and nearer than a path is wide.

    Looked at are points of the doubtful edges: each with the feature that is nearest to it.
    """
    flat = _Flat(strip)
    points, owners = _points_on(flat.down(edges[doubtful]), doubtful)
    tree = shapely.STRtree(flat.down(strip.shapes[doubtful]))
    at, near = tree.query(points, predicate="dwithin", distance=float(_widest(strip.plays[doubtful]).max()))
    its_own = owners[at] == doubtful[near]
    at, near = at[~its_own], near[~its_own]
    distances = shapely.distance(points[at], tree.geometries[near])
    order = np.lexsort([distances, at])
    at, near, distances = at[order], near[order], distances[order]
    nearest = np.concatenate([[True], at[1:] != at[:-1]]) if at.size else np.array([], dtype=bool)
    one, other, distances = owners[at[nearest]], doubtful[near[nearest]], distances[nearest]
    plays = np.maximum(strip.plays[one], strip.plays[other])
    is_between = (distances > plays) & (distances < _widest(plays))
    pairs = np.sort(np.column_stack([one[is_between], other[is_between]]), axis=1)
    pairs = np.unique(pairs[pairs[:, 1] >= strip.known], axis=0)
    apart = ~shapely.relate_pattern(strip.shapes[pairs[:, 0]], strip.shapes[pairs[:, 1]], "T********")
    return pairs[apart, 0], pairs[apart, 1]


def _points_on(edges: np.ndarray, owners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Some points on each segment of the edges, and the owner of each."""
    lines, of_edge = shapely.get_parts(edges, return_index=True)
    corners, of_line = shapely.get_coordinates(lines, return_index=True)
    follows = of_line[1:] == of_line[:-1]
    starts, ends = corners[:-1][follows], corners[1:][follows]
    points = np.concatenate([starts + (ends - starts) * share for share in LOOKED_AT])
    return shapely.points(points), np.tile(owners[of_edge[of_line[1:][follows]]], len(LOOKED_AT))


def _between(strip: Strip, one: np.ndarray, other: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """What lies between the boundaries of each pair where they are nearer than that (m), and is of nobody; degrees."""
    flat = _Flat(strip)
    mine, its = flat.down(strip.shapes[one]), flat.down(strip.shapes[other])
    near = shapely.intersection(shapely.buffer(mine, 2 * widths), shapely.buffer(its, 2 * widths))
    pair = shapely.union(shapely.intersection(mine, near), shapely.intersection(its, near))
    grown = shapely.buffer(pair, widths / 2, join_style="mitre")
    closed = shapely.buffer(grown, -widths / 2, join_style="mitre")
    # What is closed at the rim of what was looked at is no gap.
    left = shapely.intersection(shapely.difference(closed, pair), shapely.buffer(near, -widths))
    return flat.up(_without_others(left, strip, flat))


def _without_others(regions: np.ndarray, strip: Strip, flat: "_Flat") -> np.ndarray:
    """The regions without what belongs to any feature."""
    at, owner = shapely.STRtree(strip.shapes).query(flat.up(regions), predicate="intersects")
    left = regions.copy()
    for region in np.unique(at):
        owners = flat.down(strip.shapes[owner[at == region]])
        left[region] = shapely.difference(regions[region], shapely.union_all(owners))
    return left


# Holes


def _holes(strip: Strip) -> Iterator[Finding]:
    """Small holes that are wider than slivers, each told of the last row beside it."""
    faces = _small_faces(strip)
    if not faces.size:
        return
    tree = shapely.STRtree(strip.shapes)
    inside = shapely.point_on_surface(faces)
    owned, _owner = tree.query(inside, predicate="intersects")
    faces = np.delete(faces, np.unique(owned))
    at, beside = tree.query(faces, predicate="intersects")
    for number in range(len(faces)):
        near = np.sort(beside[at == number])
        if len(near) < 2 or near[-1] < strip.known or not strip.rows[near].any():
            continue
        order = near[np.argsort(strip.rows[near], kind="stable")]
        last, before = order[-1], order[-2]
        [area], [width], _lengths = _measured(faces[number : number + 1], strip.srids[[last]])
        if area < HOLE_M2 and width >= _widest(strip.plays[[last, before]]).max():
            yield _finding(strip, last, before, area, faces[number])


def _small_faces(strip: Strip) -> np.ndarray:
    """Polygons (degrees) of a few square metres, closed by edges that only one boundary has."""
    lone = _lone_edges(strip.shapes)
    if not len(lone):
        return np.array([], dtype=object)
    faces = shapely.get_parts(shapely.polygonize(shapely.linestrings(lone)))
    most = HOLE_M2 * _degrees_per_metre(strip) ** 2
    return faces[shapely.area(faces) < most]


def _lone_edges(shapes: np.ndarray) -> np.ndarray:
    """The edges (n, 2, 2) that stand once in all of the shapes."""
    rings = shapely.get_rings(shapely.get_parts(shapes))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    follows = ring[1:] == ring[:-1]
    starts, ends = points[:-1][follows], points[1:][follows]
    turn = (starts[:, 0] > ends[:, 0]) | ((starts[:, 0] == ends[:, 0]) & (starts[:, 1] > ends[:, 1]))
    edges = np.where(turn[:, None], np.hstack([ends, starts]), np.hstack([starts, ends]))
    order = np.lexsort(edges.T)
    edges = edges[order]
    same = (edges[1:] == edges[:-1]).all(axis=1)
    twice = np.concatenate([[False], same]) | np.concatenate([same, [False]])
    return edges[~twice].reshape(-1, 2, 2)


# Measuring


class _Flat:
    """A plane in metres round a strip: near enough for widths of metres, whatever the legal CRS."""

    def __init__(self, strip: Strip):
        self.north = DEGREE_M
        self.east = DEGREE_M * np.cos(np.radians(_latitude(strip)))

    def down(self, shapes: np.ndarray) -> np.ndarray:
        return shapely.transform(shapes, lambda xy: xy * (self.east, self.north))

    def up(self, shapes: np.ndarray) -> np.ndarray:
        return shapely.transform(shapes, lambda xy: xy / (self.east, self.north))


def _latitude(strip: Strip) -> float:
    bounds = shapely.total_bounds(strip.shapes)
    return float(bounds[1] + bounds[3]) / 2


def _degrees_per_metre(strip: Strip) -> float:
    """Of longitude, the longer of the two in degrees."""
    return 1 / (DEGREE_M * float(np.cos(np.radians(_latitude(strip)))))


def _measured(regions: np.ndarray, srids: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Area (m2), mean width (m) and length (m) of regions (degrees), in the plane of the legal CRS of each."""
    areas, lengths = np.zeros(len(regions)), np.zeros(len(regions))
    for srid in np.unique(srids):
        here = srids == srid
        planar = geometry.from_wgs84(regions[here], int(srid))
        areas[here] = geometry.area_m2(planar, int(srid))
        flat = shapely.area(planar)
        scale = np.sqrt(np.divide(areas[here], flat, out=np.zeros(len(flat)), where=flat > 0))
        lengths[here] = shapely.length(planar) * scale / 2
    widths = np.divide(areas, lengths, out=np.zeros_like(areas), where=lengths > 0)
    return areas, widths, lengths


def _finding(strip: Strip, one: int, other: int, area: float, gap: shapely.Geometry) -> Finding:
    place = overlaps.lies_at(shapely.point_on_surface(gap))
    params = strip.named(other) | {"area": f"{area:.2f}", PLACE: place}
    return Finding("gap", row=int(strip.rows[one]), ref=strip.refs[one], params=params)
