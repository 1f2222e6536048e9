"""An address: the street is looked for among streets, which are few, then its number by key."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from psycopg import sql

from landgis.catalog import exits, registry
from landgis.catalog.queries import fetch
from landgis.lib.order import order_key
from landgis.search import marks, misses, spelling, streets, words
from landgis.search.answers import Reading
from landgis.search.gazetteer import Named, gazetteer
from landgis.search.hits import Found, hits_of
from landgis.search.marks import Words
from landgis.search.questions import Question
from landgis.search.rows import lies_in, names_as_issued, names_of_today

MATCH = "address"
LONGEST_NAME = 6  # words of a street
MOST_CORRECTIONS = 24
MOST_STREETS = 500
MOST_NUMBERS = 3000
NEAREST = 3


@dataclass(frozen=True)
class Street:
    """A street in a place of a dataset, with the names of its places as they are compared."""

    id: int
    dataset: str
    name: str
    key: tuple[str, ...]
    places: tuple[tuple[str, ...], ...]


def read(question: Question, limit: int) -> Reading | None:
    """The features at an address with a number; None where no dataset has addresses or the street is not known."""
    datasets = [one.name for one in exits.datasets("pages") if one.search.address]
    number, name = streets.split(words.plain(question.text).replace(",", " ").replace(";", " "))
    folded = marks.split(name)
    if not datasets or not number or not folded:
        return None
    found = _streets(folded, datasets)
    if not found:
        return None
    rest = _beside(folded, found[0])
    named = gazetteer().named(rest) if rest else None
    inside = _inside(found, named)
    there = _at(inside or found, number)
    read_as = marks.read_as(_without(folded, rest), marks.split(found[0].name))
    hits = hits_of([Found(dataset, ref, MATCH, read_as=read_as) for dataset, ref in there[: limit + 1]])
    understood = ", ".join(filter(None, [f"{number} {found[0].name}", named.units[0].place.name if named else ""]))
    if hits and named and not inside:
        note = _("No address on %(street)s in %(place)s is known here. The same number elsewhere:")
        told = {"street": found[0].name, "place": named.units[0].place.name}
        others = [replace(hit, match="elsewhere") for hit in hits]
        return Reading(understood, others, [note % told], is_all=False, is_last=True)
    if hits:
        return Reading(understood, hits, is_all=False, is_cut=len(hits) > limit)
    return _missed(inside or found, number, understood)


def _streets(folded: tuple[str, ...], datasets: Sequence[str]) -> list[Street]:
    """The streets that a run of the words names, as long a run as possible; else with words that come close."""
    runs = _runs(folded)
    if found := [street for street in _called(runs, datasets) if _is_called(street, runs, marks.fit)]:
        return _longest(found)
    in_use = spelling.words_in_use(folded)
    nearly = _called([*runs, *(other for run in runs for other in _nearly(run, in_use))], datasets)
    return _longest([street for street in nearly if _is_called(street, runs, marks.all_may_mean)])


def _is_called(street: Street, runs: Sequence[Words], same: Callable[[Words, Words], bool]) -> bool:
    """Whether one of the runs of words means the street's name, marks and all."""
    name = marks.split(street.name)
    return any(same(run, name) for run in runs)


def _runs(folded: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Runs of the words that may be a street; the words before them are no more than what stands before a name."""
    start = len(folded) - len(streets.without_fillers(folded))
    return [folded[at:end] for at in (0, start) for end in range(at + 1, min(len(folded), at + LONGEST_NAME) + 1)]


def _nearly(run: tuple[str, ...], in_use: set[str]) -> list[tuple[str, ...]]:
    """The run with one of its words replaced by a near one that is in use."""
    others = []
    for place, word in enumerate(run):
        near = sorted(one for one in in_use if one != word and words.is_near(word, one))
        others += [(*run[:place], one, *run[place + 1 :]) for one in near[:MOST_CORRECTIONS]]
    return others


def _called(names: Sequence[tuple[str, ...]], datasets: Sequence[str]) -> list[Street]:
    """The streets of these names, the longest first."""
    keys = list(dict.fromkeys(" ".join(name) for name in names))
    query = sql.SQL(
        "SELECT id, dataset, name, key, place FROM published.search_street"
        " WHERE key = ANY(%s::text[]) AND dataset = ANY(%s::text[]) ORDER BY length(key) DESC, id LIMIT {}"
    ).format(sql.Literal(MOST_STREETS))
    return [
        Street(row["id"], row["dataset"], row["name"], tuple(row["key"].split()), _places(row["place"]))
        for row in fetch(query, [keys, list(datasets)])
    ]


def _longest(found: list[Street]) -> list[Street]:
    """Those with the longest of the names."""
    longest = max((len(street.key) for street in found), default=0)
    return [street for street in found if len(street.key) == longest]


def _places(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(marks.split(name) for name in text.split("|") if name)


def _beside(folded: tuple[str, ...], street: Street) -> tuple[str, ...]:
    """The words behind the street."""
    start = len(folded) - len(streets.without_fillers(folded))
    begins = 0 if words.is_near("".join(folded[: len(street.key)]), "".join(street.key)) else start
    return folded[begins + len(street.key) :]


def _without(folded: Words, rest: Words) -> Words:
    """The words of the street, without those behind it and what only stands before a name."""
    return streets.without_fillers(folded[: len(folded) - len(rest)])


def _inside(found: list[Street], named: Named | None) -> list[Street]:
    """The streets in the place that is named; all of them where none is."""
    if named is None:
        return found
    names = names_as_issued(named.units) | names_of_today(named.units)
    return [street for street in found if lies_in(street.places, names)]


def _at(found: Sequence[Street], number: str) -> list[tuple[str, str]]:
    """Dataset and ref of what lies at the number of these streets."""
    query = sql.SQL(
        "SELECT dataset, ref FROM published.search_address WHERE street = ANY(%s::bigint[]) AND number = %s"
        " ORDER BY ref COLLATE natural_order LIMIT 200"
    )
    return [(row["dataset"], row["ref"]) for row in fetch(query, [[street.id for street in found], number])]


def _missed(found: Sequence[Street], number: str, understood: str) -> Reading | None:
    """The street is there without the number: the nearest numbers; None where none of them is public any more."""
    query = sql.SQL(
        "SELECT dataset, ref, number FROM published.search_address WHERE street = ANY(%s::bigint[]) AND number <> '' LIMIT {}"
    ).format(sql.Literal(MOST_NUMBERS))
    rows = fetch(query, [[street.id for street in found]])
    rows.sort(
        key=lambda row: (abs(_whole(row["number"]) - _whole(number)), order_key(row["number"]), order_key(row["ref"]))
    )
    hits = hits_of([Found(row["dataset"], row["ref"], "similar") for row in rows[:NEAREST]])
    if not hits:
        return None
    note = _("%(street)s is here, but without the number %(number)s (data of %(date)s). The nearest numbers there:") % {
        "street": found[0].name,
        "number": number,
        "date": misses.date_of(registry.get(found[0].dataset)),
    }
    return Reading(understood, hits, [note], is_all=False, is_last=True)


def _whole(number: str) -> int:
    digits = "".join(filter(str.isdigit, number.split("/", maxsplit=1)[0]))
    return int(digits) if digits else 0
