"""A change set goes its one road: no step is left out, nobody lets in his own, and every act is written down."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from landgis.accounts.models import Role, User
from landgis.catalog.models import Revision
from landgis.changes import actions as changes
from landgis.changes import audit
from landgis.changes.models import AuditEntry, ChangeSet, Door, State
from tests import databases, samples
from tests.people import in_whole_office

Act = Callable[[ChangeSet], Any]


@pytest.fixture(scope="module")
def empty(migrated: str, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), databases.made(migrated) as name, databases.used(name):
        yield


@pytest.fixture(autouse=True)
def _undone(empty: None) -> Iterator[None]:
    """What a test writes is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def author() -> User:
    found = User.objects.create_user("an.author")
    in_whole_office(found, roles=Role.values)
    return found


@pytest.fixture
def approver() -> User:
    found = User.objects.create_user("an.approver")
    in_whole_office(found, roles=Role.values)
    return found


def somebody_else() -> User:
    found = User.objects.get_or_create(username="another.approver")[0]
    in_whole_office(found, roles=Role.values)
    return found


ACTS: dict[str, Act] = {
    "stage": lambda one: changes.stage(one, ["name"], []),
    "check": changes.check,
    "submit": lambda one: changes.submit(one, by=one.author),
    "approve": lambda one: changes.approve(one, by=somebody_else()),
    "reject": lambda one: changes.reject(one, by=somebody_else(), reason="It is wrong."),
    "withdraw": lambda one: changes.withdraw(one, by=one.author, reason="It came too early."),
    "apply": lambda one: changes.apply(one, by=somebody_else()),
}
ROADS = {
    State.DRAFT: [],
    State.CHECKED: ["check"],
    State.SUBMITTED: ["check", "submit"],
    State.APPROVED: ["check", "submit", "approve"],
    State.APPLIED: ["check", "submit", "approve", "apply"],
    State.REJECTED: ["check", "submit", "reject"],
    State.WITHDRAWN: ["check", "withdraw"],
}
ALLOWED = {
    State.DRAFT: {"stage", "check", "withdraw"},
    State.CHECKED: {"submit", "reject", "withdraw"},
    State.SUBMITTED: {"approve", "reject", "withdraw"},
    State.APPROVED: {"apply", "withdraw"},
    State.APPLIED: {"apply"},  # again, and nothing happens
    State.REJECTED: set(),
    State.WITHDRAWN: set(),
}
LEADS_TO = {
    "stage": State.DRAFT,
    "check": State.CHECKED,
    "submit": State.SUBMITTED,
    "approve": State.APPROVED,
    "reject": State.REJECTED,
    "withdraw": State.WITHDRAWN,
    "apply": State.APPLIED,
}
EVERY_STEP = [(state, act) for state in State for act in ACTS]


def in_state(state: State, author: User, plots: list[samples.Plot] | None = None) -> ChangeSet:
    """An officer's change set that came to the state by its own road."""
    change_set = samples.drafted(plots or [samples.plot(1)], by=author)
    for act in ROADS[state]:
        ACTS[act](change_set)
    assert change_set.state == state
    return change_set


def written() -> tuple:
    """All that a step could write."""
    return (
        sorted(ChangeSet.objects.values_list()),
        sorted(AuditEntry.objects.values_list("id", "verb", "by")),
        sorted(Revision.objects.values_list("number")),
    )


def test_the_table_of_steps_names_every_state() -> None:
    assert set(ROADS) == set(ALLOWED) == set(State)


@pytest.mark.parametrize(("state", "act"), [step for step in EVERY_STEP if step[1] not in ALLOWED[step[0]]])
def test_a_step_that_is_not_due_is_refused_and_changes_nothing(state: State, act: str, author: User) -> None:
    change_set = in_state(state, author)
    somebody_else()
    before = written()
    with pytest.raises(changes.StateError), transaction.atomic():
        ACTS[act](change_set)
    assert written() == before


@pytest.mark.parametrize(("state", "act"), [step for step in EVERY_STEP if step[1] in ALLOWED[step[0]]])
def test_a_step_that_is_due_is_taken(state: State, act: str, author: User) -> None:
    change_set = in_state(state, author)
    ACTS[act](change_set)
    assert ChangeSet.objects.get(pk=change_set.pk).state == LEADS_TO[act]


