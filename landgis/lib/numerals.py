"""Numbers as people write them: with marks, scales and units. One reader for files, filters and forms; it never guesses.

"12.106" may be twelve and a bit or twelve thousand: such a text has two readings, and whoever knows more chooses. What
scales and units a country writes, its package registers.
"""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from landgis.lib import number_words
from landgis.lib.text import fold

# Stands behind a number that a file holds as a number and not as text: its point is the decimal mark.
HELD_AS_NUMBER = "\u2063"
MONEY = "money"
REGIONAL = ""  # what a word measures that is another size in every region

_WITHOUT_GROUPS = re.compile(r"(?P<whole>\d*)(?:(?P<mark>[.,])(?P<rest>\d+))?")
_IN_GROUPS = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?P<group>[., '])(?:\d{3}(?P=group))*\d{3})(?:(?P<mark>[.,])(?P<rest>\d+))?"
)
_FIGURES = r"[.,]?\d+(?:[., ']\d+)*(?:[eE][+-]?\d+)?"
_WORD = r"[^\W\d_]+(?:[23](?!\d))?|[%$€£¥₫]"
_TOKEN = re.compile(rf"\s*(?:(?P<figures>{_FIGURES})|(?P<word>{_WORD})|(?P<slash>/))\s*")
_SIMPLE = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)  # most numbers; the road of the others is longer
_RAISED = re.compile(r"\d[⁰¹²³⁴-₉]")

# Folded word -> what it multiplies by.
_scales: dict[str, Decimal] = {
    "thousand": Decimal(10**3),
    "million": Decimal(10**6),
    "mn": Decimal(10**6),
    "billion": Decimal(10**9),
    "bn": Decimal(10**9),
}
# Folded word -> (what it measures, how many of the first unit of that it is).
_units: dict[str, tuple[str, Decimal]] = {
    "m2": ("area", Decimal(1)),
    "sqm": ("area", Decimal(1)),
    "ha": ("area", Decimal(10_000)),
    "km2": ("area", Decimal(10**6)),
    "m": ("length", Decimal(1)),
    "cm": ("length", Decimal("0.01")),
    "km": ("length", Decimal(1000)),
    "%": ("share", Decimal(1)),
}


class OtherUnit(ValueError):
    """The text gives another unit than the one that is wanted, or one that nobody knows."""

    def __init__(self, unit: str):
        self.unit = unit
        super().__init__(unit)


@dataclass(frozen=True)
class WrittenNumber:
    """A number as it stands in a text.

    `grouped` is its other reading, with its only `mark` as one of thousands; None where there is no doubt. Of the marks
    that are beyond doubt `decimals` divide off decimals, and `groups` thousands. `unit` and `per` ("đ" and "m2" of
    "đ/m2") are as they are written; `is_scaled` by a word such as million.
    """

    number: Decimal
    grouped: Decimal | None = None
    mark: str = ""
    decimals: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    unit: str = ""
    per: str = ""
    is_scaled: bool = False

    def factor(self, unit: str, per: str = "") -> Decimal:
        """By what the number is multiplied to be in this unit. Raises OtherUnit."""
        by = _ratio(self.unit, unit) if self.unit else Decimal(1)
        return by / _ratio(self.per, per) if self.per else by


