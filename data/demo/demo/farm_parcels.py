"""Parcels of the open country: the fields of chosen patches, farms along the lanes, and the public plots among them."""

import numpy as np
import shapely

from . import coverage, field_net
from .gardens import commune_of
from .scene_world import World
from .town_parcels import FARM, FIELD, PLOT, ParcelColumns, made, together

FARM_M = (5, 66)  # a farm lies between so many metres from the middle of its lane
FARM_WIDE_M = (15, 34)
SMALL_M2, THIN_M = 260, 6.0  # what is smaller or narrower goes to a neighbour


def open_country(world: World):
    """Where fields are: land without towns, roads, water, woods."""
    taken = [world.closed, world.woods, *shapely.buffer(world.built, 6)]
    return world.land.land - shapely.unary_union(taken)


def expected(world: World, country) -> np.ndarray:
    """About how many fields each patch has, from the size of its fields and some places in it that are open country."""
    patches = world.patches
    long, wide = field_net.size(np.arange(len(patches.shape)), patches.grows)
    middle, reach = shapely.centroid(patches.shape), np.sqrt(shapely.area(patches.shape)) / 3
    shapely.prepare(country)
    places = [
        (shapely.get_x(middle) + u * reach, shapely.get_y(middle) + v * reach) for u in (-1, 0, 1) for v in (-1, 0, 1)
    ]
    share = np.mean([shapely.contains_xy(country, *place) for place in places], axis=0)
    return shapely.area(patches.shape) * share / (long * wide)


def of_patches(world: World, outlines, country, chosen, seed: int = 9) -> ParcelColumns:
    """Parcels of chosen patches (numbers). outlines: plot_parts(); country: open_country()."""
    lanes = np.array(world.land.lanes)
    roads, zones = (shapely.STRtree(shapely.buffer(lanes, reach, cap_style=cap)) for reach, cap in (
        (FARM_M[0], "round"), (FARM_M[1], "flat")))  # fmt: skip
    lines, grounds = [], []
    for k in chosen:
        ground = _ground(roads, world.patches.shape[k], country)
        grounds.append(ground)
        lines.append(_field_lines(world, k, ground, zones))
    ground = shapely.union_all(np.array(grounds, object), grid_size=0.001)
    parts = np.array([part for part in shapely.get_parts(ground) if part.area > 4000], object)
    tree = shapely.STRtree(parts)
    own = np.unique(tree.query(outlines[0], predicate="within")[0])
    other = np.setdiff1d(np.unique(tree.query(outlines[0], predicate="intersects")[0]), own)
    lines += _farm_lines(world, tree, seed)
    lines += [shapely.boundary(parts), shapely.boundary(outlines[0][own]), shapely.boundary(outlines[0][other])]
    pieces = coverage.faces(np.concatenate(lines))
    # a plot that is only partly here is no parcel of this survey, nor is what it covers
    owner = coverage.owners(pieces, np.concatenate([outlines[0][own], outlines[0][other], parts]))
    kept = (owner >= 0) & ((owner < len(own)) | (owner >= len(own) + len(other)))
    pieces, owner = pieces[kept], owner[kept]
    public = owner < len(own)
    owner[~public] = len(own) + np.arange((~public).sum())
    sliver = ((coverage.width(pieces) < THIN_M) | (shapely.area(pieces) < SMALL_M2)) & ~public
    shapes, owner = coverage.merged(pieces, coverage.absorb(pieces, owner, sliver, ~public))
    return _described(world, shapes, owner, outlines, own)


def _ground(roads, shape, country):
    """The open country of one patch without its lanes."""
    ground = shape & shapely.clip_by_rect(country, *shape.bounds)
    return ground - shapely.unary_union(roads.geometries[roads.query(shape, predicate="intersects")])


