"""Write doors of accounts."""

import secrets

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import transaction

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


@transaction.atomic
def ensure_demo_people(passwords: dict[str, str] | None = None) -> list[tuple[str, str, str]]:
    """Create one person per role plus an administrator, for the demonstration.

    Returns (username, role, password) of each. `passwords` holds those of an earlier start;
    a missing one is drawn at random.
    """
    ensure_roles()
    passwords = passwords or {}
    people = []
    for username in ["admin", *Role.values]:
        password = passwords.get(username) or secrets.token_urlsafe(9)
        user, _created = User.objects.get_or_create(username=username, defaults={"is_staff": True})
        if not user.check_password(password):
            user.set_password(password)
        user.is_superuser = username == "admin"
        user.save()
        if username in Role.values:
            user.groups.set([Group.objects.get(name=username)])
        people.append((username, username, password))
    return people
