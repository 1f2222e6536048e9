"""The ground that images do not show: whole cells of one colour, the same whatever lies under them.

A colour that were made of the ground, and be it the mean of a cell, would tell of it, and by many small windows all of it.
"""

import math
from collections.abc import Iterable, Sequence

import numpy as np

from landgis.imagery.queries import CONCEALED_COLOUR, PublicScene, concealed
from landgis.lib.webmap import CONCEALED_CELL_M, Box, degrees

# How many pixels beside a cell are mixed of what lies in it as well, when an image is resampled; of the picture or of the
# image, whichever are larger. Of pixels larger than half a cell only those nearest to it: these hold no detail of it.
REACH_PX = 2


def concealed_cells(scenes: Sequence[PublicScene], bounds: Box, pixel_m: float) -> list[Box]:
    """The cells (EPSG:3857) that are to be covered in a picture of `bounds`: those that a scene reaches, each with its
    margin. Which they are depends on no pixel."""
    margin = margin_m(scenes, pixel_m)
    return [
        _grown(cell, margin)
        for cell in concealed(_grown(bounds, margin))
        if any(scene.touches((*degrees(*cell[:2]), *degrees(*cell[2:]))) for scene in scenes)
    ]


def margin_m(scenes: Sequence[PublicScene], pixel_m: float) -> float:
    """Metres (EPSG:3857) that are covered beside each cell."""
    coarsest = max([pixel_m, *(scene.pixel_m for scene in scenes)])
    return min(REACH_PX * coarsest, CONCEALED_CELL_M)


def cover(pixels: np.ma.MaskedArray, bounds: Box, cells: Iterable[Box]) -> None:
    """Paint the cells, every pixel that they touch, where the image has none too; `pixels` (bands, height, width) are
    changed in place."""
    height, width = pixels.shape[1:]
    pixel_x, pixel_y = (bounds[2] - bounds[0]) / width, (bounds[3] - bounds[1]) / height
    colour = np.array(CONCEALED_COLOUR, pixels.dtype)[:, None, None]
    for west, south, east, north in cells:
        columns = _touched((west - bounds[0]) / pixel_x, (east - bounds[0]) / pixel_x, width)
        rows = _touched((bounds[3] - north) / pixel_y, (bounds[3] - south) / pixel_y, height)
        pixels[:, rows, columns] = colour  # of a masked array: what was masked is so no more


def _touched(first: float, last: float, count: int) -> slice:
    return slice(max(math.floor(first), 0), max(min(math.ceil(last), count), 0))


def _grown(box: Box, margin: float) -> Box:
    west, south, east, north = box
    return west - margin, south - margin, east + margin, north + margin
