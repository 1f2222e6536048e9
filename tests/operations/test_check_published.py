"""The background check: what is published is compared with what is in force, once a revision and by any number of workers."""

import threading

import pytest
import structlog
from django.db import connection, connections

from landgis.catalog.published import tile_table
from landgis.operations.models import PublishedCheck
from landgis.operations.tasks import check_published
from tests import samples
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("empty_world")


def found() -> list[tuple[int, str, int]]:
    return list(PublishedCheck.objects.order_by("revision").values_list("revision", "dataset", "differences"))


def test_each_revision_is_compared_once() -> None:
    samples.the_whole_state([samples.plot(number) for number in range(3)])
    check_published()
    check_published()
    assert found() == [(1, "public-land", 0)]
    samples.the_whole_state([samples.plot(number) for number in range(4)])
    check_published()
    assert found() == [(1, "public-land", 0), (2, "public-land", 0)]


def test_what_is_missing_there_is_said_in_the_log() -> None:
    samples.the_whole_state([samples.plot(number) for number in range(3)])
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {tile_table(samples.public_land()).as_string(None)} WHERE ref = 'P-00001'")
    with structlog.testing.capture_logs() as said:
        check_published()
    assert found() == [(1, "public-land", 1)]
    assert [(one["event"], one["revision"], one["differences"]) for one in said] == [("published differs", 1, 1)]


def test_two_at_the_same_time_are_as_good_as_one() -> None:
    """A comparison of a large dataset takes longer than the minute after which the next one begins."""
    samples.the_whole_state([samples.plot(number) for number in range(3)])
    failed: list[BaseException] = []
    ready = threading.Barrier(2)

    def work() -> None:
        try:
            ready.wait()
            check_published()
        except BaseException as error:  # told by the test
            failed.append(error)
        finally:
            connections.close_all()

    with connection.cursor() as cursor:
        # The first has begun and cannot go on before the second has ended.
        cursor.execute("BEGIN")
        cursor.execute(f"LOCK TABLE {tile_table(samples.public_land()).as_string(None)} IN ACCESS EXCLUSIVE MODE")
        workers = [threading.Thread(target=work) for _number in range(2)]
        for worker in workers:
            worker.start()
        try:
            _wait_for_locks(1)
            until(lambda: sum(worker.is_alive() for worker in workers) == 1)  # the other finds it at work
        finally:
            cursor.execute("COMMIT")
    for worker in workers:
        worker.join()
    assert failed == []
    assert found() == [(1, "public-land", 0)]


def _wait_for_locks(count: int) -> None:
    """Until that many sessions wait for a lock."""
    with connection.cursor() as cursor:

        def waiting() -> bool:
            cursor.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                " WHERE NOT l.granted AND d.datname = current_database()"
            )
            return cursor.fetchone()[0] >= count

        until(waiting)
