"""What the relations of the schema `published` are called, and which are there."""

from django.db import connection
from psycopg import sql

from landgis.catalog.dataset import Dataset

SCHEMA = "published"


def tile_table(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(SCHEMA, f"tile_{dataset.relation}")


def count_table(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(SCHEMA, f"count_{dataset.relation}")


def view(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(SCHEMA, dataset.relation)


def in_force_table(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(dataset.in_force._meta.db_table)


def relations() -> list[tuple[str, str]]:
    """(VIEW or TABLE, name) of all that is in the schema, views first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, relname FROM pg_class"
            " WHERE relnamespace = to_regnamespace(%s) AND relkind IN ('v', 'r')"
            " ORDER BY relkind DESC, relname",
            [SCHEMA],
        )
        return cursor.fetchall()


def comments() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, obj_description(oid, 'pg_class') FROM pg_class"
            " WHERE relnamespace = to_regnamespace(%s) AND relkind = 'v'",
            [SCHEMA],
        )
        return dict(cursor.fetchall())
