"""In which coordinate system a file really is: told by what speaks for each reading.

What a file says of itself is one opinion, and what the operator says another. The sample is read by it and by others,
and each is judged by its witnesses (`witnesses`). Where several fit, or where a better one is found than the one that is
said, all of them are put side by side and a person decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from landgis.catalog import office
from landgis.changes.issues import Finding
from landgis.ingest import mistakes, placements, witnesses
from landgis.ingest.areas import Areas
from landgis.ingest.crs_text import Likeness
from landgis.ingest.placements import Placement, Sample
from landgis.ingest.witnesses import (
    ENOUGH_KNOWN,
    IN_FORCE,
    LANDS,
    MISSES,
    MOVED_M,
    NAMED,
    OFFICE,
    PUBLISHED,
    RANKS,
    Witnessed,
)
from landgis.lib import geometry

BETTER, NEARLY_ALL, ENOUGH_POINTS = 0.05, 0.98, 20  # so much more, and so much at all, where a reading does not miss
UNEXPLAINED_M = 5.0  # a way that all go and that no reading explains; less may be a better survey
NEIGHBOUR_M = 100_000.0  # a file of a neighbouring province lies within so much of the published areas
FAR_M = 100.0  # so far fewer features than ENOUGH_KNOWN are believed, if another reading leaves them where they are
OF_FILE, SAID, ASSUMED, CONFIRMED = "", "said", "assumed", "confirmed"
# What has to speak for another reading where the one that is said misses: of twenty meridians one always lands somewhere.
LEAST = {ASSUMED: RANKS[PUBLISHED], OF_FILE: RANKS[OFFICE], SAID: RANKS[NAMED]}


@dataclass(frozen=True)
class Decision:
    """How the coordinates are read, and what is to be said of it."""

    placement: Placement | None
    findings: tuple[Finding, ...] = ()


def decide(
    said: Placement | None,
    how: str,
    sample: Sample,
    areas: Areas | None,
    alike: Sequence[Likeness] = (),
    nameless: Sequence[Likeness] = (),
) -> Decision:
    """What is said, or readings of which one has to be confirmed.

    `how` it is said: by the operator (SAID), by the operator after a question (CONFIRMED), by the files of that
    supplier before (ASSUMED), or by the file (OF_FILE); what it describes may only be `alike` to known systems, and its
    form may have no name for those that are `nameless`.
    """
    if not len(sample.points):
        return Decision(said)
    if alike:
        found = _described(said, alike, sample, areas)
        if len(found) > 1 or (alike[0].differences and said is None):
            return _alike("crs-alike", found, alike, sample, areas)
        said = found[0].placement
    if said is None:
        return _unsaid(sample, areas)
    if how == CONFIRMED:
        return Decision(said, (*_kept(said, sample), *_elsewhere(said, sample, areas)))
    if how == OF_FILE and not witnesses.middle_on_globe(said, sample.points) and (several := _several(sample, areas)):
        return several
    doubt = _moved(said, sample, areas) or _missed(said, how, sample, areas) or _nameless(said, nameless, sample, areas)
    return doubt or Decision(said, (*_elsewhere(said, sample, areas), *_also(said, how, sample, areas)))


def lands(said: Placement | None, sample: Sample, areas: Areas | None) -> float:
    """The share of the points that lie where they belong as is said, or in the best of all CRSs where nothing is."""
    if areas is None or not len(sample.points):
        return 0.0
    plain = [said] if said is not None else [Placement(srid) for srid in geometry.known_srids()]
    return max(witnesses.share(placement, sample, areas) for placement in plain)


# --- Nothing is said


def _unsaid(sample: Sample, areas: Areas | None) -> Decision:
    """The reading that alone can be meant, or a question between all that fit."""
    found = witnesses.fitting(sample, areas)
    if not found:
        return Decision(None)
    best = found[0].placement
    params = best.as_params | {"name": geometry.crs(best.srid).name}
    if witnesses.is_certain(found, sample):
        # A mistake that leads beside the place may fit better.
        doubt = None if IN_FORCE in found[0].because else _missed(best, OF_FILE, sample, areas)
        if doubt:
            return doubt
        told = params | {"because": list(found[0].because)}
        if IN_FORCE not in found[0].because:  # a place is kilometres wide: it tells no metres
            told["beside"] = placements.in_words(witnesses.beside_m(best, sample))
        return Decision(best, (Finding("crs-told", params=told),))
    readings = witnesses.as_params(found, sample, areas)
    first = witnesses.is_alone_first(found)
    return Decision(best, (Finding("crs-missing", params=params | {"readings": readings, "best": first}),))


def _several(sample: Sample, areas: Areas | None) -> Decision | None:
    """A question between all that fits, where what the file says leads to no place and more than one reading fits."""
    found = [one for one in witnesses.fitting(sample, areas) if one.placement.mistake is None]
    return _unsaid(sample, areas) if len(found) > 1 else None


# --- Something like a known system is described


def _described(
    written: Placement | None, alike: Sequence[Likeness], sample: Sample, areas: Areas | None
) -> list[Witnessed]:
    """The readings of a description, those that lead to the same place once, the one for which most speaks first."""
    readings = [*(one.placement for one in alike), *([written] if written else [])]
    found = witnesses.apart([witnesses.witnessed(one, sample, areas) for one in readings], sample)
    return sorted(found, key=lambda one: -one.rank)


def _nameless(said: Placement, nameless: Sequence[Likeness], sample: Sample, areas: Areas | None) -> Decision | None:
    """A question between what the file says and what its form has no name for, unless more speaks for what it says."""
    alike = [Likeness(said, ()), *nameless]
    found = _described(None, alike, sample, areas) if nameless else []
    least = witnesses.witnessed(said, sample, areas).rank
    found = [one for one in found if one.rank >= least]
    return _alike("crs-nameless", found, alike, sample, areas) if len(found) > 1 else None


def _alike(
    code: str, found: Sequence[Witnessed], alike: Sequence[Likeness], sample: Sample, areas: Areas | None
) -> Decision:
    best = found[0].placement
    # What is taken back as a mistake is read as the file writes it.
    differences = {
        one.placement: one.differences for one in alike if one.placement.leads_far or not one.placement.mistake
    }
    readings = [
        reading | {"differences": [list(one) for one in differences.get(its.placement, ())]}
        for reading, its in zip(witnesses.as_params(found, sample, areas), found, strict=False)
    ]
    params = {"name": geometry.crs(best.srid).name, "readings": readings, "best": witnesses.is_alone_first(found)}
    return Decision(best, (Finding(code, params=params | best.as_params),))


# --- Something is said


def _moved(said: Placement, sample: Sample, areas: Areas | None) -> Decision | None:
    """Features that are in force already would all move by the same way: a mistake, whether one explains it or not."""
    before = placements.way(said, sample)
    if before is None or before <= MOVED_M:
        return None
    enough = len(sample.known) >= ENOUGH_KNOWN
    if not enough and before < FAR_M:
        return None
    candidates = [*witnesses.near(said), *(witnesses.others(said, sample) if before > FAR_M else ())]
    ways = [(its, at) for at, one in enumerate(candidates) if (its := placements.way(one, sample)) is not None]
    least, at = min(ways, default=(before, -1))
    if least <= min(MOVED_M, before / 5):
        return _doubtful(said, candidates[at], sample, areas)
    if not enough or before < UNEXPLAINED_M:
        return None
    params = {"said": said.name, "metres": placements.in_words(before), "count": len(sample.known)}
    return Decision(said, (Finding("crs-moved", params=params | {"keep": _kept_as(said)}),))


def _kept(said: Placement, sample: Sample) -> tuple[Finding, ...]:
    """A word on what moves although a person was asked."""
    before = placements.way(said, sample)
    if before is None or before <= MOVED_M:
        return ()
    return (Finding("crs-kept", params={"metres": placements.in_words(before), "count": len(sample.known)}),)


def _missed(said: Placement, how: str, sample: Sample, areas: Areas | None) -> Decision | None:
    """The data do not lie where their rows say that they belong, or nowhere, and more speaks for another reading."""
    if areas is None:
        return None
    share = witnesses.share(said, sample, areas)
    if share >= LANDS and not any(sample.belongs) and not (how == OF_FILE and _misses_its_name(said, sample, areas)):
        return None
    if share < MISSES or not any(sample.belongs):
        better = _better(said, how, sample, areas)
        return _doubtful(said, better.placement, sample, areas) if better else None
    if how == SAID or len(sample.points) < ENOUGH_POINTS:
        return None
    shares = [(witnesses.share(one, sample, areas), one) for one in witnesses.near(said)]
    most, best = max(shares, default=(0.0, said), key=lambda pair: pair[0])
    return _doubtful(said, best, sample, areas) if most >= max(share + BETTER, NEARLY_ALL) else None


def _also(said: Placement, how: str, sample: Sample, areas: Areas | None) -> tuple[Finding, ...]:
    """A word on what the file says where the data lie in published places by the office's own system, too."""
    if areas is None or how != OF_FILE or witnesses.witnessed(said, sample, areas).rank >= RANKS[OFFICE]:
        return ()
    ours = (Placement(srid) for srid in office.current().legal_srids if srid != said.srid)
    found = next((one for one in ours if OFFICE in witnesses.witnessed(one, sample, areas).because), None)
    if found is None:
        return ()
    metres = placements.in_words(placements.metres_between(said, found, sample.points))
    return (Finding("crs-also", params={"said": said.name, "meant": found.name, "metres": metres}),)


