"""A word for a coded value, such as a land use: it leads to the lists that hold such features, filtered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from psycopg import sql

from landgis.catalog import codelists, published, registry
from landgis.catalog.addresses import list_address
from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.filters import And, Equals, Filter, filterable, from_query, to_sql
from landgis.catalog.queries import fetch
from landgis.search import misses, words
from landgis.search.answers import Reading
from landgis.search.gazetteer import Named, gazetteer
from landgis.search.places import names_of
from landgis.search.queries import Question
from landgis.search.rows import lies_in, names_as_issued, names_of_today
from landgis.search.shown import Hit

MATCH = "list"
FEWEST_LETTERS = 6  # of words that may be misspelt

_spoken: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {}
_asides: set[tuple[str, ...]] = set()


def register(codes: str, spoken: Mapping[str, Iterable[str]], asides: Iterable[str] = ()) -> None:
    """Make the words for values of a code list known, word -> codes; its labels and codes are known with them.

    `asides` may stand before any of them: "đất" in "đất thổ cư".
    """
    known = _spoken.setdefault(codes, {})
    known.update({_key(word): tuple(meant) for word, meant in spoken.items()})
    _asides.update(map(_key, asides))
    _words.cache_clear()


def read(question: Question, limit: int) -> Reading | None:
    """The lists of what has the value that the words name, in the place they name; None where they name none."""
    for codes in _spoken:
        meant, named = _meant(codes, tuple(question.folded))
        if not meant:
            continue
        most = max(limit // 2, 1)
        if hits := list(_lists(codes, meant, named)):
            return Reading(hits=hits[:most], is_all=named is not None)
        if named and (hits := list(_lists(codes, meant, None))):
            note = _(
                "Nothing of this use is published in %(place)s (data of %(date)s). These are the lists of all places:"
            )
            told = {"place": names_of(named.units[:1]), "date": misses.date_of()}
            return Reading(hits=hits[:most], notes=[note % told])
    return None


def _meant(codes: str, folded: tuple[str, ...]) -> tuple[tuple[str, ...], Named | None]:
    """The codes that the words name, and the place beside them; what is spelt nearly so only where no place is."""
    if found := _codes_of(codes, folded):
        return found, None
    named = gazetteer().named(folded)
    if named is not None and named.rest and (found := _codes_of(codes, named.rest)):
        return found, named
    if named is None or named.is_corrected:
        return _nearly(codes, folded), None
    return (_nearly(codes, named.rest) if named.rest else ()), named


def _codes_of(codes: str, folded: tuple[str, ...]) -> tuple[str, ...]:
    known = _words(codes)
    for aside in ((), *_asides):
        rest = folded[len(aside) :] if folded[: len(aside)] == aside else ()
        if rest and rest in known:
            return known[rest]
    return ()


def _nearly(codes: str, folded: tuple[str, ...]) -> tuple[str, ...]:
    """The codes of words that differ by a letter."""
    joined = "".join(folded)
    if len(joined) < FEWEST_LETTERS or not joined.isalpha():
        return ()
    known = _words(codes)
    for aside in ((), *_asides):
        for word, meant in known.items():
            if len(word) + len(aside) > 1 and words.is_near("".join((*aside, *word)), joined):
                return meant
    return ()


@cache
def _words(codes: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Folded words -> codes: labels in all languages, the codes themselves, and what people say."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for code, label in codelists.labels(codes).items():
                found[_key(str(label))] = (code,)
                found[_key(code)] = (code,)
    return found | _spoken[codes]


def _lists(codes: str, meant: Sequence[str], named: Named | None) -> Iterator[Hit]:
    """A list for each dataset, value and place that has rows; counted where that costs little."""
    wanted = [
        (dataset, field, code, where)
        for dataset in registry.all_datasets()
        if dataset.exits.pages
        for field in filterable(dataset)
        if field.codes == codes and field.in_form
        for where in _places(dataset, named)
        for code in meant
    ]
    counts = _counts(wanted)
    for place, (dataset, field, code, where) in enumerate(wanted):
        if counts.get(place) != 0:
            yield _hit(dataset, field, code, where, counts.get(place))


def _places(dataset: Dataset, named: Named | None) -> list[dict[str, str]]:
    """The filters of a dataset that stand for the place; one without where none is named, none where it is unknown."""
    if named is None:
        return [{}]
    filters = [field.name for field in filterable(dataset) if field.name in dataset.place_fields]
    names = names_as_issued(named.units) | names_of_today(named.units)
    names |= {origin.key for unit in named.units for origin in gazetteer().origins(unit)}
    found = _values(dataset) if filters else []
    return [{name: value} for name, value, key in found if name in filters and lies_in([key], names)]


def _values(dataset: Dataset) -> list[tuple[str, str, tuple[str, ...]]]:
    query = sql.SQL("SELECT field, value, key FROM published.search_place WHERE dataset = %s ORDER BY uses DESC")
    return [(row["field"], row["value"], tuple(row["key"].split())) for row in fetch(query, [dataset.name])]


def _counts(wanted: Sequence[tuple[Dataset, Field, str, dict[str, str]]]) -> dict[int, int]:
    """How many rows each of the lists has, by its place; those of datasets without search entries are not counted."""
    parts, bound = [], []
    for place, (dataset, field, code, where) in enumerate(wanted):
        if dataset.has_search_entries:
            usual = from_query(dataset, {}).parts
            more: list[Filter] = [Equals(name, value) for name, value in {field.name: code, **where}.items()]
            condition, values = to_sql(dataset, And((*usual, *more)))
            parts.append(
                sql.SQL("SELECT {} AS place, count(*) AS n FROM {} WHERE until_revision IS NULL AND {}").format(
                    sql.Literal(place), published.view(dataset), condition
                )
            )
            bound += values
    rows = fetch(sql.SQL(" UNION ALL ").join(parts), bound) if parts else []
    return {row["place"]: row["n"] for row in rows}


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


def _key(text: str) -> tuple[str, ...]:
    return tuple(words.key(words.split(text)).split())