@pytest.mark.parametrize("act", ["submit", "apply"])
@pytest.mark.parametrize("state", [State.REJECTED, State.WITHDRAWN])
def test_a_closed_change_set_stays_closed_whatever_became_of_its_features(state: State, act: str, author: User) -> None:
    """Issues that stop it and features that moved on are no other answer than: it is closed."""
    change_set = samples.drafted([samples.plot(1), samples.plot(1)], by=author)  # the same identity twice
    for step in [step for step in ROADS[state] if step != "submit"]:
        ACTS[step](change_set)
    samples.applied([samples.plot(1, name="Theirs")])
    with pytest.raises(changes.StateError), transaction.atomic():
        ACTS[act](change_set)


@pytest.mark.parametrize("state", State)
def test_the_state_in_memory_decides_nothing(state: State, author: User) -> None:
    """An officer's page that shows an old state cannot bring it back."""
    change_set = in_state(State.CHECKED, author)
    stale = ChangeSet.objects.get(pk=change_set.pk)
    changes.withdraw(change_set, by=author, reason="It came too early.")
    stale.state = state
    for act in ("check", "submit", "approve", "reject", "withdraw", "apply"):
        with pytest.raises(changes.StateError), transaction.atomic():
            ACTS[act](stale)


def test_what_stops_it_has_to_go_before_it_is_submitted(author: User) -> None:
    change_set = samples.drafted([samples.plot(1), samples.plot(1)], by=author)
    changes.check(change_set)
    with pytest.raises(changes.StoppedByIssues), transaction.atomic():
        changes.submit(change_set, by=change_set.author)
    change_set.refresh_from_db()
    assert change_set.state == State.CHECKED


# Four eyes


def test_nobody_approves_his_own(author: User) -> None:
    change_set = in_state(State.SUBMITTED, author)
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        changes.approve(change_set, by=author)
    change_set.refresh_from_db()
    assert change_set.state == State.SUBMITTED


def test_nobody_at_all_approves_an_officers_change_set(author: User) -> None:
    """Only the operator at the command line acts without a name."""
    change_set = in_state(State.SUBMITTED, author)
    with pytest.raises((ValueError, IntegrityError)), transaction.atomic():
        changes.approve(change_set, by=None)
    assert ChangeSet.objects.get(pk=change_set.pk).state == State.SUBMITTED


@pytest.mark.parametrize("door", [Door.FILE, Door.OFFICER])
def test_only_the_command_line_may_draft_without_a_person(door: Door) -> None:
    with pytest.raises(ValueError, match="without a person"):
        changes.draft(samples.public_land(), by=None, door=door)
    assert not ChangeSet.objects.exists()


def test_the_audit_shows_that_the_command_line_approved_its_own() -> None:
    change_set = samples.approved([samples.plot(1)])
    changes.apply(change_set, by=None)
    assert change_set.door == Door.COMMAND_LINE
    assert set(AuditEntry.objects.values_list("by", flat=True)) == {audit.by_command_line()}


# (what the raw statement sets, the state it finds, the constraint that refuses it)
FORBIDDEN_WRITES = {
    "his own approver": ("approver_id = author_id", State.SUBMITTED, "four_eyes"),
    "his own approver, later": ("approver_id = author_id", State.APPLIED, "four_eyes"),
    "author of what he approved": ("author_id = approver_id", State.APPROVED, "four_eyes"),
    "approved by nobody": ("state = 'approved'", State.SUBMITTED, "four_eyes"),
    "an approver taken away": ("approver_id = NULL", State.APPROVED, "four_eyes"),
    "an applied one without approver": ("approver_id = NULL", State.APPLIED, "four_eyes"),
    "without an author": ("author_id = NULL", State.SUBMITTED, "four_eyes"),
    "applied without a revision": ("state = 'applied'", State.APPROVED, "applied_has_revision"),
    "applied without a time": ("state = 'applied', revision = 7", State.APPROVED, "applied_has_revision"),
    "a revision before it is applied": ("revision = 7", State.APPROVED, "applied_has_revision"),
    "back from applied": ("state = 'approved'", State.APPLIED, "applied_has_revision"),
    "its revision taken away": ("revision = NULL", State.APPLIED, "applied_has_revision"),
    "rejected without a reason": ("state = 'rejected'", State.SUBMITTED, "refusal_has_reason"),
    "withdrawn without a reason": ("state = 'withdrawn'", State.SUBMITTED, "refusal_has_reason"),
    "its reason taken away": ("reason = ''", State.REJECTED, "refusal_has_reason"),
    "a state that does not exist": ("state = 'published'", State.CHECKED, "state"),
}


