"""Statistics by which the database plans its queries."""

from django.db import connection


def refresh(*tables: str) -> None:
    """Look at the rows of some tables anew: after a load the old statistics lead to plans that take hours."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute("SELECT catalog_analyze(%s::regclass)", [table])
