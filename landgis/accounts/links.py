"""Links by mail with which somebody chooses a password: an invitation, or where it was forgotten.

A link holds for `settings.PASSWORD_RESET_TIMEOUT` seconds, until a password has been chosen, another invitation is sent,
or the account ends. It stands in a query, which no log repeats, and its mail is not kept once it is sent.
"""

import hashlib
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from landgis.accounts.models import User
from landgis.mail import actions as mail
from landgis.mail.purposes import Purpose

INVITATION, FORGOTTEN = "invitation", "password"
MAILS = (
    Purpose(INVITATION, gettext_lazy("Invitation to work here"), is_secret=True),
    Purpose(FORGOTTEN, gettext_lazy("A new password"), is_secret=True),
)


class _Tokens(PasswordResetTokenGenerator):
    key_salt = "landgis.accounts.links"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        state = (user.pk, user.password, user.session_salt, user.invited_at, user.email, user.is_active, timestamp)
        return " ".join(str(one) for one in state)


_tokens = _Tokens()


def person_of(key: str, token: str) -> User | None:
    """Whose link it is, while it holds."""
    person = User.objects.filter(pk=int(key), is_active=True).first() if key.isdecimal() and len(key) < 19 else None
    return person if person is not None and _tokens.check_token(person, token) else None


def invite(person: User, office: str) -> str:
    """Write to somebody who has an account and no password yet; returns the address of the link."""
    with translation.override(person.mail_language):
        text = _(
            "You are invited to work with %(office)s. Your user name is %(name)s. Choose a password here:\n\n%(address)s\n\n"
            "%(lasts)s"
        )
        return _write(INVITATION, person, _("Invitation to work here"), text, office)


def forgotten(written: str) -> None:
    """Write to whoever has that user name or address, if there is somebody; the caller is never told."""
    known = Q(username=written) | (Q(email__iexact=written) if "@" in written else Q())
    for person in User.objects.filter(known, is_active=True).exclude(email="")[:5]:
        with translation.override(person.mail_language):
            text = _(
                "Somebody, probably you, has asked for a new password for the user name %(name)s. Choose it here:\n\n%(address)s\n\n%(lasts)s If it was not you, leave it: nothing changes."
            )
            _write(FORGOTTEN, person, _("A new password"), text)


def _write(purpose: str, person: User, subject: str, text: str, office: str = "") -> str:
    """Put the mail into the queue, where there is an address; returns the link."""
    token = _tokens.make_token(person)
    days = settings.PASSWORD_RESET_TIMEOUT // 86_400
    lasts = ngettext("The link holds for %(days)s day, once.", "The link holds for %(days)s days, once.", days)
    address = f"{reverse('choose-password')}?{urlencode({'person': person.pk, 'token': token})}"
    told = {"office": office, "name": person.get_username(), "address": mail.absolute(address)}
    if not person.email:
        return told["address"]
    mail.put(
        purpose,
        f"{purpose} {hashlib.sha256(token.encode()).hexdigest()[:32]}",
        person.email,
        subject=subject,
        text=text % {**told, "lasts": lasts % {"days": days}} + "\n",
        language=person.mail_language,
    )
    return told["address"]
