"""How long parts of an installation have been silent, in seconds: what the figures and the doctor both read.

None of what never was.
"""

from typing import LiteralString

from psycopg import sql

from landgis.lib import statements


def worker_age() -> float | None:
    """Since the last heartbeat of the background worker, which beats every ten seconds."""
    return _seconds("SELECT max(last_heartbeat) FROM procrastinate_workers")


def backup_age() -> float | None:
    """Since the last backup was written."""
    return _seconds("SELECT max(at) FROM changes_auditentry WHERE verb = 'data.backup'")


def publication_age() -> float | None:
    """Since the newest revision."""
    return _seconds(
        "SELECT max(applied_at) FROM (SELECT applied_at FROM catalog_revision ORDER BY number DESC LIMIT 1) r"
    )


def waiting_age() -> float | None:
    """How long the work has been due that was due first and has not begun."""
    # Jobs do not keep when they were made; their first event does.
    return _seconds(
        "SELECT min(coalesce(j.scheduled_at, (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id)))"
        " FROM procrastinate_jobs j WHERE j.status = 'todo' AND coalesce(j.scheduled_at, now()) <= now()"
    )


def failed_jobs() -> int:
    return int(statements.value("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"))


def _seconds(moment: LiteralString) -> float | None:
    age = statements.value(
        sql.SQL("SELECT extract(epoch FROM clock_timestamp() - ({}))::float").format(sql.SQL(moment))
    )
    return None if age is None else float(age)
