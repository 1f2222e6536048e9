"""The write door. A feature changes by these functions and by nothing else.

draft -> stage -> check -> submit -> approve -> apply; or reject, withdraw. Each step is one transaction
and moves the state by an update that must hit exactly one row.
"""

import itertools
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from psycopg import sql
from psycopg.copy import QueuedLibpqWriter

from landgis.accounts.models import User
from landgis.catalog import published, registry, statistics
from landgis.catalog.dataset import Dataset
from landgis.catalog.models import Revision
from landgis.changes import (
    audit,
    checks,
    comparison,
    confirmations,
    hidden,
    in_force,
    items,
    log,
    rechecks,
    retirements,
)
from landgis.changes.followers import follow_at_once
from landgis.changes.issues import Finding, severity
from landgis.changes.models import Action, ChangeSet, Door, Issue, State
from landgis.changes.scopes import elsewhere, lacks_approval, let_in, measure, must_be_let_in, must_decide, must_prepare
from landgis.changes.spool import FindingSpool
from landgis.lib import statements

FOR_MANY_ROWS = "SET LOCAL work_mem = '128MB'"  # room, until the transaction ends, to join a million in memory
MANY = 10_000  # rows after which a table's statistics are no longer true
FEW = 500  # items: joined with them by a nested loop is as quick as any other way


class StateError(Exception):
    """The change set is not in the state that the step starts from."""


class StoppedByIssues(Exception):
    """The change set has issues that stop it."""


class MovedOn(Exception):
    """Since the change set was checked features changed, or others did beside which it no longer holds: `findings`."""

    def __init__(self, findings: list[Finding]):
        super().__init__(f"{len(findings)} features have moved on, or no longer fit in")
        self.findings = findings


@transaction.atomic
def draft(dataset: Dataset, *, by: User | None, door: Door, **about: Any) -> ChangeSet:
    """Open an empty change set. `by` is None only for the operator's command line."""
    _someone(by, door)
    about["base_revision"] = _newest_revision()
    change_set = ChangeSet.objects.create(dataset=dataset.name, author=by, door=door, **about)
    _audit(by, "draft", change_set)
    return change_set


def stage(change_set: ChangeSet, columns: Sequence[str], records: Iterable[Sequence[Any]]) -> int:
    """Write items with COPY; returns how many. What `columns` lacks stays as it is in force.

    Each record has row number, ref and raw (a dict or None), then a value for each of `columns`;
    a geometry is hexadecimal EWKB in EPSG:4326.
    """
    _must_be(change_set, State.DRAFT)
    dataset = registry.get(change_set.dataset)
    change_set.brings = list(columns)
    change_set.save(update_fields=["brings"])
    table = sql.Identifier(dataset.proposed._meta.db_table)
    names = sql.SQL(", ").join(sql.Identifier(name) for name in ("change_set_id", "row", "ref", "raw", *columns))
    count = 0
    statement = statements.text(sql.SQL("COPY {} ({}) FROM STDIN").format(table, names))
    # The database writes a part while the next is read: from a thread, as COPY alone waits for every part.
    with connection.cursor() as cursor, cursor.copy(statement, writer=QueuedLibpqWriter(cursor.cursor)) as copy:
        for row, ref, raw, *values in records:
            copy.write_row((change_set.pk, row, ref, json.dumps(raw) if raw else None, *values))
            count += 1
    return count


def record(change_set: ChangeSet, findings: Iterable[Finding]) -> None:
    """Store findings as issues of the change set, without values that the public does not see."""
    dataset, table = registry.get(change_set.dataset), Issue._meta.db_table
    with FindingSpool(findings) as spool, connection.cursor() as cursor:
        statement = f"COPY {table} (change_set_id, code, severity, row, ref, field, params) FROM STDIN"
        with cursor.copy(statement) as copy:
            for finding in spool:
                copy.write_row(
                    (
                        change_set.pk,
                        finding.code,
                        severity(finding.code).value,
                        finding.row,
                        finding.ref,
                        finding.field,
                        json.dumps(hidden.without_value(dataset, finding.field, finding.params), ensure_ascii=False),
                    )
                )