@pytest.mark.parametrize("case", FORBIDDEN_WRITES)
def test_the_database_refuses_what_the_road_does_not_allow(case: str, author: User) -> None:
    assignment, state, constraint = FORBIDDEN_WRITES[case]
    change_set = in_state(state, author)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE changes_changeset SET {assignment} WHERE id = %s", [change_set.pk])


def test_two_change_sets_never_share_a_revision(author: User) -> None:
    first = in_state(State.APPLIED, author)
    second = in_state(State.APPROVED, author, [samples.plot(2)])
    with pytest.raises(IntegrityError, match="unique"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE changes_changeset SET state = 'applied', applied_at = now(), revision = %s WHERE id = %s",
            [first.revision, second.pk],
        )


# The rows in force again, with something changed: the application adds rows, and changes none.
COPIED = (
    "INSERT INTO publicland_plot SELECT (jsonb_populate_record(p, '{\"id\": -1, %s}')).* FROM publicland_plot p"
    " WHERE until_revision IS NULL"
)
REFUSED_ROWS = {
    "a second row in force": ("UPDATE publicland_plot SET until_revision = NULL", "one_in_force"),
    "an end before the beginning": ("UPDATE publicland_plot SET until_revision = from_revision", "until_after_from"),
    "a ref that is no ref": (COPIED % '"ref": "a b"', "ref_form"),
    "a row without its name": (COPIED % '"ref": "P-9", "name": null', "plot_required"),
}


@pytest.mark.parametrize("case", REFUSED_ROWS)
def test_the_database_refuses_rows_in_force_that_cannot_be(case: str) -> None:
    statement, constraint = REFUSED_ROWS[case]
    samples.applied([samples.plot(1)])
    samples.applied([samples.plot(1, name="Second")])
    with pytest.raises(DatabaseError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# A reason, and a trace


@pytest.mark.parametrize("refuse", [changes.reject, changes.withdraw])
@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_refusing_needs_a_reason(refuse: Callable[..., None], reason: str, author: User, approver: User) -> None:
    change_set = in_state(State.SUBMITTED, author)
    with pytest.raises((ValueError, IntegrityError)), transaction.atomic():
        refuse(change_set, by=approver, reason=reason)
    change_set.refresh_from_db()
    assert change_set.state == State.SUBMITTED


def test_every_act_is_written_down_with_who_did_it(author: User, approver: User) -> None:
    change_set = samples.drafted([samples.plot(1)], by=author)
    changes.check(change_set)
    changes.submit(change_set, by=change_set.author)
    changes.approve(change_set, by=approver)
    changes.apply(change_set, by=approver)
    refused = samples.drafted([samples.plot(2)], by=author)
    changes.check(refused)
    changes.reject(refused, by=approver, reason="Wrong place")
    taken_back = samples.drafted([samples.plot(3)], by=author)
    changes.withdraw(taken_back, by=author, reason="Too early")
    entries = (
        AuditEntry.objects.filter(verb__startswith="change-set").order_by("id").values_list("subject", "verb", "by")
    )
    assert list(entries) == [
        (f"change-set {one.pk}", f"change-set.{verb}", who)
        for one, acts in (
            (
                change_set,
                [
                    ("draft", "an.author"),
                    ("check", "an.author"),
                    ("submit", "an.author"),
                    ("approve", "an.approver"),
                    ("apply", "an.approver"),
                ],
            ),
            (refused, [("draft", "an.author"), ("check", "an.author"), ("reject", "an.approver")]),
            (taken_back, [("draft", "an.author"), ("withdraw", "an.author")]),
        )
        for verb, who in acts
    ]
    details = dict(AuditEntry.objects.values_list("verb", "details"))
    assert details["change-set.reject"]["reason"] == "Wrong place"
    assert details["change-set.withdraw"]["reason"] == "Too early"
    assert details["change-set.apply"]["revision"] == 1


def test_an_act_that_fails_leaves_no_trace(author: User) -> None:
    change_set = in_state(State.SUBMITTED, author)
    before = AuditEntry.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        changes.approve(change_set, by=author)
    assert AuditEntry.objects.count() == before
