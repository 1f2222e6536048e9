"""The order in which texts stand in lists. PostgreSQL knows it as the collation vi-x-icu."""

import unicodedata
from typing import Any

# Letters that are letters of their own, behind the one they are written with: ă and â after a, đ after d.
_LETTER_MARKS = {"\u0306": 1, "\u0302": 2, "\u031b": 3}  # breve, circumflex, horn
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # grave, hook, tilde, acute, dot below
_KINDS = "ZPSN"  # blanks, punctuation, signs and digits come before letters, in this order


def order_key(text: str) -> tuple[tuple[Any, ...], tuple[int, ...], tuple[Any, ...]]:
    """A key that sorts as the Vietnamese do (and PostgreSQL's vi-x-icu): An, Ăn, Ân, Dầu, Đất; ma, mà, mả, mã, má, mạ.

    Letters decide first, then tones, then capitals. Words of other languages in Latin letters come out in order too.
    """
    letters: list[tuple[Any, ...]] = []
    tones: list[int] = []
    capitals = []
    for letter in unicodedata.normalize("NFD", text):
        if letter in _LETTER_MARKS and letters:
            letters[-1] = (*letters[-1][:2], _LETTER_MARKS[letter])
        elif unicodedata.combining(letter):
            if tones:
                tones[-1] = _TONES.get(letter, len(_TONES) + 1)
        else:
            kind = _KINDS.find(unicodedata.category(letter)[0])
            small = letter.lower()
            letters.append((kind if kind >= 0 else len(_KINDS), "d" if small == "đ" else small, int(small == "đ")))
            tones.append(0)
            capitals.append(letter != small)
    return tuple(letters), tuple(tones), tuple(capitals)
