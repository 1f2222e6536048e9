"""The write door and territories: who prepares what, and whose approval lets it in."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import override_settings

from landgis.accounts.models import Role, User
from landgis.changes import actions as changes
from landgis.changes import handing, mending, redactions
from landgis.changes.models import AuditEntry, ChangeSet, State
from landgis.changes.scope_models import TouchedUnit
from landgis.changes.territories import Outside
from landgis.lib import statements
from landgis.places import holdings
from tests import databases, samples
from tests.catalog.test_communes_of_today import DIVIDED, PLOTS, publish
from tests.people import in_whole_office

LEFT, RIGHT, ASTRIDE = PLOTS[0], PLOTS[8], PLOTS[4]


@pytest.fixture(scope="module", autouse=True)
def divided(migrated: str, django_db_blocker: Any) -> Iterator[None]:
    """Two communes and nine plots, the fifth of which lies in both."""
    with django_db_blocker.unblock(), databases.made(migrated) as name, databases.used(name):
        with override_settings(CONFIRM_FEATURES=100):
            samples.the_whole_state([*PLOTS, samples.plot(9, commune_name="Nowhere", box=(100, 10, 100.001, 10.001))])
            publish(DIVIDED)
        yield


@pytest.fixture(autouse=True)
def _undone() -> Iterator[None]:
    with transaction.atomic(), override_settings(CONFIRM_FEATURES=100):
        yield
        transaction.set_rollback(True)


@pytest.fixture
def people() -> dict[str, User]:
    """Officers and approvers of the left and the right commune, and of the whole office."""
    areas = {
        "left": holdings.make("zq-left", "Xã Trái", ["1-b"], by=None),
        "right": holdings.make("zq-right", "Xã Phải", ["2-b"], by=None),
    }
    found = {}
    for role in (Role.OFFICER, Role.APPROVER):
        for side, area in areas.items():
            found[f"{side} {role}"] = User.objects.create_user(f"{side}.{role}")
            holdings.give(found[f"{side} {role}"], role, area, by=None)
        found[f"any {role}"] = User.objects.create_user(f"any.{role}")
        in_whole_office(found[f"any {role}"], roles=[role])
    return found


def changed(plots: list[dict[str, Any]], by: User, **values: Any) -> ChangeSet:
    values = values or {"name": "Another name"}
    change_set = samples.drafted([one | values for one in plots], by=by)
    changes.check(change_set)
    return change_set


def codes(change_set: ChangeSet) -> list[tuple[str, str]]:
    return list(change_set.issues.filter(severity="stop").order_by("ref").values_list("code", "ref"))


def test_an_officer_prepares_what_lies_in_the_own_territory(people: dict[str, User]) -> None:
    change_set = changed([LEFT], people["left officer"])
    assert codes(change_set) == []
    assert list(change_set.touched_units.values_list("unit", "features")) == [("1-b", 1)]
    changes.submit(change_set, by=people["left officer"])
    with pytest.raises(Outside) as refused:
        changes.approve(change_set, by=people["right approver"])
    (told,) = refused.value.strangers
    assert (told.units, told.responsible) == (("Xã Trái",), ("Xã Trái",))
    change_set.refresh_from_db()
    assert change_set.state == State.SUBMITTED
    with pytest.raises(Outside):
        changes.reject(change_set, by=people["right approver"], reason="zq")
    changes.approve(change_set, by=people["left approver"])
    assert change_set.state == State.APPROVED
    changes.apply(change_set, by=people["left approver"])


@pytest.mark.parametrize(
    ("plots", "values"),
    [
        ([RIGHT], {"name": "x"}),
        ([LEFT, RIGHT], {"name": "x"}),
        ([LEFT], {"box": RIGHT["box"]}),  # lies elsewhere afterwards
        ([RIGHT], {"box": LEFT["box"]}),  # lay elsewhere before
        ([samples.plot(20, commune_name="Xã Phải", box=RIGHT["box"])], {"name": "new"}),
    ],
)
def test_what_lies_elsewhere_is_an_issue_and_cannot_be_submitted(
    people: dict[str, User], plots: list[dict[str, Any]], values: dict[str, Any]
) -> None:
    officer = people["left officer"]
    change_set = changed(plots, officer, **values)
    assert [code for code, _ref in codes(change_set)] == ["outside-territory"]
    issue = change_set.issues.get(code="outside-territory")
    assert issue.params["responsible"] == "Xã Phải" and issue.params["units"] in ("Xã Phải", "Xã Trái, Xã Phải")
    with pytest.raises((Outside, changes.StoppedByIssues)):
        changes.submit(change_set, by=officer)
    change_set.issues.all().delete()  # the door itself refuses, whatever was noted
    with pytest.raises(Outside) as refused:
        changes.submit(change_set, by=officer)
    assert refused.value.count == 1 and "Xã Phải" in refused.value.strangers[0].responsible


def test_rows_of_others_can_be_left_out(people: dict[str, User]) -> None:
    change_set = samples.drafted([LEFT | {"name": "x"}, RIGHT | {"name": "x"}], by=people["left officer"])
    changes.check(change_set, leave_out=True)
    assert list(change_set.touched_units.values_list("unit", flat=True)) == ["1-b"]
    changes.submit(change_set, by=people["left officer"])


def test_a_complete_file_of_one_territory_retires_nothing_of_another(people: dict[str, User]) -> None:
    change_set = samples.drafted(PLOTS[:4], by=people["left officer"], is_complete=True)
    changes.check(change_set)
    assert {ref for _code, ref in codes(change_set)} >= {one["plot_code"] for one in PLOTS[5:]}


def test_what_lies_nowhere_is_the_whole_offices(people: dict[str, User]) -> None:
    nowhere = samples.plot(9, commune_name="Nowhere", box=(100, 10, 100.001, 10.001))
    change_set = changed([nowhere], people["left officer"])
    assert codes(change_set) == [("territory-unknown", "P-00009")]
    change_set = changed([nowhere], people["any officer"])
    changes.submit(change_set, by=people["any officer"])
    with pytest.raises(Outside):
        changes.approve(change_set, by=people["left approver"])
    changes.approve(change_set, by=people["any approver"])


def test_what_reaches_into_two_territories_is_let_in_by_both(people: dict[str, User]) -> None:
    main = statements.value("SELECT unit FROM catalog_location WHERE ref = 'P-00004' AND dataset = 'public-land'")
    side, other = ("left", "right") if main == "1-b" else ("right", "left")
    change_set = changed([ASTRIDE], people[f"{side} officer"])
    assert set(change_set.touched_units.values_list("unit", flat=True)) == {"1-b", "2-b"}
    changes.submit(change_set, by=people[f"{side} officer"])
    changes.approve(change_set, by=people[f"{other} approver"])
    assert change_set.state == State.SUBMITTED
    with pytest.raises(Outside):
        changes.approve(change_set, by=people[f"{other} approver"])  # has said all there is to say
    for step in (State.APPROVED, State.APPLIED):  # nor can it be moved on by hand
        with pytest.raises(changes.StateError):
            changes._move(change_set, [State.SUBMITTED], step)
    changes.approve(change_set, by=people[f"{side} approver"])
    assert change_set.state == State.APPROVED
    by = dict(change_set.touched_units.values_list("unit", "approver__username"))
    assert by == {"1-b": "left.approver", "2-b": "right.approver"}
    lines = AuditEntry.objects.filter(subject=f"change-set {change_set.pk}", verb__startswith="change-set.approve")
    assert list(lines.order_by("id").values_list("by", "verb")) == [
        (f"{other}.approver", "change-set.approve-part"),
        (f"{side}.approver", "change-set.approve"),
    ]
    TouchedUnit.objects.filter(change_set=change_set, unit=main).update(approver=None, approved_at=None)
    with pytest.raises(changes.StateError):
        changes.apply(change_set, by=people[f"{side} approver"])


def test_one_person_is_no_second_pair_of_eyes_for_a_part(people: dict[str, User]) -> None:
    officer = people["any officer"]
    in_whole_office(officer, roles=[Role.APPROVER])
    change_set = changed([ASTRIDE], officer)
    changes.submit(change_set, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        changes.approve(change_set, by=officer)


def test_who_edited_a_feature_of_it_does_not_approve_it(people: dict[str, User]) -> None:
    """Neither the door nor the table lets them, though they are neither its author nor submitted it."""
    both = people["left approver"]
    holdings.give(both, Role.OFFICER, holdings.make("zq-left", "Xã Trái", ["1-b"], by=None), by=None)
    change_set = changed([LEFT], people["right officer"])
    handing.hand_over(change_set, "zq-left", by=people["right officer"], note="zq")
    handing.take_on(change_set, by=both)
    mending.edit(change_set, LEFT["plot_code"], by=both)
    with pytest.raises(Outside):  # the receiving one sees it, and works on it no more
        mending.edit(change_set, LEFT["plot_code"], by=people["right officer"])
    entry = AuditEntry.objects.get(verb="change-set.edit", subject=f"change-set {change_set.pk}")
    assert (entry.by, entry.details["ref"]) == ("left.approver", "P-00000")
    for step in (changes.approve, lambda one, by: changes.reject(one, by=by, reason="zq")):
        ChangeSet.objects.filter(pk=change_set.pk).update(state=State.SUBMITTED)
        change_set.refresh_from_db()
        with pytest.raises(IntegrityError), transaction.atomic():
            step(change_set, by=both)
    changes.approve(change_set, by=people["any approver"])
    assert change_set.state == State.APPROVED


def test_what_lies_elsewhere_by_the_time_of_its_apply_is_asked_again(people: dict[str, User]) -> None:
    """Communes were drawn anew after the approval: whoever has the land now decides, too."""
    change_set = changed([LEFT], people["left officer"])
    changes.submit(change_set, by=people["left officer"])
    changes.approve(change_set, by=people["left approver"])
    left, right = DIVIDED[1], DIVIDED[2]
    publish([DIVIDED[0], {**left, "box": right["box"]}, {**right, "box": left["box"]}])
    with pytest.raises(Outside) as refused, transaction.atomic():
        changes.apply(change_set, by=people["left approver"])
    (told,) = refused.value.strangers
    assert (refused.value.count, told.units, told.responsible) == (1, ("Xã Phải",), ("Xã Phải",))
    mending.ask_again(change_set, by=people["left approver"])
    assert change_set.state == State.SUBMITTED
    by = dict(change_set.touched_units.values_list("unit", "approver__username"))
    assert by == {"1-b": "left.approver", "2-b": None}
    with pytest.raises(Outside):
        changes.approve(change_set, by=people["left approver"])
    changes.approve(change_set, by=people["right approver"])
    assert changes.apply(change_set, by=people["right approver"])


def test_who_may_let_it_in_there_as_well_is_not_asked_again(people: dict[str, User]) -> None:
    change_set = changed([LEFT], people["left officer"])
    changes.submit(change_set, by=people["left officer"])
    changes.approve(change_set, by=people["any approver"])
    left, right = DIVIDED[1], DIVIDED[2]
    publish([DIVIDED[0], {**left, "box": right["box"]}, {**right, "box": left["box"]}])
    assert changes.apply(change_set, by=people["any approver"])


def test_a_value_is_taken_out_by_two_people_of_its_territory(people: dict[str, User]) -> None:
    for name, person in people.items():
        person.groups.add(Group.objects.get_or_create(name=name.split()[1])[0])
    changes.apply(samples.approved([LEFT | {"name": "Right name"}]), by=None)
    about: dict[str, Any] = {"seen_in": 1, "reason": "zq", "public_reason": "zq", "fate": redactions.Fate.DESTROY}
    said = ("public-land", LEFT["plot_code"], "name")
    with pytest.raises(Outside) as refused:
        redactions.ask(*said, **about, by=people["right officer"])
    assert refused.value.strangers[0].responsible == ("Xã Trái",)
    asked = redactions.ask(*said, **about, by=people["left officer"])
    for step in (redactions.confirm, redactions.decline):
        with pytest.raises(Outside), transaction.atomic():
            step(asked, by=people["right approver"])
    assert not redactions.may_decide(asked, people["right approver"])
    assert redactions.may_decide(asked, people["any approver"])
    redactions.confirm(asked, by=people["left approver"])
    assert asked.state == "done"


def test_a_value_of_what_lies_nowhere_is_the_whole_offices(people: dict[str, User]) -> None:
    for name, person in people.items():
        person.groups.add(Group.objects.get_or_create(name=name.split()[1])[0])
    gone = samples.plot(9, commune_name="Nowhere", box=(100, 10, 100.001, 10.001))
    changes.apply(samples.approved([gone | {"name": "Right name"}]), by=None)
    about: dict[str, Any] = {"seen_in": 1, "reason": "zq", "public_reason": "zq", "fate": redactions.Fate.DESTROY}
    with pytest.raises(Outside):
        redactions.ask("public-land", gone["plot_code"], "name", **about, by=people["left officer"])
    asked = redactions.ask("public-land", gone["plot_code"], "name", **about, by=people["any officer"])
    with pytest.raises(Outside):
        redactions.confirm(asked, by=people["left approver"])
    redactions.confirm(asked, by=people["any approver"])


def test_the_operator_asks_nobody(people: dict[str, User]) -> None:
    change_set = samples.approved([RIGHT | {"name": "y"}])
    assert not change_set.touched_units.exists() and changes.apply(change_set, by=None)


def test_a_former_set_without_units_is_measured_when_it_is_decided(people: dict[str, User]) -> None:
    change_set = changed([LEFT], people["any officer"])
    changes.submit(change_set, by=people["any officer"])
    change_set.touched_units.all().delete()
    with pytest.raises(Outside):
        changes.approve(change_set, by=people["right approver"])
    changes.approve(change_set, by=people["left approver"])
    assert change_set.state == State.APPROVED
