"""The lock under which what is in force and what is published change."""

from landgis.lib import statements

APPLY_LOCK = 0x6C616E64  # "land": one apply or rebuild at a time


def hold_apply_lock() -> None:
    """Wait until no other apply or rebuild runs; held to the end of the transaction."""
    statements.execute("SELECT pg_advisory_xact_lock(%s)", [APPLY_LOCK])
