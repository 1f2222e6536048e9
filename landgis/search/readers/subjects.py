"""What kind of thing is asked for, beside a name: "land price Le Loi", "public land in Phuoc Hai", "auctions".

The name is then looked for among the rows of that dataset only; the name of a place leads to the dataset's list there.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from landgis.catalog import exits, registry
from landgis.catalog.addresses import list_address
from landgis.catalog.dataset import Dataset
from landgis.search import marks, misses, queries, questions, streets, wordings
from landgis.search.answers import Reading
from landgis.search.gazetteer import Named, gazetteer
from landgis.search.hits import Hit, hits_of
from landgis.search.listing import Listed
from landgis.search.marks import Names
from landgis.search.places import names_of
from landgis.search.questions import Question
from landgis.search.readers import days
from landgis.search.readers.uses import place_filter

MATCH = "list"
LONGEST = 6  # words of what things are called


def read(question: Question, limit: int) -> Reading | None:
    """The lists of the kind that is asked for, in the place that is named, and its rows of the name beside it."""
    if _is_a_place(question.whole):
        return None
    names, rest = _split(question.whole)
    datasets = [one for one in exits.datasets("pages") if one.name in names]
    if not datasets:
        return None
    if not rest:
        return Reading(hits=list(_lists(datasets, None))[:limit], is_all=False)
    if days.is_date(rest):
        return Reading(hits=list(_lists(datasets, None))[:limit], notes=[days.note_of(rest)])
    named = gazetteer().named(rest)
    place = named if named is not None and not named.rest and not named.is_corrected else None
    among = [one.name for one in datasets]
    lists = list(_lists(datasets, place)) if place else []
    asked = questions.parse(" ".join(map(marks.written, rest)))
    rows = queries.search(asked, limit=limit, exactly=True, among=among)
    if place and not rows:
        rows = queries.in_place(asked, place, limit=limit, among=among)
    found = [*lists, *hits_of(rows)]
    told = {"kinds": ", ".join(str(one.title_plural) for one in datasets), "words": " ".join(map(marks.written, rest))}
    if found:
        is_cut = len(found) > limit
        listed = Listed(asked, among) if is_cut else None
        return Reading(f"{told['kinds']}: {told['words']}", found[:limit], is_all=False, is_cut=is_cut, listed=listed)
    if place:
        note = _("Nothing of %(kinds)s is published in %(place)s (data of %(date)s).")
        told["place"] = names_of(place.units[:1])
        return Reading(notes=[note % (told | {"date": misses.date_of(datasets[0])})], is_all=False, is_last=True)
    note = _("Nothing of this name is among %(kinds)s (data of %(date)s): “%(words)s”.")
    return Reading(notes=[note % (told | {"date": misses.date_of(datasets[0])})], is_all=False, is_last=True)


def _is_a_place(folded: tuple[str, ...]) -> bool:
    named = gazetteer().named(folded)
    return named is not None and not named.rest and not named.is_corrected


def _split(folded: tuple[str, ...]) -> tuple[Sequence[str], tuple[str, ...]]:
    """The datasets that the first or the last words name, and the other words without those before a street's name.

    A single word names them only in front: behind it is the end of many a name.
    """
    called = _called(tuple(dataset.name for dataset in registry.all_datasets()))
    for length in range(min(LONGEST, len(folded)), 0, -1):
        for phrase, rest in ((folded[:length], folded[length:]), (folded[-length:], folded[:-length])):
            names = called.get(phrase)
            if names and (length > 1 or rest == folded[1:]):
                return names, _name(rest)
    return (), folded


def _name(rest: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a name without those before a street's, or behind it in English."""
    rest = wordings.without_small(rest)
    return streets.without_fillers(streets.without_fillers(rest)[::-1])[::-1]


@cache
def _called(installed: tuple[str, ...]) -> Names[list[str]]:
    """Folded phrase -> the datasets it may mean: titles and what people call them, in every language."""
    found: Names[list[str]] = Names()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for name in installed:
                dataset = registry.get(name)
                for phrase in (dataset.title, dataset.title_plural, *str(dataset.search.called).split("|")):
                    key = marks.split(str(phrase))
                    known = found.get(key) or []
                    if key and name not in known:
                        found.add(key, [*known, name])
    return found


def _lists(datasets: Sequence[Dataset], named: Named | None) -> Iterator[Hit]:
    """The list of each dataset that has one, in the place that is named."""
    for dataset in datasets:
        if not exits.is_open(dataset, "lists"):
            continue
        name, values = place_filter(dataset, named)
        if named is None:
            yield _hit(dataset, {}, None)
        for value, count in values.items():
            yield _hit(dataset, {name: value}, count)


def _hit(dataset: Dataset, where: Mapping[str, str], count: int | None) -> Hit:
    counted = f"{number_format(count, force_grouping=True)} {dataset.counted}" if count is not None else ""
    return Hit(
        title=", ".join([str(dataset.title_plural), *where.values()]),
        kind=_("List: %(dataset)s") % {"dataset": dataset.title_plural},
        url=list_address(dataset.name, **where) or "",
        match=MATCH,
        detail=counted,
    )
