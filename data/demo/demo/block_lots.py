"""Lots of the blocks: what the cadastre surveys and what the scenes draw.

Every block of the fabric is cut into lots along its two streets; a public plot is a lot of its own, with the corners
that the inventory gives it. A block is cut the same way wherever it is asked for. Lots are columns of arrays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import geopandas
import numpy as np
import shapely

from .fabric import Block
from .landscape import Landscape
from .sheet import chance

HOUSE, VILLA, HALL, YARDED, VACANT, PARK, PITCH, GRAVES, PAVED, SCRUBLAND = range(10)
# land use of a public plot in a town -> what stands there when it is in use
STANDS = {"ODT": HOUSE, "ONT": HOUSE, "DGD": YARDED, "DYT": YARDED, "TSC": YARDED, "DVH": YARDED, "DBV": YARDED}
STANDS |= {"DCH": HALL, "SKC": HALL, "TMD": HALL, "CGT": YARDED, "SKN": HALL, "NKH": HALL, "DKV": PARK, "DTT": PITCH}
STANDS |= {
    "NTD": GRAVES,
    "DGT": PAVED,
    "DTL": YARDED,
    "BCS": SCRUBLAND,
    "PNK": SCRUBLAND,
    "DNL": PAVED,
    "DCS": SCRUBLAND,
}
ELSEWHERE = -1  # taken by a lot of the other row that goes through the whole block


@dataclass(eq=False)
class Lots:
    """Lots as columns: number of the block, row (0 or 1), ends along the street, depth, use, when it was built on."""

    block: np.ndarray
    row: np.ndarray
    start: np.ndarray
    end: np.ndarray
    depth: np.ndarray
    stands: np.ndarray
    plot: np.ndarray  # number of the public plot, or -1
    changes: np.ndarray  # 1: built on or cleared between the two dates
    key: np.ndarray  # a number that is the lot's own wherever it is drawn from

    def __len__(self):
        return len(self.block)


def subdivide(
    land: Landscape, plots: geopandas.GeoDataFrame, blocks: Sequence[Block], numbers: Iterable[int], seed: int = 5
) -> Lots:
    """Public plots first, the rest of each row filled with private lots.

    plots: the table of public_land.plots(); numbers: those of the blocks among all blocks of the province.
    """
    taken = _public(plots, blocks)
    rows = []
    for k, (block, number) in enumerate(zip(blocks, numbers, strict=True)):
        rng = np.random.default_rng((seed, int(number)))
        commune = land.communes[block.commune]
        out = np.hypot(*(np.array(block.origin) - commune.centre)) / max(commune.built_m, 1)
        style = float(chance(block.commune, block.patch, seed=40))
        loose = np.clip(0.12 + 0.4 * out + 0.45 * (style - 0.5) + (0 if commune.urban else 0.35), 0.02, 0.85)
        for row in (0, 1):
            public = sorted(taken.get((k, row), []))
            lots = [(*place, 0) for place in public if place[3] != ELSEWHERE]
            for a, b in _gaps([place[:2] for place in public], block.length):
                lots += _private(block, a, b, loose, rng)
            first = (int(number) * 2 + row) * 200
            rows += [(k, row, *lot, first + n) for n, lot in enumerate(lots)]
    columns = np.array(rows, float).reshape(-1, 9).T
    kinds = {"block": int, "row": int, "stands": int, "plot": int, "changes": int, "key": int}
    names = [column.name for column in fields(Lots)]
    return Lots(
        **{name: column.astype(kinds.get(name, np.float32)) for name, column in zip(names, columns, strict=True)}
    )


def _public(plots, blocks):
    """(block, row) -> (start, end, depth, what stands there, number of the plot)."""
    shapes = plots.geometry.to_numpy()
    use, state = plots["LOAIDAT"].to_numpy(), plots["HIENTRANG"].to_numpy()
    tree = shapely.STRtree([block.polygon for block in blocks])
    taken: dict = {}
    for plot, k in tree.query(shapely.point_on_surface(shapes), predicate="within").T:
        block = blocks[k]
        along, across = block.local(shapely.get_coordinates(shapes[plot])).T
        stands = STANDS.get(use[plot], SCRUBLAND) if state[plot] != "TRONG" else VACANT
        if state[plot] == "TRONG" and use[plot] in ("BCS", "PNK", "DCS"):
            stands = SCRUBLAND
        low, high = float(across.min()), float(across.max())
        place = max(float(along.min()), 0.0), min(float(along.max()), block.length), high - low, stands, int(plot)
        if high - low > 0.7 * block.depth:
            taken.setdefault((k, 0), []).append(place)
            taken.setdefault((k, 1), []).append((*place[:3], ELSEWHERE, int(plot)))
        else:
            taken.setdefault((k, int(low + high > block.depth)), []).append(place)
    return taken


def _gaps(intervals, length):
    at = 0.0
    for a, b in intervals:
        if a - at > 2.5:
            yield at, a
        at = max(at, b)
    if length - at > 2.5:
        yield at, length


def _private(block: Block, start, end, loose, rng):
    """Private lots that fill a stretch: (start, end, depth, stands, -1, changes)."""
    coarse = block.depth > 90
    half = block.depth / 2
    while end - start > 2.5:
        draw = rng.random()
        if coarse and draw < 0.6:
            stands, width = (HALL, rng.uniform(24, 60)) if rng.random() < 0.55 else (YARDED, rng.uniform(30, 70))
        elif draw < 1 - loose:
            stands, width = HOUSE, rng.choice([4.0, 4.5, 5.0, 5.0, 5.0, 6.0, 7.5])
        elif draw < 1 - 0.42 * loose:
            stands, width = VILLA, rng.uniform(8, 17)
        else:
            stands, width = VACANT, rng.uniform(5, 22)
        run = int(rng.integers(2, 9)) if stands == HOUSE else 1
        for _ in range(run):
            stop = min(start + width, end)
            if end - stop < 2.6:
                stop = end
            yield start, stop, half, stands, -1, int(rng.random() < 0.045)
            start = stop
            if end - start <= 2.5:
                return
