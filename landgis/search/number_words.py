"""Number words of a question, where a question names a number: "sheet twelve parcel three hundred and five"."""

import re
from collections.abc import Iterable

from landgis.lib.number_words import NumberWords, languages
from landgis.search import gazetteer, phrases, words
from landgis.search.wordings import tokens

LONGEST = 10  # words of a number


_before: set[tuple[str, ...]] = {("sheet",), ("parcel",), ("plot",)}


def register(before: Iterable[str]) -> None:
    """Add after which words a number is expected."""
    _before.update(tuple(words.key(words.split(word)).split()) for word in before)


def in_digits(text: str) -> str:
    """The text with the number words that stand where a number is expected written as digits."""
    plain = words.plain(text)
    found = tokens(plain)
    written = [match[0].lower() for match in found]
    folded = [words.folded(word) for word in written]
    known = languages(is_marked=any(one != word for one, word in zip(folded, written, strict=True)))
    pieces, last, at, end = [], 0, 1, 0
    while at < len(found):
        is_next = end > 0 and _goes_on(plain[found[end - 1].end() : found[at].start()], folded[end:at])
        length, number = (0, 0)
        if is_next or _is_expected(folded, at):
            length, number = _longest(known, written[: _end_of_run(plain, found, at)], folded, at)
        if length:
            end = at + length
            pieces += [plain[last : found[at].start()], str(number)]
            last = found[end - 1].end()
        at += max(length, 1)
    return "".join([*pieces, plain[last:]]) if pieces else text


def _goes_on(gap: str, between: list[str]) -> bool:
    """Whether a number follows another behind a comma or an "and"."""
    return all(map(phrases.is_joint, between)) if between else "," in gap


def _end_of_run(plain: str, found: list[re.Match[str]], at: int) -> int:
    """Where the words from here end that have nothing but blanks between them."""
    end = at + 1
    while end < len(found) and not plain[found[end - 1].end() : found[end].start()].strip(" -\t"):
        end += 1
    return end


def _longest(known: list[NumberWords], written: list[str], folded: list[str], at: int) -> tuple[int, int]:
    """How many words from here say a number, and which; (0, 0) for none, or where they begin the name of a place."""
    best = (0, 0)
    for language in known:
        for length in range(min(LONGEST, len(written) - at), best[0], -1):
            said = written[at : at + length]
            number = language.number(said) if said[-1] not in language.joints else None
            if number is not None:
                best = (length, number)
                break
    return (0, 0) if best[0] and _begins_a_name(folded, at, best[0]) else best


def _begins_a_name(folded: list[str], at: int, length: int) -> bool:
    """Whether the words from here are the name of a place that is longer than the number."""
    names = gazetteer.gazetteer().names
    ends = range(at + length + 1, min(len(folded), at + gazetteer.LONGEST_NAME) + 1)
    return any(tuple(folded[at:end]) in names for end in ends)


def _is_expected(folded: list[str], at: int) -> bool:
    return any(tuple(folded[at - length : at]) in _before for length in (1, 2, 3) if at >= length)
