"""The name of a place and nothing else, with or without its kind and its district, of today or an earlier one."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from landgis.search import divisions, places, words
from landgis.search.answers import Reading
from landgis.search.gazetteer import GazetteerEntry, Named, gazetteer, kind_of
from landgis.search.hits import Found, hits_of
from landgis.search.queries import SIMILAR
from landgis.search.questions import Question

MATCH = "place"


def read(question: Question, limit: int) -> Reading | None:
    """The units of the name, what each is today, and then whatever else has these words.

    The districts and provinces of the name come before units of another kind than the one that is written.
    """
    whole = question.whole
    named = gazetteer().named(whole)
    units = None if named is None or named.is_corrected else _reading(question, named, MATCH, limit)
    wider = divisions.named(whole)
    if wider is None:
        return _of_another_kind(question, named, units)
    lists, notes = divisions.lists(wider), divisions.notes(wider, " ".join(question.accented))
    if units is None or (wider.as_written and not _has_kind(question, named)):
        hits = [*lists, *divisions.units_of_today(wider, limit), *(units.hits if units else [])]
        return Reading(hits=hits, notes=notes, is_all=False)
    known = _of_another_kind(question, named, units) or units
    return replace(known, hits=[*units.hits, *lists])


def _of_another_kind(question: Question, named: Named | None, units: Reading | None) -> Reading | None:
    """The units; where the question names a kind that none of them is of, that is said."""
    kind = kind_of(question.whole)
    if units is None or named is None or not kind or _has_kind(question, named):
        return units
    asked = " ".join([*question.accented[:-1], *(question.ending or question.accented[-1:])])
    note = _("Nothing here is called “%(asked)s”. The same name, but another kind of unit:") % {"asked": asked}
    return replace(units, notes=[*units.notes, note])


def _has_kind(question: Question, named: Named | None) -> bool:
    """Whether one of the units is of the kind that the question names."""
    whole = question.whole
    return named is not None and any(unit.key[: len(kind_of(unit.key))] == kind_of(whole) for unit in named.units)


def guess(question: Question, limit: int) -> Reading | None:
    """The same of a name that differs by a letter, or that stands among other words."""
    named = gazetteer().nearly_named(question.whole)
    return None if named is None else _reading(question, named, SIMILAR, limit)


def _reading(question: Question, named: Named, match: str, limit: int) -> Reading | None:
    if named.rest and match != SIMILAR:
        return None
    found = [
        Found(unit.dataset.name, unit.place.ref, match, unit.is_of_today, read_as=named.read_as)
        for unit in _ordered(question, named.units)
    ]
    hits = places.with_notes(hits_of(places.with_units_of_today(found)))
    return Reading(hits=hits[:limit], is_all=False, is_last=bool(named.rest))


def _ordered(question: Question, units: Sequence[GazetteerEntry]) -> list[GazetteerEntry]:
    """Exact marks first, then the kind that was written, units of today, the latest of the former ones."""
    accents, key = words.accents(question.accented), tuple(question.folded)

    def rank(unit: GazetteerEntry) -> tuple[bool, bool, bool]:
        name = words.accents(words.split(unit.place.name))
        return (accents not in name, unit.key[: len(key)] != key, not unit.is_of_today)

    return sorted(sorted(units, key=lambda unit: unit.place.ref, reverse=True), key=rank)
