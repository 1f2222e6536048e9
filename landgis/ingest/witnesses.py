"""What speaks for a reading of the coordinates, and which readings anything speaks for.

In this order: features that are in force stay where they are, the points lie in the area that their rows or the name of
the file name, the office works in that system, and last that the points lie in some published area at all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from landgis.catalog import office
from landgis.ingest import mistakes, placements
from landgis.ingest.areas import Areas
from landgis.ingest.placements import Placement, Sample
from landgis.lib import geometry

IN_FORCE, NAMED, FILE_NAME, OFFICE, PUBLISHED = "in-force", "named", "file-name", "office", "published"
RANKS = {IN_FORCE: 3, NAMED: 2, FILE_NAME: 2, OFFICE: 1, PUBLISHED: 0}
LANDS, MISSES = 0.9, 0.5  # shares of the points that lie where they belong
MOVED_M = 0.3  # less is the play of surveys
NEAR_M = 2000.0  # a mistake of datum or scale leads no farther
SAME_M = 0.01
ENOUGH_KNOWN = 5
MOST_READINGS = 8
DRAWN_POINTS = 40


@dataclass(frozen=True)
class Witnessed:
    """A placement with what speaks for it."""

    placement: Placement
    because: tuple[str, ...]

    @property
    def rank(self) -> int:
        return max((RANKS[one] for one in self.because), default=-1)


def share(placement: Placement, sample: Sample, areas: Areas | None) -> float:
    """The share of the points that lie where they belong."""
    if areas is None:
        return 0.0
    return float(areas.hits(placement.degrees(sample.points), sample.belongs).mean())


def witnessed(placement: Placement, sample: Sample, areas: Areas | None) -> Witnessed:
    """The placement with all that speaks for it."""
    because = []
    way = placements.way(placement, sample)
    if way is not None and way <= MOVED_M:
        because.append(IN_FORCE)
    if areas is not None:
        points = placement.degrees(sample.points)
        lands = areas.hits(points, [None] * len(points)).mean() >= LANDS
        if any(sample.belongs) and areas.hits(points, sample.belongs).mean() >= LANDS:
            because.append(NAMED)
        if sample.file_names and areas.hits(points, [set(sample.file_names)] * len(points)).mean() >= LANDS:
            because.append(FILE_NAME)
        if lands and placement.srid in office.current().legal_srids:
            because.append(OFFICE)
        if lands:
            because.append(PUBLISHED)
    return Witnessed(placement, tuple(because))


def fitting(sample: Sample, areas: Areas | None) -> list[Witnessed]:
    """All readings of coordinates of which nothing is said that something speaks for, the best first."""
    plain = [*(Placement(srid) for srid in by_likelihood()), *_earlier(sample)]
    found = [one for one in (witnessed(placement, sample, areas) for placement in plain) if one.because]
    if sample.known and not any(IN_FORCE in one.because for one in found):
        found += _shifted(plain, sample, areas)
    if not any(one.rank >= RANKS[NAMED] for one in found) and (any(sample.belongs) or not found):
        wrong = [Placement(srid, mistake) for mistake in mistakes.gross() for srid in by_likelihood()]
        wrong += [one for srid in by_likelihood() if (one := of_prefix(srid, sample))]
        found += [one for one in (witnessed(placement, sample, areas) for placement in wrong) if one.because]
    if not found and areas is not None:
        found = _partly(plain, sample, areas)
    ordered = sorted(found, key=_order)
    return apart(ordered, sample)


def _earlier(sample: Sample) -> Iterator[Placement]:
    """Frames of earlier days, with and without the number of the zone before the easting."""
    for srid, mistake in mistakes.earlier():
        yield Placement(srid, mistake)
        if mistake is None and (prefixed := of_prefix(srid, sample)):
            yield prefixed


def _shifted(plain: Iterable[Placement], sample: Sample, areas: Areas | None) -> list[Witnessed]:
    """Readings with a mistake of datum or scale by which features in force stay where they are."""
    near = [one for one in plain if (way := placements.way(one, sample)) is not None and way < NEAR_M]
    wrong = [Placement(one.srid, mistake) for one in near for mistake in mistakes.small(one.srid)]
    return [one for one in (witnessed(placement, sample, areas) for placement in wrong) if IN_FORCE in one.because]


def _partly(plain: Sequence[Placement], sample: Sample, areas: Areas) -> list[Witnessed]:
    """Readings by which at least half of the points lie in published areas: nothing does better."""
    nowhere = [None] * len(sample.points)
    shares = [float(areas.hits(one.degrees(sample.points), nowhere).mean()) for one in plain]
    most = max(shares)
    return [
        Witnessed(one, (PUBLISHED,))
        for one, its in zip(plain, shares, strict=True)
        if its >= MISSES and its > most - 0.05
    ]


def by_likelihood() -> list[int]:
    """Known systems: the office's own, WGS 84, what the country's offices use, others, UTM of the world last."""
    own = office.current().legal_srids
    return sorted(
        geometry.known_srids(),
        key=lambda srid: (
            own.index(srid) if srid in own else len(own),
            srid != geometry.WGS84,
            not mistakes.likely(srid),
            32600 < srid < 32800,
            srid,
        ),
    )


def _order(one: Witnessed) -> tuple[Any, ...]:
    return (-one.rank, one.placement.mistake is not None, -len(one.because))


def apart(found: Iterable[Witnessed], sample: Sample, metres: float = SAME_M) -> list[Witnessed]:
    """Those that lead to different places, of equals the first: some systems differ by their names only."""
    kept: list[Witnessed] = []
    for one in found:
        if all(placements.metres_between(one.placement, other.placement, sample.points) > metres for other in kept):
            kept.append(one)
    return kept


def as_params(found: Sequence[Witnessed], sample: Sample, areas: Areas | None) -> list[dict[str, Any]]:
    """Readings as the parameters of an issue: what confirms each, why, where it leads and how far from the first."""
    return [
        one.placement.as_params
        | {
            "name": geometry.crs(one.placement.srid).name,
            "cause": one.placement.mistake.name if one.placement.mistake else "",
            "because": list(one.because),
            "metres": placements.in_words(placements.metres_between(found[0].placement, one.placement, sample.points)),
            "places": areas.titles_at(one.placement.degrees(sample.points)) if areas else [],
            "points": _drawn(one.placement, sample),
        }
        for one in found[:MOST_READINGS]
    ]


def _drawn(placement: Placement, sample: Sample) -> list[list[float]]:
    """Some of the points in degrees, for a map."""
    places = shapely.get_coordinates(placement.degrees(sample.points))
    seen = places[placements.on_globe(places)]
    return [[round(x, 6), round(y, 6)] for x, y in seen[:: max(1, -(-len(seen) // DRAWN_POINTS))].tolist()]


def near(said: Placement) -> Iterator[Placement]:
    """Other placements that lead beside the place that is said."""
    found = (Placement(said.srid), *(Placement(said.srid, mistake) for mistake in mistakes.small(said.srid)))
    yield from (placement for placement in found if placement != said)


def others(said: Placement, sample: Sample) -> Iterator[Placement]:
    """Other placements that lead far from the place that is said, the likelier first."""
    yield from (Placement(said.srid, mistake) for mistake in mistakes.gross())
    if prefixed := of_prefix(said.srid, sample):
        yield prefixed
    yield from (Placement(srid) for srid in by_likelihood() if srid != said.srid)


def of_prefix(srid: int, sample: Sample) -> Placement | None:
    """A reading by which a zone's number is put before the easting, or taken away from there."""
    easting = float(np.median(shapely.get_coordinates(sample.points)[:, 0]))
    mistake = mistakes.of_prefix(srid, easting)
    return Placement(srid, mistake) if mistake else None


