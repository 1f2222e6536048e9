"""Which rows a name or code of a unit of administration means, whichever of its time; the same for server and notebooks.

What names a unit of today finds what lies in it; what names a former one only, what its documents name so.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from landgis.lib.filters import Equals, Filter, Listing, OneOf, Or
from landgis.lib.text import fold

NEAREST = 3


class InTime(Protocol):
    """What is known of a unit's time: whether it is of today, and the refs of those that followed."""

    @property
    def ref(self) -> str: ...
    @property
    def is_current(self) -> bool: ...
    @property
    def successors(self) -> Sequence[str]: ...


U = TypeVar("U", bound=InTime)


@dataclass(frozen=True)
class KnownUnit:
    """A unit; `called` are its code and its name with and without its kind, in every language, folded."""

    ref: str
    code: str
    name: str
    is_current: bool
    successors: Sequence[str]
    called: frozenset[str]


@dataclass(frozen=True)
class UnitColumns:
    """The columns of a dataset that name units: as the documents do (empty where they do not), and those of today.

    `also` lists further units of today; rows are found by these, too, where `has_several`.
    """

    name: str
    code: str
    today: str
    today_code: str
    also: str
    has_several: bool

    @property
    def issued(self) -> AbstractSet[str]:
        return {self.name, self.code} - {""}

    @property
    def of_today(self) -> AbstractSet[str]:
        return {self.today, self.today_code}


@dataclass(frozen=True)
class Way:
    """One way in which a text can be taken: the rows, the column that says it, and the names of the units."""

    where: Filter
    column: str
    names: tuple[str, ...]


def known_units(rows: Iterable[Mapping[str, Any]], kinds: Mapping[str, AbstractSet[str]]) -> Iterator[KnownUnit]:
    """The units of rows with ref, code, name, kind, is_current and successors; `kinds` is what each kind is called, folded."""
    for row in rows:
        name = fold(row["name"])
        bare = [name.removeprefix(f"{kind} ") for kind in kinds.get(row["kind"], ()) if name.startswith(f"{kind} ")]
        yield KnownUnit(
            ref=row["ref"],
            code=row["code"],
            name=row["name"],
            is_current=row["is_current"],
            successors=(row["successors"] or "").split(),
            called=frozenset([fold(row["code"]), name, *bare]),
        )


def today(units: Mapping[str, U], ref: str) -> list[U]:
    """The units of today in which a unit lives on, all branches of the road there; a unit of today is its own."""
    met, waiting, found = {ref}, [ref], []
    while waiting:
        one = units.get(waiting.pop(0))
        if one is not None and one.is_current:
            found.append(one)
        elif one is not None:
            following = [name for name in one.successors if name not in met]
            met.update(following)
            waiting += following
    return found


def labels(units: Iterable[KnownUnit]) -> list[str]:
    """Their names, each once."""
    return list(dict.fromkeys(unit.name for unit in units))


def ways(columns: UnitColumns, known: Mapping[str, KnownUnit], text: str, *, by_documents: bool) -> list[Way]:
    """How a text can be taken, the likeliest first; none where no unit is called so."""
    named = [unit for unit in known.values() if fold(text) in unit.called]
    current, former = [unit for unit in named if unit.is_current], [unit for unit in named if not unit.is_current]
    if columns.has_several:
        current = list({one.ref: one for unit in current or former for one in today(known, unit.ref)}.values())
    found = [_today(columns, current, text), _issued(columns, known, former)]
    return [way for way in (found[::-1] if by_documents else found) if way is not None]


def _today(columns: UnitColumns, current: list[KnownUnit], text: str) -> Way | None:
    if not current:
        return None
    names = tuple(sorted({unit.name for unit in current}))
    where: Filter
    if columns.has_several:
        where = Or((OneOf(columns.today, names), Listing(columns.also, names)))
    elif any(unit.code == text for unit in current):
        where = OneOf(columns.today_code, tuple(sorted({unit.code for unit in current})))
    else:
        where = OneOf(columns.today, names)
    return Way(where, columns.today, tuple(labels(current)))


def _issued(columns: UnitColumns, known: Mapping[str, KnownUnit], former: list[KnownUnit]) -> Way | None:
    """The documents of what lies in a former unit may name those that it was formed of."""
    if not former or not columns.name:
        return None
    refs = {unit.ref for unit in former}
    while older := {unit.ref for unit in known.values() if unit.successors and refs.issuperset(unit.successors)} - refs:
        refs |= older
    names = tuple(sorted({known[ref].name for ref in refs}))
    return Way(OneOf(columns.name, names), columns.name, tuple(labels(former)))


def as_written(columns: UnitColumns, text: str) -> Filter:
    """Where nobody has units, names stand for what is written so."""
    return Equals(columns.name or columns.today, text)


def nearest(known: Iterable[KnownUnit], text: str) -> list[str]:
    """The names of units that are called nearly so."""
    called = {name: unit.name for unit in known for name in sorted(unit.called) if not name.isdigit()}
    near = difflib.get_close_matches(fold(text), called, n=2 * NEAREST, cutoff=0.6)
    return list(dict.fromkeys(called[name] for name in near))[:NEAREST]
