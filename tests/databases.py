"""Databases of the tests: templates, and copies of them for what must commit."""

import hashlib
import itertools
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from landgis import env
from landgis.operations.roles import TEMPLATE
from tests import ground
from tests.waiting import PATIENCE_S

__all__ = ["CLONE", "TEMPLATE", "administer", "copy", "drop_left_over", "made", "named", "pooled", "used"]

ALIASES = ("default", "public")
OWNER = "owner"  # no alias: who makes databases and changes the form of tables
# Clones may share a server (DATABASE_URL): the name says whose a database is, and which process made it.
CLONE = f"test_{hashlib.sha256(str(env.value('LANDGIS_STATE')).encode()).hexdigest()[:6]}"
COPY = re.compile(rf"{CLONE}_copy_(\d+)_\d+")
_numbers = itertools.count(1)


def administer(statement: str, *names: str) -> None:
    """Run a statement about databases as their owner, outside any transaction."""
    with _beside(OWNER) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def named(beginning: str) -> list[str]:
    """The databases whose names begin so."""
    with _beside(OWNER) as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [beginning])
        return [name for (name,) in found]


def copy(name: str, template: str) -> None:
    """A database like another one. In memory files are copied in half the time of writing them to the log."""
    administer(
        f"CREATE DATABASE {{}} TEMPLATE {{}}{' STRATEGY FILE_COPY' if ground.in_memory() else ''}", name, template
    )


@contextmanager
def made(template: str) -> Iterator[str]:
    """A copy of a template under a name of its own, gone afterwards. Nobody may be connected to the template."""
    name = f"{CLONE}_copy_{os.getpid()}_{next(_numbers)}"
    copy(name, template)
    try:
        yield name
    finally:
        _end_sessions(name)
        administer("DROP DATABASE IF EXISTS {}", name)


@contextmanager
def used(name: str) -> Iterator[str]:
    """Both aliases point to the database; their connections are closed before and after."""
    before = {alias: connections[alias].settings_dict["NAME"] for alias in ALIASES}
    _point(dict.fromkeys(ALIASES, name))
    try:
        yield name
    finally:
        _point(before)


@contextmanager
def pooled() -> Iterator[None]:
    """The threads of a server share a few connections, as in an office; a new one for each request takes ten times as long."""
    options = [connections[alias].settings_dict["OPTIONS"] for alias in ALIASES]
    for alias, told in zip(ALIASES, options, strict=True):
        connections[alias].close()
        told["pool"] = {"min_size": 1, "max_size": 4, "timeout": PATIENCE_S}
    try:
        yield
    finally:
        for alias, told in zip(ALIASES, options, strict=True):
            connections[alias].close()
            connections[alias].close_pool()
            del told["pool"]


def drop_left_over() -> None:
    """Drop the copies of sessions that were killed."""
    for name in named(f"{CLONE}_copy_"):
        process = COPY.fullmatch(name)
        if process and not _is_alive(int(process[1])):
            administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@contextmanager
def _beside(alias: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the server's own database, with the login of an alias or of the owner."""
    with psycopg.connect(**_login(alias), dbname="postgres", autocommit=True) as connection:
        yield connection


def _login(alias: str) -> dict[str, Any]:
    told = settings.OWNER_LOGIN if alias == OWNER else connections[alias].settings_dict
    return {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told["PASSWORD"]}


def _end_sessions(name: str) -> None:
    """End what is still connected, as a request cut by its browser: each role may end its own sessions."""
    with _beside(OWNER) as connection:
        found = connection.execute("SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = %s", [name])
        connected = {user for (user,) in found}
    for alias in (OWNER, *ALIASES):
        if _login(alias)["user"] in connected:
            with _beside(alias) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()",
                    [name],
                )


def _point(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        # A connection kept after its request would keep its database from being dropped.
        connections[alias].settings_dict |= {"NAME": name, "CONN_MAX_AGE": 0}


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
