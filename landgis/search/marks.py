"""Words with their marks, and which of them mean the same.

A word that is written without any mark may stand for one with any: "thang" for "Thắng". One with marks stands for
itself, wherever in it the tone was placed; where nothing else is found, also for one that differs by a mark or a
letter, or that has more marks, as old telephones have none for some; then the answer says so.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

from landgis.lib.text import nfc
from landgis.search import words

STROKE = "đ"


class WrittenWord(str):
    """A word in the form in which words are compared, that knows how it was written."""

    written: str

    def __new__(cls, written: str) -> "WrittenWord":
        word = super().__new__(cls, words.folded(written))
        word.written = written
        return word

    @property
    def toned(self) -> str:
        return words.toned(self.written)

    @property
    def has_marks(self) -> bool:
        return self.written != self


Words = tuple[str, ...]  # each a `WrittenWord` where its marks are known


def split(text: str) -> Words:
    """The words of a text, abbreviations written out."""
    return of(words.split(text))


def of(written: Iterable[str]) -> Words:
    return tuple(filter(None, map(WrittenWord, written)))


def fits(asked: str, held: str) -> bool:
    """Whether a word that is asked for stands for one that is held; words whose marks nobody knows fit all."""
    if asked != held or not (isinstance(asked, WrittenWord) and isinstance(held, WrittenWord)):
        return asked == held
    return not asked.has_marks or asked.toned == held.toned


def fit(asked: Sequence[str], held: Sequence[str]) -> bool:
    """The same of words side by side."""
    return len(asked) == len(held) and all(map(fits, asked, held))


def may_mean(asked: str, held: str) -> bool:
    """Whether a word may be misspelt for another: a letter or a mark is wrong, or marks are missing."""
    mine, theirs = _marks(asked), _marks(held)
    if asked != held:
        return words.is_near(asked, held) and _are_among(mine, held)
    wrong = mine - theirs
    return not wrong or not isinstance(held, WrittenWord) or (len(wrong) == 1 and len(theirs - mine) <= 1)


def all_may_mean(asked: Sequence[str], held: Sequence[str]) -> bool:
    """The same of words side by side of which one is misspelt; a blank more or less may be wrong too.

    Digits are meant as they are written.
    """
    if [word for word in asked if word.isdigit()] != [word for word in held if word.isdigit()]:
        return False
    if not words.is_near(*("".join(filter(str.isalpha, some)) for some in (asked, held))):
        return False
    if len(asked) == len(held):
        return all(map(may_mean, asked, held))
    return all(_are_among(_marks(word), *held) for word in asked)


def read_as(asked: Sequence[str], held: Sequence[str]) -> tuple[str, str]:
    """The words that are only nearly among those held, and what stands there instead, as both are written.

    ("", "") where all of them are there. The last of the words asked for may be the beginning of one.
    """
    pairs = []
    start = max(range(len(held)), key=lambda at: sum(map(may_mean, asked, held[at:])), default=0)
    for place, word in enumerate(asked):
        is_last = place == len(asked) - 1
        if any(fits(word, one) or (is_last and begins(word, one)) for one in held):
            continue
        # What stands at its place among the others comes before what is as near elsewhere.
        if near := next((one for one in (*held[start + place : start + place + 1], *held) if may_mean(word, one)), ""):
            pairs.append((written(word), written(near)))
    return " ".join(mine for mine, _theirs in pairs), " ".join(theirs for _mine, theirs in pairs)


def begun(asked: Sequence[str], ending: Sequence[str], longer: Sequence[tuple[str, Words]], held: Sequence[str]) -> str:
    """The word among those held that the last of those asked for is only the beginning of, as it is written.

    Empty where that is held whole, or what it is short for (`ending`) behind the word before it; and where none begins so.
    Of `longer` abbreviations that begin like it the further words decide: UBND is another one than UB.
    """
    if any(fits(asked[-1], one) for one in held):
        return ""
    full = (*asked[-2:-1], *ending)
    ends = range(len(full), len(held) + 1) if ending else ()
    further = [held[end:] for end in ends if fit(full, held[end - len(full) : end])]
    if further:
        return next((one for one, rest in longer if all(fit(rest, some[: len(rest)]) for some in further)), "")
    return next((written(one) for one in held if begins(asked[-1], one)), "")


def written(word: str) -> str:
    return word.written if isinstance(word, WrittenWord) else word


def begins(asked: str, held: str) -> bool:
    """Whether a word may be the beginning of a longer one, its tone being still to come."""
    return len(held) > len(asked) and held.startswith(asked) and _are_among(_marks(asked), held)


def _are_among(marks: frozenset[str], *held: str) -> bool:
    known = [word for word in held if isinstance(word, WrittenWord)]
    return len(known) < len(held) or marks <= frozenset(mark for word in known for mark in _marks(word))


def _marks(word: str) -> frozenset[str]:
    return _marks_of(word.written) if isinstance(word, WrittenWord) else frozenset()


@lru_cache(maxsize=50_000)
def _marks_of(text: str) -> frozenset[str]:
    apart = unicodedata.normalize("NFD", text)
    return frozenset(letter for letter in apart if unicodedata.combining(letter) or letter == STROKE)


Meant = TypeVar("Meant")


def pattern(asked: str, *, is_unfinished: bool = False) -> str:
    """A regular expression for a word with marks among words as they are written; empty for one without.

    One that is unfinished is the beginning of a word, whose tone may still be to come.
    """
    if not (isinstance(asked, WrittenWord) and asked.has_marks):
        return ""
    forms = words.spellings(asked.written)
    if is_unfinished and words.toned(asked.written) == unicodedata.normalize("NFD", asked.written):
        forms = ["".join(map(_with_any_tone, nfc(asked.written)))]
    return f" ({'|'.join(forms)}){'' if is_unfinished else ' '}"


def _with_any_tone(letter: str) -> str:
    toned = [one for tone in words.TONES if len(one := nfc(letter + tone)) == 1]
    return f"[{letter}{''.join(toned)}]"


class Names(Generic[Meant]):
    """What names mean, found by their words with the marks that fit."""

    def __init__(self) -> None:
        self._held: dict[Words, list[tuple[Words, Meant]]] = {}

    def add(self, name: str | Words, meant: Meant) -> None:
        """Make a name mean this, and nothing else any more."""
        key = split(name) if isinstance(name, str) else name
        held = [one for one in self._held.get(key, []) if not fit(key, one[0])]
        self._held[key] = [*held, (key, meant)]

    def get(self, asked: Words) -> Meant | None:
        return next((meant for held, meant in self._held.get(asked, []) if fit(asked, held)), None)

    def __contains__(self, asked: Words) -> bool:
        return any(fit(asked, held) for held, _meant in self._held.get(asked, []))

    def __iter__(self) -> Iterator[tuple[Words, Meant]]:
        return (one for held in self._held.values() for one in held)