def _misses_its_name(said: Placement, sample: Sample, areas: Areas) -> bool:
    """Whether the points lie outside of the area that the name of the file names."""
    if not sample.file_names:
        return False
    named = [set(sample.file_names)] * len(sample.points)
    return bool(areas.hits(said.degrees(sample.points), named).mean() < MISSES)


def _better(said: Placement, how: str, sample: Sample, areas: Areas) -> Witnessed | None:
    """A reading for which more speaks than for the one that is said; that it lands somewhere is not enough.

    What has to speak for it is more than what is said weighs (LEAST), unless that leads to no place of the globe. Where
    the file itself leads far from all that the office publishes, its word weighs less: a neighbour lies near.
    """
    is_place = witnesses.middle_on_globe(said, sample.points)
    is_far = is_place and areas.metres_to(said.degrees(sample.points)) > NEIGHBOUR_M
    least = RANKS[PUBLISHED] if how == OF_FILE and is_far else LEAST[how]
    for placement in witnesses.others(said, sample):
        if placement.mistake is not None and how == SAID and is_place and not any(sample.belongs):
            continue
        found = witnesses.witnessed(placement, sample, areas)
        if not found.because or (any(sample.belongs) and found.rank < RANKS[NAMED]):
            continue
        if found.rank >= least or placement.mistake is not None or not is_place:
            return found
    return None


