"""Numbers written as words, where a question names a number: "sheet twelve parcel three hundred and five"."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from landgis.search import gazetteer, phrases, words
from landgis.search.wordings import tokens

LONGEST = 10  # words of a number


@dataclass
class NumberWords:
    """The number words of a language, as they are written.

    `values` are added, a digit before one of the `scales` is multiplied by it; `joints` say nothing.
    """

    values: dict[str, int] = field(default_factory=dict)
    scales: dict[str, int] = field(default_factory=dict)
    joints: set[str] = field(default_factory=set)

    def number(self, said: Iterable[str]) -> int | None:
        """The number that words say; None where they say none."""
        heard = [word for word in said if word not in self.joints]
        if not heard or any(word not in self.values and word not in self.scales for word in heard):
            return None
        digits = [self.values.get(word, 10) for word in heard]
        if len(heard) > 1 and all(digit < 10 for digit in digits):
            return int("".join(map(str, digits)))  # digit by digit
        total = pending = 0
        for word in heard:
            scale = self.scales.get(word, 0)
            if not scale:
                total, pending = total + pending, self.values[word]
            elif scale < 1000:
                total, pending = total + (pending or 1) * scale, 0
            else:
                total, pending = ((total + pending) or 1) * scale, 0
        return total + pending


ENGLISH = NumberWords(
    {
        word: value
        for value, word in enumerate(
            [
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
                "thirteen",
                "fourteen",
                "fifteen",
                "sixteen",
                "seventeen",
                "eighteen",
                "nineteen",
            ]
        )
    }
    | {
        word: 10 * value
        for value, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
    },
    {"hundred": 100, "thousand": 1000},
    {"and"},
)

_languages: list[NumberWords] = [ENGLISH]
_marked: dict[int, NumberWords] = {}
_before: set[tuple[str, ...]] = {("sheet",), ("parcel",), ("plot",)}


def register(
    values: Mapping[str, int], scales: Mapping[str, int], joints: Iterable[str], before: Iterable[str]
) -> None:
    """Add the number words of a language, and after which words a number is expected. Twice is once."""
    added = NumberWords(dict(values), dict(scales), set(joints))
    if values and added not in _languages:
        _languages.append(added)
    _before.update(tuple(words.key(words.split(word)).split()) for word in before)


def in_digits(text: str) -> str:
    """The text with the number words that stand where a number is expected written as digits."""
    plain = words.plain(text)
    found = tokens(plain)
    written = [match[0].lower() for match in found]
    folded = [words.folded(word) for word in written]
    # Without marks one word may mean several; where some are written, those that are missing are none.
    is_marked = any(one != word for one, word in zip(folded, written, strict=True))
    known = [language if is_marked else _without_marks(language) for language in _languages]
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


def _without_marks(language: NumberWords) -> NumberWords:
    return _marked.setdefault(
        id(language),
        NumberWords(
            {words.folded(word): value for word, value in language.values.items()},
            {words.folded(word): value for word, value in language.scales.items()},
            {words.folded(word) for word in language.joints},
        ),
    )
