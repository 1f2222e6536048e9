"""Splits and merges: said with the change set, checked, put in force as one, and read back as lineage."""

from typing import Any

import pytest
import shapely
from django.test import Client

from landgis.accounts.models import User
from landgis.catalog import lineage
from landgis.catalog.models import Revision
from landgis.changes import actions as changes
from landgis.changes import mending, passages
from landgis.changes.marks import BASE, RETIRES
from landgis.changes.models import ChangeSet, Door, State
from landgis.lib import geometry
from landgis.publicland.models import Plot
from tests import samples

pytestmark = pytest.mark.usefixtures("empty_world")
SHAPE = ["boundary", "area_m2", "legal_srid"]
WEST, SOUTH, EAST, NORTH = samples.plot(1)["box"]
MIDDLE = (WEST + EAST) / 2
LEFT = {**samples.plot(2), "box": (WEST, SOUTH, MIDDLE, NORTH), "area_legal_m2": 970}
RIGHT = {**samples.plot(3), "box": (MIDDLE, SOUTH, EAST, NORTH), "area_legal_m2": 970}
WHOLE = samples.plot(1)


def ref(plot: Any) -> str:
    return samples.public_land().ref(plot)


def proposed(
    parents: list[Any], children: list[Any], *, said: list[tuple[list[Any], list[Any]]] | None = None, **about: Any
) -> ChangeSet:
    """A change set that retires the parents and adds the children, checked."""
    dataset = samples.public_land()
    change_set = changes.draft(dataset, by=about.pop("by", None), door=about.pop("door", Door.COMMAND_LINE))
    names = sorted({name for one in (*parents, *children) for name in samples.facts(one)})
    records = []
    for row, one in enumerate((*parents, *children), 1):
        drawn = shapely.MultiPolygon([shapely.box(*one["box"])])
        written = shapely.to_wkb(shapely.set_srid(drawn, 4326), hex=True, include_srid=True)
        base = Plot.objects.filter(ref=ref(one), until_revision=None).values_list("from_revision", flat=True).first()
        raw = {BASE: base or 0} | ({RETIRES: True} if one in parents else {})
        values = (one.get(name) for name in names)
        records.append((row, ref(one), raw, *values, written, float(geometry.area_m2(drawn, 4326)), 4326))
    changes.stage(change_set, [*names, *SHAPE], records)
    for before, after in said if said is not None else [(parents, children)]:
        passages.say(change_set, [ref(one) for one in before], [ref(one) for one in after], **about)
    changes.check(change_set)
    return change_set


def put_in_force(change_set: ChangeSet) -> int:
    changes.submit(change_set, by=change_set.author)
    changes.approve(change_set, by=None)
    return changes.apply(change_set, by=None)


def codes(change_set: ChangeSet) -> set[str]:
    return set(change_set.issues.values_list("code", flat=True)) - {"identity-alike"}


def test_a_split_says_what_came_from_what() -> None:
    beside = {
        **samples.plot(4),
        "box": (WEST, SOUTH, EAST, SOUTH + (NORTH - SOUTH) / 2),  # on the ground alone a parent, too
        "area_legal_m2": 970,
    }
    samples.the_whole_state([WHOLE, beside])
    found = proposed([WHOLE, beside], [LEFT, RIGHT], said=[([WHOLE], [LEFT, RIGHT])])
    assert codes(found) == set()
    revision = put_in_force(found)
    dataset = samples.public_land()
    assert [one.ref for one in lineage.successors(dataset, ref(WHOLE))] == [ref(LEFT), ref(RIGHT)]
    before = lineage.lineage(dataset, ref(LEFT)).predecessors
    assert (ref(WHOLE), revision) in [(one.ref, one.revision) for one in before]
    gone = Client().get(f"/public-land/{ref(WHOLE)}/")
    assert gone.status_code == 410
    assert all(f'href="/public-land/{ref(one)}/"' in gone.content.decode() for one in (LEFT, RIGHT))


def test_what_was_merged_leads_to_what_it_became() -> None:
    samples.the_whole_state([LEFT, RIGHT])
    found = proposed([LEFT, RIGHT], [WHOLE])
    assert codes(found) == set()
    put_in_force(found)
    for one in (LEFT, RIGHT):
        for path in (f"/public-land/{ref(one)}/", f"/public-land/{ref(one)}.json"):
            answer = Client().get(path)
            assert (answer.status_code, answer.headers["Location"]) == (301, path.replace(ref(one), ref(WHOLE)))
    relatives = lineage.lineage(samples.public_land(), ref(WHOLE)).predecessors
    assert [one.ref for one in relatives] == [ref(LEFT), ref(RIGHT)]


def test_of_edits_nothing_is_guessed_from_the_ground() -> None:
    author, approver = (User.objects.create_superuser(name) for name in ("author", "approver"))
    samples.the_whole_state([WHOLE])
    found = proposed([WHOLE], [LEFT, RIGHT], said=[], by=author, door=Door.OFFICER)
    changes.submit(found, by=author)
    changes.approve(found, by=approver)
    changes.apply(found, by=approver)
    assert lineage.successors(samples.public_land(), ref(WHOLE)) == []


