"""What the office answers, and how whoever reported learns of it: on a page by a code, and by mail where that was wished."""

import datetime
import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from landgis.accounts.models import User
from landgis.catalog import office
from landgis.changes import audit, words
from landgis.changes.models import ChangeSet
from landgis.feedback.actions import PURPOSE
from landgis.feedback.models import OPEN, WITH_ANSWER, Report, ReportPicture, ReportStatus
from landgis.mail import actions as mail
from landgis.mail.purposes import Purpose

CODE = re.compile(r"[2-9a-z]{12}")
ANSWER = "report.answer"

words.add_verbs({ANSWER: gettext_lazy("answered an error report")})


class AnswerMissing(Exception):
    """A report is not closed without saying why, but for what is none."""


class ReportMovedOn(Exception):
    """Somebody else has answered meanwhile: nothing was overwritten."""


def by_code(written: str) -> Report | None:
    """The report of a code, however its signs are grouped or written large."""
    plain = re.sub(r"[\s-]", "", written).lower()
    if not CODE.fullmatch(plain):
        return None
    return Report.objects.filter(code="-".join((plain[:4], plain[4:8], plain[8:]))).first()


@transaction.atomic
def answer(
    report: Report, *, status: ReportStatus, text: str, change_set: ChangeSet | None, seen: str, by: User
) -> None:
    """Say what becomes of a report; `seen` is its `version` as the person saw it. The same again changes nothing.

    Raises AnswerMissing and ReportMovedOn. Whoever wished so gets a mail once it is closed, written in this transaction.
    """
    if status in WITH_ANSWER and not text:
        raise AnswerMissing
    report = Report.objects.select_for_update().get(pk=report.pk)
    if (report.status, report.answer, report.change_set) == (status, text, change_set):
        return
    if version(report) != seen:
        raise ReportMovedOn
    is_news = (report.status, report.answer) != (status, text)
    report.status, report.answer, report.change_set, report.status_at = status, text, change_set, Now()
    if is_news and status not in OPEN and can_be_told(report):
        report.told += 1
        _tell(report)
    report.save()
    linked = change_set.pk if change_set else None
    audit.write(by, ANSWER, f"report {report.number}", status=str(status), change_set=linked)


def version(report: Report) -> str:
    """Another text after each answer."""
    return report.status_at.isoformat()


def can_be_told(report: Report) -> bool:
    """Whether whoever reported wishes mail, and has left an address for it."""
    return report.wants_mail and is_address(report.contact)


def is_address(contact: str) -> bool:
    try:
        validate_email(contact)
    except ValidationError:
        return False
    return True


def code_address(code: str) -> str:
    """The path of the page by code, in the language that is active."""
    return f"{reverse('feedback:mine')}?code={code}"


def _tell(report: Report) -> None:
    language = report.language if translation.check_for_language(report.language) else settings.LANGUAGE_CODE
    with translation.override(language):
        status = ReportStatus(report.status).label
        lines = [
            _("You reported an error to us (report %(number)s). What became of it: %(status)s.")
            % {"number": report.number, "status": status},
            report.answer,
            _("The report and our answer: %(address)s") % {"address": mail.absolute(code_address(report.code or ""))},
            office.current().profile.name,
        ]
        mail.put(
            PURPOSE,
            f"report {report.number} {report.told}",
            report.contact,
            subject=_("Report %(number)s: %(status)s") % {"number": report.number, "status": status},
            text="\n\n".join(line for line in lines if line) + "\n",
            language=language,
            subscriber=report.number,
        )


def stop(number: str) -> None:
    """End the wish for mail of whoever made a report."""
    Report.objects.filter(number=number).update(wants_mail=False)


MAILS = Purpose(PURPOSE, gettext_lazy("Answers to an error report"), stop=stop)


def forget() -> None:
    """Delete how senders can be reached, and their pictures, so many days after the end of a report as the setting says."""
    old = Report.objects.exclude(status__in=OPEN).filter(
        status_at__lt=Now() - datetime.timedelta(days=settings.MAIL_KEPT_DAYS)
    )
    ReportPicture.objects.filter(report__in=old).delete()
    old.exclude(contact="").update(contact="", wants_mail=False)
