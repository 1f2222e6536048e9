"""The door of outgoing mail: it is written here, in the transaction of what it tells, and sent later by the worker."""

import datetime
import secrets
import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac

from landgis.lib import statements
from landgis.mail import purposes
from landgis.mail.models import Mail, MailState

TRIED_FOR = datetime.timedelta(days=4)


def put(purpose: str, about: str, to: str, *, subject: str, text: str, language: str, subscriber: str = "") -> None:
    """Have a mail sent, once whatever it is about has been committed. The same to the same person is not put twice.

    `subscriber` is whose wish it is, where somebody subscribed: then the mail says how to end that.
    """
    token = secrets.token_urlsafe(32) if subscriber else None
    mail = Mail(
        purpose=purpose,
        about=about,
        to=to,
        to_key=_key(to),
        subject=" ".join(subject.split())[:200],
        text=text if token is None else f"{text.rstrip()}\n\n{_way_out(token, language)}\n",
        language=language,
        message_id=f"<{uuid.uuid4().hex}@{urlsplit(settings.PUBLIC_ADDRESS).hostname}>",
        subscriber=subscriber,
        stop_token=token,
        until=statements.value("SELECT clock_timestamp()") + TRIED_FOR,
    )
    Mail.objects.bulk_create([mail], ignore_conflicts=True)


def absolute(path: str) -> str:
    """The address of a page for whoever is not on one of ours."""
    return f"{settings.PUBLIC_ADDRESS}{path}"


def stop_address(token: str, language: str) -> str:
    """Where mail of that kind is ended: by POST at once, by GET with a button. In a query, which no log repeats."""
    with translation.override(language):
        return absolute(f"{reverse('mail:stop')}?token={token}")


def _way_out(token: str, language: str) -> str:
    with translation.override(language):
        return translation.gettext("If you want no more of these mails: %(address)s") % {
            "address": stop_address(token, language)
        }


@transaction.atomic
def stop(mail: Mail) -> None:
    """End the wish for which a mail was sent; what still waits of it is not sent. May be repeated."""
    purpose = purposes.get(mail.purpose)
    if purpose and purpose.stop and mail.subscriber:
        purpose.stop(mail.subscriber)
        drop(mail.purpose, mail.subscriber)


def drop(purpose: str, subscriber: str) -> None:
    """Do not send what waits for a subscriber: it is out of date, or no longer wanted."""
    waiting = Mail.objects.filter(purpose=purpose, subscriber=subscriber, state=MailState.WAITING)
    waiting.update(state=MailState.DROPPED, ended_at=Now(), to="", text="")


def try_again(number: int) -> bool:
    """Begin anew with a mail that was given up, while its address is still known."""
    until = statements.value("SELECT clock_timestamp()") + TRIED_FOR
    given_up = Mail.objects.filter(pk=number, state=MailState.GIVEN_UP).exclude(to="")
    return bool(
        given_up.update(
            state=MailState.WAITING, attempts=0, next_at=Now(), until=until, ended_at=None, error="", reply=""
        )
    )


def hold(error: str) -> int:
    """Send nothing of what waits until somebody says so, mail by mail; returns how many there are."""
    waiting = Mail.objects.filter(state=MailState.WAITING)
    return waiting.update(state=MailState.GIVEN_UP, ended_at=Now(), error=error)


def forget() -> int:
    """Take addresses and texts out of what ended so long ago as the setting says; returns of how many."""
    old = Mail.objects.filter(ended_at__lt=Now() - datetime.timedelta(days=settings.MAIL_KEPT_DAYS)).exclude(
        to="", text=""
    )
    return old.update(to="", text="")


def give_up_old() -> int:
    """Give up what could not be sent until its time was over; returns how many there are."""
    late = Mail.objects.filter(state=MailState.WAITING, until__lt=Now())
    late.filter(error="").update(error="no-server")
    return late.update(state=MailState.GIVEN_UP, ended_at=F("until"))


def _key(address: str) -> str:
    return salted_hmac("landgis.mail", address.casefold()).hexdigest()[:32]
