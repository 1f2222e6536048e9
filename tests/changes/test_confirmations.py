"""Nothing read is a stop, and what touches much of what is in force is confirmed by its number, by every road."""

from typing import Any

import pytest
from django.test import override_settings

from landgis.accounts.models import User
from landgis.changes import actions as changes
from landgis.changes import confirmations
from landgis.changes.models import AuditEntry, ChangeSet, State
from tests import samples

pytestmark = pytest.mark.usefixtures("empty_world")
TEN = [samples.plot(number) for number in range(10)]
ASKED = ("many-retired", "many-moved", "many-changed")


@pytest.fixture(autouse=True)
def _few(settings: Any) -> None:
    """More than two of the ten are many."""
    settings.CONFIRM_PERCENT, settings.CONFIRM_FEATURES = 20, 1


def checked(plots: list[samples.Plot], **about: Any) -> ChangeSet:
    change_set = samples.drafted(plots, **about)
    changes.check(change_set)
    return change_set


def asked(change_set: ChangeSet) -> dict[tuple[str, str], int]:
    return {(one.code, one.field): one.params["count"] for one in confirmations.waiting(change_set)}


def test_a_source_of_which_nothing_was_read_retires_nothing() -> None:
    samples.applied(TEN)
    empty = checked([], is_complete=True)
    assert changes.counts(empty)["retire"] == 0
    assert list(empty.issues.values_list("code", "severity", "row")) == [("nothing-read", "stop", None)]
    with pytest.raises(changes.StoppedByIssues):
        changes.submit(empty, by=None)


def test_nor_does_one_all_of_whose_rows_are_left_out() -> None:
    samples.applied(TEN)
    change_set = samples.drafted([samples.plot(40, plot_code="")], is_complete=True)
    changes.check(change_set, leave_out=True)
    assert changes.counts(change_set)["retire"] == 0
    assert "nothing-read" in change_set.issues.values_list("code", flat=True)


@pytest.mark.parametrize(
    ("plots", "about", "found"),
    [
        (TEN[:8], {"is_complete": True}, {}),  # two are not more than a fifth
        (TEN[:7], {"is_complete": True}, {("many-retired", ""): 3}),
        ([{**one, "box": samples.plot(50 + at)["box"]} for at, one in enumerate(TEN[:4])], {}, {("many-moved", ""): 4}),
        ([{**one, "name": "Khu"} for one in TEN[:3]], {}, {("many-changed", "name"): 3}),
        ([{**one, "name": "Khu"} for one in TEN[:2]], {}, {}),
        ([{**one, "name": "Khu"} for one in TEN[:2]] + [{**one, "note": "x"} for one in TEN[2:4]], {}, {}),
    ],
)
def test_much_of_one_kind_is_asked_for(plots: list[samples.Plot], about: dict[str, Any], found: dict[Any, int]) -> None:
    samples.applied(TEN)
    change_set = checked(plots, **about)
    assert asked(change_set) == found
    assert changes.stopping(change_set) is bool(found)


def test_what_is_new_is_not_asked_for() -> None:
    samples.applied(TEN[:2])
    assert asked(checked(TEN)) == {}


def test_only_its_own_number_confirms_it_and_the_audit_says_who() -> None:
    samples.applied(TEN)
    officer = User.objects.create_user("officer")
    change_set = checked(TEN[:6], is_complete=True)
    assert not confirmations.confirm(change_set, [6, 10], by=officer)
    with pytest.raises(changes.StoppedByIssues):
        changes.submit(change_set, by=None)
    change_set.refresh_from_db()
    assert confirmations.confirm(change_set, [4], by=officer)
    assert not confirmations.confirm(change_set, [4], by=officer)
    entry = AuditEntry.objects.get(verb="change-set.confirm")
    assert (entry.by, entry.details["confirmed"]) == ("officer", [{"found": "many-retired", "field": "", "count": 4}])
    changes.submit(change_set, by=None)
    changes.approve(change_set, by=None)
    assert changes.apply(change_set, by=None)


def test_the_apply_counts_once_more() -> None:
    """Features went since, and what was little of all is much of what is left; and a state that somebody set by hand."""
    samples.applied(TEN)
    with override_settings(CONFIRM_PERCENT=30):
        little = samples.approved(TEN[:7], is_complete=True)
    with pytest.raises(changes.MovedOn) as stopped:
        changes.apply(little, by=None)
    assert [one.code for one in stopped.value.findings] == ["many-retired"]
    forced = checked(TEN[:6], is_complete=True)
    ChangeSet.objects.filter(pk=forced.pk).update(state=State.APPROVED)
    with pytest.raises(changes.MovedOn):
        changes.apply(forced, by=None)
