"""Splits, merges and edits in great number: no ground is lost or doubled, nothing is overwritten, and every past state is there.

`make test` asks for a few, `make prove` for hundreds, `make soak` for as many as an office makes in years.
"""

import hashlib
import os
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import shapely
from django.contrib.auth.models import Group

from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import Role, User
from landgis.catalog import queries, registry
from landgis.changes import actions as changes
from landgis.changes.actions import StateError, StoppedByIssues
from landgis.changes.models import ChangeSet, State
from landgis.changes.passage_models import Descent
from landgis.lib import divisions, geometry
from landgis.lib.divisions import NotDivided
from landgis.workbench import change_sets, dividing, edits, passing, reserving
from landgis.workbench.edits import Feature, NotAsSeen
from landgis.workbench.models import Edit
from landgis.workbench.passing import Child, Proposal
from tests.benchmarks import cadastre
from tests.changes.test_concurrency import in_threads
from tests.people import in_whole_office

pytestmark = pytest.mark.usefixtures("empty_world")
PARCELS = 60
AT_ONCE = 12  # splits and merges of a change set
LEAST_M2, MOST_M2 = 60.0, 900.0
SRID = 5899


def counted(few: int, many: int, whole: str) -> list[Any]:
    """How often: in `make test`, and in `make prove` or `make soak`."""
    return [
        pytest.param(few, id="few"),
        pytest.param(int(os.environ.get(whole) or many), id="many", marks=pytest.mark.prove),
    ]


def people(*officers: str) -> list[User]:
    """These officers, and an approver behind them."""
    ensure_roles()
    found = [User.objects.create_user(name) for name in (*officers, "approver")]
    for person in found:
        role = Role.APPROVER if person.username == "approver" else Role.OFFICER
        person.groups.set(Group.objects.filter(name=role))
    in_whole_office(*found)
    return found


def in_force(**about: Any) -> Any:
    return change_sets.in_force_of(registry.get("parcels")).filter(until_revision=None, **about)


# Splits and merges


@pytest.mark.parametrize("passages", counted(6, 240, "SOAK_PASSAGES"))
def test_no_ground_is_lost_or_doubled(passages: int) -> None:
    cadastre.let_in([next(cadastre.communes(PARCELS))], is_complete=True)
    officer, approver = people("officer")
    chance, before, states = random.Random(passages), ground(), {1: state()}
    done = 0
    while done < passages:
        proposals = list(proposed(chance, officer, min(AT_ONCE, passages - done)))
        assert proposals, "nothing is left to divide or to join"
        change_set = [passing.put_in(feature(one, officer), one, by=officer) for one in proposals][-1]
        assert edits.hand_in(change_set, by=officer, reason="Soak"), list(
            change_set.issues.values_list("code", "params")
        )
        changes.approve(change_set, by=approver)
        revision = changes.apply(change_set, by=approver)
        states[revision] = state()
        for one in proposals:
            parts = [dividing.ground_of(in_force(ref=ref).get()).plane for ref in one.refs]
            whole = [dividing.ground_of(row).plane for row in one.parents]
            assert abs(sum(map(shapely.area, parts)) - sum(map(shapely.area, whole))) < 0.01, one.refs
        done += len(proposals)
    assert abs(float(shapely.area(ground()).sum()) - float(shapely.area(before).sum())) < 0.01
    assert not are_overlapping(ground())
    assert not roots_missing(list(Descent.objects.values_list("parent", "child")))
    dataset = registry.get("parcels")
    for revision, was in states.items():
        assert state(revision) == was, revision
        assert queries.count(dataset, as_of=revision) == len(was)


def proposed(chance: random.Random, officer: User, most: int) -> Iterator[Proposal]:
    """Splits and merges that touch no parcel twice."""
    dataset, touched, numbers = registry.get("parcels"), set[str](), set[str]()
    rows = sorted(in_force(), key=lambda row: str(row.ref))
    chance.shuffle(rows)
    found = 0
    for row in rows:
        if found == most:
            return
        near = [one for one in dividing.neighbours(dataset, row) if one.ref not in touched]
        small = [one for one in near if one.area_m2 + row.area_m2 < MOST_M2]
        is_split = row.area_m2 > LEAST_M2 and (not small or chance.random() < 0.5)
        if row.ref in touched or not (is_split or small):
            continue
        parents = [row] if is_split else [row, chance.choice(small)]
        try:
            parts = divided(chance, row) if is_split else [dividing.joined(parents)]
        except NotDivided:
            continue
        touched |= {one.ref for one in parents}
        found += 1
        yield proposal(officer, parents, parts, numbers)


