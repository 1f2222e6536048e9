"""SQL as this process's own role runs it; what readers see is read by `catalog.queries`, as another role."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from psycopg import sql

Statement = sql.Composable | str
Bound = Sequence[Any] | Mapping[str, Any] | None


def text(statement: Statement) -> str:
    """The statement as it is sent, its parameters still open."""
    return statement if isinstance(statement, str) else statement.as_string(connection.connection)


def execute(statement: Statement, bound: Bound = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text(statement), bound)


def rows(statement: Statement, bound: Bound = None) -> list[tuple[Any, ...]]:
    """All rows that it gives."""
    with connection.cursor() as cursor:
        cursor.execute(text(statement), bound)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def row(statement: Statement, bound: Bound = None) -> tuple[Any, ...]:
    """The one row of a statement that always gives one."""
    (found,) = rows(statement, bound)
    return found


def value(statement: Statement, bound: Bound = None) -> Any:
    """The one value of a statement that always gives one."""
    (found,) = row(statement, bound)
    return found
