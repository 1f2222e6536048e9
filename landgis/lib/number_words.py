"""Numbers written as words: "twelve", "three hundred and five". The words of a country its package registers."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from landgis.lib.text import fold

_WORD = re.compile(r"[^\W\d_]+")
_SEVERAL = re.compile(r"[^\W\d_]\s+[^\W\d_]")


@dataclass
class NumberWords:
    """The number words of a language, as they are written.

    `values` are added, a digit before one of the `scales` is multiplied by it; `joints` say nothing. `inner` are said only
    within a number, and the `halves` only behind what is halved: "two and a half" in one word.
    """

    values: dict[str, int] = field(default_factory=dict)
    scales: dict[str, int] = field(default_factory=dict)
    joints: set[str] = field(default_factory=set)
    inner: set[str] = field(default_factory=set)
    halves: set[str] = field(default_factory=set)

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

    def certain(self, said: Sequence[str]) -> int | None:
        """The number, where the words say only one: two digits in a row may be two numbers, a digit behind a hundred tens."""
        if not said or said[0] in self.inner or said[0] not in self.values:
            return None
        for at, (word, following) in enumerate(pairwise(said), start=2):
            value, scale = self.values.get(word, 0), self.scales.get(word, 0)
            by, is_digit = self.scales.get(following, 0), self.values.get(following, 10) < 10
            if scale and (by or (scale > 10 and is_digit and not (at < len(said) and said[at] in self.scales))):
                return None
            if not scale and word not in self.joints and not (by if value < 10 else by > 100 or is_digit):
                return None
        return self.number(said)

    def without_marks(self) -> "NumberWords":
        return NumberWords(
            {fold(word): value for word, value in self.values.items()},
            {fold(word): value for word, value in self.scales.items()},
            {fold(word) for word in self.joints},
            {fold(word) for word in self.inner} - {fold(word) for word in {*self.values} - self.inner},
            {fold(word) for word in self.halves},
        )


_UP_TO_NINETEEN = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ENGLISH = NumberWords(
    {word: value for value, word in enumerate(_UP_TO_NINETEEN)}
    | {word: 10 * value for value, word in enumerate(_TENS, 2)},
    {"hundred": 100, "thousand": 1000},
    {"and"},
)

_languages: list[NumberWords] = [ENGLISH]
_marked: dict[int, NumberWords] = {}


def register(known: Mapping[str, Any]) -> None:
    """Add the number words of a language: `values`, `scales`, `joints`, `inner`, `halves`. Twice is once."""
    added = NumberWords(
        dict(known.get("values", {})),
        dict(known.get("scales", {})),
        *(set(known.get(kind, ())) for kind in ("joints", "inner", "halves")),
    )
    if added.values and added not in _languages:
        _languages.append(added)


def languages(*, is_marked: bool) -> list[NumberWords]:
    """Of all that are known. Without marks one word may mean several; where some are written, those that miss are none."""
    if is_marked:
        return _languages
    return [_marked.setdefault(id(one), one.without_marks()) for one in _languages]


def certain(text: str) -> int | None:
    """The number that a text says in words, where it says only one."""
    said = [word.lower() for word in text.split()]
    known = languages(is_marked=not text.isascii())
    return next((value for one in known if (value := one.certain(said)) is not None), None)


def in_figures(text: str, is_scale: Callable[[str], bool]) -> str:
    """With figures for what is certainly a number before a scale of it: "2 tỷ" for "hai tỷ"."""
    if not _SEVERAL.search(text):
        return text
    found = list(_WORD.finditer(text))
    pieces, last, begin = list[str](), 0, 0
    for at, word in enumerate(found):
        if at and text[found[at - 1].end() : word.start()].strip():
            begin = at
        if not is_scale(word[0]):
            continue
        number = certain(text[found[begin].start() : word.start()])
        if number is not None:
            pieces += [text[last : found[begin].start()], f"{number} "]
            last = word.start()
        begin = at + 1
    return "".join([*pieces, text[last:]])


def is_half(word: str) -> bool:
    """Whether a word, said behind an amount, adds a half of its scale."""
    return any(word.lower() in one.halves for one in languages(is_marked=not word.isascii()))
