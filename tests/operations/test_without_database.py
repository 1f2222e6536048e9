"""The database goes away and comes back: readers are told in the site's own dress, and nobody gets a dead connection."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.db.utils import ConnectionHandler
from django.test import Client

from landgis import databases as logins
from tests.programs import address

ALIASES = ("default", "public")
NO_TRACE = ("Traceback", "psycopg", "OperationalError", "/pg/run")


@pytest.fixture
def away(world: None, tmp_path: Path) -> Iterator[None]:
    """Both roles find no server where theirs is said to be."""
    before = {alias: connections[alias].settings_dict["HOST"] for alias in ALIASES}
    for alias in ALIASES:
        connections[alias].close()
        connections[alias].settings_dict["HOST"] = str(tmp_path)
    yield
    for alias in ALIASES:
        connections[alias].close()
        connections[alias].settings_dict["HOST"] = before[alias]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("/", "Hiện chưa đọc được dữ liệu"),
        ("/en/", "The data cannot be read at the moment"),
        ("/public-land/", "Hiện chưa đọc được dữ liệu"),
        ("/en/search?q=12/3", "The data cannot be read at the moment"),
        ("/en/officer/sign-in/", "The data cannot be read at the moment"),
        ("/public-land.xlsx", "Hiện chưa đọc được dữ liệu"),
    ],
)
def test_a_page_says_so_in_the_dress_of_the_site(away: None, asked: str, said: str) -> None:
    client = Client(raise_request_exception=False, headers={"Accept": "text/html"})  # as a browser asks
    signs_in = {"login": "a", "password": "b"}
    answer = client.post(asked, signs_in) if "sign-in" in asked else client.get(asked)
    html = answer.content.decode()
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (503, True)
    assert said in html and 'class="site-header"' in html and "site-footer" in html
    assert not any(word in html for word in NO_TRACE)


@pytest.mark.parametrize(
    "asked", ["/public-land.json", "/public-land.xlsx", "/tiles/public-land.json", "/api/search?q=12"]
)
def test_programs_are_told_as_data(away: None, asked: str) -> None:
    answer = Client().get(asked)
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer["Retry-After"] and answer.json()["title"] == "Hiện chưa đọc được dữ liệu"


def test_a_session_that_cannot_be_read_is_no_fault_of_the_page(away: None) -> None:
    """What fails outside a page, in a middleware, is told alike."""
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    answer = client.get("/en/officer/upload/")
    assert (answer.status_code, "site-header" in answer.content.decode()) == (503, True)


@pytest.mark.parametrize("asked", ["/offline", "/en/offline", "/livez", "/worker.js", "/site.webmanifest"])
def test_what_stands_in_without_a_network_needs_no_database(away: None, asked: str) -> None:
    assert Client().get(asked).status_code == 200


@pytest.fixture
def pooled(own_world: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ConnectionHandler]:
    """The application's connections as a web server has them: from a pool of each role."""
    monkeypatch.setenv("DATABASE_URL", address("default"))
    monkeypatch.setenv("DATABASE_PUBLIC_URL", address("public"))
    monkeypatch.setenv("LANDGIS_POOL", "3")
    handler = ConnectionHandler(logins.databases())
    yield handler
    for alias in ALIASES:
        with contextlib.suppress(KeyError):
            handler[alias].close_pool()


@pytest.mark.parametrize("alias", ALIASES)
def test_a_pool_never_hands_out_what_died(pooled: ConnectionHandler, alias: str) -> None:
    """As after a restart of the server: each connection of the pool is dead, and the next readers notice nothing."""
    connection = pooled[alias]
    connection._connection_pools = {}  # of this test alone
    held = [connection.copy() for _ in range(3)]
    dead = {_backend(one) for one in held}
    for one in held:
        one.close()  # back into the pool
    assert len(dead) == 3
    with psycopg.connect(address(alias), autocommit=True) as killer:
        for pid in dead:
            killer.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
    again = [connection.copy() for _ in range(3)]
    assert not dead & {_backend(one) for one in again}
    for one in again:
        one.close()
    connection.close_pool()


def _backend(connection) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]
