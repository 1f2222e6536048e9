"""Parcels of the towns: the lots of chosen blocks with the public plots in them.

Parcels are columns of arrays; where a lot of block_lots stands a house in a scene, that house stands in its parcel.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import geopandas
import numpy as np
import shapely

from . import block_lots, coverage
from .block_lots import VACANT, YARDED, Lots
from .fabric import Block, rectangles
from .landscape import Landscape

LOT, PLOT, REAR, GARDEN, FIELD, FARM = range(6)  # where a parcel comes from; REAR: behind or beside a plot
THIN_M = 1.6  # a rest narrower than this is no parcel: it goes to a neighbour or is a passage


@dataclass(eq=False)
class ParcelColumns:
    """Parcels as columns; -1 where a number does not apply."""

    shape: np.ndarray
    comes: np.ndarray  # LOT ... FARM
    commune: np.ndarray  # index of Landscape.communes
    plot: np.ndarray  # number of the public plot that it is, or is a part of
    part: np.ndarray  # which part of the plot, counted from 0
    block: np.ndarray  # number of the block among all blocks
    row: np.ndarray  # of the block: 0 or 1
    stands: np.ndarray  # what stands there (block_lots), or what grows there (scene_world) on fields
    guard: np.ndarray  # 1 defence, 2 public security, 0 else

    def __len__(self):
        return len(self.shape)

    def only(self, chosen) -> "ParcelColumns":
        """The chosen ones: a mask or an array of numbers."""
        return ParcelColumns(*(getattr(self, column.name)[chosen] for column in fields(self)))


def made(shape, commune, **columns) -> ParcelColumns:
    """Parcels from the columns that apply."""
    values = {"plot": -1, "part": 0, "block": -1, "row": 0, "stands": VACANT, "guard": 0} | columns
    count = len(shape)
    return ParcelColumns(shape, commune=np.broadcast_to(commune, count).astype(int), **{
        name: np.broadcast_to(value, count).astype(int) for name, value in values.items()
    })  # fmt: skip


def together(parts: Sequence[ParcelColumns]) -> ParcelColumns:
    """Several tables as one."""
    return ParcelColumns(
        *(np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(ParcelColumns))
    )


def plot_parts(plots: geopandas.GeoDataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outlines of the parcels that make up the public plots: (shape, number of the plot, part).

    A plot has as many parcels as the inventory names, side by side, where it can be cut so; else it is one.
    """
    shapes = plots.geometry.to_numpy()
    count = plots["SOTHUA"].str.count(",").to_numpy() + 1
    single = np.flatnonzero(count == 1)
    parts = [(shapes[single], single, np.zeros(len(single), int))]
    for k in np.flatnonzero(count > 1):
        cut = _side_by_side(shapes[k], count[k])
        parts.append((cut, np.full(len(cut), k), np.arange(len(cut))))
    shape, plot, part = (np.concatenate(column) for column in zip(*parts, strict=True))
    return shape, plot, part


def _side_by_side(shape, count: int) -> np.ndarray:
    """A polygon cut across its longer side into `count` polygons, or whole where a cut would leave pieces."""
    a, b, c = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))[:3]
    if np.hypot(*(b - a)) < np.hypot(*(c - b)):
        a, b, c = b, c, a + (c - b)
    along, across = b - a, c - b
    ends = np.linspace(-0.001, 1.001, count + 1)
    ends[1:-1] = np.arange(1, count) / count
    strips = [
        shapely.Polygon(
            [a + along * s - across, a + along * e - across, a + along * e + across * 2, a + along * s + across * 2]
        )
        for s, e in itertools.pairwise(ends)
    ]
    parts = shapely.intersection(shape, np.array(strips), grid_size=0.001)
    whole = (shapely.get_type_id(parts) == 3) & (coverage.width(parts) > 3)
    return parts if whole.all() else np.array([shape])


# --- Blocks --------------------------------------------------------------------------------------


