"""What stands before whom: my work, what my territory has, what waits for my decision."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from landgis.accounts.models import AT_WORK, Role, User
from landgis.changes import responsibility, scopes, territories
from landgis.changes.models import ChangeSet, State
from landgis.changes.scope_models import HandOver, TouchedUnit
from landgis.changes.territories import Area, Reach
from landgis.workbench.actions import OPEN
from landgis.workbench.models import Run

ROLES = (Role.OFFICER, *scopes.DECIDE)
SINCE = Coalesce("submitted_at", "created_at")  # since when it waits as it is


def mine(person: User) -> QuerySet[ChangeSet]:
    """Open ones that the person made or submitted; also those that another territory works on now."""
    return ChangeSet.objects.filter(Q(author=person) | Q(submitted_by=person), state__in=OPEN)


def of_territory(person: User) -> QuerySet[ChangeSet]:
    """Open ones that touch the person's territories, or that these have or were handed."""
    held = [area.ref for area in territories.book().areas_of(person, ROLES)]
    found = ChangeSet.objects.filter(state__in=OPEN)
    return _in_reach(found, territories.of(person, *ROLES), held)


def to_decide(person: User) -> QuerySet[ChangeSet]:
    """Submitted ones whose part in the person's territory is not let in; the person has no part in making them."""
    found = responsibility.without_part(ChangeSet.objects.filter(state=State.SUBMITTED), person)
    return found.filter(Q(*(_to_let_in(person, role) for role in scopes.DECIDE), _connector=Q.OR))


def _to_let_in(person: User, role: Role) -> Q:
    """What the person may let in, in a role."""
    reach, decided = territories.of(person, role), Q(dataset__in=scopes.decided_by(role))
    open_parts = TouchedUnit.objects.filter(change_set=OuterRef("pk"), approver=None, unit__in=reach.units)
    return decided if reach.is_whole else decided & Q(Exists(open_parts))


def of_area(found: QuerySet[ChangeSet], area: Area) -> QuerySet[ChangeSet]:
    """Of these what touches a territory, or what it has or was handed."""
    return _in_reach(found, area.reach, [area.ref])


def _in_reach(found: QuerySet[ChangeSet], reach: Reach, held: list[str]) -> QuerySet[ChangeSet]:
    return found if reach.is_whole else found.filter(_reached(reach, held))


def _reached(reach: Reach, held: list[str]) -> Q:
    """What touches units, or what territories have, received or were handed."""
    touched = TouchedUnit.objects.filter(change_set=OuterRef("pk"), unit__in=reach.units)
    handed = HandOver.objects.filter(change_set=OuterRef("pk"), given_to__in=held)
    return Q(Exists(touched)) | Q(Exists(handed)) | Q(responsible__in=held) | Q(received_by__in=held)


@dataclass(frozen=True)
class Waiting:
    """One way to look at the change sets, as addresses name it."""

    name: str
    title: Any
    of: Callable[[User], QuerySet[ChangeSet]]
    roles: tuple[Role, ...]


QUEUES = (
    Waiting("decide", _("Waits for my decision"), to_decide, scopes.DECIDE),
    Waiting("mine", _("My work"), mine, ROLES),
    Waiting("territory", _("My territory"), of_territory, ROLES),
)


def visible(person: User) -> QuerySet[ChangeSet]:
    """All that the person made or submitted, and that touches the person's territories; for the whole office all."""
    reach = territories.of(person, *AT_WORK)
    if reach.is_whole:
        return ChangeSet.objects.all()
    held = [area.ref for area in territories.book().areas_of(person, AT_WORK)]
    return ChangeSet.objects.filter(Q(author=person) | Q(submitted_by=person) | _reached(reach, held))


def visible_runs(person: User) -> QuerySet[Run]:
    """Those that the person asked for, and those of change sets that the person may see."""
    if territories.of(person, *AT_WORK).is_whole:
        return Run.objects.all()
    return Run.objects.filter(Q(by=person) | Q(change_set__in=visible(person)))


def areas(person: User) -> list[Area]:
    """The territories by which the person may choose: the own ones, and all for the whole office."""
    book = territories.book()
    found = book.areas() if territories.of(person, *AT_WORK).is_whole else book.areas_of(person, AT_WORK)
    return [area for area in found if not area.reach.is_whole]


def counted(person: User, queues: list[Waiting]) -> list[dict[str, Any]]:
    """Of each queue how many there are, and since when the oldest waits."""
    return [{"queue": one, **_told(one.of(person))} for one in queues]


def _told(found: QuerySet[ChangeSet]) -> dict[str, int | datetime.datetime | None]:
    return found.order_by().aggregate(count=Count("pk"), oldest=Min(SINCE))
