"""From a text to the words it is found by: folded, without punctuation, abbreviations written out.

The same for what is published and for what is asked, so that both come out alike.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from landgis.lib.text import fold, nfc

LONGEST_WORD = 60
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
_LETTERS_NUMBER = re.compile(r"([^\W\d_]+)(\d+)")
# Grave, acute, tilde, hook above, dot below: the marks that writers place on one vowel or the next.
TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONES = re.compile(f"[{TONES}]")

_abbreviations: dict[str, list[str]] = {}
_before_numbers: set[str] = set()


def register_abbreviations(written_out: Mapping[str, str], before_numbers: set[str]) -> None:
    """Add abbreviations of a country: "tp" -> "thành phố"; some are also written before a number, as in P1."""
    _abbreviations.update({short: long.split() for short, long in written_out.items()})
    _before_numbers.update(before_numbers)


def abbreviations() -> list[str]:
    """What was registered, to notice a change."""
    return sorted(f"{short}={' '.join(long)}" for short, long in _abbreviations.items()) + sorted(_before_numbers)


def plain(text: str) -> str:
    """The text in one Unicode form, without signs that are not seen."""
    return nfc(_UNSEEN.sub("", text))


def split(text: str, *, unfinished: bool = False) -> list[str]:
    """The words in lower case with their marks, abbreviations written out.

    With `unfinished` the last word is still being typed and stays as it is: "p" may become "phước".
    """
    found = _WORD.findall(plain(text).lower())
    words: list[str] = []
    for place, word in enumerate(found):
        is_last = place == len(found) - 1
        numbered = _numbered(word)
        if numbered:
            words += [*written_out(numbered[1]), numbered[2]]
        else:
            words += (not (unfinished and is_last) and written_out(word)) or [word]
    return [word[:LONGEST_WORD] for word in words]


def written_out(word: str) -> list[str]:
    """The words that an abbreviation stands for, with their marks; empty for any other word."""
    return _abbreviations.get(word, [])


def longer(short: str) -> list[tuple[str, list[str]]]:
    """The abbreviations that begin like one and stand for its words and more, the longest first, with what is more."""
    whole = written_out(short)
    more = [(one, rest[len(whole) :]) for one, rest in _abbreviations.items() if rest[: len(whole)] == whole]
    found = [(one, rest) for one, rest in more if rest and one.startswith(short)]
    return sorted(found, key=lambda pair: -len(pair[1]))


def key(words: list[str]) -> str:
    """The words folded, with one blank between two."""
    return " ".join(filter(None, map(folded, words)))


def accents(words: list[str]) -> str:
    """The words with their marks, wherever in a word the tone was placed: hoà is hòa."""
    return " ".join(map(toned, words))


def squeezed(text: str) -> str:
    """Letters and digits only, folded: the form in which codes are compared."""
    return "".join(map(folded, _WORD.findall(plain(text).lower())))


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    return fold(word)


@lru_cache(maxsize=50_000)
def toned(word: str) -> str:
    """A word with its tone behind its letters, wherever writers place it."""
    apart = unicodedata.normalize("NFD", word)
    return _TONES.sub("", apart) + "".join(sorted(_TONES.findall(apart)))


def spellings(word: str) -> list[str]:
    """A word with its tone on each of the letters that can have it: hòa and hoà; itself where it has none."""
    apart = unicodedata.normalize("NFD", word)
    tones = _TONES.findall(apart)
    letters = nfc(_TONES.sub("", apart))
    if len(tones) != 1:
        return [nfc(word)]
    placed = [nfc(letters[: at + 1] + tones[0] + letters[at + 1 :]) for at in range(len(letters))]
    return [one for one in placed if len(one) == len(letters)]


def _numbered(word: str) -> re.Match[str] | None:
    """The parts of an abbreviation that stands before its number."""
    parts = _LETTERS_NUMBER.fullmatch(word)
    return parts if parts and parts[1] in _before_numbers else None


# Spelling: words that differ by one letter have a variant in common


def can_be_misspelt(word: str) -> bool:
    """Numbers and codes are meant as they are written."""
    return word.isalpha() and len(word) >= 2


def is_kept(word: str) -> bool:
    """Whether it stands among the words in use, folded or with its marks."""
    return can_be_misspelt(folded(word))


def variants(word: str) -> list[str]:
    """The word, and what is left of it without any one of its letters; one with marks alone."""
    if folded(word) != word:
        return [word]
    return list(dict.fromkeys([word, *(word[:i] + word[i + 1 :] for i in range(len(word)))]))


def is_near(one: str, other: str) -> bool:
    """Whether they are the same but for one letter left out, added or replaced, or two neighbours exchanged."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1 or not (can_be_misspelt(one) and can_be_misspelt(other)):
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    mine, theirs = one[start:], other[start:]
    return (
        mine[1:] == theirs
        or mine == theirs[1:]
        or mine[1:] == theirs[1:]
        or (mine[:2] == theirs[1::-1] and mine[2:] == theirs[2:])
    )
