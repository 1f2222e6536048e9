"""The second factor: of whom it is demanded, and who has one."""

import secrets
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from landgis.accounts.models import Role, User

DEMANDED_OF = (Role.APPROVER, Role.PUBLISHER, Role.ADMINISTRATOR)  # and of whoever may do everything
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # codes for an emergency alone are none


def is_needed(user: User) -> bool:
    return user.is_superuser or user.groups.filter(name__in=DEMANDED_OF).exists()


def is_lacking(user: User | AnonymousUser) -> bool:
    """Whether the role demands a second factor that the person has not set up yet."""
    return isinstance(user, User) and is_needed(user) and not owned(user).exists()


def owned(user: User) -> Any:
    """The person's second factors."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS)


def has_other(authenticator: Authenticator) -> bool:
    return bool(owned(authenticator.user).exclude(pk=authenticator.pk).exists())


def give(user: User, secret: str) -> None:
    """Have the person sign in with codes of that secret (base32), and of no other."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    if not kept.filter(data={"secret": secret}).exists():
        kept.delete()
        TOTP.activate(user, secret)


def take_away(user: User) -> None:
    """Forget all factors of a person and end every session: the next sign-in sets up another."""
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)


def end_sessions(user: User) -> None:
    """Whoever is signed in under that name is not, from the next request on."""
    user.session_salt = secrets.token_urlsafe(16)
    user.save(update_fields=["session_salt"])


def keep_only_this_session(request: HttpRequest, user: User, **_told: Any) -> None:
    """After a change of factors: what was signed in before, elsewhere, has not passed them."""
    end_sessions(user)
    if request.user.is_authenticated:
        update_session_auth_hash(request, user)
