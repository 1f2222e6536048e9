"""Which scenes are seen in a box: by their covers, and by the masks in their files where these say too little."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import rasterio
import structlog
from django.utils.formats import date_format
from rasterio.windows import from_bounds

from landgis.imagery.concealing import concealed_boxes, covered
from landgis.imagery.cover import ALL, NONE, SOME
from landgis.imagery.queries import Mosaic, PublicScene
from landgis.imagery.raster import ENVIRONMENT
from landgis.lib.webmap import Box

log = structlog.get_logger(__name__)

MOST_SAMPLES = 128  # along the longer side of a box
SAMPLE_M = 0.5  # how near to each other samples lie at most
LEAST_SHARE = 1 / 5000  # of a box or picture: what shows less of itself is not seen
MOST_DAYS = 3  # that are told one by one


@dataclass(frozen=True)
class Seen:
    """A scene that is seen in a box, and how much of the box it fills."""

    scene: PublicScene
    share: float


class SceneSight:
    """A box (EPSG:3857; one of no size is a place) and what scenes have in it, sampled. Ground that is not shown is of none:
    what a mask says of it is not told either."""

    def __init__(self, scenes: Sequence[PublicScene], box: Box):
        west, south, east, north = box
        beside, above = (max(0.0, SAMPLE_M - side) / 2 for side in (east - west, north - south))
        self._bounds = (west - beside, south - above, east + beside, north + above)
        self._scenes = scenes
        width, height = self._bounds[2] - self._bounds[0], self._bounds[3] - self._bounds[1]
        sample_m = max(SAMPLE_M, max(width, height) / MOST_SAMPLES)
        self._shape = (max(1, round(height / sample_m)), max(1, round(width / sample_m)))
        self._parts: dict[str, np.ndarray] = {}

    def of(self, mosaic: Mosaic) -> list[Seen]:
        """What of a mosaic of these scenes is seen here, the newest first."""
        free = ~self._is_covered
        found = []
        for scene in mosaic.scenes:
            part = self._part(scene) & free
            if is_seen(part):
                found.append(Seen(scene, float(part.mean())))
            free &= ~part
            if not free.any():
                break
        return found

    @cached_property
    def _is_covered(self) -> np.ndarray:
        height, width = self._shape
        pixel_m = (self._bounds[2] - self._bounds[0]) / width
        return covered(self._bounds, width, height, concealed_boxes(self._scenes, self._bounds, pixel_m))

    def _part(self, scene: PublicScene) -> np.ndarray:
        """At which samples the scene has a pixel."""
        if scene.name not in self._parts:
            told = states(scene, self._bounds, *self._shape)
            self._parts[scene.name] = _mask(scene, self._bounds, *self._shape) if (told == SOME).any() else told == ALL
        return self._parts[scene.name]


def is_seen(part: np.ndarray) -> bool:
    """Whether the pixels that are of a scene (of all of a picture) are enough to speak of it."""
    return bool(part.sum() >= max(1, part.size * LEAST_SHARE))


def has_pixels(scene: PublicScene, bounds: Box, free: np.ndarray) -> bool:
    """Whether a scene may have a pixel in the free ones of a picture; where it has none it is not opened."""
    return bool((free & (states(scene, bounds, *free.shape) != NONE)).any())


def reach(scene: PublicScene, bounds: Box) -> int:
    """Whether a scene has pixels in ALL of a box (EPSG:3857), in NONE or maybe in SOME of it: by its cover alone."""
    west, south, east, north = bounds
    left, bottom, right, top = scene.box_3857
    if scene.cover is None:
        return SOME if west < right and left < east and south < top and bottom < north else NONE
    rows, columns = ((top - north), (top - south)), ((west - left), (east - left))
    return scene.cover.within(*((first / scene.pixel_m, last / scene.pixel_m) for first, last in (rows, columns)))


def days_text(scenes: Iterable[PublicScene]) -> str:
    """The days of scenes, the newest first, as the reader's language writes them; of many the first and the last."""
    days = sorted({scene.acquired_on for scene in scenes}, reverse=True)
    texts = [date_format(day, "SHORT_DATE_FORMAT") for day in days]
    return ", ".join(texts) if len(texts) <= MOST_DAYS else f"{texts[-1]} – {texts[0]}"


def states(scene: PublicScene, bounds: Box, height: int, width: int) -> np.ndarray:
    """What the cover of a scene says of the middles of pixels (height, width): NONE, ALL or SOME."""
    west, _south, _east, north = scene.box_3857
    x, y = _middles(bounds[0], bounds[2], width), _middles(bounds[3], bounds[1], height)
    columns, rows = (x - west) / scene.pixel_m, (north - y) / scene.pixel_m
    if scene.cover is not None:
        return scene.cover.at(rows, columns)
    high, wide = (math.ceil(side / scene.pixel_m) for side in _size(scene.box_3857))
    inside = ((rows >= 0) & (rows < high))[:, None] & ((columns >= 0) & (columns < wide))[None, :]
    return np.where(inside, SOME, NONE)


def _mask(scene: PublicScene, bounds: Box, height: int, width: int) -> np.ndarray:
    """What the file of a scene says of them; nothing of one that cannot be read, since pictures leave it out."""
    try:
        with rasterio.Env(**ENVIRONMENT), rasterio.open(scene.path) as image:
            return _read(image, bounds, height, width)
    except Exception as error:  # a damaged file fails in many ways
        log.error("scene left out", scene=scene.name, error=repr(error))
        return np.zeros((height, width), bool)


def _read(image: rasterio.DatasetReader, bounds: Box, height: int, width: int) -> np.ndarray:
    left, bottom, right, top = image.bounds
    x, y = _middles(bounds[0], bounds[2], width), _middles(bounds[3], bounds[1], height)
    columns, rows = np.flatnonzero((x > left) & (x < right)), np.flatnonzero((y > bottom) & (y < top))
    found = np.zeros((height, width), bool)
    if not (columns.size and rows.size):
        return found
    beside, above = (bounds[2] - bounds[0]) / width / 2, (bounds[3] - bounds[1]) / height / 2
    sides = (x[columns[0]] - beside, y[rows[-1]] - above, x[columns[-1]] + beside, y[rows[0]] + above)
    window = from_bounds(*sides, image.transform)
    shape = (rows.size, columns.size)
    valid = image.read_masks(1, window=window, out_shape=shape, boundless=False)
    found[np.ix_(rows, columns)] = valid > 0
    return found


def _middles(first: float, last: float, count: int) -> np.ndarray:
    return first + (last - first) * (np.arange(count) + 0.5) / count


def _size(box: Box) -> tuple[float, float]:
    """Height and width."""
    return box[3] - box[1], box[2] - box[0]
