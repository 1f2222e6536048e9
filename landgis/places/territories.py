"""The book of territories: who holds a role where, and which units that covers today. Read by the write door and the pages.

Units are those in force, as the transaction sees them: a merged unit is in a territory as what became of it.
"""

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from landgis.accounts.models import Role, User
from landgis.catalog.published import locating
from landgis.changes.territories import Area, Reach
from landgis.lib import unit_names
from landgis.lib.unit_names import KnownUnit
from landgis.places.models import Holding, Lasting, Territory


class PlacesBook:
    """What `changes.territories` asks."""

    def reach(self, person: User, roles: Collection[Role]) -> Reach:
        held = Territory.objects.filter(pk__in=lasting().filter(person=person, role__in=roles).values("territory"))
        return _reach_of(held)

    def roles(self, person: User) -> frozenset[Role]:
        return frozenset(Role(role) for role in lasting().filter(person=person).values_list("role", flat=True))

    def areas(self) -> Sequence[Area]:
        return _areas(Territory.objects.filter(Lasting.now()))

    def areas_of(self, person: User, roles: Collection[Role]) -> Sequence[Area]:
        held = lasting().filter(person=person, role__in=roles)
        return _areas(Territory.objects.filter(pk__in=held.values("territory")))

    def people(self, role: Role, area: str) -> Sequence[int]:
        held = lasting().filter(role=role, territory__ref=area, person__is_active=True)
        return sorted(set(held.values_list("person", flat=True)))

    def unit_names(self) -> dict[str, str]:
        return {ref: unit.name for ref, unit in locating.units_in_force().items()}


def lasting() -> QuerySet[Holding]:
    """Holdings that hold at this moment, in territories that last, and of stand-ins while the other holds it too."""
    itself = Lasting.now() & Lasting.now("territory__")
    return Holding.objects.filter(itself).filter(Q(stands_in_for=None) | Lasting.now("stands_in_for__"))


def _reach_of(held: QuerySet[Territory]) -> Reach:
    found = list(held)
    if any(not one.units for one in found):
        return Reach(is_whole=True)
    return _reach(locating.units_in_force(), [ref for one in found for ref in one.units]) if found else Reach()


def _areas(found: QuerySet[Territory]) -> list[Area]:
    rows, units = list(found), locating.units_in_force()
    rows.sort(key=lambda one: (bool(one.units), one.name))
    return [
        Area(one.ref, one.name, _reach(units, one.units))
        if one.units
        else Area(one.ref, gettext("the whole office"), Reach(is_whole=True))
        for one in rows
    ]


def _reach(units: Mapping[str, KnownUnit], named: Collection[str]) -> Reach:
    """The units of today in which the named ones live on, and the former ones of which nothing lives on elsewhere."""
    now = {one.ref for ref in named for one in unit_names.today(units, ref)}
    whole = {ref for ref in units if now.issuperset(one.ref for one in unit_names.today(units, ref))}
    return Reach(units=frozenset(ref for ref in whole | now if unit_names.today(units, ref)))
