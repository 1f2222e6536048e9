"""From an address to its street and number: "45/2 Lê Lợi, khu phố 3" is number 45/2 of Lê Lợi.

The same for what is published and for what is asked.
"""

import re
from collections.abc import Iterable

from landgis.search import words
from landgis.search.marks import Names, WrittenWord

NUMBER = re.compile(r"(?:[^\W\d_]?\d+[^\W\d_]?)(?:[/-]\d+[^\W\d_]?)*")
_PART = re.compile(r"[,;()]| - ")
_before: Names[bool] = Names()
for _word in ("no", "number", "street"):
    _before.add(_word, True)
LONGEST_NUMBER = 20


def register_fillers(fillers: Iterable[str]) -> None:
    """Add words that stand before numbers and street names and are no part of them: số, nhà, đường."""
    for filler in fillers:
        _before.add(filler, True)


def fillers() -> list[str]:
    """What was registered, to notice a change."""
    return sorted(" ".join(filler) for filler, _is_one in _before)


def split(address: str) -> tuple[str, str]:
    """Number (empty where there is none) and name of the street of an address, as written; ("", "") for none."""
    first = next((part.strip() for part in _PART.split(address) if part.strip()), "")
    tokens = first.split()
    number = ""
    while tokens:
        word = tokens[0].strip(".:")
        if not number and NUMBER.fullmatch(word):
            number = word.lower()[:LONGEST_NUMBER]
            tokens = tokens[1:]
        elif taken := _filler(tokens):
            tokens = tokens[taken:]
        else:
            break
    return number, " ".join(tokens)[:200]


def key(name: str) -> str:
    """The words of a street's name as they are compared."""
    return words.key(words.split(name))[:200]


def without_fillers(folded: tuple[str, ...]) -> tuple[str, ...]:
    """The folded words without those that only stand before a number or a name."""
    kept = list(folded)
    while taken := _filler(kept):
        kept = kept[taken:]
    return tuple(kept)


def _filler(tokens: list[str]) -> int:
    """How many of the first words are a filler; never all of them."""
    for length in (2, 1):
        if len(tokens) > length and tuple(_word_of(token) for token in tokens[:length]) in _before:
            return length
    return 0


def _word_of(token: str) -> str:
    return token if isinstance(token, WrittenWord) else WrittenWord(token.strip(".:").lower())
