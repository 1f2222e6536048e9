"""Former places among what was found: what they are today."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from landgis.catalog import registry
from landgis.search.gazetteer import GazetteerEntry, gazetteer
from landgis.search.hits import Found, Hit

TODAY = "today"  # the way by which a unit of today is found under a former name


def with_units_of_today(found: Sequence[Found]) -> list[Found]:
    """Behind the former places that come first, the units of today in which they live on."""
    former = []
    for one in found:
        if one.is_usual or not registry.get(one.dataset).search.units:
            break
        former.append(one)
    if not former:
        return list(found)
    units = gazetteer()
    now = {
        today.place.ref: Found(today.dataset.name, today.place.ref, TODAY)
        for one in former
        if one.ref in units.units
        for today in units.today(units.units[one.ref])
    }
    return [*former, *now.values(), *(one for one in found[len(former) :] if one.ref not in now)]


def with_notes(hits: Sequence[Hit]) -> list[Hit]:
    """The hits; a former place says what it is today."""
    if not any(hit.dataset and hit.dataset.search.units for hit in hits):
        return list(hits)
    units = gazetteer()
    return [
        _with_note(hit, units.units.get(hit.ref) if hit.dataset and hit.dataset.search.units else None) for hit in hits
    ]


def _with_note(hit: Hit, unit: GazetteerEntry | None) -> Hit:
    if unit is None or unit.is_of_today:
        return hit
    return replace(hit, note=became(gazetteer().today(unit)))


def became(today: Sequence[GazetteerEntry]) -> str:
    """What a former place is today, as a sentence; empty when nobody knows."""
    if not today:
        return ""
    if len(today) == 1:
        return _("Today: %(place)s.") % {"place": today[0].place.name}
    return _("Divided; today in: %(places)s.") % {"places": names_of(today)}


def all_became(units: Iterable[GazetteerEntry]) -> list[str]:
    """What former places are today, a sentence for each; those of several names begin with theirs."""
    by_name: dict[str, dict[str, GazetteerEntry]] = {}
    for unit in units:
        if not unit.is_of_today:
            now = by_name.setdefault(unit.place.name, {})
            now.update({today.place.ref: today for today in gazetteer().today(unit)})
    told = [(name, became(list(now.values()))) for name, now in by_name.items()]
    return [f"{name}: {sentence}" if len(told) > 1 else sentence for name, sentence in told if sentence]


def names_of(units: Iterable[GazetteerEntry]) -> str:
    """Names for a sentence, each once."""
    return ", ".join(dict.fromkeys(unit.place.name for unit in units))
