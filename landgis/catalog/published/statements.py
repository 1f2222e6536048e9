"""SQL of this schema as text, and the lock under which it changes."""

import hashlib

from django.db import connection
from psycopg import sql

APPLY_LOCK = 0x6C616E64  # "land": one apply or rebuild at a time


def hold_apply_lock() -> None:
    """Wait until no other apply or rebuild runs; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPLY_LOCK])


def text(composed: sql.Composable) -> str:
    return composed.as_string(connection.connection)


def digest(*parts: sql.Composable | str) -> str:
    """A digest of pieces of SQL and of words."""
    texts = [part if isinstance(part, str) else text(part) for part in parts]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
