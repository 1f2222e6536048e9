"""Built-up land between the blocks: single houses in their gardens, as the scenes draw and the cadastre surveys them."""

import numpy as np
import shapely

from . import coverage
from .scene_world import World
from .sheet import chance
from .town_parcels import GARDEN, PLOT, ParcelColumns, made, together

CELL_M = 15.0  # each cell of a net has one house, or none
SMALL_M2 = 45


def has_hut(column, row):
    """Whether a house stands in the cell with these whole numbers (arrays)."""
    return chance(column, row, seed=90) < 0.62


def hut_places(column, row):
    """Where the house of a cell stands: x, y in EPSG:5899."""
    x = (column + 0.5) * CELL_M + (chance(column, row, seed=91) - 0.5) * 4
    return x, (row + 0.5) * CELL_M + (chance(column, row, seed=92) - 0.5) * 4


def of_place(world: World, outlines, pavements, near, inside) -> ParcelColumns:
    """Gardens with their house inside a place, each the land nearest to its house.

    outlines: plot_parts(); pavements: the blocks with half of their streets; near: the place that a scene shows, whose
    avenues are those of the scene; inside: where gardens are surveyed.
    """
    ground = _ground(world, pavements, near, inside)
    column, row = (np.unique(np.floor(axis / CELL_M)) for axis in _reach(inside))
    column, row = (axis.ravel() for axis in np.meshgrid(column, row))
    some = has_hut(column, row)
    huts = shapely.multipoints(np.column_stack(hut_places(column[some], row[some])))
    cells = shapely.get_parts(shapely.voronoi_polygons(huts, only_edges=True))
    communes = [c.boundary for c in world.land.communes if c.boundary.intersects(inside)]
    own = np.flatnonzero(shapely.within(outlines[0], ground.buffer(0.01)))
    lines = [shapely.intersection(cells, ground), shapely.boundary([ground]), shapely.boundary(outlines[0][own])]
    lines.append(shapely.intersection(shapely.boundary(communes), ground))
    pieces = coverage.faces(np.concatenate(lines))
    owner = coverage.owners(pieces, np.append(outlines[0][own], ground))
    pieces, owner = pieces[owner >= 0], owner[owner >= 0]
    public = owner < len(own)
    owner[~public] = len(own) + np.arange((~public).sum())
    sliver = ((coverage.width(pieces) < 3) | (shapely.area(pieces) < SMALL_M2)) & ~public
    shapes, owner = coverage.merged(pieces, coverage.absorb(pieces, owner, sliver, ~public))
    commune = commune_of(world, shapes)
    public = owner < len(own)
    at = own[owner[public]]
    return together(
        [
            made(shapes[~public], commune[~public], comes=GARDEN),
            made(shapes[public], commune[public], comes=PLOT, plot=outlines[1][at], part=outlines[2][at]),
        ]
    )


def _reach(inside):
    west, south, east, north = inside.bounds
    margin = 3 * CELL_M
    return np.arange(west - margin, east + margin, CELL_M / 2), np.arange(south - margin, north + margin, CELL_M / 2)


def _ground(world, pavements, near, inside):
    """Built-up land inside a place without blocks, streets, roads, woods and water."""
    built = shapely.unary_union([area for area in world.built if area.intersects(inside)])
    taken = [*pavements, *shapely.buffer(world.avenues(near), 6.2), world.closed, world.woods]
    taken += list(shapely.buffer(world.land.lanes, 4))
    close = shapely.clip_by_rect(np.array(taken, object), *inside.buffer(60).bounds)
    return shapely.set_precision((built & inside) - shapely.unary_union(close), 0.001)


def commune_of(world: World, shapes) -> np.ndarray:
    """Index of the commune that holds each shape."""
    tree = shapely.STRtree([commune.boundary for commune in world.land.communes])
    inner = shapely.point_on_surface(shapes)
    found = np.full(len(shapes), -1)
    shape, commune = tree.query(inner, predicate="intersects")
    found[shape] = commune
    return found
