"""Sheet and parcel: `12/345`, `sheet 12 parcel 345 Long Dien`. A key is looked up, whatever the number of rows.

The words beside the numbers narrow by place: a name of today, or an earlier one as it stands on old papers.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from django.utils.translation import gettext as _

from landgis.catalog.dataset import Dataset
from landgis.lib.order import order_key
from landgis.search import marks, phrases, places
from landgis.search.answers import Reading
from landgis.search.gazetteer import Named, gazetteer
from landgis.search.hits import Found, hits_of
from landgis.search.phrases import Numbers
from landgis.search.questions import Question
from landgis.search.readers import days, number_misses
from landgis.search.rows import Row, narrowed, numbered, rows_of

MATCH = "number"


def read(question: Question, limit: int) -> Reading | None:
    """The features with the numbers of a question; None where it names none or no dataset has such."""
    datasets = numbered()
    asked = phrases.numbers(question.text) if datasets else None
    if asked is None:
        return None
    if not (asked.sheet and asked.parcel):
        return _half(asked)
    named = gazetteer().named(asked.rest) if asked.rest else None
    is_labelled = _is_labelled(question)
    readings = [of_one(one, named, datasets, limit, is_labelled=is_labelled) for one in asked.each]
    found = _together(asked, [reading for reading in readings if reading])
    is_bare = found is not None and not is_labelled and not asked.rest
    if found and is_bare and days.is_pair_of(asked.sheet, asked.parcel):
        note = _(
            "“%(text)s” was read as sheet and parcel. For a street of this name, write the word for street before it."
        )
        return replace(found, notes=[*found.notes, note % {"text": question.text}])
    return found


def of_one(
    asked: Numbers, named: Named | None, datasets: Sequence[Dataset], limit: int, *, is_labelled: bool = True
) -> Reading | None:
    """What one pair of numbers finds in the place that is named, or why it finds nothing."""
    rows = rows_of(datasets, asked)
    inside = narrowed(rows, asked, named)
    is_other = bool(asked.rest) and named is None and not inside
    if is_other and not is_labelled:
        return None  # 12/345 Le Loi is an address, unless the words say otherwise
    place = _place_of(asked, named)
    if inside:
        ordered = sorted(inside, key=lambda row: (not row.dataset.numbers.are_own, row.places, order_key(row.ref)))
        read_as = named.read_as if named else ("", "")
        hits = hits_of([Found(row.dataset.name, row.ref, MATCH, read_as=read_as) for row in ordered[: limit + 1]])
        if hits:
            return Reading(_understood(asked, place), hits, _notes(inside, named), is_cut=len(inside) > limit)
    missed = number_misses.explain(datasets, asked, named, rows, limit=limit)
    return Reading(_understood(asked, place), missed.hits, missed.notes)


def _together(asked: Numbers, readings: Sequence[Reading]) -> Reading | None:
    """One reading of several; the parcels themselves before what is near, and each before the twins of another."""
    if len(readings) < 2:
        return readings[0] if readings else None
    in_turn = [hit for row in zip_longest(*(one.hits for one in readings)) for hit in row if hit]
    in_turn.sort(key=lambda hit: hit.match != MATCH)
    every = _understood(replace(asked, parcel=", ".join((asked.parcel, *asked.others))), "")
    place = readings[0].understood.removeprefix(_understood(asked, ""))
    notes = [note for one in readings for note in one.notes]
    return Reading(every + place, in_turn, notes, is_cut=any(one.is_cut for one in readings))


def _is_labelled(question: Question) -> bool:
    """Whether the numbers are named by their phrases and not only written as a pair."""
    labelled = phrases.labelled(question.text)
    return bool(labelled.sheet and labelled.parcel)


def _half(asked: Numbers) -> Reading:
    if asked.sheet:
        return Reading(
            _("Sheet %(sheet)s") % {"sheet": asked.sheet},
            notes=[_("Write the number of the parcel too: the sheet alone holds hundreds.")],
            is_all=False,
        )
    return Reading(
        _("Parcel %(parcel)s") % {"parcel": asked.parcel},
        notes=[_("Write the number of the map sheet too: every sheet has a parcel of this number.")],
        is_all=False,
    )


def _understood(asked: Numbers, place: str) -> str:
    told = _("Sheet %(sheet)s, parcel %(parcel)s") % {"sheet": asked.sheet, "parcel": asked.parcel}
    return f"{told}, {place}" if place else told


def _place_of(asked: Numbers, named: Named | None) -> str:
    if named is not None:
        return number_misses.place_text(named)
    return " ".join(map(marks.written, asked.rest))


def _notes(rows: Sequence[Row], named: Named | None) -> list[str]:
    notes = []
    if named is None and len({row.places for row in rows}) > 1:
        notes.append(
            _(
                "%(count)s parcels have these numbers, each in another place. Add the commune, by its name of today or an earlier one."
            )
            % {"count": len(rows)}
        )
    if named is not None and not any(unit.is_of_today for unit in named.units):
        met = {place for row in rows for place in row.places}
        notes += places.all_became([unit for unit in named.units if unit.key in met] or named.units)
    return notes
