"""The one door for reports: taking one in. What became of it is said in `answers`."""

import datetime
import math
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from landgis.changes.redactions import Target
from landgis.feedback.models import Report, ReportPicture
from landgis.lib import statements
from landgis.lib.text import nfc
from landgis.mail.models import Mail

LOCK = 0x66656564  # "feed": one report is counted and kept at a time
PURPOSE = "report-answer"  # of the mails that tell what became of a report
AN_HOUR = datetime.timedelta(hours=1)
# In an hour. Behind one address may be the hall of a commune with fifty people; what has no browser of its own is one sender.
MOST_OF_A_SENDER, MOST_OF_AN_ADDRESS, MOST_OF_ALL = 5, 150, 1000
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without signs that look alike


class TooManyReports(Exception):
    """More reports in the last hour than are taken in; after `wait_s` seconds it works again."""

    def __init__(self, wait_s: int):
        super().__init__(f"{wait_s} s")
        self.wait_s = wait_s


@transaction.atomic
def take_in(*, sender: str, browser: str = "", picture: bytes | None = None, **said: Any) -> Report:
    """Keep a report and give it its number. Raises TooManyReports. The caller has seen that the feature is public.

    `sender` is the address it comes from, `browser` what tells browsers behind that apart; `picture` has been drawn anew.
    What is `said` are columns of Report: dataset, ref, revision, kind, text, contact, wants_mail, language.
    """
    _locked, now = statements.row("SELECT pg_advisory_xact_lock(%s), clock_timestamp()", [LOCK])
    address_key = _key(f"address {sender}", now)
    keys = {"sender_key": _key(f"browser {browser}", now) if browser else address_key, "address_key": address_key}
    _must_be_few(now, **keys)
    report = Report.objects.create(
        number=_next_number(now), code=new_code(), made_at=now, status_at=now, **keys, **said
    )
    if picture:
        ReportPicture.objects.create(report=report, content=picture)
    return report


def _must_be_few(now: datetime.datetime, *, sender_key: str, address_key: str) -> None:
    """Raises TooManyReports with the wait until the oldest of too many is an hour old."""
    recent = Report.objects.filter(made_at__gt=now - AN_HOUR).order_by("-made_at").values_list("made_at", flat=True)
    counted = (
        (recent.filter(sender_key=sender_key), MOST_OF_A_SENDER),
        (recent.filter(address_key=address_key), MOST_OF_AN_ADDRESS),
        (recent, MOST_OF_ALL),
    )
    waits = [made_at + AN_HOUR - now for found, most in counted for made_at in found[most - 1 : most]]
    if waits:
        raise TooManyReports(max(1, math.ceil(max(waits).total_seconds())))


def _key(who: str, now: datetime.datetime) -> str:
    """Another one each day, so that nobody can follow a sender; neither address nor browser is kept."""
    day = timezone.localdate(now).isoformat()
    return salted_hmac("landgis.feedback", f"{day} {who}", secret=settings.SECRET_KEY).hexdigest()[:32]


def new_code() -> str:
    """Three groups of four signs that nobody guesses and everybody can copy from a screen."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def _next_number(now: datetime.datetime) -> str:
    """2026-00001, without gaps within a year."""
    year = timezone.localdate(now).year
    last = Report.objects.filter(number__startswith=f"{year}-").order_by("-number").first()
    return f"{year}-{(int(last.number.partition('-')[2]) if last else 0) + 1:05d}"


def forget_value(target: Target) -> None:
    """Take a redacted value out of what readers wrote about the feature."""
    for report in Report.objects.filter(dataset=target.redaction.dataset, ref=target.redaction.ref):
        said = {name: target.without(nfc(getattr(report, name))) for name in ("text", "contact", "answer")}
        Report.objects.filter(pk=report.pk).update(**said)
        for mail in Mail.objects.filter(purpose=PURPOSE, subscriber=report.number):
            Mail.objects.filter(pk=mail.pk).update(text=target.without(nfc(mail.text)))