def _field_lines(world, k, ground, zones) -> np.ndarray:
    """Edges of the fields of one patch and its outline, up to the farms along the lanes."""
    patches = world.patches
    shape = patches.shape[k]
    edges = field_net.edges(shape, int(k), int(patches.grows[k]), float(np.float32(patches.angle[k])))
    zone = shapely.unary_union(zones.geometries[zones.query(shape, predicate="intersects")])
    edges = shapely.intersection(np.append(edges, shape.boundary), ground - zone)
    return _solid(np.append(edges, shapely.intersection(zone.boundary, ground)))


def _described(world, shapes, owner, outlines, own) -> ParcelColumns:
    commune, public = commune_of(world, shapes), owner < len(own)
    at = own[owner[public]]
    plots = made(shapes[public], commune[public], comes=PLOT, plot=outlines[1][at], part=outlines[2][at])
    shapes, commune = shapes[~public], commune[~public]
    inner = shapely.point_on_surface(shapes)
    farm = shapely.STRtree(world.land.lanes).query(inner, predicate="dwithin", distance=FARM_M[1])[0]
    comes = np.full(len(shapes), FIELD)
    comes[farm] = FARM
    return together([plots, made(shapes, commune, comes=comes, stands=_grows(world, inner))])


def _grows(world, inner) -> np.ndarray:
    """What grows at points, as the scenes paint it."""
    patches = world.patches
    label = np.zeros(len(inner), int)
    point, patch = shapely.STRtree(patches.shape).query(inner, predicate="within")
    label[point] = patch
    angle, grows = patches.angle[label].astype(np.float32), patches.grows[label].astype(np.int8)
    return field_net.at(shapely.get_x(inner), shapely.get_y(inner), label, grows, angle)[0].astype(int)


def _farm_lines(world, tree, seed) -> list[np.ndarray]:
    """What divides the farms, and the borders of communes, in the parts of the ground (a tree)."""
    communes = [c.boundary for c in world.land.communes]
    borders = shapely.boundary(shapely.STRtree(communes).geometries)
    made_of = []
    for lines in (_cuts(world, tree, seed), borders):
        line, part = tree.query(lines, predicate="intersects")
        made_of.append(_solid(shapely.intersection(lines[line], tree.geometries[part])))
    return made_of


def _solid(lines):
    """Lines without the points that an intersection leaves."""
    parts = shapely.get_parts(shapely.get_parts(lines))
    return parts[(shapely.get_dimensions(parts) == 1) & ~shapely.is_empty(parts)]


def _cuts(world, parts, seed) -> np.ndarray:
    """Lines across the lanes that divide the farms on both sides; none where another lane is nearer."""
    lanes = np.array(world.land.lanes)
    made_of = []
    for k in np.unique(parts.query(lanes, predicate="dwithin", distance=FARM_M[0] + 1)[0]):
        rng = np.random.default_rng((seed, int(k)))
        for side in (-1, 1):
            widths = rng.uniform(*FARM_WIDE_M, int(lanes[k].length / FARM_WIDE_M[0]) + 2)
            at = np.cumsum(widths)
            at = at[at < lanes[k].length - 2]
            a, b = (shapely.get_coordinates(shapely.line_interpolate_point(lanes[k], at + d)) for d in (-1.5, 1.5))
            across = (b - a)[:, ::-1] * (-side, side)
            across /= np.maximum(np.hypot(*across.T)[:, None], 1e-9)
            ends = np.stack([(a + b) / 2 + across * (FARM_M[0] - 0.5), (a + b) / 2 + across * (FARM_M[1] + 0.5)], 1)
            made_of.append((shapely.linestrings(ends), np.full(len(ends), k)))
    if not made_of:
        return np.array([], object)
    cuts, lane = (np.concatenate(column) for column in zip(*made_of, strict=True))
    tree = shapely.STRtree(lanes)
    nearest = tree.nearest(shapely.points(shapely.get_coordinates(cuts)[1::2]))
    return cuts[nearest == lane]
