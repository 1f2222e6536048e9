"""The name of a place and nothing else, with or without its kind and its district, of today or an earlier one."""

from collections.abc import Sequence

from landgis.search import places, words
from landgis.search.answers import Reading
from landgis.search.gazetteer import GazetteerEntry, Named, gazetteer
from landgis.search.hits import Found, hits_of
from landgis.search.queries import SIMILAR, Question

MATCH = "place"


def read(question: Question, limit: int) -> Reading | None:
    """The units of the name, what each is today, and then whatever else has these words."""
    named = gazetteer().named(_whole(question))
    return None if named is None or named.is_corrected else _reading(question, named, MATCH, limit)


def guess(question: Question, limit: int) -> Reading | None:
    """The same of a name that differs by a letter, or that stands among other words."""
    named = gazetteer().nearly_named(_whole(question))
    return None if named is None else _reading(question, named, SIMILAR, limit)


def _whole(question: Question) -> list[str]:
    """The words of the question, the last one written out."""
    return [*question.folded[:-1], *(question.ending or question.folded[-1:])]


def _reading(question: Question, named: Named, match: str, limit: int) -> Reading | None:
    if named.rest and match != SIMILAR:
        return None
    found = [
        Found(unit.dataset.name, unit.place.ref, match, unit.is_of_today) for unit in _ordered(question, named.units)
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
