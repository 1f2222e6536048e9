"""Is this process alive, and can it serve? For the machines that ask; nothing in the answers is secret."""

import datetime
import time
from collections.abc import Callable

import structlog
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.functions import Coalesce, Now
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from landgis.lib.answers import plain_json
from landgis.lib.parameters import knows
from landgis.operations.models import Damage, DataCheck

log = structlog.get_logger(__name__)

WORKER_LATE_S = 60  # the worker writes its heartbeat every 10 s
DATA_LATE = datetime.timedelta(hours=26)  # the worker looks at all rows within a day


@never_cache
@require_safe
@knows()
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
@knows()
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when readers can be served, else 503; JSON with "ok", "failed", "late" or "damaged" per part.

    A late worker delays what follows a change but no reader, and one damaged row is no reason to refuse all the others to
    readers: neither makes the answer 503.
    """
    start = time.perf_counter()
    checks = {
        "default": _outcome("default", _default_answers),
        "public": _outcome("public", public_reads),
        "migrations": _outcome("migrations", is_migrated),
    }
    ready = all(outcome == "ok" for outcome in checks.values())
    said = {"worker": worker, "data": _data} if ready else {}
    body = {
        "ready": ready,
        "checks": {**checks, **{name: _told(name, ask) for name, ask in said.items()}},
        "ms": round((time.perf_counter() - start) * 1000, 1),
    }
    return plain_json(body, status=200 if ready else 503)


def _outcome(name: str, check: Callable[[], bool]) -> str:
    try:
        return "ok" if check() else "failed"
    except Error as error:
        log.warning("not ready", check=name, error=error)
        return "failed"


def _told(name: str, ask: Callable[[], str]) -> str:
    try:
        return ask()
    except Error as error:
        log.warning("not ready", check=name, error=error)
        return "failed"


def _value(alias: str, statement: str) -> object:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
        return row[0] if row else None


def _default_answers() -> bool:
    return _value(DEFAULT_DB_ALIAS, "SELECT 1") == 1


def public_reads() -> bool:
    """The public role reaches the published relations, empty or not."""
    return _value("public", "SELECT count(*) FROM (SELECT FROM published.revision LIMIT 1) r") is not None


def is_migrated() -> bool:
    """Asked every time: a restored backup may be older than the code."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def worker() -> str:
    age = _value(DEFAULT_DB_ALIAS, "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
    return "ok" if age is not None and float(str(age)) < WORKER_LATE_S else "late"


def _data() -> str:
    """What the looks at rows and files have found, and whether all rows have been looked at within a day."""
    if Damage.objects.exists():
        return "damaged"
    seen = Coalesce("whole_at", "began_at")
    return "late" if DataCheck.objects.alias(seen=seen).filter(seen__lt=Now() - DATA_LATE).exists() else "ok"