@transaction.atomic
def check(change_set: ChangeSet, *, leave_out: bool = False) -> None:
    """Run the checks and decide what each item would do.

    With `leave_out`, rows that have a stopping issue stay out of the change set: their features are
    neither changed nor retired.
    """
    dataset = registry.get(change_set.dataset)
    # Read before the checks: what comes into force while they run is looked at once more by the apply.
    _move(change_set, [State.DRAFT], State.CHECKED, base_revision=_newest_revision())
    statements.execute(FOR_MANY_ROWS)
    _complete(dataset, change_set)
    # Without fresh statistics a join of a million items runs as a nested loop.
    are_many = dataset.proposed._default_manager.filter(change_set=change_set)[FEW:].exists()
    statistics.refresh(dataset.proposed._meta.db_table, is_due=are_many)
    record(change_set, itertools.chain(comparison.compare(dataset, change_set), checks.findings(dataset, change_set)))
    statistics.refresh(Issue._meta.db_table, is_due=are_many)
    if leave_out:
        _leave_out(dataset, change_set, sql.SQL("s.severity = 'stop'"))
    # Their feature changed here since the day of the source, and stays as it is.
    _leave_out(dataset, change_set, sql.SQL("s.code = 'changed-since-kept'"))
    if not retirements.is_anything_read(dataset, change_set):
        record(change_set, [Finding("nothing-read")])
    elif change_set.is_complete:
        retirements.stage(dataset, change_set)
        record(change_set, checks.lost(dataset, change_set))
        record(change_set, list(elsewhere(dataset, change_set, retired=True)))
    measure(dataset, change_set)
    record(change_set, list(confirmations.findings(dataset, change_set)))
    _audit(change_set.author, "check", change_set, **counts(change_set))


@transaction.atomic
def submit(change_set: ChangeSet, *, by: User | None) -> None:
    """Hand over for approval. Raises StoppedByIssues while an issue stops it, and Outside."""
    _someone(by, change_set.door)
    must_prepare(change_set, by)
    _move(change_set, [State.CHECKED], State.SUBMITTED, submitted_by=by, submitted_at=Now())
    if stopping(change_set):
        raise StoppedByIssues(f"change set {change_set.pk} has issues that stop it")
    _audit(by, "submit", change_set)


@transaction.atomic
def approve(change_set: ChangeSet, *, by: User | None) -> None:
    """Let it in, as far as the person's territory goes: approved it is when all of it is let in.

    The database refuses who made it or submitted it. Raises StoppedByIssues as the submission does, and Outside.
    """
    _someone(by, change_set.door)
    after = State.APPROVED if let_in(change_set, by) else State.SUBMITTED
    _move(change_set, [State.SUBMITTED], after, approver=by, decided_at=Now())
    if stopping(change_set):
        raise StoppedByIssues(f"change set {change_set.pk} has issues that stop it")
    _audit(by, "approve" if after == State.APPROVED else "approve-part", change_set)


@transaction.atomic
def reject(change_set: ChangeSet, *, by: User | None, reason: str) -> None:
    """Refuse it; items and issues stay for the author to read. Raises Outside."""
    _someone(by, change_set.door)
    must_decide(change_set, by)
    before = [State.CHECKED, State.SUBMITTED]
    _move(change_set, before, State.REJECTED, approver=by, reason=reason, decided_at=Now())
    _audit(by, "reject", change_set, reason=reason)


@transaction.atomic
def withdraw(change_set: ChangeSet, *, by: User | None, reason: str) -> None:
    """Take it back before it is applied."""
    open_states = [State.DRAFT, State.CHECKED, State.SUBMITTED, State.APPROVED]
    _move(change_set, open_states, State.WITHDRAWN, reason=reason, decided_at=Now())
    _audit(by, "withdraw", change_set, reason=reason)


@transaction.atomic
def apply(change_set: ChangeSet, *, by: User | None) -> int:
    """Put the change set in force and return its revision.

    One at a time, one transaction: whole or not at all. Applied twice it is applied once. Raises MovedOn, changing
    nothing, when a feature is not in the state the item started from, or no longer sound beside what came since; and
    Outside when something of it lies by now where nobody has let it in.
    """
    published.hold_apply_lock()
    statements.execute(FOR_MANY_ROWS)
    change_set.refresh_from_db()
    if change_set.revision is not None:
        return change_set.revision
    _must_be(change_set, State.APPROVED)
    dataset = registry.get(change_set.dataset)
    if moved := list(checks.moved_on(dataset, change_set)) or confirmations.unconfirmed(dataset, change_set):
        raise MovedOn(moved)
    must_be_let_in(dataset, change_set)
    # Drawn under the lock and from the one clock, so that numbers and times run the same way.
    number, now = statements.row("SELECT coalesce(max(number), 0) + 1, clock_timestamp() FROM catalog_revision")
    _move(change_set, [State.APPROVED], State.APPLIED, revision=number, applied_at=now)
    Revision.objects.create(
        number=number,
        applied_at=now,
        dataset=dataset.name,
        source=change_set.source,
        source_as_of=change_set.source_as_of,
        is_made_up=change_set.is_made_up,
    )
    done = counts(change_set)
    chosen = "SELECT ref FROM {} WHERE change_set_id = %s AND action IN ('add', 'change', 'retire')"
    touched = sql.SQL(chosen).format(_items(dataset))
    published.take_out(dataset, touched, [change_set.pk])
    sums = _put_in_force(dataset, change_set, is_large=done[Action.ADD] + done[Action.CHANGE] > MANY)
    withheld = published.refresh(dataset, touched, [change_set.pk])
    log.record(dataset, number, done, sums)
    log.record_withheld(number, withheld)
    _audit(by, "apply", change_set, revision=number)
    # What fails here comes right with the worker: the revision stands.
    transaction.on_commit(lambda: follow_at_once([dataset.name, *withheld]), robust=True)
    return int(number)


