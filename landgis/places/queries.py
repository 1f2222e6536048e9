"""Which unit a code or a name meant on a day, and what that unit is today. Reads what is published."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from landgis.catalog import queries, registry
from landgis.catalog.dataset import Place
from landgis.lib import unit_names
from landgis.lib.filters import ALL, Equals, Filter
from landgis.lib.text import fold

FIELDS = (
    "ref",
    "code",
    "name",
    "kind",
    "district_name",
    "province_name",
    "valid_from",
    "valid_to",
    "is_current",
    "successors",
    "succession_kind",
    "predecessors",
)


WITHIN = ("district_name", "province_name")


@dataclass(frozen=True)
class PublishedUnit:
    """A unit as published; `successors` and `predecessors` are refs."""

    ref: str
    code: str
    name: str
    kind: str
    district_name: str | None
    province_name: str | None
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    is_current: bool
    successors: tuple[str, ...]
    succession_kind: str | None
    predecessors: tuple[str, ...]

    def is_valid_on(self, day: datetime.date) -> bool:
        """Whether the unit was in effect on that day; an unknown end reaches as far as it can."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def resolve(code: str, on_date: datetime.date, *, as_of: int | None = None) -> PublishedUnit | None:
    """The unit that had the code on that day, or None. The same code may mean another unit on another day."""
    found = [unit for unit in _read(Equals("code", code), as_of) if unit.is_valid_on(on_date)]
    return found[0] if len(found) == 1 else None


def all_units(*, as_of: int | None = None) -> dict[str, PublishedUnit]:
    """ref -> unit, of all times, as published now or as of a revision."""
    return {unit.ref: unit for unit in _read(ALL, as_of)}


def road_to_today(units: dict[str, PublishedUnit], ref: str) -> list[list[PublishedUnit]]:
    """The generations of what became of a unit, its successors first; empty for a unit of today.

    Where the merged units were whole ones, each generation is one unit, and the last of them is today's.
    """
    road: list[list[PublishedUnit]] = []
    met, generation = {ref}, [ref]
    while True:
        following = [name for one in generation for name in units[one].successors if name in units and name not in met]
        if not following:
            return road
        generation = list(dict.fromkeys(following))
        met.update(generation)
        road.append([units[name] for name in generation])


def today(units: dict[str, PublishedUnit], ref: str) -> list[PublishedUnit]:
    """The units of today in which a unit lives on; a unit of today is its own."""
    return unit_names.today(units, ref)


def origins(units: dict[str, PublishedUnit], ref: str) -> list[PublishedUnit]:
    """The oldest known units from which a unit was formed; a unit without predecessors is its own."""
    found, seen, waiting = [], set(), [ref]
    while waiting:
        name = waiting.pop(0)
        if name in seen or name not in units:
            continue
        seen.add(name)
        before = [one for one in units[name].predecessors if one in units]
        waiting += before
        if not before:
            found.append(units[name])
    return found


def names() -> dict[str, list[PublishedUnit]]:
    """Folded name (`lib.text.fold`), old or new -> the units of today that it leads to.

    A name that two units had at different times leads to more than one.
    """
    units = all_units()
    found: dict[str, dict[str, PublishedUnit]] = defaultdict(dict)
    for unit in units.values():
        found[fold(unit.name)].update({now.ref: now for now in today(units, unit.ref)})
    return {name: list(led_to.values()) for name, led_to in found.items()}


def as_places() -> list[Place]:
    """Every unit of all times as search knows places by."""
    units = all_units()
    return [
        Place(
            ref=unit.ref,
            name=unit.name,
            code=unit.code,
            within=tuple((name, field) for field in WITHIN if (name := getattr(unit, field))),
            today=tuple(now.ref for now in today(units, unit.ref)),
            origins=tuple(one.ref for one in origins(units, unit.ref)),
        )
        for unit in units.values()
    ]


def _read(where: Filter, as_of: int | None) -> list[PublishedUnit]:
    rows = queries.rows(registry.get("admin-units"), where, as_of=as_of, fields=FIELDS)
    return [
        PublishedUnit(**{**row, **{name: _refs(row[name]) for name in ("successors", "predecessors")}}) for row in rows
    ]


def _refs(text: str | None) -> tuple[str, ...]:
    return tuple((text or "").split())
