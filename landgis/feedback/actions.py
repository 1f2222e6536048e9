"""The one door for reports: taking one in, and saying what became of it."""

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import salted_hmac

from landgis.changes.redactions import Target
from landgis.feedback.models import Report, ReportStatus
from landgis.lib import statements
from landgis.lib.text import nfc

LOCK = 0x66656564  # "feed": one report is counted and kept at a time
AN_HOUR = datetime.timedelta(hours=1)
MOST_OF_A_SENDER, MOST_OF_ALL = 5, 200  # in an hour


class TooManyReports(Exception):
    """More reports in the last hour than are taken in; later it works again."""


@transaction.atomic
def take_in(
    *, dataset: str, ref: str, revision: int, kind: str, text: str, contact: str, language: str, sender: str
) -> Report:
    """Keep a report and give it its number. Raises TooManyReports. The caller has seen that the feature is public."""
    _locked, now = statements.row("SELECT pg_advisory_xact_lock(%s), clock_timestamp()", [LOCK])
    key = sender_key(sender, now)
    recent = Report.objects.filter(made_at__gt=now - AN_HOUR)
    if recent.filter(sender_key=key).count() >= MOST_OF_A_SENDER or recent.count() >= MOST_OF_ALL:
        raise TooManyReports
    return Report.objects.create(
        number=_next_number(now),
        dataset=dataset,
        ref=ref,
        revision=revision,
        kind=kind,
        text=text,
        contact=contact,
        language=language,
        sender_key=key,
        made_at=now,
        status_at=now,
    )


def sender_key(sender: str, now: datetime.datetime) -> str:
    """Another one each day, so that nobody can follow a sender; the address itself is not kept."""
    day = timezone.localdate(now).isoformat()
    return salted_hmac("landgis.feedback", f"{day} {sender}", secret=settings.SECRET_KEY).hexdigest()[:32]


def _next_number(now: datetime.datetime) -> str:
    """2026-00001, without gaps within a year."""
    year = timezone.localdate(now).year
    last = Report.objects.filter(number__startswith=f"{year}-").order_by("-number").first()
    return f"{year}-{(int(last.number.partition('-')[2]) if last else 0) + 1:05d}"


def set_status(number: str, status: ReportStatus) -> bool:
    """What became of a report; False where there is none of that number. The same again changes nothing."""
    changed = Report.objects.filter(number=number).exclude(status=status)
    changed.update(status=status, status_at=Now())
    return Report.objects.filter(number=number).exists()


def forget_value(target: Target) -> None:
    """Take a redacted value out of what readers wrote about the feature."""
    for report in Report.objects.filter(dataset=target.redaction.dataset, ref=target.redaction.ref):
        said = {name: target.without(nfc(getattr(report, name))) for name in ("text", "contact")}
        Report.objects.filter(pk=report.pk).update(**said)
