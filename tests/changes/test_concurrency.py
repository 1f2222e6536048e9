"""Several at once: no revision is lost, nothing is overwritten, and nobody waits who need not."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from landgis.catalog import published, queries
from landgis.catalog.models import Revision
from landgis.changes import actions as changes
from landgis.changes.models import AuditEntry, ChangeSet, LogEntry, State
from landgis.operations.ownership import as_owner
from landgis.publicland.models import Plot
from landgis.tiles.queries import tile
from tests import samples
from tests.waiting import PATIENCE_S

THREADS = 4
EACH = 8
pytestmark = pytest.mark.usefixtures("empty_world")


def in_threads(work: Callable[[int], Any], threads: int = THREADS) -> list[Any]:
    """The results of `work(0)` .. at the same time, each with a connection of its own; an error is a result."""
    together = threading.Barrier(threads)
    results: list[Any] = [None] * threads

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            together.wait(PATIENCE_S)
            results[number] = work(number)
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    running = [threading.Thread(target=run, args=[number]) for number in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join(PATIENCE_S)
        assert not one.is_alive()
    return results


def everything() -> dict[str, list[tuple]]:
    """All that an apply could change."""
    return {
        "rows": sorted(Plot.objects.values_list("ref", "name", "from_revision", "until_revision")),
        "revisions": sorted(Revision.objects.values_list("number")),
        "log": sorted(LogEntry.objects.values_list("revision", "added", "changed", "retired")),
        "change sets": sorted(ChangeSet.objects.values_list("id", "state", "revision")),
        "audit": sorted(AuditEntry.objects.values_list("id", "verb")),
    }


def test_appliers_at_once_lose_no_revision() -> None:
    samples.applied([samples.plot(0)])
    waiting = [
        [samples.approved([samples.plot(1 + number * EACH + turn)]) for turn in range(EACH)]
        for number in range(THREADS)
    ]
    numbers = in_threads(lambda number: [changes.apply(one, by=None) for one in waiting[number]])
    assert sorted(chain(*numbers)) == list(range(2, 2 + THREADS * EACH))
    assert all(mine == sorted(mine) for mine in numbers)
    clock = list(Revision.objects.order_by("number").values_list("number", "applied_at"))
    assert [number for number, _at in clock] == list(range(1, 2 + THREADS * EACH))
    assert [at for _number, at in clock] == sorted({at for _number, at in clock})
    assert sorted(LogEntry.objects.values_list("revision", flat=True)) == [number for number, _at in clock]
    assert queries.count(samples.public_land()) == 1 + THREADS * EACH
    assert published.differences(samples.public_land()) == 0


def test_whole_roads_at_once_lose_no_revision() -> None:
    """Drafting, checking and approving run beside the others' applies."""
    plots = [[samples.plot(number * 100 + turn) for turn in range(5)] for number in range(THREADS)]
    numbers = in_threads(lambda number: [samples.applied([one]) for one in plots[number]])
    assert sorted(chain(*numbers)) == list(range(1, 1 + THREADS * 5))
    assert queries.count(samples.public_land()) == THREADS * 5
    assert published.differences(samples.public_land()) == 0


def test_applying_twice_is_applying_once() -> None:
    change_set = samples.approved([samples.plot(1), samples.plot(2)])
    assert changes.apply(change_set, by=None) == 1
    once = everything()
    assert changes.apply(change_set, by=None) == 1
    assert changes.apply(ChangeSet.objects.get(pk=change_set.pk), by=None) == 1
    assert everything() == once


def test_applying_at_the_same_time_is_applying_once() -> None:
    change_set = samples.approved([samples.plot(number) for number in range(200)])
    assert in_threads(lambda _number: changes.apply(ChangeSet.objects.get(pk=change_set.pk), by=None)) == [1] * THREADS
    assert Plot.objects.count() == 200
    assert AuditEntry.objects.filter(verb="change-set.apply").count() == 1
    assert published.differences(samples.public_land()) == 0


