"""Figures for the machines that watch: counts and ages, and nothing that names anybody."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from landgis.lib.parameters import knows
from landgis.mail.queries import queue

TEXT = "text/plain; version=0.0.4; charset=utf-8"


@never_cache
@require_safe
@knows()
def metrics(request: HttpRequest) -> HttpResponse:
    """GET /metrics, in the text format of Prometheus."""
    mail = queue()
    figures = (
        ("landgis_mail_waiting", "mails that wait to be sent", mail.waiting),
        ("landgis_mail_overdue", "of these, mails that were tried in vain", mail.overdue),
        ("landgis_mail_oldest_seconds", "how long the oldest of them has waited", round(mail.oldest_s, 1)),
        ("landgis_mail_given_up", "mails that were given up", mail.given_up),
        ("landgis_mail_sent", "mails that were sent", mail.sent),
    )
    lines = [f"# HELP {name} {text}\n# TYPE {name} gauge\n{name} {value}\n" for name, text, value in figures]
    return HttpResponse("".join(lines), content_type=TEXT)
