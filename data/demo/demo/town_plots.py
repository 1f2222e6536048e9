"""Plots in the blocks of towns and villages: lots along a street, corner plots, L-shapes, whole blocks.

A plot keeps inside the rectangle of its block that it took, so plots never overlap.
"""

import numpy as np
import shapely

from .fabric import Block


class Rows:
    """What is still free in one block: how far each of its two rows is taken."""

    def __init__(self, block: Block):
        self.block = block
        self.taken = [0.0, 0.0]

    def fits(self, row, frontage, whole):
        start = max(self.taken) if whole else self.taken[row]
        return start + frontage <= self.block.length

    def take(self, row, frontage, gap, whole):
        """Reserve a stretch; returns where it starts."""
        start = max(self.taken) if whole else self.taken[row]
        for r in (0, 1) if whole else (row,):
            self.taken[r] = start + frontage + gap
        return start


def resettlement_lots(rows: Rows, row: int, count: int, area: float, rng):
    """Equal lots side by side along one row, a few of them already given away. Yields (number, polygon)."""
    block = rows.block
    depth = min(block.depth / 2 - 0.02, rng.uniform(17, 22))
    frontage = area / depth
    start = rows.take(row, 0, 0, False)
    number = 0
    while count > 0 and start + frontage <= block.length:
        number += 1
        if rng.random() < 0.82:
            yield number, _placed(block, row, start, [(0, 0), (frontage, 0), (frontage, depth), (0, depth)])
            count -= 1
        start += frontage
    rows.taken[row] = block.length


def plot(rows: list[Rows], area: float, rng, tries: int = 25):
    """One plot of about `area` m2 in the first of some random blocks with room: (Rows, row, polygon) or None."""
    for k in rng.integers(0, len(rows), tries):
        free = rows[k]
        half = free.block.depth / 2 - 0.02
        depth = half if area > 1200 else rng.uniform(min(11, half), min(half, 9 + area**0.5))
        whole = area / depth > 0.6 * free.block.length
        if whole:
            depth = free.block.depth
        bite = rng.uniform(0.15, 0.3) if area > 380 and rng.random() < 0.09 else 0.0
        frontage = area / depth / (1 - bite)
        row = int(rng.integers(2))
        if frontage < 3.2 or not free.fits(row, frontage, whole):
            continue
        gap = 0.02 if rng.random() < 0.2 else rng.exponential(22)
        start = free.take(row, frontage, gap, whole)
        corners = _corners(frontage, depth, bite, start, area, rng)
        return free, row, _placed(free.block, row, start, corners, _pond(frontage, depth, area, bite, rng))
    return None


def _corners(frontage, depth, bite, start, area, rng):
    """Corners of the plot in its own rectangle [0, frontage] x [0, depth]."""
    if bite:
        along = rng.uniform(0.35, 0.6)
        x, y = frontage * (1 - along), depth * (1 - bite / along)
        return [(0, 0), (frontage, 0), (frontage, y), (x, y), (x, depth), (0, depth)]
    skew = rng.uniform(0, 0.07, 3) if rng.random() < 0.6 else np.zeros(3)
    rear = [(frontage * (1 - skew[0]), depth * (1 - skew[1])), (0, depth * (1 - skew[2]))]
    if start == 0 and frontage > 12 and area > 250:
        # a plot at a crossing gives its corner to the pavement
        cut = rng.uniform(3, 5)
        return [(cut, 0), (frontage, 0), *rear, (0, cut)]
    return [(0, 0), (frontage, 0), *rear]


def _pond(frontage, depth, area, bite, rng):
    """A part that is not State land any more or a pond: a hole in some large plots."""
    if area < 2400 or bite or rng.random() > 0.05:
        return None
    x, y = rng.uniform(0.25, 0.5) * frontage, rng.uniform(0.25, 0.45) * depth
    w, h = rng.uniform(0.18, 0.3) * frontage, rng.uniform(0.2, 0.35) * depth
    return [(x, y), (x + 0.05 * w, y + h), (x + w, y + 0.9 * h), (x + 0.95 * w, y)]


def _placed(block, row, start, corners, hole=None):
    """Plot coordinates to EPSG:5899; row 1 faces the upper street."""

    def place(points):
        points = np.asarray(points, float) + [start, 0]
        if row:
            points[:, 1] = block.depth - points[:, 1]
        return block.place(points)

    return shapely.Polygon(place(corners), [place(hole)] if hole else None)
