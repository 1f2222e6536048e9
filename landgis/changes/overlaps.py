"""The check that features do not overlap: those of a change set each other, and what stays in force beside them.

What touches along shared edges is found sound by one look at a strip of the map as a coverage; only what that look
objects to is intersected, in the plane of its legal CRS.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import shapely

from landgis.catalog.dataset import Dataset
from landgis.catalog.tolerances import PLAY_M
from landgis.changes.issues import PLACE, Finding
from landgis.changes.models import ChangeSet
from landgis.changes.strips import Strip, strips
from landgis.lib import geometry

WIDTH_M = PLAY_M
MAX_FINDINGS = 20_000  # a file laid over itself would have one for every row

Check = Callable[..., Iterator[Finding]]


def overlaps(
    dataset: Dataset, change_set: ChangeSet, *, width_m: float = WIDTH_M, since: int | None = None
) -> Iterator[Finding]:
    """Items that overlap another item, or a feature in force that the change set does not replace.

    Slivers narrower than `width_m` (area by half of the perimeter) are passed over. Of two rows of the source the
    later one is named. At most MAX_FINDINGS are told.
    """
    told = 0
    for strip in strips(dataset, change_set, since=since):
        doubtful = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(strip.shapes)))
        strip.plays[:] = width_m
        for finding in found_in(strip, doubtful):
            yield finding
            told += 1
            if told == MAX_FINDINGS:
                return


def wider_than(width_m: float) -> Check:
    """The check with another tolerance, to be named in the `checks` of a declaration."""
    return partial(overlaps, width_m=width_m)


def found_in(strip: Strip, doubtful: np.ndarray) -> Iterator[Finding]:
    """Findings of pairs with one of the doubtful, wider than the tolerance of their boundaries."""
    one, other = strip.later_first(*_pairs(strip, doubtful))
    for srid in np.unique(strip.srids[one]):
        here = strip.srids[one] == srid
        mine, its = one[here], other[here]
        shared, areas, widths = _shared(strip.shapes[mine], strip.shapes[its], int(srid))
        for at in np.flatnonzero(widths > np.maximum(strip.plays[mine], strip.plays[its])):
            place = lies_at(geometry.to_wgs84(shapely.point_on_surface(shared[at]), int(srid)))
            params = strip.named(its[at]) | {"area": f"{areas[at]:.2f}", PLACE: place}
            yield Finding("overlap", row=int(strip.rows[mine[at]]), ref=strip.refs[mine[at]], params=params)


def _pairs(strip: Strip, doubtful: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of positions whose boundaries share an area, each pair once; of one that is known to the strip, none."""
    if not doubtful.size:
        return doubtful, doubtful
    shapes = strip.shapes
    at, other = shapely.STRtree(shapes).query(shapes[doubtful])
    pairs = np.sort(np.column_stack([doubtful[at], other]), axis=1)
    pairs = pairs[(pairs[:, 0] != pairs[:, 1]) & (pairs[:, 1] >= strip.known)]
    pairs = np.unique(pairs, axis=0)
    shapely.prepare(shapes[pairs[:, 0]])
    share = shapely.relate_pattern(shapes[pairs[:, 0]], shapes[pairs[:, 1]], "T********")
    return pairs[share, 0], pairs[share, 1]


def _shared(ones: np.ndarray, others: np.ndarray, srid: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What each pair shares, in the plane of the legal CRS, with its area (m2) and mean width (m)."""
    shared = shapely.intersection(geometry.from_wgs84(ones, srid), geometry.from_wgs84(others, srid))
    areas = geometry.area_m2(shared, srid)
    # Metres per unit at the place, also where the unit is the degree.
    planar = shapely.area(shared)
    scale = np.sqrt(np.divide(areas, planar, out=np.zeros_like(areas), where=planar > 0))
    half_perimeter = shapely.length(shared) * scale / 2
    return shared, areas, np.divide(areas, half_perimeter, out=np.zeros_like(areas), where=half_perimeter > 0)


def lies_at(point: shapely.Point) -> list[float]:
    """A place in degrees as issues keep it, to the centimetre."""
    return [round(point.x, 7), round(point.y, 7)]
