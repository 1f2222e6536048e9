"""Where a scene has pixels: its mask on a coarse grid, kept with the scene, so that its file is opened only where that says too little."""

import math
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasterio.windows import Window

NONE, ALL, SOME = range(3)  # of the pixels of a cell
CELLS = 64  # along the longer side, at most
STRIP = 512  # rows that are read at once


@dataclass(frozen=True)
class PixelCover:
    """Of each cell of `cell_px` pixels, from the upper left corner, whether none, all or some of them are valid."""

    cell_px: int
    states: np.ndarray  # rows, columns

    def at(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """The states at every crossing of rows and columns of the scene's pixels; NONE beside it."""
        height, width = self.states.shape
        down, along = np.floor(rows / self.cell_px).astype(int), np.floor(columns / self.cell_px).astype(int)
        found = self.states[np.ix_(down.clip(0, height - 1), along.clip(0, width - 1))].copy()
        found[(down < 0) | (down >= height), :] = NONE
        found[:, (along < 0) | (along >= width)] = NONE
        return found

    def within(self, rows: tuple[float, float], columns: tuple[float, float]) -> int:
        """The state of all that lies between two rows and two columns of the scene's pixels; beside it there are none."""
        height, width = self.states.shape
        (top, bottom), (left, right) = (
            (math.floor(first / self.cell_px), math.ceil(last / self.cell_px)) for first, last in (rows, columns)
        )
        part = self.states[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
        is_inside = min(top, left) >= 0 and bottom <= height and right <= width
        if part.size and is_inside and (part == ALL).all():
            return ALL
        return SOME if (part != NONE).any() else NONE

    def encoded(self) -> bytes:
        height, width = self.states.shape
        head = b"".join(number.to_bytes(4) for number in (self.cell_px, height, width))
        return head + zlib.compress(self.states.astype("uint8").tobytes())


def decoded(content: bytes) -> PixelCover:
    cell_px, height, width = (int.from_bytes(content[place : place + 4]) for place in (0, 4, 8))
    states = np.frombuffer(zlib.decompress(content[12:]), "uint8").reshape(height, width)
    return PixelCover(cell_px, states)


def cover_of(image: Any) -> PixelCover:
    """The cover of an open image, by the mask of all its pixels."""
    cell_px = math.ceil(max(image.width, image.height) / CELLS)
    size = (math.ceil(image.height / cell_px), math.ceil(image.width / cell_px))
    is_any, is_all = np.zeros(size, bool), np.ones(size, bool)
    edges = np.arange(0, image.width, cell_px)
    for row in range(size[0]):
        end = min((row + 1) * cell_px, image.height)
        for top in range(row * cell_px, end, STRIP):
            valid = image.read_masks(1, window=Window(0, top, image.width, min(STRIP, end - top))) > 0
            is_any[row] |= np.logical_or.reduceat(valid.any(axis=0), edges)
            is_all[row] &= np.logical_and.reduceat(valid.all(axis=0), edges)
    return PixelCover(cell_px, np.where(is_all, ALL, np.where(is_any, SOME, NONE)).astype("uint8"))
