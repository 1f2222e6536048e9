"""How the open country is laid out: patches of fields in rows, like bricks of unequal size.

The scenes paint these fields and the cadastre surveys them. A field's edges are whole numbers of a net that is turned
and slightly bent; all functions take and give metres of EPSG:5899 as arrays.
"""

import numpy as np
import shapely

from .scene_world import ANNUAL, FIELD_M, ORCHARD, RICE, RUBBER, SCRUB
from .sheet import chance, cloud

ORIGIN = (420_000, 1_150_000)  # of the net, so that single precision is enough
BEND_M, TEXEL_M = 5, 8.0
MIXED = np.array([RUBBER, ORCHARD, ORCHARD, ANNUAL, SCRUB], np.int8)  # what other fields of a patch may be
STEP_M = 14.0  # between two corners of a bent edge


def bends():
    """Two periodic textures with texels of TEXEL_M: how far the net is moved along and across, in BEND_M."""
    return cloud(1.5, 14), cloud(1.5, 26)


def bend_at(x, y) -> tuple[np.ndarray, np.ndarray]:
    """How far the net is moved at places, metres along and across."""
    column, row = x / TEXEL_M - 0.5, -y / TEXEL_M - 0.5
    j, i = np.floor(column).astype(np.int64), np.floor(row).astype(np.int64)
    u, v = column - j, row - i
    moved = []
    for values in bends():
        size = len(values)
        upper = values[i % size, j % size] * (1 - u) + values[i % size, (j + 1) % size] * u
        lower = values[(i + 1) % size, j % size] * (1 - u) + values[(i + 1) % size, (j + 1) % size] * u
        moved.append((upper * (1 - v) + lower * v) * BEND_M)
    return moved[0], moved[1]


def size(label, grows) -> tuple[np.ndarray, np.ndarray]:
    """Mean length and width of the fields of a patch, by its number and what grows on it."""
    sizes = np.array([FIELD_M[kind] for kind in range(len(FIELD_M))], np.float32)
    scale = 0.65 + chance(label, seed=23)
    return sizes[grows, 0] * scale, sizes[grows, 1] * scale


def bricks(along, across, label, grows):
    """(what grows, number of the field, metres to its edge) at bent coordinates, float32."""
    long, wide = size(label, grows)
    row, row_edge = _cells(across / wide, label, seed=20)
    row += (label * 977).astype(np.int32)
    column, column_edge = _cells(along / long, row, seed=21)
    edge = np.minimum(row_edge * wide, column_edge * long)
    field = row * 769 + column  # one number a field, near enough
    other = chance(field, seed=22)
    mixed = (other < 0.34) & np.isin(grows, (RUBBER, ORCHARD, ANNUAL, SCRUB)) | (other < 0.12) & (grows == RICE)
    return np.where(mixed, MIXED[(other * 997).astype(int) % len(MIXED)], grows), field, edge


def _cells(position, *keys, seed):
    """Which interval of unequal length a position lies in, and how far from its nearest end (in mean lengths)."""
    nearest = np.rint(position)
    beyond = position - nearest - _move(*keys, nearest, seed=seed)
    return (nearest - (beyond < 0)).astype(np.int32), np.abs(beyond)


def _move(*keys, seed):
    """How far an end of an interval is from its whole number."""
    return (chance(*keys, seed=seed) - np.float32(0.5)) * np.float32(0.7)


def at(x, y, label, grows, angle) -> tuple[np.ndarray, np.ndarray]:
    """(what grows, number of the field) at places in patches."""
    moved = bend_at(x, y)
    x, y, cos, sin = x - ORIGIN[0], y - ORIGIN[1], np.cos(angle), np.sin(angle)
    along, across = x * cos + y * sin + moved[0], y * cos - x * sin + moved[1]
    return bricks(along.astype(np.float32), across.astype(np.float32), label, grows)[:2]


def edges(shape, label: int, grows: int, angle: float) -> np.ndarray:
    """Edges of the fields of one patch as bent lines, some way beyond its outline."""
    long, wide = (float(value[0]) for value in size(np.array([label]), np.array([grows])))
    x, y = shapely.get_coordinates(shape).T - np.array(ORIGIN)[:, None]
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    left, right = along.min() - 3 * BEND_M, along.max() + 3 * BEND_M
    rows = np.arange(np.floor(across.min() / wide) - 2, np.ceil(across.max() / wide) + 3)
    heights = (rows + _move(np.full(len(rows), label), rows, seed=20)) * wide
    columns = np.arange(np.floor(left / long) - 1, np.ceil(right / long) + 2)
    row, column = (axis.ravel() for axis in np.meshgrid(rows[:-1], columns, indexing="ij"))
    key = row.astype(np.int32) + np.int32(label * 977)
    ends = (column + _move(key, column, seed=21)) * long
    # a little beyond the row, so that a column meets its bent edges
    low, high = np.repeat(heights[:-1], len(columns)) - 0.4, np.repeat(heights[1:], len(columns)) + 0.4
    whole = np.ones(len(rows))
    return _bent(
        np.concatenate([whole * left, ends]),
        np.concatenate([whole * right, ends]),
        np.concatenate([heights, low]),
        np.concatenate([heights, high]),
        angle,
    )


def _bent(left, right, low, high, angle) -> np.ndarray:
    """Straight lines of the net in EPSG:5899, bent as the net is there."""
    count = np.maximum(2, (np.hypot(right - left, high - low) / STEP_M).astype(int) + 1)
    line = np.repeat(np.arange(len(count)), count)
    share = (np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)) / (count - 1)[line]
    along, across = left[line] + (right - left)[line] * share, low[line] + (high - low)[line] * share
    moved = np.zeros(len(line)), np.zeros(len(line))
    for _ in range(4):
        u, v = along - moved[0], across - moved[1]
        x = u * np.cos(angle) - v * np.sin(angle) + ORIGIN[0]
        y = u * np.sin(angle) + v * np.cos(angle) + ORIGIN[1]
        moved = bend_at(x, y)
    return shapely.linestrings(x, y, indices=line)