def divided(chance: random.Random, row: Any) -> list[shapely.Geometry]:
    """By a line through a point inside, at any angle; or by an area along a side."""
    ground = dividing.ground_of(row)
    if chance.random() < 0.3:
        side = chance.choice(divisions.sides(ground.plane))
        found = divisions.by_area(ground.plane, side, ground.plane.area * chance.uniform(0.2, 0.8), SRID)
    else:
        middle, turn = ground.plane.representative_point(), chance.uniform(0, np.pi)
        reach = 1000 * np.array([np.cos(turn), np.sin(turn)])
        ends = [tuple(np.array([middle.x, middle.y]) + way * reach) for way in (1, -1)]
        found = divisions.by_line(ground.plane, ends, SRID)
    if min(map(shapely.area, found)) < 5:
        raise NotDivided("too-narrow")
    return divisions.with_corners_of(found, [ground.shape], SRID)


def proposal(officer: User, parents: list[Any], parts: list[shapely.Geometry], taken: set[str]) -> Proposal:
    dataset = registry.get("parcels")
    free = reserving.next_numbers(dataset, vars(parents[0]), len(parts) + len(taken), edits.draft_of(dataset, officer))
    numbers = [one for one in free if one not in taken][: len(parts)]
    taken.update(numbers)
    areas = [f"{dividing.computed_m2(part, SRID):.1f}" for part in parts]
    children = [Child(number, True, area, part) for number, area, part in zip(numbers, areas, parts, strict=True)]
    chosen = dict.fromkeys(passing.contested(dataset, parents), parents[0].ref)
    return Proposal(dataset, parents, children, "Soak", chosen)


def feature(one: Proposal, officer: User) -> Feature:
    return edits.feature(one.dataset, one.parents[0].ref, officer)


def ground() -> np.ndarray:
    """What is in force, in the plane."""
    shapes = np.array([passing.size_of(row) for row in in_force().order_by("ref")], dtype=object)
    found: np.ndarray = geometry.from_wgs84(shapes, SRID)
    return found


def are_overlapping(shapes: np.ndarray) -> bool:
    """Whether two of them share ground that is somewhere wider than a millimetre."""
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    shared = shapely.intersection(shapes[one[one < other]], shapes[other[one < other]])
    return not shapely.is_empty(shapely.buffer(shared, -0.0005)).all()


def state(revision: int | None = None) -> dict[str, str]:
    """Ref -> the boundary of what is in force, or was as of a revision."""
    rows = change_sets.in_force_of(registry.get("parcels"))
    if revision is None:
        rows = rows.filter(until_revision=None)
    else:
        rows = rows.filter(from_revision__lte=revision).exclude(until_revision__lte=revision)
    return {row.ref: hashlib.sha256(bytes(row.boundary.wkb)).hexdigest()[:16] for row in rows}


def roots_missing(descents: list[tuple[str, str]]) -> set[str]:
    """Those of whom one comes back to themselves: what is left where all that has no parents left is taken away."""
    left = list(descents)
    while left:
        children = {child for _parent, child in left}
        kept = [(parent, child) for parent, child in left if parent in children]
        if len(kept) == len(left):
            return children
        left = kept
    return set()


# Edits that race


@pytest.mark.parametrize("count", counted(12, 400, "SOAK_EDITS"))
def test_of_edits_that_race_none_is_lost(count: int) -> None:
    """Each that was acknowledged is in force, or was, as its author wrote it; each other one its author was told of."""
    cadastre.let_in([next(cadastre.communes(3))], is_complete=True)
    *officers, approver = people("one", "two", "three", "four")
    refs = sorted(in_force().values_list("ref", flat=True))

    def work(number: int) -> list[tuple[str, str, bool]]:
        chance, by = random.Random(number), officers[number]
        told = []
        for turn in range(count // len(officers)):
            ref, text = chance.choice(refs), f"{number}-{turn}"
            told.append((ref, text, _published(ref, text, by, approver)))
        return told

    told = in_threads(work, len(officers))
    assert not [one for one in told if isinstance(one, Exception)], told
    acknowledged = {(ref, text) for mine in told for ref, text, is_kept in mine if is_kept}
    rows = change_sets.in_force_of(registry.get("parcels")).filter(from_revision__gt=1)
    assert sorted(rows.values_list("ref", "address")) == sorted(acknowledged)
    assert len(acknowledged) >= len(officers) and in_force().count() == len(refs)
    assert ChangeSet.objects.filter(state=State.APPLIED).count() == len(acknowledged) + 1


def _published(ref: str, text: str, by: User, approver: User) -> bool:
    """Whether the edit came into force; where it did not, nothing of it did, and whoever wrote it knows."""
    dataset = registry.get("parcels")
    found = edits.feature(dataset, ref, by)
    edit = edits.save(found, by=by, kind="change", base=found.revision, facts={"address": {"text": text}})
    try:
        edits.make_ready(edit, edit.saves, by=by)
        if not edits.hand_in(edit.change_set, by=by, reason="Race"):
            raise NotAsSeen
        changes.approve(edit.change_set, by=approver)
        changes.apply(edit.change_set, by=approver)
    except (NotAsSeen, StateError, StoppedByIssues, changes.MovedOn):
        changes.withdraw(ChangeSet.objects.get(pk=edit.change_set_id), by=by, reason="Told")
        Edit.objects.filter(pk=edit.pk).delete()
        return False
    return True
