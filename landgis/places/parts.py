"""The part of a place's page that says what it was and what it is today."""

import datetime
from collections.abc import Iterator
from typing import Any

from landgis.catalog import codelists
from landgis.catalog.addresses import with_pages
from landgis.catalog.subject import PublicState, Subject
from landgis.places import queries
from landgis.places.models import Succession
from landgis.places.queries import PublishedUnit


def succession(subject: Subject) -> dict[str, Any]:
    """Context of places/_succession.html: what became of the unit, what it was formed from, what lies in it."""
    state = subject.state
    units = queries.all_units(as_of=state.as_of)
    unit = units[subject.ref]
    now = queries.today(units, unit.ref)
    return {
        "is_current": unit.is_current,
        # What the office says holds until it says otherwise; that a day has passed is said all the same.
        "ended": unit.valid_to if unit.is_current and unit.valid_to and unit.valid_to < state.day else None,
        "begins": unit.valid_from if unit.valid_from and unit.valid_from > state.day else None,
        "today": [_shown(one, state) for one in now if one is not unit],
        "road": list(_road(units, unit, state)),
        "formed_on": unit.valid_from,
        "formed_from": [_with_origins(units, units[name], state) for name in unit.predecessors if name in units],
        "code": unit.code,
        "same_code": _others_with_the_code(units, unit, state),
        "contents": list(_contents(units, unit, now, state)),
    }


def ended(subject: Subject) -> dict[str, Any] | None:
    """Context of places/_ended.html: which units it is today; None of one of today."""
    state = subject.state
    units = queries.all_units(as_of=state.as_of)
    unit = units[subject.ref]
    if unit.is_current:
        return None
    return {
        "until": unit.valid_to,
        "today": [_shown(one, state) for one in queries.today(units, unit.ref) if one is not unit],
    }


def _shown(unit: PublishedUnit, state: PublicState) -> dict[str, Any]:
    return {
        "name": unit.name,
        "url": state.feature_address("admin-units", unit.ref),
        "since": unit.valid_from,
        "until": unit.valid_to,
    }


def _road(units: dict[str, PublishedUnit], unit: PublishedUnit, state: PublicState) -> Iterator[dict[str, Any]]:
    """What became of it, step by step: since when, how, into which units. Where nothing changed is no step."""
    before = [unit]
    for after in queries.road_to_today(units, unit.ref):
        kinds = dict.fromkeys(one.succession_kind for one in before if one.succession_kind)
        if list(kinds) != [Succession.UNCHANGED]:
            how = [str(codelists.labels("succession").get(kind, kind)) for kind in kinds]
            yield {
                "since": _first_day(before, after),
                "how": ", ".join(how),
                "units": [_shown(one, state) for one in after],
            }
        before = after


def _first_day(before: list[PublishedUnit], after: list[PublishedUnit]) -> datetime.date | None:
    """The day of a succession: the first of what followed, else the day after the last of what was before."""
    firsts = [one.valid_from for one in after if one.valid_from]
    lasts = [one.valid_to for one in before if one.valid_to]
    if firsts:
        return min(firsts)
    return max(lasts) + datetime.timedelta(days=1) if lasts else None


def _with_origins(units: dict[str, PublishedUnit], unit: PublishedUnit, state: PublicState) -> dict[str, Any]:
    """A predecessor, and the units it was itself formed from where they had other names."""
    older = [units[name] for name in unit.predecessors if name in units]
    changed = any(one.name != unit.name for one in older)
    return _shown(unit, state) | {"formed_from": [_shown(one, state) for one in older] if changed else []}


def _others_with_the_code(
    units: dict[str, PublishedUnit], unit: PublishedUnit, state: PublicState
) -> list[dict[str, Any]]:
    """Units of another name that had or have the same code, each name once."""
    others = {one.name: one for one in units.values() if one.code == unit.code and one.name != unit.name}
    return [_shown(one, state) for one in others.values()]


def _contents(
    units: dict[str, PublishedUnit], unit: PublishedUnit, now: list[PublishedUnit], state: PublicState
) -> Iterator[dict[str, Any]]:
    """Lists of what lies in it: in a unit of today, or what the documents name as a former one and those it was formed of."""
    former = [] if unit.is_current else queries.origins(units, unit.ref)
    roads = (
        ("auction-lots", {one.name: {"commune_name": one.name} for one in now}),
        (
            "public-land",
            {one.name: {"commune_name": one.name} for one in former} or {unit.name: {"commune_today": unit.name}},
        ),
    )
    for name, asked in roads:
        dataset = with_pages(name)
        if dataset:
            links = [{"name": called, "url": state.list_address(name, **where)} for called, where in asked.items()]
            yield {"title": dataset.title_plural, "links": links}