FIRST, SECOND = samples.plot(1), samples.plot(2)
# case: what is in force, what the others apply first, what I wanted, and whose file is complete (what it lacks retires)
TOO_LATE = {
    "both add": ([], [FIRST], [samples.plot(1, name="Mine")], ""),
    "both change": ([FIRST, SECOND], [samples.plot(1, name="Theirs")], [samples.plot(1, name="Mine"), SECOND], ""),
    "change what was retired": ([FIRST, SECOND], [SECOND], [samples.plot(1, name="Mine")], "theirs"),
    "retire what was changed": ([FIRST, SECOND], [samples.plot(1, name="Theirs")], [SECOND], "mine"),
    "both retire": ([FIRST, SECOND], [SECOND], [SECOND], "theirs and mine"),
}


@pytest.mark.parametrize("case", TOO_LATE)
def test_a_feature_that_moved_on_is_not_overwritten(case: str) -> None:
    before, theirs, mine, complete = TOO_LATE[case]
    if before:
        samples.applied(before)
    late = samples.approved([*mine, samples.plot(9)], is_complete="mine" in complete)
    samples.applied(theirs, is_complete="theirs" in complete)
    found = everything()
    with pytest.raises(changes.MovedOn) as moved:
        changes.apply(late, by=None)
    assert [finding.ref for finding in moved.value.findings] == ["P-00001"]
    assert everything() == found
    assert published.differences(samples.public_land()) == 0
    late.refresh_from_db()
    assert late.state == State.APPROVED
    assert not Plot.objects.filter(ref="P-00009").exists()


def test_two_who_change_one_feature_at_the_same_time_do_not_both_get_in() -> None:
    samples.applied([FIRST])
    late = [samples.approved([samples.plot(1, name=f"By {number}")]) for number in range(THREADS)]
    results = in_threads(lambda number: changes.apply(late[number], by=None))
    assert sorted(result for result in results if isinstance(result, int)) == [2]
    assert sum(isinstance(result, changes.MovedOn) for result in results) == THREADS - 1
    winner = results.index(2)
    assert list(Plot.objects.filter(until_revision=None).values_list("name", flat=True)) == [f"By {winner}"]


@contextmanager
def somebody_applying(change_set: ChangeSet) -> Iterator[None]:
    """Another connection has done all of an apply but the commit; it is rolled back afterwards."""
    reached, go_on = threading.Event(), threading.Event()
    problems: list[Exception] = []

    def hold() -> None:
        try:
            with transaction.atomic():
                changes.apply(change_set, by=None)
                reached.set()
                go_on.wait(PATIENCE_S)
                transaction.set_rollback(True)
        except Exception as error:
            problems.append(error)
            reached.set()
        finally:
            connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    reached.wait(PATIENCE_S)
    try:
        assert not problems
        yield
    finally:
        go_on.set()
        holder.join(PATIENCE_S)


def in_a_hurry(milliseconds: int) -> None:
    """From now on this connection waits for no lock longer than this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{milliseconds}ms"])


def test_nothing_but_applying_waits_for_an_apply() -> None:
    samples.applied([FIRST, SECOND])
    applying = samples.approved([samples.plot(1, name="Being applied"), samples.plot(3)])
    other = samples.approved([samples.plot(4)])
    with somebody_applying(applying):
        in_a_hurry(300)
        mine = samples.approved([samples.plot(1, name="Mine"), samples.plot(5)])
        assert mine.state == State.APPROVED
        refused = samples.drafted([samples.plot(6)])
        changes.check(refused)
        changes.reject(refused, by=None, reason="no")
        changes.withdraw(samples.drafted([]), by=None, reason="no")
        # Readers see the state before.
        assert [row["name"] for row in queries.rows(samples.public_land())] == ["Plot 1", "Plot 2"]
        assert queries.totals(samples.public_land())[""][0]["count"] == 2
        assert tile(samples.public_land(), 8, 204, 120)
        with pytest.raises(OperationalError, match="lock timeout"):
            changes.apply(other, by=None)
    assert changes.apply(mine, by=None) == 2


def test_a_rebuild_and_an_apply_wait_for_each_other() -> None:
    samples.applied([FIRST])
    applying = samples.approved([samples.plot(2)])
    with somebody_applying(applying), as_owner():
        in_a_hurry(300)
        with pytest.raises(OperationalError, match="lock timeout"):
            published.rebuild(force=True)
