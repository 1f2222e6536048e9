"""The order in which texts stand in lists, as the database knows it too. A country's package says that of its language."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from landgis.lib.text import PLAIN_LETTERS

# The collation by which the database sorts references, in the order of `Order()`.
NATURAL, NATURAL_LOCALE = "natural_order", "und-u-kn-true"

_PIECE = re.compile(r"\d+|\D", re.DOTALL)
_KINDS = "ZPSN"  # blanks, punctuation, signs and digits come before letters, in this order
# Acute, grave, breve, circumflex, caron, ring, diaeresis, double acute, tilde, dot above, cedilla, ogonek, macron, hook,
# horn, dot below.
_MARKS = "\u0301\u0300\u0306\u0302\u030c\u030a\u0308\u030b\u0303\u0307\u0327\u0328\u0304\u0309\u031b\u0323"


@dataclass(frozen=True)
class Order:
    """An order, and the language whose it is (`locale`, as ICU calls it); that of all languages where nothing is said.

    Numbers stand in the order of their values, 2 before 10. Letters decide first, then marks, those of `marks` before the others, then capitals. A letter with one of the `letter_marks` is a letter
    of its own behind the plain one; so is each of `letters`, which stand behind those that they name.
    """

    locale: str = "und"
    marks: str = ""
    letter_marks: str = ""
    letters: Mapping[str, str] = field(default_factory=dict)


_order = Order()


def use(order: Order) -> None:
    """Make this the order of the installation."""
    global _order  # noqa: PLW0603 -- one installation has one order
    _order = order


def order_key(text: str, order: Order | None = None) -> tuple[tuple[Any, ...], tuple[int, ...], tuple[Any, ...]]:
    """A key that sorts as the order says, that of the installation where none is given."""
    order = order or _order
    ranks = order.marks + _MARKS
    letters: list[tuple[Any, ...]] = []
    marks: list[int] = []
    capitals = []
    for letter in _PIECE.findall(unicodedata.normalize("NFD", text)):
        if letter.isdecimal():
            digits = "".join(str(int(digit)) for digit in letter).lstrip("0") or "0"
            letters.append((_KINDS.index("N"), f"{len(digits):03d}{digits}", 0))
            marks.append(0)
            capitals.append(False)
        elif letter in order.letter_marks and letters:
            letters[-1] = (*letters[-1][:2], order.letter_marks.index(letter) + 1)
        elif unicodedata.combining(letter):
            if marks:
                marks[-1] = (ranks.find(letter) + 1) or len(ranks) + 1
        else:
            small = letter.lower()
            own = order.letters.get(small)
            plain = own or PLAIN_LETTERS.get(small, small)
            kind = _KINDS.find(unicodedata.category(letter)[0])
            letters.append((kind if kind >= 0 else len(_KINDS), plain, int(own is not None)))
            marks.append(0 if own or plain == small else len(ranks) + 1)
            capitals.append(letter != small)
    return tuple(letters), tuple(marks), tuple(capitals)
