"""The database as the public's role reads it."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import InterfaceError, OperationalError, connections
from psycopg import sql
from psycopg.errors import QueryCanceled

PUBLIC_ALIAS = "public"
AWAY = ("08", "57P", "53300")  # classes of SQLSTATE: connection, shutdown and start, too many connections
JSONB = 3802  # its OID in every PostgreSQL


def fetch(query: sql.Composable, bound: Sequence[Any]) -> list[dict[str, Any]]:
    """Run a query as the public's role; rows as dictionaries."""
    connection = connections[PUBLIC_ALIAS]
    return _fetched(connection.cursor(), query, bound)


def fetch_prepared(query: sql.Composable | str, bound: Sequence[Any]) -> list[dict[str, Any]]:
    """The same of a query that is asked again and again: the server keeps it prepared, and what is bound has the type that it is cast to.

    Whoever keeps its text (`text_of`) spares putting it together.
    """
    connection: Any = connections[PUBLIC_ALIAS]  # of landgis.lib.postgis
    return _fetched(connection.prepared_cursor(), query, bound)


def text_of(query: sql.Composable) -> str:
    """The query as it is sent, what is bound still open."""
    return query.as_string(None)


def _fetched(opened: Any, query: sql.Composable | str, bound: Sequence[Any]) -> list[dict[str, Any]]:
    connection = connections[PUBLIC_ALIAS]
    with opened as cursor:
        cursor.execute(query if isinstance(query, str) else query.as_string(connection.connection), list(bound))
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        for name in (column[0] for column in cursor.description if column[1] == JSONB):
            for row in rows:  # Django leaves jsonb to its model fields, and hands us text
                row[name] = json.loads(row[name]) if row[name] is not None else None
        return rows


def was_cut_off(error: BaseException) -> bool:
    """Whether a read took longer than its role may ask, so that the database ended it: a busy machine, no fault."""
    return isinstance(error, OperationalError) and isinstance(error.__cause__, QueryCanceled)


def is_away(error: BaseException | None) -> bool:
    """Whether the database could not be reached, went away meanwhile, or takes no more connections."""
    if not isinstance(error, OperationalError | InterfaceError) or was_cut_off(error):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(AWAY)


def public_database() -> tuple[Any, ...]:
    """Which database the alias `public` reads, for whoever keeps what was read from it."""
    settings = connections[PUBLIC_ALIAS].settings_dict
    return settings["HOST"], settings["PORT"], settings["NAME"]
