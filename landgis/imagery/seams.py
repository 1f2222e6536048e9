"""Where scenes meet one fades into the other, within a few pixels at the edge of the upper one."""

from dataclasses import dataclass, field

import numpy as np

from landgis.imagery.queries import PublicScene

FEATHER_PX = 20
NARROWEST = 16  # times as wide as its seam a scene is at least, or little would be left of a small one


def feather_px(scene: PublicScene, pixel_m: float) -> int:
    """How wide its seams are in a picture of pixels of that size (EPSG:3857)."""
    west, south, east, north = scene.box_3857
    return min(FEATHER_PX, int(min(east - west, north - south) / pixel_m / NARROWEST))


def opacity(is_inside: np.ndarray, feather: int) -> np.ndarray:
    """How much of a scene shows at each pixel (0 to 1, float32): all `feather` pixels from its edge; the edge of the picture
    is none."""
    steps, inside = np.zeros(is_inside.shape, "uint8"), is_inside
    for step in range(feather):
        steps += inside
        inside = _shrunk(inside, with_corners=step % 2 == 1)
    near = np.clip((steps - np.float32(0.5)) / max(feather, 1), 0, 1)
    near = near * near * (3 - 2 * near)
    return np.where(inside, np.float32(1), near.astype("float32"))


def _shrunk(inside: np.ndarray, *, with_corners: bool) -> np.ndarray:
    """Without its outermost pixels."""
    framed = np.pad(inside, 1, mode="edge")
    across = framed[:, :-2] & framed[:, 1:-1] & framed[:, 2:]
    if with_corners:
        return across[:-2] & across[1:-1] & across[2:]
    return across[1:-1] & framed[:-2, 1:-1] & framed[2:, 1:-1]


@dataclass
class Blend:
    """Scenes over each other, the upper ones first: what of each pixel is still to be seen through them, and the colours up
    to now (3, height, width), each by its weight."""

    shape: tuple[int, int]
    open_to: np.ndarray = field(init=False)
    _sum: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.open_to = np.ones(self.shape, "float32")
        self._sum = np.zeros((3, *self.shape), "float32")

    def lay(self, colours: np.ndarray, weights: np.ndarray) -> None:
        """Put a scene under what lies there; its weights (0 to 1) are 0 where it has no pixel."""
        shown = self.open_to * weights
        for total, band in zip(self._sum, colours, strict=True):  # one after the other: less memory
            total += band * shown
        self.open_to -= shown

    @property
    def colours(self) -> np.ndarray:
        """Of what has any; the last one shows whole where nothing lies below it."""
        weight = np.where(self.open_to < 1, 1 - self.open_to, np.float32(1))
        return np.stack([(total / weight).round().astype("uint8") for total in self._sum])
