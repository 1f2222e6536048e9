"""Ways of writing a question that mean another text: keys of a keyboard, words for numbers, a spoken sentence.

Each is a function that gives the text as it would be printed, and the text itself where it sees nothing of its kind.
They are pure, so that a question costs the database no more for them.
"""

import re
from collections.abc import Callable, Container, Iterable, Mapping

from landgis.search import marks, words
from landgis.search.marks import Names, Words

Wording = Callable[[str], str]
IS_LINK = re.compile(r"\s*(?:https?://|www\.|geo:)", re.I)
_TOKEN = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_OF_CODE = re.compile(
    r"(?<![^\W_])[^\W\d_](?:[-./]\w|\s?\d)|(?<=\w[-./])[^\W\d_](?![^\W_])"
)  # the letter of A-01, A 01, 01-A
LONGEST_PHRASE = 6  # words
UNSURE = 100  # the place from which on a way of writing may as well be none

_wordings: list[tuple[int, Wording]] = []
_openings: Names[bool] = Names()
_endings: Names[bool] = Names()
_alone: set[str] = set()  # openings and endings of one word, which without its marks may be part of a name
_translated: Names[str] = Names()
_small: Names[bool] = Names()
for _word in ("in", "of", "the", "on", "at", "near", "for", "a"):
    _small.add((marks.WrittenWord(_word),), True)


def register(place: int, wording: Wording) -> None:
    """Add a way of writing; those of a lower place are undone first, those from `UNSURE` on only in `plainer`."""
    if all(known is not wording for _place, known in _wordings):
        _wordings.append((place, wording))
        _wordings.sort(key=lambda entry: entry[0])


def register_speech(openings: Iterable[str], endings: Iterable[str]) -> None:
    """Add what people say before and behind what they ask for: "where is", "please"."""
    for phrases, said in ((_openings, openings), (_endings, endings)):
        for phrase in said:
            phrases.add(_key(phrase), True)
            _alone.update([phrase.lower()] if len(phrase.split()) == 1 else [])


def register_translations(translated: Mapping[str, str], small: Iterable[str]) -> None:
    """Add words of other languages for what stands beside names here, "ward" -> "phường", and words that say nothing."""
    for word, meant in translated.items():
        _translated.add(_key(word), meant)
    for word in small:
        _small.add(_key(word), True)


def printed(text: str) -> str:
    """The text as it would be printed."""
    if IS_LINK.match(text):
        return text
    for place, wording in _wordings:
        text = wording(text) if place < UNSURE else text
    return text


def tokens(text: str) -> list[re.Match[str]]:
    """The words and numbers of a text, each where it stands."""
    return list(_TOKEN.finditer(text))


def without_speech(text: str) -> str:
    """The text without what is only said before and behind it; a text that is nothing else stays."""
    while True:
        shorter = _without_ending(_without_opening(text))
        if shorter == text:
            return text
        text = shorter


def plainer(text: str) -> str:
    """The text with words of other languages as they are written here, and without the smallest words.

    To be tried where nothing has the words as they are: they may be part of a name.
    """
    if IS_LINK.match(text):
        return text
    for place, wording in _wordings:
        text = wording(text) if place >= UNSURE else text
    letters = {match.start() for match in _OF_CODE.finditer(text)}
    return (
        replaced(text, lambda folded: "" if folded in _small else _translated.get(folded), kept=letters).strip() or text
    )


def without_small(folded: tuple[str, ...]) -> tuple[str, ...]:
    """The folded words without the smallest at their beginning; never all of them."""
    while len(folded) > 1 and folded[:1] in _small:
        folded = folded[1:]
    return folded


def replaced(
    text: str, meaning: Callable[[tuple[str, ...]], str | None], *, longest: int = 3, kept: Container[int] = ()
) -> str:
    """The text with each run of words replaced that means another one, the longest runs first.

    A word alone that begins where something is to be `kept` stays.
    """
    found = tokens(text)
    folded = _words(found)
    pieces, last, at = [], 0, 0
    while at < len(found):
        for length in range(min(longest, len(found) - at), 0, -1):
            other = None if length == 1 and found[at].start() in kept else meaning(tuple(folded[at : at + length]))
            if other is not None:
                pieces += [text[last : found[at].start()], other]
                last = found[at + length - 1].end()
                at += length
                break
        else:
            at += 1
    return "".join([*pieces, text[last:]]) if pieces else text


def _without_opening(text: str) -> str:
    found = tokens(text)
    length = _longest_said(found, _openings, lambda length: found[:length])
    return text[found[length].start() :] if length else text


def _without_ending(text: str) -> str:
    found = tokens(text)
    length = _longest_said(found, _endings, lambda length: found[-length:])
    return text[: found[-length - 1].end()] if length else text


def _longest_said(found: list[re.Match[str]], phrases: Names[bool], part: Callable[[int], list[re.Match[str]]]) -> int:
    """How many of the words are the longest of the phrases; 0 for none. Never all of them."""
    for length in range(min(LONGEST_PHRASE, len(found) - 1), 0, -1):
        said = part(length)
        if _words(said) in phrases and (length > 1 or words.plain(said[0][0]).lower() in _alone):
            return length
    return 0


def _key(phrase: str) -> tuple[str, ...]:
    return _words(tokens(phrase))


def _words(found: Iterable[re.Match[str]]) -> Words:
    return tuple(marks.WrittenWord(words.plain(match[0]).lower()) for match in found)
