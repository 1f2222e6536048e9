"""Parcels of the open country: the fields of chosen patches, farms along the lanes, and the public plots among them."""

import numpy as np
import shapely

from . import coverage, field_net
from .gardens import commune_of
from .scene_world import World
from .town_parcels import FARM, FIELD, PLOT, Parcels, made, together

FARM_M = (5, 66)  # a farm lies between so many metres from the middle of its lane
FARM_WIDE_M = (15, 34)
SMALL_M2, THIN_M = 260, 6.0  # what is smaller or narrower goes to a neighbour


def open_country(world: World):
    """Where fields are: land without towns, roads, water, woods."""
    taken = [world.closed, world.woods, *shapely.buffer(world.built, 6)]
    return world.land.land - shapely.unary_union(taken)


def of_patches(world: World, outlines, country, chosen, seed: int = 9) -> Parcels:
    """Parcels of chosen patches (numbers). outlines: plot_parts(); country: open_country()."""
    patches = world.patches
    ground = shapely.unary_union(patches.shape[chosen]) & country
    near = np.array([part for part in shapely.get_parts(ground) if part.area > 4000], object)
    ground = shapely.set_precision(shapely.multipolygons(near), 0.001)
    lanes = shapely.buffer(np.array(world.land.lanes), FARM_M[0])
    ground = ground - shapely.unary_union(shapely.clip_by_rect(lanes, *ground.bounds))
    shapely.prepare(ground)
    own = np.flatnonzero(shapely.within(outlines[0], ground.buffer(0.01)))
    other = np.flatnonzero(shapely.intersects(outlines[0], ground) & ~np.isin(np.arange(len(outlines[0])), own))
    ground = ground - shapely.unary_union(outlines[0][other])
    pieces = coverage.faces(np.concatenate(_lines(world, outlines[0][own], ground, chosen, seed)))
    owner = coverage.owners(pieces, np.append(outlines[0][own], ground))
    pieces, owner = pieces[owner >= 0], owner[owner >= 0]
    public = owner < len(own)
    owner[~public] = len(own) + np.arange((~public).sum())
    sliver = ((coverage.width(pieces) < THIN_M) | (shapely.area(pieces) < SMALL_M2)) & ~public
    shapes, owner = coverage.merged(pieces, coverage.absorb(pieces, owner, sliver, ~public))
    return _described(world, shapes, owner, outlines, own)


def _described(world, shapes, owner, outlines, own) -> Parcels:
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


def _lines(world, plots, ground, chosen, seed) -> list[np.ndarray]:
    """Everything that cuts the country into parcels."""
    patches = world.patches
    zone = shapely.buffer(np.array(world.land.lanes), FARM_M[1], cap_style="flat", quad_segs=4)
    zone = shapely.unary_union(shapely.clip_by_rect(zone, *ground.bounds))
    fields = []
    for k in chosen:
        shape = patches.shape[k]
        edges = field_net.edges(shape, int(k), int(patches.grows[k]), float(np.float32(patches.angle[k])))
        shapely.prepare(shape)
        fields.append(shapely.intersection(edges, shape))
    fields = np.concatenate([*fields, shapely.boundary(patches.shape[chosen])])
    fields = shapely.intersection(shapely.difference(fields, zone), ground)
    near = [commune.boundary.boundary for commune in world.land.communes if commune.boundary.intersects(ground)]
    between = shapely.intersection(np.append(near, zone.boundary), ground)
    farms = shapely.intersection(_cuts(world, ground, seed), ground)
    return [_solid(fields), _solid(between), _solid(farms), shapely.boundary(plots), np.array([ground.boundary])]


def _solid(lines):
    """Lines without the points that an intersection leaves."""
    parts = shapely.get_parts(shapely.get_parts(lines))
    return parts[(shapely.get_dimensions(parts) == 1) & ~shapely.is_empty(parts)]


def _cuts(world, ground, seed) -> np.ndarray:
    """Lines across the lanes that divide the farms on both sides; none where another lane is nearer."""
    lanes = np.array(world.land.lanes)
    made_of = []
    for k in np.flatnonzero(shapely.dwithin(lanes, ground, FARM_M[0] + 1)):
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
