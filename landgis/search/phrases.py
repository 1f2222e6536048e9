"""Phrases by which numbers are named in a question: "sheet 12 parcel 345". A country adds its own."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from landgis.search import marks, words
from landgis.search.marks import Names, Words

SHEET, PARCEL = "sheet", "parcel"
NUMBER = re.compile(r"\d{1,6}[a-z]?")
PART = re.compile(r"\d{1,6}[a-z]?(?:-(?:\d{1,4}[a-z]?|[a-z]))?")  # 207b, and 10-1 for the first part of 10
_PIECE = re.compile(
    r"(?<![\w./,-])(\d{1,6})\s?[-\u2010-\u2013/]\s?(\d{1,5}[a-z]?|[a-z])(?![\w/-]|[.,]\d)|[,;&+]|[^,;&+\d]+|.", re.S
)
MOST_PARCELS = 6
_JOINED = re.compile(r"([^\W\d_]+)(\d\w*)")
_PAIR = re.compile(r"(?<![\w./,-])(\d{1,4}[a-z]?)\s*[/-]\s*(\d{1,5}[a-z]?)(?![\w/-]|[.,]\d)", re.I)

_labels: dict[str, set[Words]] = {
    SHEET: {marks.split("sheet")},
    PARCEL: {marks.split("parcel"), marks.split("plot")},
}
_and = {",", "and"}
_fillers: Names[bool] = Names()
for _word in ("no", "number", "nr", "the", "of", "in", "on"):
    _fillers.add(_word, True)


def register(labels: Mapping[str, Iterable[str]], fillers: Iterable[str], joints: Iterable[str] = ()) -> None:
    """Add phrases before the number of a sheet or parcel, words that say nothing beside them, and words for "and"."""
    _and.update(word for joint in joints for word in _key(joint))
    for kind, phrases in labels.items():
        _labels[kind] |= {_key(phrase) for phrase in phrases}
    for filler in fillers:
        for word in _key(filler):
            _fillers.add((word,), True)


def is_joint(folded: str) -> bool:
    """Whether a word or sign stands between numbers of which both are meant."""
    return folded in _and


@dataclass(frozen=True)
class Numbers:
    """Numbers of a question, empty where not given, and the folded words beside them."""

    sheet: str
    parcel: str
    rest: tuple[str, ...]
    others: tuple[str, ...] = ()  # further parcels of the sheet

    @property
    def each(self) -> list["Numbers"]:
        """The numbers of each parcel alone."""
        return [Numbers(self.sheet, parcel, self.rest) for parcel in (self.parcel, *self.others)]


def numbers(text: str) -> Numbers | None:
    """The sheet and parcel that a question names by phrases, as 12/345, or as two bare numbers; else None."""
    told = labelled(text)
    if told.sheet or told.parcel:
        return told
    pair = _PAIR.search(words.plain(text))
    if pair:
        beside = f"{words.plain(text)[: pair.start()]} {words.plain(text)[pair.end() :]}"
        return Numbers(pair[1].lower(), pair[2].lower(), without_fillers(_tokens(beside)))
    return _bare(_tokens(text))


def labelled(text: str) -> Numbers:
    """The sheet and parcel that a question names by phrases."""
    return _labelled(_joined(text))


def number_alone(text: str, kind: str) -> str:
    """The number of a sheet or parcel in what was written for it and nothing else: 12 of "tờ 12"; empty for none."""
    told = labelled(text)
    if number := (told.sheet if kind == SHEET else told.parcel):
        return "" if told.rest or told.others or (told.sheet and told.parcel) else number
    tokens = without_fillers(_joined(text))
    return tokens[0] if len(tokens) == 1 and PART.fullmatch(tokens[0]) else ""


def without_fillers(tokens: Sequence[str]) -> tuple[str, ...]:
    return tuple(token for token in tokens if (token,) not in _fillers)


def _labelled(tokens: list[str]) -> Numbers:
    found: dict[str, str] = {}
    others: list[str] = []
    rest: list[str] = []
    at = 0
    while at < len(tokens):
        kind, length = _label(tokens, at, found)
        number_at = _past_fillers(tokens, at + length)
        number = tokens[number_at] if kind and number_at < len(tokens) else ""
        if kind == PARCEL and PART.fullmatch(number):
            found[kind] = number
            others, at = _further(tokens, number_at + 1)
        elif kind and NUMBER.fullmatch(number):
            found[kind] = number
            at = number_at + 1
        elif kind == SHEET and PARCEL not in found and PART.fullmatch(number):  # "tờ 12/345"
            found[SHEET], found[PARCEL] = number.split("-")
            at = number_at + 1
        else:
            parts = tokens[at].split("-") if "-" in tokens[at] else [tokens[at]]
            rest += [word for word in parts if word not in (",", "&")]
            at += 1
    told = _with_misspelt(Numbers(found.get(SHEET, ""), found.get(PARCEL, ""), without_fillers(rest)))
    return replace(told, others=tuple(dict.fromkeys(others))[: MOST_PARCELS - 1])


def _past_fillers(tokens: Sequence[str], at: int) -> int:
    while at < len(tokens) and (tokens[at],) in _fillers:
        at += 1
    return at


def _further(tokens: list[str], at: int) -> tuple[list[str], int]:
    """The numbers of parcels that go on from here, "345, 346 and 347", and where they end."""
    found = []
    while at < len(tokens) and tokens[at] in _and:
        next_at = at
        while next_at < len(tokens) and tokens[next_at] in _and:
            next_at += 1
        kind, length = _label(tokens, next_at, {})
        next_at = _past_fillers(tokens, next_at + (length if kind == PARCEL else 0))
        if next_at >= len(tokens) or not PART.fullmatch(tokens[next_at]):
            break
        found.append(tokens[next_at])
        at = next_at + 1
    return found, at


def _label(tokens: list[str], at: int, found: Mapping[str, str]) -> tuple[str, int]:
    """Which number the words from here name, and how many words say so; ("", 0) for none."""
    best = ("", 0)
    for kind, phrases in _labels.items():
        for phrase in phrases:
            if kind not in found and len(phrase) > best[1] and _is_phrase(tokens[at : at + len(phrase)], phrase):
                best = (kind, len(phrase))
    return best


def _is_phrase(tokens: Sequence[str], phrase: tuple[str, ...]) -> bool:
    """Whether the words are the phrase, a letter of a longer word being allowed to be wrong."""
    return len(tokens) == len(phrase) and all(
        marks.fits(token, word) or (len(word) > 3 and marks.may_mean(token, word))
        for token, word in zip(tokens, phrase, strict=True)
    )


def _with_misspelt(found: Numbers) -> Numbers:
    """Where one of the two is named, a short word before the other number may be the misspelt name of that."""
    if bool(found.sheet) == bool(found.parcel):
        return found
    for at, token in enumerate(found.rest):
        before = found.rest[at - 1] if at else ""
        missing = PARCEL if found.sheet else SHEET
        if NUMBER.fullmatch(token) and (not before or _is_nearly_label(before, missing)):
            rest = found.rest[: max(at - 1, 0)] + found.rest[at + 1 :]
            return Numbers(found.sheet or token, found.parcel or token, rest)
    return found


def _is_nearly_label(token: str, kind: str) -> bool:
    return any(marks.may_mean(token, phrase[0]) or token in phrase[0] for phrase in _labels[kind] if len(phrase) == 1)


def _bare(tokens: list[str]) -> Numbers | None:
    """Two numbers side by side, at the beginning or end of what else is only words."""
    places = [at for at, token in enumerate(tokens) if any(letter.isdigit() for letter in token)]
    if len(places) == 2 and places[1] == places[0] + 1 and (places[0] == 0 or places[1] == len(tokens) - 1):
        sheet, parcel = tokens[places[0]], tokens[places[1]]
        if sheet.isdigit() and parcel.isdigit() and len(sheet) <= 3 and len(parcel) <= 5:
            return Numbers(sheet, parcel, without_fillers(tokens[: places[0]] + tokens[places[1] + 1 :]))
    return None


def _tokens(text: str) -> list[str]:
    """The folded words; a phrase that is written together with its number is taken apart: "tờ12"."""
    found: list[str] = []
    for word in marks.split(text):
        joined = _JOINED.fullmatch(marks.written(word))
        label = marks.of([joined[1]]) if joined else ()
        if joined and any(marks.fit(label, phrase) for phrases in _labels.values() for phrase in phrases):
            found += [*label, joined[2]]
        else:
            found.append(word)
    return found


def _joined(text: str) -> list[str]:
    """The folded words, with commas, and with the two halves of a number such as 10-1 or 10/1 as one word."""
    found: list[str] = []
    pieces = [piece.group(1, 2) + (piece[0],) for piece in _PIECE.finditer(words.plain(text).lower())]
    plain = ""
    for whole, part, written in pieces:
        if whole or written in ",;&+":
            found += _tokens(plain)
            plain = ""
            found.append(f"{whole}-{part}" if whole else ",")
        else:
            plain += written
    return [*found, *_tokens(plain)]


def _key(phrase: str) -> tuple[str, ...]:
    return marks.split(phrase)
