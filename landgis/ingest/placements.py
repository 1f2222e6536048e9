"""One way to read coordinates, the sample by which it is judged, and how far two ways lie apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from pyproj import Geod

from landgis.catalog.dataset import Dataset
from landgis.ingest.mistakes import PREFIX, Mistake
from landgis.lib import geometry

SAMPLE_POINTS = 200
EXACT_BELOW_M = 500.0  # features that move farther are compared by the middles of their boxes
_GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Placement:
    """One way to read the coordinates: as those of a CRS, after taking a mistake back."""

    srid: int
    mistake: Mistake | None = None

    @property
    def as_params(self) -> dict[str, Any]:
        """What confirms it, as data: a CRS, and the code of a mistake that is taken back."""
        return {"srid": self.srid, "fix": self.mistake.code if self.mistake else ""}

    @property
    def name(self) -> str:
        return f"{geometry.crs(self.srid).name} (EPSG:{self.srid})"

    @property
    def leads_far(self) -> bool:
        """Whether the mistake led to another part of the world."""
        return self.mistake is not None and self.mistake.code.startswith(PREFIX)

    def degrees(self, points: np.ndarray) -> np.ndarray:
        """The points in EPSG:4326; those with no place there are at infinity."""
        shapes = self.mistake.corrected(points, self.srid) if self.mistake else points
        placed: np.ndarray = geometry.to_wgs84(shapes, self.srid)
        return placed


@dataclass(frozen=True)
class Sample:
    """Points of the file, the areas that their rows name, and where features of the same ref lie now (degrees).

    `shapes` are the whole features where `points` are the middles of their boxes; `file_names` the areas that the name
    of the file names.
    """

    points: np.ndarray
    belongs: Sequence[set[int] | None]
    known: Mapping[int, tuple[float, float]]
    shapes: np.ndarray | None = None
    file_names: frozenset[int] = field(default_factory=frozenset)


def chosen(shapes: np.ndarray, known: Sequence[int]) -> np.ndarray:
    """The positions of some of the shapes: of all evenly, and of those that are known already."""
    finite = np.flatnonzero(np.isfinite(shapely.bounds(shapes)).all(axis=1))
    return np.union1d(_evenly(finite), _evenly(np.intersect1d(finite, np.array(known, dtype=int))))


def _evenly(positions: np.ndarray) -> np.ndarray:
    return positions[:: max(1, -(-len(positions) // SAMPLE_POINTS))]


def middle_points(shapes: np.ndarray) -> np.ndarray:
    """The middles of the boxes of shapes, as points."""
    points: np.ndarray = shapely.points(_middles(shapes))
    return points


def _middles(shapes: np.ndarray) -> np.ndarray:
    west, south, east, north = shapely.bounds(shapes).T
    return np.column_stack([(west + east) / 2, (south + north) / 2])


def known_places(dataset: Dataset, refs: Sequence[str]) -> dict[int, tuple[float, float]]:
    """Where the features of these refs lie now (middle of the box, degrees), by position."""
    wanted = {ref: at for at, ref in enumerate(refs) if ref}
    rows = dataset.in_force._default_manager.filter(ref__in=list(wanted), until_revision=None)
    places = {}
    for ref, boundary in rows.values_list("ref", str(dataset.geometry)):
        if boundary is not None and not boundary.empty:
            west, south, east, north = boundary.extent
            places[wanted[ref]] = ((west + east) / 2, (south + north) / 2)
    return places


def way(placement: Placement, sample: Sample) -> float | None:
    """The middle way (m) from where known features lie to where they would; None when they go different ways."""
    at = list(sample.known)
    metres = _ways(placement.degrees(sample.points[at]), sample) if at else None
    if metres is None:
        return None
    if sample.shapes is not None and np.hypot(*np.median(metres, axis=0)) < EXACT_BELOW_M:
        # The whole features: the middle of a box in a plane is not the middle of the box in degrees.
        metres = _ways(placement.degrees(sample.shapes[at]), sample)
        if metres is None:
            return None
    middle = np.median(metres, axis=0)
    spread = np.median(np.hypot(*(metres - middle).T))
    length = float(np.hypot(*middle))
    return length if spread < max(0.05, 0.2 * length) else None


def _ways(then: np.ndarray, sample: Sample) -> np.ndarray | None:
    """Metres east and north from where known features lie to the middles of shapes in degrees; None off the globe."""
    places, now = _middles(then), np.array(list(sample.known.values()))
    if not on_globe(places).all():
        return None
    azimuths, _back, lengths = _GEOD.inv(*now.T, *places.T)
    return np.column_stack([lengths * np.sin(np.radians(azimuths)), lengths * np.cos(np.radians(azimuths))])


def on_globe(places: np.ndarray) -> np.ndarray:
    """Which coordinates are degrees of a place."""
    seen: np.ndarray = (np.isfinite(places) & (np.abs(places) <= (180, 90))).all(axis=1)
    return seen


def metres_between(one: Placement, other: Placement, points: np.ndarray) -> float:
    """The middle distance of the points by two readings; infinite where one of them is not on the globe."""
    a, b = (shapely.get_coordinates(placement.degrees(points)) for placement in (one, other))
    seen = on_globe(a) & on_globe(b)
    if not seen.any():
        return float("inf")
    return float(np.median(_GEOD.inv(*a[seen].T, *b[seen].T)[2]))


def in_words(metres: float) -> str:
    """A distance as issues keep it."""
    if not np.isfinite(metres):
        return "∞"
    return f"{metres:.1f}" if metres < 10 else f"{metres:.0f}"
