"""Finding public features by what a reader writes.

The words of the question are looked up, never compared with every row: a code and the beginning of a title by
B-tree, words by GIN. A misspelt word is corrected by the words that are in use (`SearchWord`), which are a few
thousand however many entries there are. Entries say which features to read; what is shown is read from the published
views in the same moment, so that what is no longer public is not found, however far behind the entries are.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from psycopg import sql

from landgis.catalog import exits, registry
from landgis.catalog.queries import fetch
from landgis.search import marks, spelling, words
from landgis.search.gazetteer import Named, gazetteer
from landgis.search.hits import Found
from landgis.search.questions import Question
from landgis.search.terms import all_of, any_of

ALIKE_ROWS = 100  # of which those are left out whose words mean something else
FEWEST_LETTERS = 3  # from which words are looked for inside titles and texts
CAP = 500  # candidates of one way of matching that are ranked
SPARE = 12  # more than asked for, because some may be twins or no longer public

# The ways of matching, the best first: name -> (rank, condition on an entry, in which order candidates are taken).
WAYS = {
    "ref": (0, "ref_key = %s", ""),
    "title": (1, "title = %s", ""),
    "ref-start": (2, "ref_key LIKE %s", "ORDER BY ref_key USING ~<~"),
    "title-start": (3, "title LIKE %s", "ORDER BY title USING ~<~"),
    "title-words": (3, "title_words @@ %s::tsquery", ""),
    "words": (4, "words @@ %s::tsquery", ""),
}
SIMILAR = "similar"


def search(question: Question, *, limit: int, exactly: bool = False, among: Sequence[str] | None = None) -> list[Found]:
    """The entries that the words of a question mean, the best first; more than `limit`, as some may not be shown.

    A code comes before a title, a title before other words; where nothing has all the words, what has another name
    of the place instead (see `_elsewhere`), then what is spelt nearly so (`match` is then "similar"); neither of these
    `exactly`. `among` names the datasets that are looked through, all of them where it is left out.
    """
    found = _candidates(question, limit, among)
    if not exactly and not any(row["in_a_row"] for row in found):
        # A misspelt syllable is often another one. What has nearly these words side by side comes before what has
        # exactly these apart.
        found = _once([*found, *_elsewhere(question, limit)])
        similar = _similar(question, limit)
        found = _once([*(row for row in similar if not found or _nearly_in_a_row(question, row)), *found])
    return [
        Found(
            row["dataset"],
            row["ref"],
            row["way"],
            row["is_usual"],
            row["in_a_row"],
            _read_as(question, row),
            _begun(question, row),
        )
        for row in found
    ]


def _read_as(question: Question, row: dict[str, Any]) -> tuple[str, str]:
    """The words of the question that a row has otherwise, and how."""
    return marks.read_as(row.get("asked", question.whole), marks.of(row["written"].split()))


def _begun(question: Question, row: dict[str, Any]) -> tuple[str, str]:
    """The end of the question where a row has only what begins so, and that; ("", "") where it has the end whole."""
    if row["way"] == "ref-start":
        return question.text, row["ref"]
    word = marks.begun(question.folded, question.ending, question.longer_endings, marks.of(row["written"].split()))
    return question.completed(word) if word else ("", "")


def in_place(question: Question, named: Named, *, limit: int, among: Sequence[str]) -> list[Found]:
    """The entries of datasets that have one of the earlier or later names of the place that the question is."""
    names = sorted(gazetteer().relatives(named.units))
    place = any_of(all_of(f"'{word}'" for word in name) for name in names)
    found = _ranked(question, {"title-words": place, "words": place}, limit, among, patterns=())
    return [Found(row["dataset"], row["ref"], row["way"], row["is_usual"]) for row in found]


def _candidates(question: Question, limit: int, among: Sequence[str] | None) -> list[dict[str, Any]]:
    """dataset, ref, way and more of the entries that match as written."""
    return _ranked(question, ways_of(question), limit, among)


def ways_of(question: Question) -> dict[str, str]:
    """The ways in which entries may match as written, each with what is bound in its condition."""
    code, key = question.code, question.key
    asked = {"ref": code, "title": key, "title-start": key + "%"}
    if len(code) >= FEWEST_LETTERS:
        every = all_of(question.terms)
        asked |= {"title-words": every, "words": every}
        if any(letter.isdigit() for letter in code):
            asked |= {"ref-start": code + "%"}
    return asked


def _ranked(
    question: Question,
    asked: dict[str, str],
    limit: int,
    among: Sequence[str] | None = None,
    patterns: Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """The best candidates of the ways asked that have the words with marks as they are written (`patterns`).

    By rank; then what has the name of the place among other words as it stands there; then titles of which these words are half or more, words in a row, exact accents, datasets found first,
    rows that the lists show unasked; then titles of little more.
    """
    datasets = [dataset.name for dataset in exits.datasets("pages") if among is None or dataset.name in among]
    first = [dataset.name for dataset in registry.all_datasets() if dataset.search.comes_first]
    parts, bound = [], []
    for way, value in asked.items():
        parts.append(_one_way(way))
        bound += [value, datasets, list(question.patterns if patterns is None else patterns)]
    query = _RANKED.format(parts=sql.SQL(" UNION ALL ").join(parts), limit=sql.Literal(limit + SPARE))
    measured = [question.folded, question.folded[-1] + "%", f" {question.full_key} ", question.key]
    found = fetch(query, [*measured, *bound, _place_in(question), words.accents(question.accented), first, datasets])
    names = list(WAYS)
    return [{**row, "way": names[row["place"]]} for row in found]


def _place_in(question: Question) -> str:
    """The place that is named among other words, as it stands in keys; empty for none."""
    named = gazetteer().named(question.folded)
    if named is None or not named.rest or named.is_corrected:
        return ""
    return f" {' '.join(question.folded[named.start : named.end])} "


def _one_way(way: str) -> sql.Composable:
    rank, condition, order = WAYS[way]
    return sql.SQL(
        "(SELECT dataset, ref, title, accents, keys, written, is_usual, {rank} AS rank, {place} AS place"
        " FROM published.search_entry WHERE {condition} AND dataset = ANY(%s::text[])"
        " AND ' ' || written || ' ' ~ ALL(%s::text[]) {order} LIMIT {cap})"
    ).format(
        rank=sql.Literal(rank),
        place=sql.Literal(list(WAYS).index(way)),
        condition=sql.SQL(condition),
        order=sql.SQL(order),
        cap=sql.Literal(CAP),
    )


_RANKED = sql.SQL("""
WITH ranked AS (
  SELECT dataset, ref, title, accents, keys, written, is_usual, min(rank) AS rank, min(place) AS place,
    (SELECT avg((word = ANY(%s::text[]) OR word LIKE %s)::int)
       FROM unnest(string_to_array(title, ' ')) word) AS covered,
    strpos(' ' || keys || ' ', %s) > 0 AS whole_words_in_a_row, strpos(keys, %s) > 0 AS words_in_a_row
  FROM ({parts}) found GROUP BY dataset, ref, title, accents, keys, written, is_usual
)
SELECT dataset, ref, is_usual, keys, written, rank, place, rank < 3 OR whole_words_in_a_row OR words_in_a_row AS in_a_row
FROM ranked
ORDER BY rank, strpos(' ' || keys || ' ', %s) > 0 DESC, covered >= 0.5 DESC NULLS LAST, whole_words_in_a_row DESC, words_in_a_row DESC,
  strpos(accents, %s) > 0 DESC, dataset = ANY(%s::text[]) DESC, is_usual DESC, covered DESC NULLS LAST,
  length(title), array_position(%s::text[], dataset::text), ref COLLATE natural_order