def _put_in_force(dataset: Dataset, change_set: ChangeSet, *, is_large: bool) -> dict[str, int]:
    """End and begin rows, and sum up their checksums. Raises MovedOn where that no longer fits what came since."""
    ended_sum = in_force.end_rows(dataset, change_set)
    try:
        with transaction.atomic():
            begun_sum = in_force.begin_rows(dataset, change_set)
    except IntegrityError:
        # A rule of the table stands in the way: where a check knows it, the check says it better.
        if unsound := rechecks.no_longer_sound(dataset, change_set):
            raise MovedOn(unsound) from None
        raise
    statistics.refresh(
        dataset.in_force._meta.db_table, is_due=is_large
    )  # as after staging: what follows joins the new rows
    if unsound := rechecks.no_longer_sound(dataset, change_set):
        raise MovedOn(unsound)
    return {"begun_sum": begun_sum, "ended_sum": ended_sum}


def stopping(change_set: ChangeSet) -> bool:
    """Whether a row that has not been left out has an issue that stops."""
    return items.of(change_set).stops()


def counts(change_set: ChangeSet) -> dict[str, int]:
    """How many items would do what; every action is named."""
    return items.of(change_set).counts()


def _leave_out(dataset: Dataset, change_set: ChangeSet, found: sql.SQL) -> None:
    """Leave out the rows of which that was found."""
    query = sql.SQL(
        "UPDATE {items} i SET action = 'left out' FROM changes_issue s WHERE i.change_set_id = %s"
        " AND s.change_set_id = %s AND {found} AND s.row = i.row"
    )
    statements.execute(query.format(items=_items(dataset), found=found), [change_set.pk, change_set.pk])


def _complete(dataset: Dataset, change_set: ChangeSet) -> None:
    """Let the dataset fill what follows from the rest; what it filled counts as brought."""
    filled = [name for complete in dataset.completions for name in complete(dataset, change_set)]
    if filled:
        change_set.brings = list(dict.fromkeys([*change_set.brings, *filled]))
        change_set.save(update_fields=["brings"])


def _newest_revision() -> int:
    return Revision.objects.order_by("-number").values_list("number", flat=True).first() or 0


def _move(change_set: ChangeSet, before: Sequence[State], after: State, **set_too: Any) -> None:
    """Move the state; StateError unless exactly this change set was in one of the states before.

    None goes on while a territory has not let in its part.
    """
    found = ChangeSet.objects.filter(pk=change_set.pk, state__in=before)
    if after in (State.APPROVED, State.APPLIED):
        found = found.exclude(lacks_approval())
    if found.update(state=after, **set_too) != 1:
        change_set.refresh_from_db()
        raise StateError(f"change set {change_set.pk} is {change_set.state}, not {' or '.join(before)}")
    change_set.refresh_from_db()


def _someone(by: User | None, door: str) -> None:
    if by is None and door != Door.COMMAND_LINE:
        raise ValueError("only the operator's command line may act without a person")


def _must_be(change_set: ChangeSet, state: State) -> None:
    if not ChangeSet.objects.filter(pk=change_set.pk, state=state).exists():
        raise StateError(f"change set {change_set.pk} is not {state}")


def _audit(by: User | None, verb: str, change_set: ChangeSet, **details: Any) -> None:
    audit.write(by, f"change-set.{verb}", f"change-set {change_set.pk}", dataset=change_set.dataset, **details)


def _items(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(dataset.proposed._meta.db_table)


# For the doors of officers' change sets (`mending`, `trials`).
move, note, complete = _move, _audit, _complete
