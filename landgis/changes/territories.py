"""Where people may act: a role holds in a territory, which covers units of administration.

What territories there are and who holds which is kept by another app, which puts its book in here at the start; the
write door and the pages ask by these functions. Whoever acts beyond it is refused with `Outside`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from landgis.accounts.models import Role, User
from landgis.catalog import office
from landgis.catalog.dataset import Dataset
from landgis.catalog.published import whereabouts

OFFICE = "office"  # the ref of the territory that is the whole office
MOST_NAMED = 20  # features that a refusal names


@dataclass(frozen=True)
class Reach:
    """Where somebody may act: in the whole office, or in units, by their refs.

    A unit of another time is among them where all that became of it is.
    """

    is_whole: bool = False
    units: frozenset[str] = frozenset()

    def covers(self, units: Collection[str]) -> bool:
        """Whether all of them are in it; what lies in no known unit is the whole office's."""
        return self.is_whole or (bool(units) and self.units.issuperset(units))

    def touches(self, units: Iterable[str]) -> bool:
        return self.is_whole or not self.units.isdisjoint(units)


NOWHERE, WHOLE = Reach(), Reach(is_whole=True)


@dataclass(frozen=True)
class Area:
    """A territory that lasts, with where it reaches."""

    ref: str
    name: str
    reach: Reach


class Book(Protocol):
    """Who holds what now, by the clock of the database."""

    def reach(self, person: User, roles: Collection[Role]) -> Reach:
        """Where the person may act in any of the roles."""

    def roles(self, person: User) -> frozenset[Role]:
        """The roles that the person holds anywhere, as a stand-in too."""

    def areas(self) -> Sequence[Area]:
        """All territories that last, the whole office first."""

    def areas_of(self, person: User, roles: Collection[Role]) -> Sequence[Area]:
        """Those that the person holds in any of the roles."""

    def people(self, role: Role, area: str) -> Sequence[int]:
        """The people who hold the role in that territory, by their keys."""

    def unit_names(self) -> dict[str, str]:
        """Ref -> name of the units of administration of all times."""


_book: list[Book] = []


def fill(book: Book) -> None:
    """Say who keeps the book."""
    _book[:] = [book]


def book() -> Book:
    return _book[0]


@dataclass(frozen=True)
class Stranger:
    """A feature that lies elsewhere: in which units, and whose they are, by name."""

    ref: str
    units: tuple[str, ...]
    responsible: tuple[str, ...]


class Outside(Exception):
    """What somebody would act on lies outside of the territory: `count` features, of which the first are named."""

    def __init__(self, count: int, strangers: Sequence[Stranger]):
        super().__init__(f"{count} features lie outside of the territory: {', '.join(one.ref for one in strangers)}")
        self.count, self.strangers = count, tuple(strangers)


def of(person: User, *roles: Role) -> Reach:
    """Where the person may act in any of the roles, now; an administrator everywhere."""
    if not person.is_active:
        return NOWHERE
    return WHOLE if person.is_superuser else book().reach(person, roles)


def administers(person: User) -> bool:
    """Whether the person keeps the accounts of the office: a role in the whole office, with an end as others."""
    return of(person, Role.ADMINISTRATOR).is_whole


def may(person: User, role: Role, dataset: Dataset, refs: Collection[str]) -> bool:
    """Whether the person may act in the role on these features as they are in force."""
    return not _strangers(of(person, role), dataset, refs)


def must(person: User, role: Role, dataset: Dataset, refs: Collection[str]) -> None:
    """Raises Outside where the person may not act in the role on all of these features as they are in force."""
    if found := _strangers(of(person, role), dataset, refs):
        raise Outside(len(found), named(found[:MOST_NAMED]))


def must_of_past(person: User, roles: Collection[Role], dataset: Dataset, ref: str) -> None:
    """Raises Outside where the person may act in none of the roles on a feature as it is in force, or lay last.

    What lies nowhere that is known is the whole office's.
    """
    units = sorted(whereabouts.of_features(dataset, [ref], also_ended=True).get(ref, {whereabouts.NOWHERE}))
    if not of(person, *roles).covers(units):
        raise Outside(1, named([(ref, units)]))


def _strangers(reach: Reach, dataset: Dataset, refs: Collection[str]) -> list[tuple[str, list[str]]]:
    if reach.is_whole or not refs:
        return []
    lying = whereabouts.of_features(dataset, refs)
    return [(ref, sorted(units)) for ref, units in sorted(lying.items()) if not reach.covers(units)]


def named(found: Iterable[tuple[str, Collection[str]]]) -> list[Stranger]:
    """Features and the units that they lie in, with the names of those and of whoever is responsible."""
    names, areas = book().unit_names(), book().areas()
    return [
        Stranger(
            ref,
            tuple(names.get(unit, unit) for unit in units if unit),
            tuple(_name(area) for area in responsible(areas, units)),
        )
        for ref, units in found
    ]


def _name(area: Area) -> str:
    """What people call whoever has it."""
    return office.current().profile.name if area.reach.is_whole else area.name


def responsible(areas: Sequence[Area], units: Collection[str]) -> list[Area]:
    """The territories that units belong to; the whole office where nobody else has them."""
    local = [area for area in areas if not area.reach.is_whole and area.reach.touches(units)]
    return local or [area for area in areas if area.reach.is_whole]