def _elsewhere(said: Placement, sample: Sample, areas: Areas | None) -> tuple[Finding, ...]:
    """A word on data that lie in no published place, or in others than their rows name."""
    share = witnesses.share(said, sample, areas)
    if areas is None or share >= MISSES:
        return ()
    points = said.degrees(sample.points)
    anywhere = float(areas.hits(points, [None] * len(points)).mean())
    if anywhere >= MISSES:
        places = ", ".join(areas.titles_at(points))
        return (Finding("crs-other-place", params={"percent": f"{share:.0%}", "at": places}),)
    return (Finding("crs-elsewhere", params={"percent": f"{anywhere:.0%}"}),)


def _doubtful(said: Placement, best: Placement, sample: Sample, areas: Areas | None) -> Decision:
    cause = next((one.mistake.name for one in (best, said) if one.mistake), "")
    both = [witnesses.witnessed(one, sample, areas) for one in (best, said)]
    readings = witnesses.as_params(both, sample, areas)
    readings[1] |= _kept_as(said)
    params = {
        "said": said.name,
        "meant": best.name,
        "cause": cause,
        "metres": placements.in_words(placements.metres_between(said, best, sample.points)),
        "keep": _kept_as(said),
        "readings": readings,
        "best": both[0].rank > max(both[1].rank, RANKS[PUBLISHED]),
        **best.as_params,
    }
    return Decision(best, (Finding("crs-doubtful", params=params),))


def _kept_as(said: Placement) -> dict[str, Any]:
    """What confirms a reading against what speaks for another: it is said that nothing is to be taken back."""
    return {"srid": said.srid, "fix": said.mistake.code if said.mistake else mistakes.AS_IT_IS}