def test_who_may_not_be_seen_is_nobody_s_child() -> None:
    samples.the_whole_state([WHOLE])
    put_in_force(proposed([WHOLE], [LEFT, {**RIGHT, "is_public": False}]))
    assert [one.ref for one in lineage.successors(samples.public_land(), ref(WHOLE))] == [ref(LEFT)]
    assert Client().get(f"/public-land/{ref(WHOLE)}/").status_code == 301


STEP = (EAST - WEST) / 100


@pytest.mark.parametrize(
    ("children", "code"),
    [
        ([], "ground"),
        ([LEFT], "passage-ground"),  # another number for half of it
        ([{**LEFT, "box": (WEST, SOUTH, MIDDLE - STEP, NORTH)}, RIGHT], "passage-ground"),
        ([{**LEFT, "box": (WEST, SOUTH, MIDDLE + STEP, NORTH)}, RIGHT], "children-overlap"),
        ([{**LEFT, "area_legal_m2": 900}, RIGHT], "passage-areas"),
        ([{**LEFT, "area_legal_m2": None}, RIGHT], "child-without-area"),
        ([LEFT, {**samples.plot(9), "box": RIGHT["box"], "area_legal_m2": 970}], "child-taken"),
    ],
)
def test_what_is_not_sound_is_stopped(children: list[Any], code: str) -> None:
    samples.the_whole_state([WHOLE, samples.plot(9)])
    samples.the_whole_state([WHOLE])
    if code == "ground":
        with pytest.raises(ValueError, match="no split, merge or renumbering"):
            proposed([WHOLE], children)
        return
    found = proposed([WHOLE], children)
    assert code in codes(found)
    with pytest.raises(changes.StoppedByIssues):
        changes.submit(found, by=None)


def test_a_millimetre_is_no_difference_and_a_reason_lets_areas_differ() -> None:
    samples.the_whole_state([WHOLE])
    near = MIDDLE + 5e-9
    children = [{**LEFT, "box": (WEST, SOUTH, near, NORTH), "area_legal_m2": 900}, RIGHT]
    found = proposed([WHOLE], children, remeasured="Đo lại bằng máy")
    assert codes(found) == {"passage-remeasured", "area-difference"}
    assert Revision.objects.filter(number=put_in_force(found)).exists()


def test_whoever_joins_what_overlaps_is_told_how_much_ground_is_lost() -> None:
    wide = {**LEFT, "box": (WEST, SOUTH, MIDDLE + STEP, NORTH)}
    samples.the_whole_state([wide, RIGHT])
    found = proposed([wide, RIGHT], [WHOLE])
    assert "passage-ground" not in codes(found)
    (told,) = found.issues.filter(code="parents-overlap")
    shared = geometry.area_m2(shapely.box(MIDDLE, SOUTH, MIDDLE + STEP, NORTH), 4326)
    assert (told.ref, told.params["area"]) == (ref(RIGHT), f"{shared:.2f}")


def test_a_split_is_whole_or_not_at_all() -> None:
    samples.the_whole_state([WHOLE])
    found = proposed([WHOLE], [LEFT, RIGHT])
    changes.submit(found, by=None)
    with pytest.raises(changes.StoppedByIssues):
        mending.reject_features(found, {ref(RIGHT): "No"}, by=User.objects.create_superuser("boss"))
    found.refresh_from_db()
    assert found.state == State.SUBMITTED and found.passages.count() == 1


def test_a_split_that_is_rejected_stops_nothing_else() -> None:
    other = samples.plot(9)
    samples.the_whole_state([WHOLE, other])
    found = proposed([WHOLE], [LEFT, RIGHT, {**samples.plot(10)}], said=[([WHOLE], [LEFT, RIGHT])])
    changes.submit(found, by=None)
    refused = {ref(one): "No" for one in (WHOLE, LEFT, RIGHT)}
    mending.reject_features(found, refused, by=User.objects.create_superuser("boss"))
    changes.approve(found, by=None)
    changes.apply(found, by=None)
    assert set(Plot.objects.filter(until_revision=None).values_list("ref", flat=True)) == {
        ref(WHOLE), ref(other), ref(samples.plot(10))
    }  # fmt: skip
    assert lineage.successors(samples.public_land(), ref(WHOLE)) == []


def test_two_splits_of_one_plot_and_a_number_that_another_one_has_reserved() -> None:
    samples.the_whole_state([WHOLE])
    first, second = proposed([WHOLE], [LEFT, RIGHT]), proposed([WHOLE], [LEFT, RIGHT])
    changes.submit(first, by=None)
    changes.approve(first, by=None)
    assert "child-reserved" in codes(proposed([WHOLE], [LEFT, RIGHT]))
    changes.submit(second, by=None)
    changes.approve(second, by=None)
    changes.apply(first, by=None)
    with pytest.raises(changes.MovedOn):
        changes.apply(second, by=None)
    twice = proposed([LEFT, RIGHT], [{**WHOLE, "plot_code": "P-9"}], said=[
        ([LEFT, RIGHT], [{**WHOLE, "plot_code": "P-9"}]), ([LEFT, RIGHT], [{**WHOLE, "plot_code": "P-9"}]),
    ])  # fmt: skip
    assert "passage-twice" in codes(twice)
