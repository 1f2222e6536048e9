"""Second factors of the people of tests: whose role demands one has set it up, as in an office."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.db.models.signals import m2m_changed, post_save

from landgis.accounts import factors
from landgis.accounts.models import User


def listen() -> None:
    """Give one to everybody who is made an approver, a publisher or an administrator."""
    post_save.connect(_saved, sender=User)
    m2m_changed.connect(_roles, sender=User.groups.through)


@contextmanager
def left_to_people() -> Iterator[None]:
    """Nobody is given one here: whoever has to have one sets it up."""
    m2m_changed.disconnect(_roles, sender=User.groups.through)
    try:
        yield
    finally:
        m2m_changed.connect(_roles, sender=User.groups.through)


def _saved(instance: User, created: bool, **_told: Any) -> None:
    if created and instance.is_superuser and factors.is_lacking(instance):
        factors.give(instance, generate_totp_secret())


def _roles(instance: Any, action: str, **_told: Any) -> None:
    if action == "post_add" and isinstance(instance, User) and factors.is_lacking(instance):
        factors.give(instance, generate_totp_secret())


def code(user: User, steps: int = 0) -> str:
    """What the app of the person shows now, or so many half minutes later, as if it had not been used before."""
    secret = Authenticator.objects.get(user=user, type="totp").data["secret"]
    found = code_of(secret, steps)
    cache.delete(f"allauth.mfa.totp.used?user={user.pk}&code={found}")
    return found


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD + steps))
