"""Reads that the database cuts off, because they took longer than the public's role may ask."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connections
from django.test import Client
from psycopg import sql

from landgis.catalog import memory, registry
from landgis.catalog.queries import fetch
from tests import databases
from tests.programs import address
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("world")
MISSING = "Some parts of this page took too long"
LONGER_THAN_ALLOWED = sql.SQL("SELECT pg_sleep(60)")


@pytest.fixture
def slow_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of every feature that really asks too much."""

    def asked(*_given: Any) -> dict[str, Any]:
        return {"never": fetch(LONGER_THAN_ALLOWED, [])}

    monkeypatch.setattr(registry, "feature_parts", lambda: [("pages/_history.html", asked)])


@pytest.fixture
def no_time() -> Iterator[None]:
    """What reads the plots waits for another session, and is cut off at once: a quick machine would read them in a millisecond."""
    memory.forget()
    with psycopg.connect(address(databases.OWNER)) as held, connections["public"].cursor() as cursor:
        held.execute("LOCK TABLE publicland_plot")
        cursor.execute("SET statement_timeout = '1ms'")
        yield
        until(_has_time_again)


def _has_time_again() -> bool:
    """The end of the limit is itself under the limit."""
    try:
        with connections["public"].cursor() as cursor:
            cursor.execute("RESET statement_timeout")
    except OperationalError:
        return False
    return True


def test_a_page_stands_without_the_part_that_took_too_long(slow_part: None) -> None:
    answer = Client().get("/en/places/26506-a/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert MISSING in html and "26506" in html


def test_a_page_that_was_read_in_time_says_nothing_of_it() -> None:
    html = Client().get("/en/places/26506-a/").content.decode()
    assert MISSING not in html


@pytest.mark.parametrize(
    "address", ["/en/public-land/", "/en/public-land/?commune_name=Long+T%C3%A2m", "/public-land.json"]
)
def test_where_nothing_can_be_read_the_server_says_when_to_come_again(no_time: None, address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    if address.endswith(".json"):
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == 503
    else:
        assert "busy" in answer.content.decode()
