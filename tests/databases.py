"""Databases of the tests: templates, and copies of them for what must commit."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connections
from psycopg import sql

from landgis.operations.roles import TEMPLATE

__all__ = ["MIGRATED", "TEMPLATE", "WORLD", "administer", "made", "used"]

ALIASES = ("default", "public")
MIGRATED = f"test_migrated_{os.getpid()}"
WORLD = f"test_world_{os.getpid()}"


def administer(statement: str, *names: str) -> None:
    """Run a statement about databases as their owner, outside any transaction."""
    settings = connections["default"].settings_dict
    with psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    ) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def end_sessions(name: str) -> None:
    """End what is still connected, as a request cut by its browser: each role may end its own sessions."""
    for alias in ALIASES:
        settings = connections[alias].settings_dict
        with psycopg.connect(
            host=settings["HOST"],
            port=settings["PORT"],
            user=settings["USER"],
            password=settings["PASSWORD"],
            dbname="postgres",
            autocommit=True,
        ) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()",
                [name],
            )


@contextmanager
def made(name: str, template: str) -> Iterator[str]:
    """A database copied from a template, gone afterwards. Nobody may be connected to the template."""
    administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    administer("CREATE DATABASE {} TEMPLATE {}", name, template)
    try:
        yield name
    finally:
        end_sessions(name)
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


def _point(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        # A connection kept after its request would keep its database from being dropped.
        connections[alias].settings_dict |= {"NAME": name, "CONN_MAX_AGE": 0}
