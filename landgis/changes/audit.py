"""The audit: who did what. Lines are added and never changed, and the database says when."""

import json
import os
import pwd
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import m2m_changed, post_delete, pre_save
from django.utils.translation import gettext_lazy as _

from landgis.accounts.models import User
from landgis.changes import words
from landgis.lib import statements

COMMAND_LINE, STRANGER = "command line", "nobody signed in"
FAILED = "person.sign-in-failed"
SIGNED_IN = "person.sign-in"
RIGHTS = ("is_active", "is_staff", "is_superuser", "password", "username")

# Who presses: the person of the request that is being answered; nobody outside of one.
_presser: ContextVar[Callable[[], User | AnonymousUser] | None] = ContextVar("presser", default=None)

words.add_verbs(
    {
        SIGNED_IN: _("signed in"),
        "person.sign-out": _("signed out"),
        FAILED: _("attempt to sign in failed"),
        "person.refused": _("was refused"),
        "person.factor-added": _("second factor set up"),
        "person.factor-removed": _("second factor removed"),
        "person.connected": _("sign-in by another office connected"),
        "person.disconnected": _("sign-in by another office disconnected"),
        "person.made": _("person made"),
        "person.changed": _("rights of a person changed"),
        "person.deleted": _("person deleted"),
        "data.backup": _("backup made"),
        "data.restore": _("backup restored"),
        "data.verify": _("data compared with their checksums"),
        "data.checksums": _("checksums made anew"),
    }
)


def write(by: User | AnonymousUser | str | None, verb: str, subject: str, **details: Any) -> None:
    """Add a line. `by` is None for the operator's command line."""
    name = by if isinstance(by, str) else by.get_username() or STRANGER if by is not None else by_command_line()
    # Without the time, which the application has no right to write.
    statements.execute(
        "INSERT INTO changes_auditentry (by, verb, subject, details) VALUES (%s, %s, %s, %s)",
        [name, verb, subject[:100], json.dumps(details, ensure_ascii=False)],
    )


def by_command_line() -> str:
    """Who works at the command line: the user of the operating system, as which nobody signs in."""
    try:
        return f"{COMMAND_LINE}: {pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:  # of a container: a number without a name
        return f"{COMMAND_LINE}: {os.getuid()}"


def of_person(username: str) -> str:
    """The subject of lines about a person."""
    return f"person {username}"


def pressed_by(person: Callable[[], User | AnonymousUser] | None) -> None:
    """Say who presses from now on, in this request."""
    _presser.set(person)


def listen() -> None:
    """Write down who signs in and out, who fails to, and who changes what people may do."""
    user_logged_in.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    user_login_failed.connect(_failed)
    pre_save.connect(_saved, sender=User)
    post_delete.connect(_deleted, sender=User)
    authenticator_added.connect(_factor_added)
    authenticator_removed.connect(_factor_removed)
    authentication_failed.connect(_factor_failed)
    social_account_added.connect(_connected)
    social_account_removed.connect(_disconnected)
    for through in (User.groups.through, User.user_permissions.through, Group.permissions.through):
        m2m_changed.connect(_rights, sender=through)


def _by() -> User | AnonymousUser | None:
    presser = _presser.get()
    return presser() if presser else None


def _signed_in(user: User, **_told: Any) -> None:
    write(user, SIGNED_IN, of_person(user.get_username()))


def _signed_out(user: User | None, **_told: Any) -> None:
    if user is not None:
        write(user, "person.sign-out", of_person(user.get_username()))


def _failed(credentials: dict[str, Any], **_told: Any) -> None:
    """Of people there are: what else is typed may be anything, a password too."""
    name = credentials.get("username") or ""
    if User.objects.filter(username=name).exists():
        write(STRANGER, FAILED, of_person(name))


def _factor_added(user: User, authenticator: Any, **_told: Any) -> None:
    write(user, "person.factor-added", of_person(user.get_username()), kind=authenticator.type)


def _factor_removed(user: User, authenticator: Any, **_told: Any) -> None:
    write(user, "person.factor-removed", of_person(user.get_username()), kind=authenticator.type)


def _connected(sociallogin: Any, **_told: Any) -> None:
    user = sociallogin.user
    write(user, "person.connected", of_person(user.get_username()), provider=sociallogin.account.provider)


def _disconnected(socialaccount: Any, **_told: Any) -> None:
    user = socialaccount.user
    write(user, "person.disconnected", of_person(user.get_username()), provider=socialaccount.provider)


def _factor_failed(user: User, **_told: Any) -> None:
    """The password was right: nobody but the person should know it."""
    write(STRANGER, FAILED, of_person(user.get_username()), after="password")


def _saved(instance: User, raw: bool, update_fields: Any, **_told: Any) -> None:
    if raw or (update_fields is not None and not set(RIGHTS) & set(update_fields)):
        return
    before = User.objects.filter(pk=instance.pk).values(*RIGHTS).first() if instance.pk else None
    if before is None:
        rights = {name: getattr(instance, name) for name in ("is_staff", "is_superuser")}
        write(_by(), "person.made", of_person(instance.username), **rights)
    elif changed := [name for name in RIGHTS if before[name] != getattr(instance, name)]:
        told = {name: getattr(instance, name) for name in changed if name != "password"}
        write(_by(), "person.changed", of_person(instance.username), what=changed, **told)


def _deleted(instance: User, **_told: Any) -> None:
    write(_by(), "person.deleted", of_person(instance.username))


def _rights(instance: Any, action: str, pk_set: set[int] | None, model: Any, **_told: Any) -> None:
    """Roles of a person, or rights of a role, given or taken."""
    if action not in ("post_add", "post_remove", "pre_clear") or pk_set == set():
        return
    names = [str(one) for one in model._default_manager.filter(pk__in=pk_set)] if pk_set else []
    subject = of_person(instance.username) if isinstance(instance, User) else f"role {instance}"
    write(_by(), "person.changed", subject, **{action.partition("_")[2]: names})