def register_file(path: Path) -> None:
    """Add the scales, the words for units and those for money of a country from a TOML file; see docs/a-country.md."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    _scales.update({fold(word): Decimal(size) for word, size in content.get("scales", {}).items()})
    for unit, words in content.get("units", {}).items():
        _units.update({fold(word): _units[fold(unit)] for word in words})
    _units.update({fold(word): (REGIONAL, Decimal(1)) for word in content.get("regional", [])})
    add_money(*content.get("money", []))


def read(text: str, like: str = "") -> WrittenNumber:
    """The number that a text is; a bare one has the scale and the unit of that which it is said with ("1" to "2 billion").

    Raises ValueError where it is none, or something else stands beside it.
    """
    if _SIMPLE.fullmatch(text) and not like:
        return _figures(text)
    if _RAISED.search(text):
        raise ValueError(text)
    is_held = text.endswith(HELD_AS_NUMBER)
    plain = _plain(text)
    if like and (spelled := number_words.certain(plain)) is not None:
        plain = str(spelled)
    signed = plain[:1] in ("-", "+")
    terms, unit, per = _taken_apart(plain[1:] if signed else plain)
    if like and not (unit or per) and terms[0][1] == 1:
        others, unit, per = _taken_apart(_plain(like))
        terms = [(terms[0][0], others[0][1])]
    figures = [_figures(written) for written, _scale in terms]
    marks = {one.mark for one in figures if one.mark}
    if len(marks) > 1:
        raise ValueError(text)
    by = [-scale if plain.startswith("-") else scale for _written, scale in terms]
    grouped = [one.number if one.grouped is None else one.grouped for one in figures]
    return WrittenNumber(
        number=_sum([one.number for one in figures], by),
        grouped=_sum(grouped, by) if marks and not is_held else None,
        mark="".join(marks) if not is_held else "",
        decimals=frozenset().union(*(one.decimals for one in figures)),
        groups=frozenset().union(*(one.groups for one in figures)),
        unit=unit,
        per=per,
        is_scaled=any(scale != 1 for _written, scale in terms),
    )


def _plain(text: str) -> str:
    """Without what only looks other, and number words before a scale as figures."""
    plain = unicodedata.normalize("NFKC", text.strip(f" {HELD_AS_NUMBER}")).replace("’", "'").replace("−", "-").strip()
    return number_words.in_figures(plain, lambda word: fold(word) in _scales)


def add_money(*words: str) -> None:
    """Make words known that stand with an amount of money: of an installation there is one currency."""
    _units.update({fold(word): (MONEY, Decimal(1)) for word in words if word})


def is_unit(text: str) -> bool:
    return _key(text) in _units


def kind_of(unit: str) -> str:
    """What a unit measures: area, length, share, or MONEY; empty for one that is not known."""
    return _units.get(_key(unit), ("", Decimal(0)))[0]


def scale_of(text: str) -> Decimal | None:
    """What a word multiplies by, such as a thousand; None where it is no scale."""
    return _scales.get(_key(text))


def for_address(number: Decimal | float) -> str:
    """A number with a point, and never so that it could be read in two ways."""
    text = format(Decimal(str(number)), "f")
    return text + "0" if read(text).mark else text


def _taken_apart(text: str) -> tuple[list[tuple[str, Decimal]], str, str]:
    """The figures, each with its scale, the unit before or behind them, and what stands behind a slash.

    Of several figures each has a scale, smaller than the one before: "2 tỷ 300 triệu". A half is five tenths of the scale.
    """
    before, terms, behind, at = "", list[tuple[str, Decimal]](), list[str](), 0
    while found := _TOKEN.match(text, at):
        at = found.end()
        scale = _scales.get(fold(found["word"])) if found["word"] else None
        if found["figures"] and not behind:
            terms.append((found["figures"], Decimal(1)))
        elif scale and terms and not behind and terms[-1][1] == 1:
            terms[-1] = (terms[-1][0], scale)
        elif found["word"] and terms and not behind and terms[-1][1] != 1 and number_words.is_half(found["word"]):
            terms.append(("5", terms[-1][1] / 10))
        elif found["word"] and not terms and not before:
            before = found["word"]
        elif found["word"] and terms and not before:
            behind.append(found["word"])
        elif found["slash"] and terms and text[at:]:
            return _in_order(terms), before or " ".join(behind), text[at:]
        else:
            raise ValueError(text)
    if at < len(text):
        raise ValueError(text)
    return _in_order(terms), before or " ".join(behind), ""


def _in_order(terms: list[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    scales = [scale for _written, scale in terms]
    if not terms or (len(terms) > 1 and (1 in scales or scales != sorted(set(scales), reverse=True))):
        raise ValueError(str(terms))
    return terms


def _sum(numbers: Sequence[Decimal], by: Sequence[Decimal]) -> Decimal:
    total = Decimal(0)
    for number, scale in zip(numbers, by, strict=True):
        total += number * scale
    return total


def _figures(text: str) -> WrittenNumber:
    """Figures alone: thousands stand in threes, and of two marks the last divides off the decimals."""
    body, _e, power = text.lower().partition("e")
    bare, grouped = _WITHOUT_GROUPS.fullmatch(body), _IN_GROUPS.fullmatch(body)
    if grouped and not power:
        group, whole = grouped["group"], Decimal(re.sub(r"\D", "", grouped["whole"]))
        if bare:
            return WrittenNumber(_decimal(bare), whole, group)
        if grouped["mark"] != group:
            number = whole + (Decimal(f"0.{grouped['rest']}") if grouped["mark"] else 0)
            return WrittenNumber(number, decimals=_marks(grouped["mark"]), groups=_marks(group))
    if not bare:
        raise ValueError(text)
    return WrittenNumber(_decimal(bare).scaleb(int(power or 0)), decimals=_marks(bare["mark"]))


def _decimal(found: re.Match[str]) -> Decimal:
    return Decimal(f"{found['whole'] or 0}.{found['rest']}" if found["mark"] else found["whole"])


def _marks(mark: str | None) -> frozenset[str]:
    return frozenset({mark} if mark in (".", ",") else ())


def _ratio(written: str, wanted: str) -> Decimal:
    """How many of the wanted unit one of the written is. Raises OtherUnit."""
    found, known = _units.get(_key(written)), _units.get(_key(wanted))
    if found is None or known is None or found[0] != known[0] or found[0] == REGIONAL:
        raise OtherUnit(written)
    return found[1] / known[1]


def _key(unit: str) -> str:
    return fold(unicodedata.normalize("NFKC", unit))
