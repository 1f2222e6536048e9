"""The colours of the scenes of a mosaic, matched where they overlap: for the look alone, never for what is measured.

The scene with the most ground is as it was taken; each other one follows the first with more ground that overlaps it. What
lies in concealed cells has no part in it, so that no tone tells of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from landgis.imagery.concealing import REACH_PX, covered, grown
from landgis.imagery.cover import NONE
from landgis.imagery.pieces import piece
from landgis.imagery.queries import PublicScene, concealed
from landgis.imagery.sights import states
from landgis.lib.webmap import Box

MOST_SHIFT = 40  # of 256 steps, of any value: scenes that differ by more do not show the same
FLATTEST, STEEPEST = 0.9, 1.1  # the contrast is a matter of light within these, beyond them of the ground
SAMPLES = 192  # along the longer side of an overlap
LEAST_SAMPLES = 100
RANK_CELLS = 128  # along the longer side of the mosaic, to see which has the most ground
STEPS = 64  # of a factor: finer ones nobody sees


@dataclass(frozen=True)
class Tone:
    """What becomes of the values 0 to 255 of red, green and blue."""

    tables: tuple[bytes, bytes, bytes]

    def of(self, colours: np.ndarray) -> np.ndarray:
        """Of `colours` (3, height, width), uint8."""
        if self == AS_TAKEN:
            return colours
        return np.stack([np.frombuffer(table, "uint8")[band] for table, band in zip(self.tables, colours, strict=True)])


_VALUES = np.arange(256)
AS_TAKEN = Tone((bytes(range(256)),) * 3)


class Tones:
    """The tones of the scenes of a mosaic, each worked out when it is first asked for."""

    def __init__(self, scenes: Sequence[PublicScene]):
        self._ranked = _by_ground(scenes)
        self._known: dict[str, Tone] = {}

    def of(self, scene: PublicScene) -> Tone:
        """Raises whatever a damaged file makes of it."""
        if scene.name not in self._known:
            self._known[scene.name] = self._followed(scene)
        return self._known[scene.name]

    def _followed(self, scene: PublicScene) -> Tone:
        for other in self._ranked[: self._ranked.index(scene)]:
            found = _common(scene, other)
            if found is not None:
                own, theirs = found
                return _matched(own, self.of(other).of(theirs[:, None])[:, 0])
        return AS_TAKEN


@lru_cache(maxsize=16)
def tones_of(scenes: tuple[PublicScene, ...]) -> Tones:
    """Of the scenes of a mosaic, in its order; kept by the process, for the ground that is concealed at present."""
    return Tones(scenes)


def _by_ground(scenes: Sequence[PublicScene]) -> list[PublicScene]:
    """Those first whose boxes have the most ground to themselves; the newest first of those that have as much."""
    west, south, east, north = (np.array(sides) for sides in zip(*(scene.box_3857 for scene in scenes), strict=True))
    cell_m = max(east.max() - west.min(), north.max() - south.min()) / RANK_CELLS
    x = np.arange(west.min(), east.max(), cell_m) + cell_m / 2
    y = np.arange(south.min(), north.max(), cell_m) + cell_m / 2
    free, areas = np.ones((len(y), len(x)), bool), {}
    for place, scene in enumerate(scenes):
        box = ((south[place] < y) & (y < north[place]))[:, None] & (west[place] < x) & (x < east[place])
        areas[scene.name] = int((free & box).sum())
        free &= ~box
    return sorted(scenes, key=lambda scene: -areas[scene.name])


def _common(scene: PublicScene, other: PublicScene) -> tuple[np.ndarray, np.ndarray] | None:
    """The colours (3, samples) of both where both have pixels and nothing is concealed; None where that is too little."""
    west, south, east, north = bounds = _overlap(scene.box_3857, other.box_3857)
    if west >= east or south >= north:
        return None
    sample_m = max((east - west) / SAMPLES, (north - south) / SAMPLES, scene.pixel_m, other.pixel_m)
    width, height = round((east - west) / sample_m), round((north - south) / sample_m)
    if width * height < LEAST_SAMPLES:
        return None
    may_be = [states(one, bounds, height, width) != NONE for one in (scene, other)]
    if (may_be[0] & may_be[1]).sum() < LEAST_SAMPLES:
        return None
    pieces = [piece(one, bounds, width, height) for one in (scene, other)]
    if pieces[0] is None or pieces[1] is None:
        return None
    (own, is_own), (theirs, is_theirs) = pieces[0], pieces[1]
    reach = REACH_PX * sample_m
    cells = [grown(cell, reach) for cell in concealed(grown(bounds, reach))]
    common = is_own & is_theirs & ~covered(bounds, width, height, cells)
    return (own[:, common], theirs[:, common]) if common.sum() >= LEAST_SAMPLES else None


def _overlap(one: Box, other: Box) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _matched(own: np.ndarray, theirs: np.ndarray) -> Tone:
    """The tone by which the middle and the spread of one come near those of the other; none where these are no matter of
    light. By percentiles: a cloud, or what was built since, shifts a mean."""
    low, middle, high = np.percentile(own, (16, 50, 84), axis=1)
    wanted_low, wanted, wanted_high = np.percentile(theirs, (16, 50, 84), axis=1)
    if np.abs(wanted - middle).max() > MOST_SHIFT:
        return AS_TAKEN
    spread, wanted_spread = np.maximum(high - low, 1), np.maximum(wanted_high - wanted_low, 1)
    factors = np.round((wanted_spread / spread).clip(FLATTEST, STEEPEST) * STEPS) / STEPS
    red, green, blue = (
        (wanted[band] + (_VALUES - middle[band]) * factors[band])
        .clip(_VALUES - MOST_SHIFT, _VALUES + MOST_SHIFT)
        .clip(0, 255)
        .round()
        .astype("uint8")
        .tobytes()
        for band in range(3)
    )
    return Tone((red, green, blue))
