"""The ground that images do not show: whole cells of one colour, the same whatever lies under them.

A colour that were made of the ground, and be it the mean of a cell, would tell of it, and by many small windows all of it.
"""

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from landgis.imagery.queries import CONCEALED_COLOUR, PublicScene, concealed
from landgis.lib.webmap import CONCEALED_CELL_M, Box, degrees

# How many pixels beside a cell are mixed of what lies in it as well, when an image is resampled; of the picture or of the
# image, whichever are larger. Of pixels larger than half a cell only those nearest to it: these hold no detail of it.
REACH_PX = 2


def concealed_boxes(scenes: Sequence[PublicScene], bounds: Box, pixel_m: float) -> list[Box]:
    """What is to be covered (EPSG:3857) in a picture of `bounds`: the cells that a scene reaches, each with a margin as far
    as that scene reaches. Which they are depends on no pixel."""
    widest = max((margin_m(scene, pixel_m) for scene in scenes), default=0.0)
    near = [scene for scene in scenes if scene.touches(_in_degrees(grown(bounds, widest + CONCEALED_CELL_M)))]
    if not near:
        return []
    return [box for cell in concealed(grown(bounds, widest)) for box in _around(cell, near, pixel_m)]


def _around(cell: Box, scenes: Iterable[PublicScene], pixel_m: float) -> Iterator[Box]:
    """A cell and what beside it is mixed of what lies in it: of each scene by its own pixels, so that one changes nothing
    beside its own ground."""
    reaching = [scene for scene in scenes if scene.touches(_in_degrees(cell))]
    if reaching:
        yield cell
    for scene in reaching:
        west, south, east, north = grown(cell, margin_m(scene, pixel_m))
        left, bottom, right, top = grown(scene.box_3857, scene.pixel_m)  # its file ends with a whole pixel
        yield max(west, left), max(south, bottom), min(east, right), min(north, top)


def margin_m(scene: PublicScene, pixel_m: float) -> float:
    """Metres (EPSG:3857) of a scene that are covered beside each cell."""
    return min(REACH_PX * max(pixel_m, scene.pixel_m), CONCEALED_CELL_M)


def covered(bounds: Box, width: int, height: int, boxes: Iterable[Box]) -> np.ndarray:
    """Which pixels (height, width) of a picture the boxes touch."""
    found = np.zeros((height, width), bool)
    pixel_x, pixel_y = (bounds[2] - bounds[0]) / width, (bounds[3] - bounds[1]) / height
    for west, south, east, north in boxes:
        columns = _touched((west - bounds[0]) / pixel_x, (east - bounds[0]) / pixel_x, width)
        rows = _touched((bounds[3] - north) / pixel_y, (bounds[3] - south) / pixel_y, height)
        found[rows, columns] = True
    return found


def cover(pixels: np.ndarray, is_covered: np.ndarray) -> None:
    """Paint the covered pixels, where the image has none too; `pixels` (bands, height, width) are changed in place."""
    pixels[:, is_covered] = np.array(CONCEALED_COLOUR, pixels.dtype)[:, None]


def _touched(first: float, last: float, count: int) -> slice:
    return slice(max(math.floor(first), 0), max(min(math.ceil(last), count), 0))


def grown(box: Box, margin: float) -> Box:
    """With so much more at each side."""
    west, south, east, north = box
    return west - margin, south - margin, east + margin, north + margin


def _in_degrees(box: Box) -> Box:
    return (*degrees(*box[:2]), *degrees(*box[2:]))
