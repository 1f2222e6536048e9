"""Write doors of territories: who makes one, gives one to somebody, and takes it away. Each leaves a line in the audit."""

import datetime
import itertools
from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.db.models.functions import Now
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from landgis.accounts.models import Role, User
from landgis.changes import audit, words
from landgis.changes.models import ChangeSet, State
from landgis.lib.text import fold
from landgis.places.models import Holding, Territory

OPEN = (State.DRAFT, State.CHECKED, State.SUBMITTED, State.APPROVED)

words.add_verbs(
    {
        "territory.made": _("territory made"),
        "territory.changed": _("territory changed"),
        "territory.closed": _("territory abolished"),
        "territory.given": _("territory given to a person"),
        "territory.ended": _("territory of a person ended"),
    }
)


def whole_office() -> Territory:
    """The territory that is the whole office."""
    return Territory.objects.get(ref=Territory.WHOLE)


@transaction.atomic
def make(ref: str, name: str, units: Collection[str], *, by: User | None) -> Territory:
    """A territory of these units, by their refs. Made again, it is the one there is, with these units."""
    found, is_new = Territory.objects.update_or_create(ref=ref, defaults={"name": name, "units": list(units)})
    audit.write(by, "territory.made", f"territory {ref}", units=list(units), is_new=is_new)
    return found


class StillUsed(Exception):
    """A territory that people hold, by name, or that open change sets were handed over to, by number."""

    def __init__(self, people: Sequence[str], change_sets: Sequence[int]):
        super().__init__(f"held by {', '.join(people)}; has change sets {', '.join(map(str, change_sets))}")
        self.people, self.change_sets = people, change_sets


@transaction.atomic
def make_new(name: str, units: Collection[str], *, by: User | None) -> Territory:
    """A territory of these units that was not there before; its ref follows from the name."""
    Territory.objects.select_for_update().get(ref=Territory.WHOLE)  # two that are made at once get refs of their own
    stem = slugify(fold(name))[:30].strip("-") or "territory"
    taken = set(Territory.objects.filter(ref__startswith=stem).values_list("ref", flat=True))
    ref = next(one for one in itertools.chain([stem], (f"{stem}-{n}" for n in itertools.count(2))) if one not in taken)
    return make(ref, name, units, by=by)


@transaction.atomic
def change(territory: Territory, name: str, units: Collection[str], *, by: User | None) -> None:
    """Give a territory another name or other units; what people may do follows at once."""
    before = {"name": territory.name, "units": territory.units}
    territory.name, territory.units = name, list(units)
    if before != {"name": name, "units": territory.units}:
        territory.save(update_fields=["name", "units"])
        told = {"name": name, "units": territory.units, "before": before}
        audit.write(by, "territory.changed", f"territory {territory.ref}", **told)


@transaction.atomic
def close(territory: Territory, *, by: User | None) -> None:
    """End a territory. Raises StillUsed."""
    Territory.objects.select_for_update().get(pk=territory.pk)
    held = Holding.objects.filter(territory=territory).exclude(until__lte=Now())
    people = sorted(set(held.values_list("person__username", flat=True)))
    open_ones = ChangeSet.objects.filter(responsible=territory.ref, state__in=OPEN).order_by("pk")
    numbers = list(open_ones.values_list("pk", flat=True))
    if people or numbers:
        raise StillUsed(people, numbers)
    if Territory.objects.filter(pk=territory.pk).exclude(until__lte=Now()).update(until=Now()):
        audit.write(by, "territory.closed", f"territory {territory.ref}")


@transaction.atomic
def give(
    person: User,
    role: Role,
    territory: Territory,
    *,
    by: User | None,
    since: datetime.datetime | None = None,
    until: datetime.datetime | None = None,
) -> Holding:
    """Let a person have a role in a territory, from now on where no beginning is said."""
    found = Holding(person=person, role=role, territory=territory, until=until, given_by=_name(by))
    if since is not None:
        found.since = since
    found.save()
    _note(found, by)
    return found


@transaction.atomic
def stand_in(
    person: User,
    holding: Holding,
    *,
    until: datetime.datetime,
    by: User | None,
    since: datetime.datetime | None = None,
) -> Holding:
    """Let a person act as the other may, until a moment. The right ends with it, or with that of the other."""
    found = Holding(
        person=person,
        role=holding.role,
        territory=holding.territory,
        stands_in_for=holding,
        until=until,
        given_by=_name(by),
    )
    if since is not None:
        found.since = since
    found.save()
    _note(found, by)
    return found


@transaction.atomic
def end(holding: Holding, *, by: User | None) -> None:
    """End it now, and with it what stand-ins have of it; what has ended stays as it was."""
    if Holding.objects.filter(pk=holding.pk, since__gte=Now()).delete()[0] or (
        Holding.objects.filter(pk=holding.pk).exclude(until__lte=Now()).update(until=Now())
    ):
        told = {"role": holding.role, "territory": holding.territory.ref}
        audit.write(by, "territory.ended", audit.of_person(holding.person.username), **told)


@transaction.atomic
def give_whole_office(person: User, roles: Iterable[Role], *, by: User | None) -> None:
    """Let a person have roles in the whole office, where that is not so already."""
    office = whole_office()
    had = set(Holding.objects.filter(person=person, territory=office, until=None).values_list("role", flat=True))
    for role in roles:
        if role not in had:
            give(person, role, office, by=by)


def _note(holding: Holding, by: User | None) -> None:
    told = {"role": holding.role, "territory": holding.territory.ref}
    if holding.until is not None:
        told["until"] = holding.until.isoformat()
    if holding.stands_in_for is not None:
        told["instead_of"] = holding.stands_in_for.person.username
    audit.write(by, "territory.given", audit.of_person(holding.person.username), **told)


def _name(by: User | None) -> str:
    return by.get_username() if by is not None else audit.by_command_line()
