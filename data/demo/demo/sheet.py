"""A rectangle of ground cut into pixels, and textures that always lie at the same place on it.

A texture is a periodic array; its value at a place depends on the place alone, so that neighbouring sheets, other
dates and another seed of anything else give the same pixels. Metres, EPSG:5899; rows run from north to south.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import shapely
from PIL import Image
from rasterio.enums import MergeAlg
from rasterio.features import rasterize
from rasterio.transform import Affine

SUN = np.array([0.72, -0.69])  # horizontally towards the sun: a morning in February, from the south-east
SUN_RISE = 1.25  # tangent of its height: a wall of 5 m throws a shadow of 4 m
_TABLE = np.random.default_rng(20240211).random(1 << 16, dtype=np.float32)


def chance(*keys, seed: int = 0):
    """A number in [0, 1) that depends on whole numbers (arrays of one shape) and nothing else; float32."""
    mixed: Any = np.uint32((seed * 2654435761 + 12345) & 0xFFFFFFFF)
    with np.errstate(over="ignore"):
        for key in keys:
            mixed = (mixed ^ np.asarray(key).astype(np.int64).astype(np.uint32)) * np.uint32(0x9E3779B1)
            mixed = mixed ^ (mixed >> np.uint32(15))
        return _TABLE[(mixed * np.uint32(0x85EBCA6B)) >> np.uint32(16)]


@lru_cache(maxsize=32)
def cloud(slope: float, seed: int, stretch: float = 1.0, size: int = 1024):
    """Periodic noise (size, size) whose spectrum falls with frequency to the power of `slope`; mean 0, deviation 1.

    With a stretch above 1 its shapes are that much longer from west to east.
    """
    fy, fx = np.meshgrid(np.fft.fftfreq(size), np.fft.rfftfreq(size) * stretch, indexing="ij")
    frequency = np.maximum(np.hypot(fx, fy), 1 / size)
    phase = np.random.default_rng(seed).normal(size=(2, *frequency.shape))
    spectrum = (phase[0] + 1j * phase[1]) * frequency**-slope * (frequency > 1.5 / size)
    values = np.fft.irfft2(spectrum, (size, size)).astype(np.float32)
    return values / values.std()


@lru_cache(maxsize=8)
def crowns(cell: int, low: float, high: float, seed: int, size: int = 1024):
    """Crowns of trees as a periodic array (size, size) of pixels, one tree in each square of `cell` pixels.

    Gives (near, dx, dy, key): distance from the nearest trunk in radii of its crown (below 1: in the crown), whole
    pixels from here to the trunk, and a number in [0, 1) of the tree. Radii are low..high pixels.
    """
    count = size // cell
    size = count * cell
    rng = np.random.default_rng(seed)
    offset, radius = rng.random((2, count, count), np.float32), rng.uniform(low, high, (count, count)).astype("f4")
    identity = rng.random((count, count), np.float32)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    row, column = (y // cell).astype(int), (x // cell).astype(int)
    near = np.full((size, size), 9, np.float32)
    found = [np.zeros((size, size), np.float32) for _ in range(3)]
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            at = (row + i) % count, (column + j) % count
            dx = (column + j + offset[0][at]) * cell - x
            dy = (row + i + offset[1][at]) * cell - y
            distance = np.hypot(dx, dy) / radius[at]
            closer = distance < near
            near[closer] = distance[closer]
            for kept, value in zip(found, (dx, dy, identity[at]), strict=True):
                kept[closer] = value[closer]
    return near, np.rint(found[0]).astype(np.int16), np.rint(found[1]).astype(np.int16), found[2]


@dataclass(frozen=True, eq=False)
class PixelGrid:
    """Upper left corner (west, north), size of a pixel in metres, rows and columns."""

    west: float
    north: float
    pixel: float
    rows: int
    columns: int

    @cached_property
    def _kept(self) -> dict:
        return {}

    def once(self, key, make):
        """make(), worked out the first time it is asked for under this key."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.columns

    @cached_property
    def box(self):
        return shapely.box(
            self.west, self.north - self.rows * self.pixel, self.west + self.columns * self.pixel, self.north
        )

    @cached_property
    def x(self):
        """Eastings of the pixels' centres, (columns,)."""
        return self.west + (np.arange(self.columns) + 0.5) * self.pixel

    @cached_property
    def y(self):
        """Northings of the pixels' centres, (rows,)."""
        return self.north - (np.arange(self.rows) + 0.5) * self.pixel

    def burn(self, shapes, values=None, dtype="uint8", touched: bool = False):
        """Shapes drawn with their values (1 where none are given), 0 elsewhere; later ones on top."""
        shapes = np.asarray(shapes, dtype=object).ravel()
        values = np.ones(len(shapes), int) if values is None else np.asarray(values)
        cut = shapely.clip_by_rect(shapes, *self.box.buffer(self.pixel * 2).bounds)
        kept = np.flatnonzero(~shapely.is_empty(cut))
        if not len(kept):
            return np.zeros(self.shape, dtype)
        return rasterize(
            [(cut[k], values[k].item()) for k in kept],
            self.shape,
            transform=Affine(self.pixel, 0, self.west, 0, -self.pixel, self.north),
            dtype=dtype,
            merge_alg=MergeAlg.replace,
            all_touched=touched,
        )

    def texture(self, values, texel: float):
        """A periodic array laid on the ground, one value `texel` metres wide; (rows, columns), not to be written to."""
        return self.once((id(values), texel), lambda: self._texture(values, texel))

    def _texture(self, values, texel):
        size = values.shape[0]
        if texel <= self.pixel:
            row = np.floor(-self.y / texel).astype(np.int64) % size
            column = np.floor(self.x / texel).astype(np.int64) % size
            return values[np.ix_(row, column)]
        left, top = self.west / texel, -self.north / texel
        i0, j0 = int(np.floor(top)) - 2, int(np.floor(left)) - 2
        high, wide = self.rows * self.pixel / texel, self.columns * self.pixel / texel
        rows, columns = i0 + np.arange(int(high) + 7), j0 + np.arange(int(wide) + 7)
        part = values[np.ix_(rows % size, columns % size)]
        return self._stretched(part, (left - j0, top - i0, left - j0 + wide, top - i0 + high))

    def smooth(self, function, step: float):
        """function(x, y) of arrays, worked out every `step` metres and filled in smoothly; not to be written to."""
        return self.once((function, step), lambda: self._smooth(function, step))

    def _smooth(self, function, step):
        i0, j0 = np.floor(-self.north / step) - 2, np.floor(self.west / step) - 2
        high, wide = self.rows * self.pixel / step, self.columns * self.pixel / step
        x = (j0 + 0.5 + np.arange(int(wide) + 7)) * step
        y = -(i0 + 0.5 + np.arange(int(high) + 7)) * step
        values = function(*np.meshgrid(x, y)).astype(np.float32)
        left, top = self.west / step - j0, -self.north / step - i0
        return self._stretched(values, (left, top, left + wide, top + high))

    def _stretched(self, values, box):
        image = Image.fromarray(np.ascontiguousarray(values, np.float32))
        return np.asarray(image.resize((self.columns, self.rows), Image.Resampling.BICUBIC, box))
