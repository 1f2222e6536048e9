"""In which coordinate system a file really is: told by where its data land.

What a file says of itself is one opinion. The sample is read by it and by others, and each is judged by how many
points lie in the areas where they belong, or by how far features that are in force already would move. The better
placement is only proposed: it is taken after one confirmation.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Geod
from pyproj.exceptions import CRSError

from landgis.catalog.dataset import Dataset
from landgis.changes.issues import Finding
from landgis.ingest import mistakes
from landgis.ingest.areas import Areas
from landgis.ingest.mistakes import Mistake
from landgis.lib import geometry

SAMPLE_POINTS = 200
LANDS, MISSES = 0.9, 0.5  # shares of the points that lie where they belong
BETTER, NEARLY_ALL = 0.05, 0.98  # so much more, and so much at all, for a placement beside one that does not miss
ENOUGH_POINTS, ENOUGH_KNOWN = 20, 5
MOVED_M = 0.3  # less is the play of surveys
SAID, ASSUMED = "said", "assumed"
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

    def degrees(self, points: np.ndarray) -> np.ndarray:
        """The points in EPSG:4326; those with no place there are at infinity."""
        shapes = self.mistake.corrected(points, self.srid) if self.mistake else points
        return geometry.to_wgs84(shapes, self.srid)


@dataclass(frozen=True)
class Sample:
    """Points of the file, the areas that their rows name, and where features of the same ref lie now (degrees)."""

    points: np.ndarray
    belongs: Sequence[set[int] | None]
    known: Mapping[int, tuple[float, float]]


@dataclass(frozen=True)
class Decision:
    """How the coordinates are read, and what is to be said of it."""

    placement: Placement | None
    findings: tuple[Finding, ...] = ()


def decide(said: Placement | None, how: str, sample: Sample, areas: Areas | None) -> Decision:
    """What is said, or a proposal that has to be confirmed.

    `how` it is said: by the operator (SAID), by the files of that supplier before (ASSUMED), or by the file ("").
    Without areas and without known features nothing can be judged: what is said holds.
    """
    if not len(sample.points):
        return Decision(said)
    if said is not None:
        found = _moved(said, sample) or _missed(said, sample, areas)
        if found is None and how == "":
            found = _unusual(said, sample)
    else:
        found = _unsaid(sample, areas)
    if found is None or found.placement is None or how != SAID:
        return found or Decision(said)
    share = _share(said, sample, areas) if said else 0.0
    elsewhere = Finding("crs-elsewhere", params={"percent": f"{share:.0%}"})
    return Decision(said, (elsewhere,) if areas is not None and share < MISSES else ())


def lands(said: Placement | None, sample: Sample, areas: Areas | None) -> float:
    """The share of the points that lie where they belong as is said, or in the best of all CRSs where nothing is."""
    if areas is None or not len(sample.points):
        return 0.0
    plain = [Placement(srid) for srid in geometry.known_srids()]
    return _best([said] if said is not None else plain, sample, areas)[1]


def sample_points(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Some of the shapes as points in the middle of their boxes, and their positions."""
    finite = np.flatnonzero(np.isfinite(shapely.bounds(shapes)).all(axis=1))
    chosen = finite[:: max(1, -(-len(finite) // SAMPLE_POINTS))]
    west, south, east, north = shapely.bounds(shapes[chosen]).T
    return shapely.points((west + east) / 2, (south + north) / 2), chosen


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


def of_text(text: str, srid: int | None) -> Placement | None:
    """What a .prj or the like says: a registered CRS, or one like it with another scale factor."""
    if srid in geometry.known_srids():
        return Placement(int(srid or 0))
    try:
        with_numbers = CRS.from_user_input(text).to_json_dict() if text else {}
    except CRSError:
        return None
    written = _projection(with_numbers)
    for known in geometry.known_srids():
        meant = mistakes.projection(known)
        if meant and written and all(abs(meant[name] - written[name]) < 1e-6 for name in ("lon_0", "x_0")):
            return Placement(known, mistakes.scale(known, written["k"]))
    return None


def _projection(crs: Mapping[str, object]) -> dict[str, float]:
    """lon_0, k, x_0 of a transverse Mercator CRS in PROJJSON; empty for any other."""
    text = repr(crs)
    if "Transverse Mercator" not in text:
        return {}
    names = {"Longitude of natural origin": "lon_0", "Scale factor at natural origin": "k", "False easting": "x_0"}
    found = re.findall(r"'name': '([^']+)', 'value': ([-0-9.e]+)", text)
    parameters = {names[name]: float(value) for name, value in found if name in names}
    return parameters if len(parameters) == 3 else {}


# --- Judging


def _moved(said: Placement, sample: Sample) -> Decision | None:
    """Features that are in force already would all move by the same way: a mistake, when one explains it."""
    if len(sample.known) < ENOUGH_KNOWN:
        return None
    before = _way(said, sample)
    if before is None or not MOVED_M < before < 1e5:
        return None
    ways = [(way, other) for other in _near(said) if (way := _way(other, sample)) is not None]
    way, best = min(ways, key=lambda pair: pair[0], default=(before, said))
    if way > before / 5:
        return None
    return Decision(best, (_doubtful(said, best, sample),))


def _way(placement: Placement, sample: Sample) -> float | None:
    """The middle way (m) from where known features lie to where they would; None when they go different ways."""
    at = list(sample.known)
    now = np.array([sample.known[one] for one in at])
    then = shapely.get_coordinates(placement.degrees(sample.points[at]))
    if not np.isfinite(then).all() or len(then) != len(now):
        return None
    azimuths, _back, lengths = _GEOD.inv(*now.T, *then.T)
    metres = np.column_stack([lengths * np.sin(np.radians(azimuths)), lengths * np.cos(np.radians(azimuths))])
    middle = np.median(metres, axis=0)
    spread = np.median(np.hypot(*(metres - middle).T))
    length = float(np.hypot(*middle))
    return length if spread < max(0.05, 0.2 * length) else None


def _missed(said: Placement, sample: Sample, areas: Areas | None) -> Decision | None:
    """The data do not lie where they belong, and read in another way they do."""
    if areas is None:
        return None
    share = _share(said, sample, areas)
    if share >= LANDS and not any(sample.belongs):
        return None
    if share < MISSES:
        best, best_share = _best(_gross(said), sample, areas)
        if best is not None and best_share >= LANDS:
            return Decision(best, (_doubtful(said, best, sample),))
        return Decision(said, (Finding("crs-elsewhere", params={"percent": f"{share:.0%}"}),))
    best, best_share = _best(_near(said), sample, areas)
    if best is None or best_share < max(share + BETTER, NEARLY_ALL) or len(sample.points) < ENOUGH_POINTS:
        return None
    return Decision(best, (_doubtful(said, best, sample),))


def _unusual(said: Placement, sample: Sample) -> Decision | None:
    """The file describes a CRS that is like a known one but for its scale factor: which of the two, a person says."""
    if said.mistake is None:
        return None
    usual = Placement(said.srid)
    return Decision(usual, (_doubtful(said, usual, sample),))


def _near(said: Placement) -> Iterator[Placement]:
    """Other placements that lead beside the place that is said."""
    placements = (Placement(said.srid), *(Placement(said.srid, mistake) for mistake in mistakes.small(said.srid)))
    yield from (placement for placement in placements if placement != said)


def _unsaid(sample: Sample, areas: Areas | None) -> Decision:
    """The file says nothing: the placement by which the data lie where they belong."""
    if areas is None:
        return Decision(None)
    best, share = _best(_gross(None), sample, areas)
    if best is None or share < MISSES:
        return Decision(None)
    best, is_known = _as_known(best, sample)
    params = {"name": geometry.crs(best.srid).name, **best.as_params}
    if not is_known and (others := _alike(best.srid)):
        params["others"] = ", ".join(_name(Placement(srid)) for srid in others)
    return Decision(best, (Finding("crs-missing", params=params),))


def _as_known(best: Placement, sample: Sample) -> tuple[Placement, bool]:
    """Of CRSs that place alone cannot tell apart the one by which features in force stay where they are, if one does."""
    if best.mistake is not None or len(sample.known) < ENOUGH_KNOWN:
        return best, False
    placements = [best, *(Placement(srid) for srid in _alike(best.srid))]
    ways = [(way, at) for at, one in enumerate(placements) if (way := _way(one, sample)) is not None]
    way, at = min(ways, default=(np.inf, 0))
    return (placements[at], True) if way <= MOVED_M else (best, False)


def _alike(srid: int) -> list[int]:
    """CRSs of the same meridian with another scale factor: by place alone they cannot be told apart."""
    mine = mistakes.projection(srid)
    if not mine:
        return []
    others = ((other, mistakes.projection(other)) for other in geometry.known_srids() if not 32600 < other < 32800)
    return [
        other
        for other, its in others
        if its and (its["lon_0"], its["x_0"]) == (mine["lon_0"], mine["x_0"]) and its["k"] != mine["k"]
    ]


def _gross(said: Placement | None) -> Iterator[Placement]:
    """Other placements, the likelier first: what is said with a mistake, then every CRS, then each with a mistake."""
    # WGS 84, what the country's offices use, its other systems, and UTM of the world, which lies beside them, last.
    srids = sorted(
        geometry.known_srids(),
        key=lambda srid: (srid != geometry.WGS84, not mistakes.likely(srid), 32600 < srid < 32800, srid),
    )
    if said is not None:
        yield from (Placement(said.srid, mistake) for mistake in mistakes.gross())
    yield from (Placement(srid) for srid in srids if said is None or srid != said.srid)
    yield from (Placement(srid, mistake) for mistake in mistakes.gross() for srid in srids)


def _best(placements: Iterable[Placement], sample: Sample, areas: Areas) -> tuple[Placement | None, float]:
    """The placement by which most points lie where they belong; of equals the first."""
    best, most = None, 0.0
    for placement in placements:
        share = _share(placement, sample, areas)
        if share > most + 0.005:
            best, most = placement, share
        if most == 1.0:
            break
    return best, most


def _share(placement: Placement | None, sample: Sample, areas: Areas | None) -> float:
    if placement is None or areas is None:
        return 0.0
    return float(areas.hits(placement.degrees(sample.points), sample.belongs).mean())


def _doubtful(said: Placement, best: Placement, sample: Sample) -> Finding:
    cause = next((one.mistake.name for one in (best, said) if one.mistake), "")
    params = {
        "said": _name(said),
        "meant": _name(best),
        "cause": cause,
        "metres": _metres(said.degrees(sample.points), best.degrees(sample.points)),
        "keep": said.as_params,
        **best.as_params,
    }
    return Finding("crs-doubtful", params=params)


def _name(placement: Placement) -> str:
    return f"{geometry.crs(placement.srid).name} (EPSG:{placement.srid})"


def _metres(one: np.ndarray, other: np.ndarray) -> str:
    """The middle distance of points in degrees, in words of metres; ∞ where one of them is not on the globe."""
    a, b = shapely.get_coordinates(one), shapely.get_coordinates(other)
    on_globe = (np.isfinite(a) & np.isfinite(b) & (np.abs(a) <= (180, 90)) & (np.abs(b) <= (180, 90))).all(axis=1)
    if not on_globe.any():
        return "∞"
    a, b = a[on_globe], b[on_globe]
    middle = float(np.median(_GEOD.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2]))
    return f"{middle:.1f}" if middle < 10 else f"{middle:.0f}"
