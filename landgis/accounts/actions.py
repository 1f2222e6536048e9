"""Write doors of accounts."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from landgis.accounts import factors
from landgis.accounts.models import Role, User

# Everything else that /admin/ shows may be looked at there by every role.
CLOSED_APPS = ("accounts", "admin", "auth", "contenttypes", "procrastinate", "sessions")


@transaction.atomic
def ensure_roles() -> None:
    """Create the groups of the roles and give them the right to look; safe to repeat."""
    shown = [model._meta.model_name for model in apps.get_models() if admin.site.is_registered(model)]
    views = Permission.objects.filter(codename__in=[f"view_{name}" for name in shown])
    views = views.exclude(content_type__app_label__in=CLOSED_APPS)
    for role in Role:
        group, _created = Group.objects.get_or_create(name=role.value)
        group.permissions.set(views)


@dataclass(frozen=True)
class DemoPerson:
    """Somebody of the demonstration; `secret` (base32) makes the codes of the second factor, "" where none is demanded."""

    name: str
    password: str
    secret: str


@transaction.atomic
def ensure_demo_people(
    passwords: dict[str, str], secrets_of: dict[str, str] | None = None, *, local: Mapping[str, Role] | None = None
) -> list[DemoPerson]:
    """Create one person per role plus an administrator, for the demonstration, and `local` ones: username -> role.

    `passwords` and `secrets_of` hold those of an earlier start; a missing one is drawn at random.
    """
    ensure_roles()
    people = []
    roles = {role.value: role for role in Role} | dict(local or {})
    for username in ["admin", *roles]:
        password = passwords.get(username) or secrets.token_urlsafe(9)
        user, _created = User.objects.get_or_create(username=username, defaults={"is_staff": True})
        if not user.check_password(password):
            user.set_password(password)
        user.is_superuser = username == "admin"
        user.save()
        if username in roles:
            user.groups.set([Group.objects.get(name=roles[username])])
        secret = ""
        if factors.is_needed(user):
            secret = (secrets_of or {}).get(username) or generate_totp_secret()
            factors.give(user, secret)
        people.append(DemoPerson(username, password, secret))
    return people
