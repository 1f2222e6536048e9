"""Vietnamese as its keys are typed where no program turns them into letters: Telex and VNI.

"Phuowcs Hair" and "Phu7o7c1 Ha3i" are Phước Hải. A word is turned only into a well-formed syllable, and only in a text
that cannot be meant as it stands: the keys of Telex are letters, so "hair" alone would say little.
"""

import re
import unicodedata

from landgis.lib.text import nfc
from landgis.search.wordings import tokens
from landgis.vn.language import is_syllable

CIRCUMFLEX, BREVE, HORN = "\u0302", "\u0306", "\u031b"
TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
VOWELS = "aeiouy"
LONGEST = 12  # keys of one syllable
# English words that are keys of a syllable too.
ENGLISH = frozenset(
    re.findall(r"\w+", "as box for has his how is its lots maps now of or road row show six tax town us was were")
)
# Đ in abbreviations, which have no vowel: QDd-UBND, HD9ND.
_STROKE = re.compile(
    r"(?<![^\W_])(?=[^\W_]{3,6}(?![^\W_]))([^\W\d_aeiouyAEIOUY]{0,3})([Dd])[Dd9]([^\W\d_aeiouyAEIOUY]{0,3})(?![^\W_])"
)
_TYPED = re.compile(r"[A-Za-z]+\d[A-Za-z\d]*")
# Words before a number, which may be written together with it.
_NUMBERED = frozenset(re.findall(r"\w+", "ap d f ho khu kp lo o p phuong q quan ql so t th thon thua tl to x"))


def printed(text: str) -> str:
    """The text with the keys of Telex or VNI as the letters that they stand for."""
    text = _from_telex(_from_vni(text))
    return _STROKE.sub(lambda match: match[1] + ("Đ" if match[2] == "D" else "đ") + match[3], text)


def perhaps_printed(text: str) -> str:
    """The text with every word of letters and digits as a syllable that it makes in VNI: "Ngai4 Giao", or a number."""
    found = [match for match in tokens(text) if _TYPED.fullmatch(match[0])]
    return _put(text, {(match.start(), match.end()): letters for match in found if (letters := vni(match[0]))})


def _from_telex(text: str) -> str:
    found = [match for match in tokens(text) if match[0].isascii() and match[0].isalpha()]
    typed = {match.start(): telex(match[0]) for match in found if match[0].lower() not in ENGLISH}
    sure = [
        match for match in found if len(match[0]) > 2 and typed.get(match.start()) and not is_syllable(match[0].lower())
    ]
    if not sure:
        return text
    chosen = found if text.isascii() else sure
    return _put(text, {(m.start(), m.end()): typed[m.start()] for m in chosen if typed.get(m.start())})


def _from_vni(text: str) -> str:
    found = [match for match in tokens(text) if _TYPED.fullmatch(match[0])]
    typed = [(match, letters) for match in found if (letters := vni(match[0]))]
    plain = [match[0].rstrip("12345").lower() for match, _letters in typed]
    inside = [re.search(r"\d[A-Za-z]|[6-9]\d?$", match[0]) for match, _letters in typed]
    behind = sum(word.isalpha() and word not in _NUMBERED for word in plain)
    if not any(inside) and behind < 2:
        return text
    return _put(text, {(match.start(), match.end()): letters for match, letters in typed})


def _put(text: str, letters: dict[tuple[int, int], str]) -> str:
    for (start, end), written in sorted(letters.items(), reverse=True):
        text = text[:start] + written + text[end:]
    return text


class _Syllable:
    """Letters with the marks of their shape, and a tone."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.tone = ""

    def add(self, letter: str) -> None:
        self.letters.append(letter)

    def bare(self) -> str:
        return "".join(letter[0] for letter in self.letters).lower()

    def has_vowel(self) -> bool:
        return any(letter in VOWELS for letter in self.bare())

    def shape(self, of: str, mark: str) -> bool:
        """Mark the last of these letters that has no mark yet; whether there was one."""
        for at in range(len(self.letters) - 1, -1, -1):
            if self.letters[at].lower() in of:
                self.letters[at] += mark
                return True
        return False

    def horn(self) -> bool:
        """The horn of u and o, and of both where they stand together."""
        at = self.bare().find("uo")
        if at >= 0 and not self.bare().startswith("quo"):
            was = len(self.letters[at]) + len(self.letters[at + 1])
            self.letters[at] = self.letters[at][0] + HORN
            self.letters[at + 1] = self.letters[at + 1][0] + HORN
            return was < 4
        return self.shape("ou", HORN)

    def stroke(self) -> bool:
        if self.letters and self.letters[0].lower() == "d":
            self.letters[0] = "đ" if self.letters[0] == "d" else "Đ"
            return True
        return False

    def written(self) -> str:
        """The syllable; empty where it is none, or has no marks."""
        letters = list(self.letters)
        if self.tone and (place := self._place_of_tone()) is not None:
            letters[place] += self.tone
        found = nfc("".join(letters))
        return found if not found.isascii() and is_syllable(found) else ""

    def _place_of_tone(self) -> int | None:
        bare = self.bare()
        start = 2 if bare[:2] in ("qu", "gi") and any(letter in VOWELS for letter in bare[2:]) else 0
        vowels = [at for at in range(start, len(bare)) if bare[at] in VOWELS]
        if not vowels:
            return None
        shaped = [at for at in vowels if len(self.letters[at]) > 1]
        if shaped:
            return shaped[-1]
        is_closed = vowels[-1] < len(bare) - 1
        return vowels[-1] if is_closed or len(vowels) == 1 else vowels[1] if len(vowels) > 2 else vowels[0]


def telex(word: str) -> str:
    """The syllable that keys of Telex make; empty where they make none."""
    made = _Syllable()
    for key in word[:LONGEST]:
        small = key.lower()
        if small in TELEX_TONES and made.has_vowel():
            made.tone = TELEX_TONES[small]
        elif not _shaped_by_telex(made, small):
            made.add(key)
    return made.written() if len(word) <= LONGEST else ""


def _shaped_by_telex(made: _Syllable, key: str) -> bool:
    """Whether the key only shapes a letter that stands there already."""
    if key == "w":
        if made.bare().endswith("ua") and not made.bare().endswith("qua"):
            return made.shape("u", HORN)
        if "a" in made.bare() and "u" not in made.bare():
            return made.shape("a", BREVE)
        return made.horn() or made.shape("a", BREVE)
    if key == "d":
        return made.stroke()
    return key in "aeo" and key in made.bare() and made.shape(key, CIRCUMFLEX)


def vni(word: str) -> str:
    """The syllable that keys of VNI make; empty where they make none."""
    made = _Syllable()
    for key in word:
        if key in VNI_TONES:
            if made.tone or not made.has_vowel():
                return ""
            made.tone = VNI_TONES[key]
        elif key.isdigit():
            if not _shaped_by_vni(made, key):
                return ""
        else:
            made.add(key)
    return made.written() if len(word) <= LONGEST else ""


def _shaped_by_vni(made: _Syllable, key: str) -> bool:
    if key == "6":
        return made.shape("aeo", CIRCUMFLEX)
    if key == "7":
        return made.horn() or HORN in unicodedata.normalize("NFD", "".join(made.letters))
    return made.shape("a", BREVE) if key == "8" else key == "9" and made.stroke()