def is_certain(found: Sequence[Witnessed], sample: Sample) -> bool:
    """Whether the first of the readings is the only one that can be meant, and brings no mistake with it."""
    best, rivals = found[0], found[1:]
    if best.placement.mistake is not None:
        return False
    if len(sample.known) >= ENOUGH_KNOWN or IN_FORCE in best.because:
        return (
            len(sample.known) >= ENOUGH_KNOWN and IN_FORCE in best.because and all(r.rank < best.rank for r in rivals)
        )
    return {NAMED, OFFICE} <= set(best.because) and not any(NAMED in one.because for one in rivals)


def beside_m(placement: Placement, sample: Sample) -> float:
    """How far from there the data may lie at most by a mistake of datum or scale, which leads to the same places."""
    found = (Placement(placement.srid, mistake) for mistake in mistakes.small(placement.srid))
    return max((placements.metres_between(placement, one, sample.points) for one in found), default=0.0)


def is_alone_first(found: Sequence[Witnessed]) -> bool:
    """Whether more speaks for the first reading than for any other, and something that counts."""
    return found[0].rank >= RANKS[OFFICE] and all(one.rank < found[0].rank for one in found[1:])


def middle_on_globe(placement: Placement, points: np.ndarray) -> bool:
    """Whether most of the points have a place on the globe at all."""
    return bool(placements.on_globe(shapely.get_coordinates(placement.degrees(points))).mean() >= MISSES)
