"""Write doors of people's accounts. Each leaves a line in the audit."""

import datetime

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from landgis.accounts import factors, links
from landgis.accounts.models import Role, User
from landgis.catalog import office
from landgis.changes import audit, words
from landgis.places import holdings
from landgis.places.models import Holding, Territory

words.add_verbs(
    {
        "person.invited": gettext_lazy("person invited"),
        "person.ended": gettext_lazy("account ended"),
        "person.begun": gettext_lazy("account opened again"),
        "person.factor-taken": gettext_lazy("second factor taken away by the administrator"),
        "person.sessions-ended": gettext_lazy("signed out everywhere by the administrator"),
    }
)


class LastAdministrator(Exception):
    """Nobody would be left who could let anybody in."""

    def __str__(self) -> str:
        return _("This is the last administrator: make somebody else one first.")


@transaction.atomic
def invite(person: User, *, by: User) -> str:
    """Have a link sent with which the person chooses a password; returns its address. Links before it end."""
    person.invited_at = Now()
    person.save(update_fields=["invited_at"])
    person.refresh_from_db()
    audit.write(by, "person.invited", audit.of_person(person.username))
    return links.invite(person, office.current().profile.name)


@transaction.atomic
def make(username: str, full_name: str, email: str, language: str, *, by: User) -> tuple[User, str]:
    """An account without a password, and the link of its invitation."""
    person = User(
        username=username,
        last_name=full_name,
        email=email,
        mail_language=language,
        is_staff=True,
    )
    person.set_unusable_password()
    person.save()
    return person, invite(person, by=by)


@transaction.atomic
def give(person: User, role: Role, territory: Territory, until: datetime.datetime | None, *, by: User) -> None:
    """A role in a territory, from now on."""
    holdings.give(person, role, territory, by=by, until=until)
    person.groups.add(Group.objects.get(name=role.value))


@transaction.atomic
def let_stand_in(person: User, holding: Holding, until: datetime.datetime, *, by: User) -> None:
    """The right of another person until a moment."""
    holdings.stand_in(person, holding, until=until, by=by)
    person.groups.add(Group.objects.get(name=holding.role))


@transaction.atomic
def take(holding: Holding, *, by: User) -> None:
    """End a role in a territory; who has it nowhere else has it no more. Raises LastAdministrator."""
    if holding.role == Role.ADMINISTRATOR and holding.stands_in_for is None:
        _keep_an_administrator(holding.person, besides=holding)
    holdings.end(holding, by=by)
    left = Holding.objects.filter(person=holding.person, role=holding.role).exclude(until__lte=Now())
    if not left.exists():
        holding.person.groups.remove(Group.objects.get(name=holding.role))


@transaction.atomic
def end(person: User, *, by: User) -> None:
    """Nobody signs in under that name any more, and whoever has is out with the next request."""
    _keep_an_administrator(person)
    person.is_active = False
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    factors.take_away(person)
    audit.write(by, "person.ended", audit.of_person(person.username))


@transaction.atomic
def begin(person: User, *, by: User) -> str:
    """Open an ended account again, by an invitation."""
    person.is_active = True
    person.save(update_fields=["is_active"])
    audit.write(by, "person.begun", audit.of_person(person.username))
    return invite(person, by=by)


@transaction.atomic
def take_factors(person: User, *, by: User) -> None:
    """For whoever has lost them: the next sign-in asks for the password alone, and sets up new ones where they are demanded."""
    factors.take_away(person)
    audit.write(by, "person.factor-taken", audit.of_person(person.username))


@transaction.atomic
def sign_out(person: User, *, by: User) -> None:
    factors.end_sessions(person)
    audit.write(by, "person.sessions-ended", audit.of_person(person.username))


def _keep_an_administrator(person: User, besides: Holding | None = None) -> None:
    """Raises LastAdministrator where the person, or the right `besides`, is the last; two who end each other wait."""
    held = Holding.objects.filter(role=Role.ADMINISTRATOR, until=None, stands_in_for=None)
    others = held.exclude(pk=besides.pk) if besides else held.exclude(person=person)
    keep = Q(is_superuser=True) if besides else Q(is_superuser=True) & ~Q(pk=person.pk)
    left = (
        User.objects.select_for_update().filter(keep | Q(pk__in=others.values("person")), is_active=True).order_by("pk")
    )
    is_one = besides is not None or person.is_superuser or held.filter(person=person).exists()
    if is_one and not any(one.has_usable_password() for one in left):
        raise LastAdministrator
