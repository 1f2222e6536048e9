"""Scenes over each other, the newest on top: tiles and pictures cut from them.

For the look their colours are matched and one fades into the other where they meet (decision 28); a single scene is as it was taken.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import structlog
from PIL import Image

from landgis.imagery.concealing import concealed_boxes, cover, covered, grown
from landgis.imagery.cover import ALL, NONE, SOME
from landgis.imagery.pieces import piece, pixel_of
from landgis.imagery.queries import PublicScene
from landgis.imagery.raster import TILE_PX
from landgis.imagery.seams import FEATHER_PX, Blend, feather_px, opacity
from landgis.imagery.sights import has_pixels, is_seen, reach
from landgis.imagery.tones import Tones, tones_of
from landgis.lib.webmap import EQUATOR_M, Box

log = structlog.get_logger(__name__)

NEAR_FROM = 12  # the zoom


@dataclass
class Overlay:
    """What is laid: colours (3, height, width) of EPSG:3857, the pixels that have one, and the scenes whose pixels they are."""

    colours: np.ndarray
    is_filled: np.ndarray
    shares: dict[PublicScene, np.ndarray] = field(default_factory=dict)
    is_whole: bool = True  # whether every scene could be read: one whose file has rotted is left out
    is_covered: np.ndarray | None = None

    @classmethod
    def empty(cls, height: int, width: int, is_covered: np.ndarray | None) -> Self:
        return cls(np.zeros((3, height, width), "uint8"), np.zeros((height, width), bool), is_covered=is_covered)

    def cropped(self, margin: int) -> Self:
        """Without so many pixels at each side."""
        inner = (..., slice(margin, -margin), slice(margin, -margin))
        return replace(
            self,
            colours=self.colours[inner],
            is_filled=self.is_filled[inner],
            shares={scene: part[inner] for scene, part in self.shares.items()},
            is_covered=None if self.is_covered is None else self.is_covered[inner],
        )

    def lay(self, scene: PublicScene, colours: np.ndarray, is_valid: np.ndarray) -> None:
        """Put what is valid under what lies there."""
        fresh = is_valid & ~self.is_filled
        if fresh.any():
            np.copyto(self.colours, colours, where=fresh)
            self.is_filled |= fresh
            self.shares[scene] = fresh

    @property
    def seen(self) -> list[PublicScene]:
        """The scenes that show, the newest first; of what is covered none."""
        shown = self.shares.items()
        return [one for one, part in shown if is_seen(part if self.is_covered is None else part & ~self.is_covered)]


def tile(
    scenes: Sequence[PublicScene], z: int, x: int, y: int, *, is_matched: bool = True
) -> tuple[bytes | None, bool]:
    """A 512 px tile in WebP, the first scenes on top, None where none has a pixel; and whether all could be read. Without
    `is_matched` every pixel is of one scene, as that was taken."""
    side = EQUATOR_M / 2**z
    west, north = x * side - EQUATOR_M / 2, EQUATOR_M / 2 - y * side
    # From far a tile is there to find one's way; near it is there to be looked at.
    quality = 50 if z < NEAR_FROM else 75
    overlay = _laid(scenes, (west, north - side, west + side, north), TILE_PX, TILE_PX, is_matched)
    return _webp(overlay, quality), overlay.is_whole


def picture(
    scenes: Sequence[PublicScene], bounds: Box, width: int, height: int, *, is_matched: bool = True
) -> tuple[np.ndarray | None, list[PublicScene]]:
    """Pixels (height, width, 4) of a box in EPSG:3857, the first scenes on top, see-through where nothing is, None where that is
    everywhere; and which are seen. `is_matched` as in a tile."""
    overlay = _laid(scenes, bounds, width, height, is_matched)
    if not overlay.is_filled.any():
        return None, []
    return _pixels(overlay), overlay.seen


def _laid(scenes: Sequence[PublicScene], bounds: Box, width: int, height: int, is_matched: bool) -> Overlay:
    """The scenes over each other; what is concealed is covered at the end, in whole cells."""
    pixel_x, pixel_y = pixel_of(bounds, width, height)
    tones = tones_of(tuple(scenes)) if is_matched and len(scenes) > 1 else None
    # What lies beside a picture has a part in how it fades, so that the next one goes on as this one ends.
    wider = grown(bounds, FEATHER_PX * pixel_x)
    margin = FEATHER_PX if tones and _has_edge(scenes, wider) else 0
    if margin:
        bounds = (wider[0], bounds[1] - margin * pixel_y, wider[2], bounds[3] + margin * pixel_y)
        height, width = height + 2 * margin, width + 2 * margin
    boxes = concealed_boxes(scenes, bounds, pixel_x)
    overlay = Overlay.empty(height, width, covered(bounds, width, height, boxes) if boxes else None)
    _lay_all(overlay, scenes, bounds, tones, Blend((height, width)) if margin else None)
    if overlay.is_covered is not None:
        cover(overlay.colours, overlay.is_covered)
        overlay.is_filled |= overlay.is_covered
    return overlay.cropped(margin) if margin else overlay


def _has_edge(scenes: Sequence[PublicScene], bounds: Box) -> bool:
    """Whether a scene ends in a box, or may, that no other one covers all of."""
    found = (reach(scene, bounds) for scene in scenes)
    return next((state for state in found if state != NONE), ALL) == SOME


def _lay_all(
    overlay: Overlay, scenes: Sequence[PublicScene], bounds: Box, tones: Tones | None, blend: Blend | None
) -> None:
    """Each scene under those before it; none is read of which nothing would show."""
    height, width = overlay.is_filled.shape
    for scene in scenes:
        is_open = ~overlay.is_filled if blend is None else blend.open_to > 0
        if not is_open.any():
            break
        if not has_pixels(scene, bounds, is_open):
            continue
        try:
            found = piece(scene, bounds, width, height)
        except Exception as error:  # it fails in many ways, and the others are as they were
            log.error("scene left out", scene=scene.name, error=repr(error))
            overlay.is_whole = False
            continue
        if found is None:
            continue
        colours, is_valid = found
        if tones:
            colours = _toned(overlay, tones, scene, colours)
        overlay.lay(scene, colours, is_valid)
        if blend:
            is_inside = is_valid if overlay.is_covered is None else is_valid | overlay.is_covered
            feather = feather_px(scene, pixel_of(bounds, width, height)[0])
            blend.lay(colours, opacity(is_inside, feather) * is_valid)
    if blend:
        overlay.colours = blend.colours


def _toned(overlay: Overlay, tones: Tones, scene: PublicScene, colours: np.ndarray) -> np.ndarray:
    """The colours of a scene as its mosaic shows them; as they are where those of another cannot be read."""
    try:
        return tones.of(scene).of(colours)
    except Exception as error:  # as above
        log.error("scene not matched", scene=scene.name, error=repr(error))
        overlay.is_whole = False
        return colours


def _webp(overlay: Overlay, quality: int) -> bytes | None:
    """The pixels as WebP, see-through where there are none. By Pillow: the image may be laid from several."""
    if not overlay.is_filled.any():
        return None
    pixels = _pixels(overlay) if not overlay.is_filled.all() else np.moveaxis(overlay.colours, 0, -1)
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()


def _pixels(overlay: Overlay) -> np.ndarray:
    """Red, green, blue and how opaque."""
    opaque = np.where(overlay.is_filled, 255, 0).astype("uint8")
    return np.ascontiguousarray(np.dstack([*overlay.colours, opaque]))
