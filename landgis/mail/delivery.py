"""Sending what waits, by one process at a time (the worker's periodic task).

Before a mail is handed over its next attempt is put off, in a transaction of its own; afterwards it is noted as sent. Whatever ends
the process in between costs one wait: the next attempt bears the same Message-ID, by which mail servers know it again.
Nothing of the mail server's words is kept but its numbers: the words may repeat addresses.
"""

import re
import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from email.charset import QP, Charset
from email.utils import format_datetime
from socket import SHUT_RDWR
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from landgis.mail import purposes
from landgis.mail.actions import stop_address
from landgis.mail.models import Mail, MailState

log = structlog.get_logger(__name__)

# Minutes to the next attempt; the last one again and again. The first is longer than one hand-over may take.
WAITS = (5, 15, 30, 60, 120, 240, 480)
MOST_AT_ONCE = 200
HAND_OVER_S = 120.0
UTF8 = Charset("utf-8")
UTF8.body_encoding = QP  # goes through every server, and Vietnamese stays readable in it
_NUMBERS = re.compile(r"(?:[245]\.\d{1,3}\.\d{1,3})?")


@dataclass(frozen=True)
class Failure:
    """Why a mail did not go: `is_final` where another attempt is of no use, `ends_line` where the line is gone."""

    error: str
    reply: str = ""
    is_final: bool = False
    ends_line: bool = False


def deliver() -> int:
    """Send what is due; returns how many were sent. Without a mail server everything stays where it is."""
    due = Mail.objects.filter(state=MailState.WAITING, next_at__lte=Now()).order_by("next_at", "id")
    numbers = list(due.values_list("pk", flat=True)[:MOST_AT_ONCE]) if settings.EMAIL_HOST else []
    if not numbers:
        return 0
    line = get_connection(settings.EMAIL_BACKEND, fail_silently=False)
    try:
        line.open()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        failure = _of_line(error)
        due.update(error=failure.error, reply=failure.reply)
        log.warning("mail server unusable", error_code=failure.error, reply=failure.reply, waiting=len(numbers))
        return 0
    try:
        return _hand_over(line, numbers)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            line.close()


def _hand_over(line: Any, numbers: list[int]) -> int:
    sent = 0
    for number in numbers:
        mail = _take(number)
        if mail is None:
            continue
        failure = _send(line, mail)
        if failure is None:
            sent += 1
            forgotten = {"text": ""} if purposes.is_secret(mail.purpose) else {}
            Mail.objects.filter(pk=number).update(state=MailState.SENT, ended_at=Now(), error="", reply="", **forgotten)
        else:
            _note(number, failure)
            if failure.ends_line:
                break
    return sent


def _take(number: int) -> Mail | None:
    """Put its next attempt off, and take it; None where somebody else has, or where it is no longer wanted."""
    mail = Mail.objects.get(pk=number)
    wait = timedelta(minutes=WAITS[min(mail.attempts, len(WAITS) - 1)])
    due = Mail.objects.filter(pk=number, state=MailState.WAITING, attempts=mail.attempts, next_at__lte=Now())
    return mail if due.update(attempts=F("attempts") + 1, next_at=Now() + wait) else None


def _send(line: Any, mail: Mail) -> Failure | None:
    try:
        with _cut_after(HAND_OVER_S, line):
            line.send_messages([message(mail)])
    except smtplib.SMTPRecipientsRefused as error:
        return _of_reply(*next(iter(error.recipients.values())))
    except smtplib.SMTPSenderRefused as error:
        return _of_reply(error.smtp_code, error.smtp_error, is_ours=True)
    except smtplib.SMTPResponseException as error:
        return _of_reply(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException):
        return Failure("broke-off", ends_line=True)
    except ValueError:  # an address or a header that cannot be written
        return Failure("unsendable", is_final=True)
    return None


@contextmanager
def _cut_after(seconds: float, line: Any) -> Iterator[None]:
    """End the line where the mail server takes longer, however little it says each time."""

    def cut() -> None:
        with suppress(AttributeError, OSError):
            line.connection.sock.shutdown(SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _of_reply(code: int, words: bytes | str, *, is_ours: bool = False) -> Failure:
    """4xx: later. 5xx: never, but for what the office can mend in its own settings (sign-in, sender, rights)."""
    text = words.decode("ascii", "replace") if isinstance(words, bytes) else words
    first = text.partition(" ")[0]
    numbers = first if _NUMBERS.fullmatch(first) else ""
    reply = f"{code} {numbers}".strip()
    if code < 400:  # no answer at all, or half of one
        return Failure("broke-off", ends_line=True)
    if code < 500:
        return Failure("later", reply, ends_line=code == 421)
    if is_ours or code in (530, 535, 538) or numbers.startswith("5.7."):
        return Failure("not-allowed", reply)
    return Failure("refused", reply, is_final=True)


def _of_line(error: Exception) -> Failure:
    """Why the mail server could not be used at all."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Failure("sign-in", str(error.smtp_code))
    if isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError | ValueError):
        return Failure("tls")
    if isinstance(error, smtplib.SMTPResponseException):
        return Failure("unreachable", str(error.smtp_code))
    is_slow = any(isinstance(one, TimeoutError) for one in (error, error.__context__))
    return Failure("slow" if is_slow else "unreachable")


def _note(number: int, failure: Failure) -> None:
    mail = Mail.objects.filter(pk=number, state=MailState.WAITING)
    if failure.is_final:
        mail.update(state=MailState.GIVEN_UP, ended_at=Now(), error=failure.error, reply=failure.reply)
    else:
        mail.update(error=failure.error, reply=failure.reply)
    log.warning("mail not sent", mail=number, error_code=failure.error, reply=failure.reply, given_up=failure.is_final)


def message(mail: Mail) -> EmailMessage:
    """The mail as it is sent: plain text, and what tells machines that a machine wrote it."""
    headers = {
        "Message-ID": mail.message_id,
        "Date": format_datetime(timezone.localtime(mail.made_at)),
        "Auto-Submitted": "auto-generated",
        "Content-Language": mail.language,
    }
    if mail.stop_token:
        headers["List-Unsubscribe"] = f"<{stop_address(mail.stop_token, mail.language)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    reply_to = [settings.MAIL_REPLY_TO] if settings.MAIL_REPLY_TO else None
    made = EmailMessage(mail.subject, mail.text, to=[mail.to], headers=headers, reply_to=reply_to)
    made.encoding = UTF8
    return made