def of_blocks(
    land: Landscape, plots: geopandas.GeoDataFrame, outlines, blocks: Sequence[Block], numbers, guards: dict[int, int]
) -> ParcelColumns:
    """Parcels of some blocks. outlines: plot_parts(); guards: number of a block -> what is guarded in it."""
    lots = block_lots.subdivide(land, plots, blocks, numbers)
    known = together(
        [_plots(outlines, lots, blocks, numbers), *_private(lots, blocks, numbers, guards), _grounds(blocks, numbers)]
    )
    pieces = coverage.faces(shapely.boundary(known.shape))
    owner = coverage.owners(pieces, known.shape)
    comes = np.where(owner < 0, REAR, known.comes[owner])
    sliver = (coverage.width(pieces) < np.where(comes == REAR, THIN_M, 0.4)) & (comes != PLOT)
    owner = coverage.absorb(pieces, owner, sliver, comes == LOT)
    # each rest of a block is a parcel of its own
    rest = np.flatnonzero((comes == REAR) & (owner >= 0) & ~sliver)
    source = np.concatenate([np.arange(len(known)), owner[rest]])
    owner[rest] = len(known) + np.arange(len(rest))
    shapes, owner = coverage.merged(pieces, owner)
    parcels = known.only(source[owner])
    parcels.shape = shapes
    return parcels


def _plots(outlines, lots: Lots, blocks, numbers) -> ParcelColumns:
    """Outlines of the public plots in the blocks."""
    lot_of = {plot: k for k, plot in enumerate(lots.plot.tolist()) if plot >= 0}
    shape, plot, part = (column[np.isin(outlines[1], lots.plot)] for column in outlines)
    lot = np.array([lot_of[number] for number in plot.tolist()], int)
    return _in_blocks(
        shape, PLOT, lots.block[lot], blocks, numbers, plot=plot, part=part, row=lots.row[lot], stands=lots.stands[lot]
    )


def _private(lots: Lots, blocks, numbers, guards) -> Iterator[ParcelColumns]:
    """Outlines of the private lots; what is guarded takes the place of the lots in the middle of a row."""
    private = np.flatnonzero(lots.plot < 0)
    guard = np.array([guards.get(number, 0) for number in np.asarray(numbers).tolist()], int)
    length = np.array([block.length for block in blocks])[lots.block]
    middle = (lots.start + lots.end) / 2 / length
    inside = (guard[lots.block] > 0) & (lots.row == 0) & (middle > 0.2) & (middle < 0.75) & (lots.plot < 0)
    for k in np.unique(lots.block[inside]):
        taken = np.flatnonzero(inside & (lots.block == k))
        ends = lots.start[taken].min(), lots.end[taken].max()
        shape = _rectangles(blocks, np.array([k]), np.array([0]), *np.array(ends)[:, None])
        yield _in_blocks(shape, LOT, np.array([k]), blocks, numbers, stands=YARDED, guard=guard[k])
    rows = private[~inside[private]]
    shape = _rectangles(blocks, lots.block[rows], lots.row[rows], lots.start[rows], lots.end[rows])
    yield _in_blocks(shape, LOT, lots.block[rows], blocks, numbers, row=lots.row[rows], stands=lots.stands[rows])


def _grounds(blocks, numbers) -> ParcelColumns:
    """The blocks themselves: what is left of them behind and beside the plots."""
    return _in_blocks(np.array([block.polygon for block in blocks]), REAR, np.arange(len(blocks)), blocks, numbers)


def _in_blocks(shape, comes, block, blocks, numbers, **columns) -> ParcelColumns:
    commune = np.array([b.commune for b in blocks])[block]
    return made(shape, commune, comes=comes, block=np.asarray(numbers)[block], **columns)


def _rectangles(blocks, block, row, start, end) -> np.ndarray:
    """Lots from the street to the middle of their block, in EPSG:5899."""
    depth = np.array([b.depth for b in blocks])[block]
    across = np.where(row == 1, depth, 0), depth / 2
    return rectangles(blocks, block, (start.astype(float), end.astype(float)), across)