LIMIT {limit}
""")


# Where nothing matches as written


def _elsewhere(question: Question, limit: int) -> list[dict[str, Any]]:
    """Entries that have the other words of the question, and an earlier or later name of the place it names."""
    named = gazetteer().named(question.folded)
    if named is None or not named.rest or len(question.code) < FEWEST_LETTERS:
        return []
    names = sorted(gazetteer().relatives(named.units))
    place = any_of(all_of(f"'{word}'" for word in name) for name in names)
    asked = all_of([*(f"'{word}'" for word in named.rest), place])
    patterns = list(filter(None, map(marks.pattern, named.rest)))
    found = _ranked(question, {"title-words": asked, "words": asked}, limit, patterns=patterns)
    return [{**row, "asked": named.rest} for row in found]


def _similar(question: Question, limit: int) -> list[dict[str, Any]]:
    """Entries that match with one letter of a word changed, else without one of the words."""
    if len(question.code) < FEWEST_LETTERS:
        return []
    in_use = spelling.words_in_use(question.folded)
    for left_out, asked in enumerate((_corrected(question, in_use), _without_one(question, in_use))):
        alike = _ranked(question, {"title-words": asked, "words": asked}, ALIKE_ROWS, patterns=()) if asked else []
        found = [row for row in alike if _may_be_meant(question, row, left_out, in_use)]
        if found:
            nearly = sorted(found, key=lambda row: (row["rank"], not _nearly_in_a_row(question, row)))
            return [{**row, "way": SIMILAR, "in_a_row": _nearly_in_a_row(question, row)} for row in nearly]
    return []


def _may_be_meant(question: Question, row: dict[str, Any], left_out: int, in_use: set[str]) -> bool:
    """Whether all words of the question but so many may be misspelt for words of a row; what no entry has is left out."""
    asked, written = question.folded, row["written"].split()
    held = marks.of([*written, *map("".join, pairwise(written))])
    last = len(asked) - 1
    nowhere = {place for place in spelling.unknown(question, in_use) if not spelling.near(asked[place], in_use)}
    lost = sum(
        not any(
            marks.fits(word, one) or marks.may_mean(word, one) or (place == last and marks.begins(word, one))
            for one in held
        )
        for place, word in enumerate(asked)
        if place not in nowhere and (place != last or not question.ending)
    )
    return lost <= left_out


def _corrected(question: Question, in_use: set[str]) -> str:
    """A tsquery with the words that nobody uses replaced by near ones; where all are in use, any one of them.

    Empty when there is nothing to replace.
    """
    terms = question.terms
    unknown = spelling.unknown(question, in_use)
    near = {
        place: spelling.near(word, in_use) for place, word in enumerate(question.folded) if words.can_be_misspelt(word)
    }
    if unknown:
        if not any(place not in unknown or near[place] for place in near):
            return ""  # numbers alone say nothing
        choices = [near[place] if place in unknown else [term] for place, term in enumerate(terms)]
        return all_of(any_of(choice) for choice in choices if choice)
    return any_of(
        all_of([*terms[:place], any_of(others), *terms[place + 1 :]]) for place, others in near.items() if others
    )


def _without_one(question: Question, in_use: set[str]) -> str:
    """A tsquery for the words in use but any one of them; empty for fewer than three."""
    unknown = spelling.unknown(question, in_use)
    terms = [term for place, term in enumerate(question.terms) if place not in unknown]
    if len(terms) < 3:
        return ""
    return any_of(all_of([*terms[:place], *terms[place + 1 :]]) for place in range(len(terms)))


def _nearly_in_a_row(question: Question, row: dict[str, Any]) -> bool:
    """Whether the words stand side by side in the entry, but for a letter of each."""
    asked, held = question.folded, marks.of(row["written"].split())
    return any(
        all(
            marks.fits(mine, theirs) or marks.may_mean(mine, theirs)
            for mine, theirs in zip(asked, held[start : start + len(asked)], strict=True)
        )
        for start in range(len(held) - len(asked) + 1)
    )


def _once(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each entry where it comes first."""
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    for row in found:
        kept.setdefault((row["dataset"], row["ref"]), row)
    return list(kept.values())
