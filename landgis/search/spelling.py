"""Which words of a question the entries use, and which of these a misspelt one may have been meant for."""

from collections.abc import Sequence

from psycopg import sql

from landgis.catalog.queries import fetch
from landgis.search import marks, words
from landgis.search.questions import Question
from landgis.search.terms import all_of


def unknown_words(question: Question) -> list[str]:
    """The words of the question, as written, that no entry has and that are near to none."""
    in_use = words_in_use(question.folded)
    places = unknown(question, in_use) - ({len(question.folded) - 1} if question.ending else set())
    return [question.accented[place] for place in sorted(places) if place < len(question.accented)]


def words_in_use(folded: Sequence[str]) -> set[str]:
    """Of the words that entries use, those that are these, near to these, halves of these, or begin as the last."""
    parts = {variant for word in folded if words.can_be_misspelt(word) for variant in words.variants(word)}
    parts |= {form for word in folded for form in _forms(word)}
    parts |= {half for word in folded for pair in _halves(word) for half in pair}
    query = sql.SQL(
        "SELECT word FROM published.search_word WHERE variants && %s::varchar[]"
        " UNION (SELECT word FROM published.search_word WHERE word LIKE %s LIMIT 1)"
    )
    return {row["word"] for row in fetch(query, [sorted(parts), folded[-1] + "%"])}


def near(word: str, in_use: set[str]) -> list[str]:
    """Terms that may have been meant: other words one letter away, or two words written as one."""
    is_other = not in_use.intersection(_forms(word))  # only the marks may be wrong
    others = [
        f"'{one}'"
        for one in sorted(in_use)
        if one == words.folded(one) and words.is_near(word, one) and (one != word or is_other)
    ]
    pairs = [all_of(f"'{half}'" for half in pair) for pair in _halves(word) if in_use.issuperset(pair)]
    return others + pairs


def _halves(word: str) -> list[tuple[str, str]]:
    return [(word[:i], word[i:]) for i in range(2, len(word) - 1)] if word.isalpha() else []


def unknown(question: Question, in_use: set[str]) -> set[int]:
    """The places of the words that no entry has; the last may also be the beginning of one."""
    nowhere = {
        place
        for place, word in enumerate(question.folded)
        if words.can_be_misspelt(word) and not in_use.intersection(_forms(word))
    }
    last = len(question.folded) - 1
    return (
        nowhere - {last}
        if any(marks.begins(question.folded[last], marks.WrittenWord(word)) for word in in_use)
        else nowhere
    )


def _forms(word: str) -> list[str]:
    """A word of a question as words in use are written that it stands for."""
    written = marks.written(word)
    return words.spellings(written) if written != word else [word]
