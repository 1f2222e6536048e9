"""One clock: what the clock of the web server says plays no part in deadlines, days left and what is written down."""

import datetime
from typing import Any

import pytest
from django.db import connection

from landgis.catalog import clock
from landgis.catalog.subject import PublicState

pytestmark = pytest.mark.usefixtures("world")
WRONG = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)


def database_time() -> datetime.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime.datetime = cursor.fetchone()[0]
        return found


@pytest.fixture
def wrong_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: WRONG)


@pytest.mark.usefixtures("wrong_clock")
def test_pages_count_by_the_clock_of_the_database() -> None:
    before = database_time()
    state = PublicState()
    assert state.now is not None and abs(state.now - before) < datetime.timedelta(minutes=5)
    assert state.day.year > WRONG.year and clock.today().year > WRONG.year


@pytest.mark.usefixtures("wrong_clock")
def test_the_next_auctions_are_those_to_come(client: Any) -> None:
    """With the server's clock in the past every auction that was ever held would be to come."""
    from landgis.auctions.home import headline

    coming = [one["opens_at"] for one in headline()["coming"]]
    assert coming == [moment for moment in coming if moment > database_time() - datetime.timedelta(minutes=5)]


def test_it_is_asked_once_and_carried_on(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, counter = [], [1000.0]
    monkeypatch.setattr(clock, "_asked", {})
    monkeypatch.setattr(clock, "fetch", lambda *_question: asked.append(1) or [{"now": WRONG}])
    monkeypatch.setattr(clock.time, "monotonic", lambda: counter[0])
    assert clock.now() == WRONG
    counter[0] += clock.ASK_AGAIN_S - 1
    assert clock.now() == WRONG + datetime.timedelta(seconds=clock.ASK_AGAIN_S - 1)
    assert len(asked) == 1
    counter[0] += 1
    assert clock.now() == WRONG
    assert len(asked) == 2
