"""The small words of sentences that ask for rows: "below", "from", "in", and those that say nothing. A country adds its own."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from landgis.lib import numerals
from landgis.lib.text import fold

Phrase = tuple[str, ...]  # folded words

(
    BELOW,
    ABOVE,
    TO,
    DASH,
    BEFORE,
    AFTER,
    PLACE,
    NEAR,
    AHEAD,
    FILLER,
    BELOW_BEHIND,
    ABOVE_BEHIND,
    OTHER,
    UNTIL,
    THROUGH,
    TURN,
) = KINDS = (
    *(
        "below",
        "above",
        "to",
        "dash",
        "before",
        "after",
        "place",
        "near",
        "ahead",
        "fillers",
        "below_behind",
        "above_behind",
        "other",
        "until",
        "through",
        "turn",
    ),
)

DAYS = (UNTIL, THROUGH)
TURNING = (TURN, BELOW, ABOVE, BEFORE, AFTER, *DAYS)

_said: dict[str, set[Phrase]] = {kind: set() for kind in KINDS}
_uses: dict[str, dict[Phrase, tuple[str, ...]]] = {}  # code list -> what people say for codes
MOST_WORDS = 6  # of a phrase
_SIGNED = re.compile(r"([<>≤≥]=?)?(.*)", re.DOTALL)


def key(text: str) -> Phrase:
    """The folded words of a phrase."""
    return tuple(fold(text).split())


def add(phrases: Mapping[str, Iterable[str]]) -> None:
    """Make phrases known, by their kind."""
    for kind, own in phrases.items():
        _said[kind].update(map(key, own))


def register_file(path: Path) -> None:
    """Add the words of a country from a TOML file; see docs/a-country.md."""
    known: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    add(known.get("said", {}))
    uses = known.get("uses", {})
    asides = [key(aside) for aside in uses.get("asides", [])]
    found = _uses.setdefault("land-use", {})
    for spoken, codes in uses.get("spoken", {}).items():
        for aside in asides:
            found[(*aside, *key(spoken))] = tuple(codes)
        if len(key(spoken)) > 1:  # a single word may be any: "ở" is "in" too
            found[key(spoken)] = tuple(codes)


def uses(codes: str) -> Mapping[Phrase, tuple[str, ...]]:
    """What people say for codes of a list."""
    return _uses.get(codes, {})


def apart(words: Iterable[str]) -> list[str]:
    """The words, with a dash between two amounts as one of its own: "1-2 billion", "1 billion-2 billion"; a sign before one too."""
    found = [part for word in words for part in _SIGNED.fullmatch(word).groups() if part]  # type: ignore[union-attr]
    for at in range(len(found) - 1, -1, -1):
        low, dash, high = found[at].replace("–", "-").partition("-")
        tail = found[at + 1] if at + 1 < len(found) else ""
        if dash and high[:1].isdigit() and _is_size(low, high) and (_is_size(high) or _is_size(f"{high} {tail}")):
            found[at : at + 1] = [low, dash, high]
    return found


def _is_size(text: str, like: str = "") -> bool:
    """Whether a text is an amount with a scale or a unit, or the last word of one; a bare figure is where it is like one."""
    if text.isalpha() or not text:
        return numerals.scale_of(text) is not None or numerals.is_unit(text)
    try:
        amount = numerals.read(text)
    except ValueError:
        return False
    return bool(like) or amount.is_scaled or numerals.is_unit(amount.unit)


def length_of(kind: str, words: Phrase, at: int) -> int:
    """How many words from here are a phrase of this kind, the most that are; 0 where none is."""
    return next((n for n in range(min(MOST_WORDS, len(words) - at), 0, -1) if words[at : at + n] in _said[kind]), 0)


def phrases(kind: str) -> set[Phrase]:
    return _said[kind]


def ends_with(kind: str, words: Phrase) -> bool:
    """Whether the last of some words are a phrase of this kind."""
    return any(words[-n:] in _said[kind] for n in range(1, min(MOST_WORDS, len(words)) + 1))


add(
    {
        BELOW: (
            "below",
            "under",
            "less than",
            "at most",
            "up to",
            "max",
            "maximum",
            "cheaper than",
            "no more than",
            "not more than",
            "not over",
            "not above",
            "<",
            "<=",
            "≤",
        ),
        ABOVE: (
            "above",
            "over",
            "more than",
            "at least",
            "from",
            "min",
            "minimum",
            "larger than",
            "between",
            "not less than",
            "no less than",
            "not under",
            "not below",
            ">",
            ">=",
            "≥",
        ),
        TO: ("to", "and", "until", "-", "–"),
        DASH: ("to", "-", "–"),  # between two ends that no other word leads in
        BEFORE: ("before",),
        AFTER: ("after", "later than"),
        UNTIL: ("until", "till", "by", "to", "no later than"),  # a day, that day too
        THROUGH: ("through", "until the end of", "by the end of"),  # of a stretch of days its last one
        # What makes of the words behind it something else, or their contrary.
        TURN: (
            *("not", "no", "except", "without", "outside", "other than", "about", "around", "close to"),
            *("early", "mid", "late", "end of", "the end of", "beginning of", "start of"),
        ),
        PLACE: ("in", "at", "within"),
        NEAR: ("near", "close to", "around"),
        # What an amount or a day is of that is not what a list is filtered by, or what makes it another amount.
        OTHER: (
            *(
                "deposit",
                "deposits",
                "bid step",
                "step",
                "winning price",
                "sold for",
                "dossier",
                "dossiers",
                "deadline",
            ),
            *(
                "frontage",
                "wide",
                "deep",
                "per m2",
                "per m²",
                "a m2",
                "each m2",
                "per sqm",
                "per square metre",
                "and a half",
            ),
        ),
        AHEAD: ("upcoming", "coming", "coming up", "soon"),
        FILLER: (
            *(
                "a",
                "an",
                "all",
                "any",
                "the",
                "that",
                "which",
                "is",
                "are",
                "of",
                "for",
                "with",
                "and",
                "on",
                "to",
                "me",
            ),
            *(
                "find",
                "show",
                "looking",
                "want",
                "buy",
                "price",
                "prices",
                "priced",
                "area",
                "land",
                "i",
                "held",
                "auctioned",
                "sale",
            ),
            *(",", ".", ";", "?"),
        ),
    }
)
