"""A word for a coded value, such as a land use: it leads to the lists that hold such features, filtered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from psycopg import sql

from landgis.catalog import codelists, contributions, exits, published
from landgis.catalog.addresses import list_address
from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.dataset.units import TODAY
from landgis.catalog.filters import filterable, from_query, to_sql
from landgis.catalog.queries import fetch
from landgis.search import marks, misses
from landgis.search.answers import Reading
from landgis.search.gazetteer import Named, gazetteer
from landgis.search.hits import Hit
from landgis.search.marks import Names, Words
from landgis.search.places import names_of
from landgis.search.questions import Question
from landgis.search.rows import lies_in, names_as_issued, names_of_today

MATCH = "list"
FEWEST_LETTERS = 6  # of words that may be misspelt

_spoken: dict[str, dict[Words, tuple[str, ...]]] = {}
_asides: set[Words] = set()


def register(codes: str, spoken: Mapping[str, Iterable[str]], asides: Iterable[str] = ()) -> None:
    """Make the words for values of a code list known, word -> codes; its labels and codes are known with them.

    `asides` may stand before any of them: "đất" in "đất thổ cư".
    """
    known = _spoken.setdefault(codes, {})
    known.update({marks.split(word): tuple(meant) for word, meant in spoken.items()})
    _asides.update(map(marks.split, asides))
    _words.cache_clear()


def read(question: Question, limit: int) -> Reading | None:
    """The lists of what has the value that the words name, in the place they name; None where they name none."""
    for codes in _spoken:
        meant, named, read_as = _meant(codes, tuple(question.folded))
        if not meant:
            continue
        most = max(limit // 2, 1)
        if hits := [replace(hit, read_as=read_as) for hit in _lists(codes, meant, named)]:
            return Reading(hits=hits[:most], is_all=named is not None)
        if named and (hits := list(_lists(codes, meant, None))):
            note = _(
                "Nothing of this use is published in %(place)s (data of %(date)s). These are the lists of all places:"
            )
            told = {"place": names_of(named.units[:1]), "date": misses.date_of()}
            return Reading(hits=hits[:most], notes=[note % told])
    return None


def _meant(codes: str, folded: Words) -> tuple[tuple[str, ...], Named | None, tuple[str, str]]:
    """The codes that the words name, and the place beside them; what is spelt nearly so only where no place is.

    Last, what was read otherwise than it is written.
    """
    if found := _codes_of(codes, folded):
        return found, None, ("", "")
    named = gazetteer().named(folded)
    if named is not None and named.rest and (found := _codes_of(codes, named.rest)):
        return found, named, named.read_as
    if named is None or named.is_corrected:
        found, read_as = _nearly(codes, folded)
        return found, None, read_as
    found, read_as = _nearly(codes, named.rest) if named.rest else ((), ("", ""))
    return found, named, read_as


def _codes_of(codes: str, folded: Words) -> tuple[str, ...]:
    known = _words(codes)
    for aside in ((), *_asides):
        rest = folded[len(aside) :] if marks.fit(folded[: len(aside)], aside) else ()
        if rest and (meant := known.get(rest)):
            return meant
    return ()


def _nearly(codes: str, folded: Words) -> tuple[tuple[str, ...], tuple[str, str]]:
    """The codes of words that differ by a letter or by marks; how they were read."""
    joined = "".join(folded)
    if len(joined) < FEWEST_LETTERS or not joined.isalpha():
        return (), ("", "")
    for aside in ((), *_asides):
        for word, meant in _words(codes):
            if len(word) + len(aside) > 1 and marks.all_may_mean(folded, (*aside, *word)):
                return meant, marks.read_as(folded, (*aside, *word))
    return (), ("", "")


@cache
def _words(codes: str) -> Names[tuple[str, ...]]:
    """Words -> codes: labels in all languages, the codes themselves, and what people say."""
    found: Names[tuple[str, ...]] = Names()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for code, label in codelists.labels(codes).items():
                found.add(str(label), (code,))
                found.add(code, (code,))
    for word, meant in _spoken[codes].items():
        found.add(word, meant)
    return found


def _lists(codes: str, meant: Sequence[str], named: Named | None) -> Iterator[Hit]:
    """A list for each dataset, value and place that has rows; counted where that costs little."""
    datasets = exits.datasets("pages", "lists")

    def lists(dataset: Dataset) -> list[Hit]:
        fields = [field for field in filterable(dataset) if field.codes == codes and field.in_form]
        return [hit for field in fields for hit in _lists_of(dataset, field, meant, named)]

    for hits in contributions.each(datasets, lists, "search by use")[0]:
        yield from hits


def _lists_of(dataset: Dataset, field: Field, meant: Sequence[str], named: Named | None) -> Iterator[Hit]:
    name, found = place_filter(dataset, named)
    values = list(found)
    if named is not None and not values:
        return
    if not dataset.search.counts_lists:
        counts: dict[tuple[str, str], int | None] = {(code, value): None for value in values or [""] for code in meant}
    else:
        counts = dict(_counts(dataset, field.name, meant, name, values))
    for (code, value), count in counts.items():
        yield _hit(dataset, field, code, {name: value} if value else {}, count)


def place_filter(dataset: Dataset, named: Named | None) -> tuple[str, dict[str, int]]:
    """The filter of a dataset for places, and its values that stand for the place that is named with their rows."""
    filters = [field.name for field in filterable(dataset) if field.name in dataset.search.places]
    if named is None or not filters:
        return "", {}
    if dataset.lies_in is None:
        issued = names_as_issued(named.units) | {
            origin.key for unit in named.units for origin in gazetteer().origins(unit)
        }
        return filters[0], _values(dataset, filters[0], issued | names_of_today(named.units))
    now = [unit for unit in named.units if unit.is_of_today]
    ways = [(dataset.lies_in.shown[TODAY], names_of_today(now or named.units))]
    ways[:0] = [] if now else [(dataset.lies_in.name, names_as_issued(named.units))]
    found = ((name, _values(dataset, name, names)) for name, names in ways if name in filters)
    return next(((name, values) for name, values in found if values), (filters[0], {}))


def _values(dataset: Dataset, field: str, names: set[tuple[str, ...]]) -> dict[str, int]:
    """Those of the values of a place field that are among the names, with their rows."""
    query = sql.SQL(
        "SELECT value, key, uses FROM published.search_place WHERE dataset = %s AND field = %s ORDER BY uses DESC, value"
    )
    rows = fetch(query, [dataset.name, field])
    return {row["value"]: row["uses"] for row in rows if lies_in([tuple(row["key"].split())], names)}


def _counts(
    dataset: Dataset, field: str, meant: Sequence[str], place: str, values: Sequence[str]
) -> list[tuple[tuple[str, str], int]]:
    """(code, place) and the number of its rows in the list, the most first; places that have none are left out."""
    usual, bound = to_sql(dataset, from_query(dataset, {}))
    column = sql.Identifier(place) if place else sql.SQL("''::text")
    query = sql.SQL(
        "SELECT {field} AS code, {place} AS place, count(*) AS n FROM {view} WHERE until_revision IS NULL AND {usual}"
        " AND {field} = ANY(%s::text[]) AND ({all} OR {place} = ANY(%s::text[])) GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
    ).format(
        field=sql.Identifier(field),
        place=column,
        view=published.view(dataset),
        usual=usual,
        all=sql.Literal(not place),
    )
    rows = fetch(query, [*bound, list(meant), list(values)])
    return [((row["code"], row["place"]), row["n"]) for row in rows]


def _hit(dataset: Dataset, field: Field, code: str, where: dict[str, str], count: int | None) -> Hit:
    label = str(dataset.choices(field.name).get(code, code))
    counted = f"{number_format(count, force_grouping=True)} {dataset.counted}" if count is not None else ""
    return Hit(
        title=", ".join([label, *where.values()]),
        kind=_("List: %(dataset)s") % {"dataset": dataset.title_plural},
        url=list_address(dataset.name, **{field.name: code, **where}) or "",
        match=MATCH,
        detail=" · ".join(filter(None, [code, counted])),
    )
