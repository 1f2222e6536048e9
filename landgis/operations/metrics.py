"""Figures for the machines that watch: counts and ages, and nothing that names anybody. deploy/alerts.yml says when they are too large."""

import shutil
from collections.abc import Iterator

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from landgis.lib.parameters import knows
from landgis.mail.queries import queue
from landgis.operations import readings
from landgis.operations.models import Damage, PublishedCheck

TEXT = "text/plain; version=0.0.4; charset=utf-8"
Figure = tuple[str, str, float | None]  # its name, what it is, and None of what never was


@never_cache
@require_safe
@knows()
def metrics(request: HttpRequest) -> HttpResponse:
    """GET /metrics, in the text format of Prometheus. While the database is away it says that, and what needs none."""
    try:
        told = [*_of_the_database(), ("landgis_database_up", "whether the database answers", 1)]
    except Error:
        told = [("landgis_database_up", "whether the database answers", 0)]
    return HttpResponse("".join(map(_line, [*told, *_of_the_machine()])), content_type=TEXT)


def _line(figure: Figure) -> str:
    name, text, value = figure
    return f"# HELP {name} {text}\n# TYPE {name} gauge\n{name} {'+Inf' if value is None else value}\n"


def _of_the_machine() -> Iterator[Figure]:
    free = shutil.disk_usage(settings.STATE).free
    yield "landgis_disk_free_bytes", "room on the disk of LANDGIS_STATE", free


def _of_the_database() -> Iterator[Figure]:
    yield "landgis_worker_seconds", "since the last sign of the background worker", readings.worker_age()
    yield "landgis_work_waiting_seconds", "how long work has been due that has not begun", readings.waiting_age() or 0
    yield "landgis_work_failed", "background work that failed", readings.failed_jobs()
    yield "landgis_backup_seconds", "since the last backup", readings.backup_age()
    yield "landgis_publication_seconds", "since the newest revision", readings.publication_age()
    yield "landgis_damages", "what is not as it was written", Damage.objects.count()
    newest = PublishedCheck.objects.order_by("-revision").first()
    yield "landgis_published_differences", "rows that readers see otherwise", newest.differences if newest else 0
    mail = queue()
    yield "landgis_mail_waiting", "mails that wait to be sent", mail.waiting
    yield "landgis_mail_overdue", "of these, mails that were tried in vain", mail.overdue
    yield "landgis_mail_oldest_seconds", "how long the oldest of them has waited", round(mail.oldest_s, 1)
    yield "landgis_mail_given_up", "mails that were given up", mail.given_up
    yield "landgis_mail_sent", "mails that were sent", mail.sent
