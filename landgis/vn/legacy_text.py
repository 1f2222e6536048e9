"""TCVN3, the single-byte text of the .Vn fonts (.VnTime, .VnArial) in old DBF, DXF and DGN files.

Bytes below 0x80 are ASCII. Of the rest, the letters are those of letters.toml; the quotes, dashes and the blank that Windows itself puts
into such text mean what they mean in CP1252; any other byte is an error, because it says that the
text is not TCVN3.

**Capitals.** TCVN3 has Ă Â Đ Ê Ô Ơ Ư but no capital with a tone mark: a heading is typed `VòNG TµU`
and the font .VnTimeH draws it as capitals. So:

- decode raises a whole word to capitals when the word shows that it was drawn so: it has a capital
  after its first letter and no small ASCII letter (`VòNG`, `TµU`). A word that shows nothing (`Bµ`:
  Bà or BÀ? `§á`: Đỏ or ĐỎ?) follows the nearest word that does, and stays as it is where the two
  sides disagree or nothing is near.
- encode writes a capital with a tone mark as the small letter. What is lost is case, never a
  letter: "Ấp 3" comes back as "ấp 3", "BÀ" alone as "Bà".
"""

import functools
import re
import string
import tomllib
from pathlib import Path

from landgis.lib.text import nfc

TABLES = Path(__file__).with_name("letters.toml")
NO_LETTER = "·"
# Windows puts these into text whatever the font; .Vn fonts draw them unchanged.
_PUNCTUATION = bytes([0x85, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0xA0])
_WORD = re.compile(r"[^\W\d_]+")  # letters alone: 5A says nothing


def decode_tcvn3(raw: bytes) -> str:
    """TCVN3 bytes to text in NFC. Raises UnicodeDecodeError naming the byte that is not TCVN3."""
    letters = _letters()
    try:
        text = "".join([letters[byte] for byte in raw])
    except KeyError as error:
        at = raw.index(error.args[0])
        reason = "no TCVN3 letter: check the encoding of the file"
        raise UnicodeDecodeError("tcvn3", raw, at, at + 1, reason) from None
    return text if text.isascii() else _raise_capitals(text)


def encode_tcvn3(text: str) -> bytes:
    """Text to TCVN3 bytes; a capital with a tone mark becomes the small letter (see above).

    Raises UnicodeEncodeError naming the character that TCVN3 does not have.
    """
    text = nfc(text)
    codes = _codes()
    raw = bytearray()
    for at, character in enumerate(text):
        code = codes.get(character, codes.get(character.lower()))
        if code is None:
            raise UnicodeEncodeError("tcvn3", text, at, at + 1, "TCVN3 has no such character")
        raw.append(code)
    return bytes(raw)


@functools.cache
def _letters() -> dict[int, str]:
    """What each byte means."""
    table = tomllib.loads(TABLES.read_text(encoding="utf-8"))["tcvn3"]
    letters = {code: chr(code) for code in range(0x80)}
    letters |= {code: bytes([code]).decode("cp1252") for code in _PUNCTUATION}
    rows = enumerate("".join(table["rows"]), table["first"])
    return letters | {code: letter for code, letter in rows if letter != NO_LETTER}


@functools.cache
def _codes() -> dict[str, int]:
    return {letter: code for code, letter in _letters().items()}


# --- Capitals -------------------------------------------------------------------------------


def _raise_capitals(text: str) -> str:
    words = list(_WORD.finditer(text))
    shown = [_drawn_in_capitals(word[0]) for word in words]
    if not any(shown):
        return text
    pieces, end = [], 0
    for position, word in enumerate(words):
        capitals = shown[position]
        if capitals is None:
            capitals = _nearest(shown, position)
        pieces += [text[end : word.start()], word[0].upper() if capitals else word[0]]
        end = word.end()
    return "".join([*pieces, text[end:]])


def _drawn_in_capitals(word: str) -> bool | None:
    """True or False where the word shows it, None where it could be either."""
    if any(letter in string.ascii_lowercase for letter in word):
        return False
    return True if any(letter.isupper() for letter in word[1:]) else None


def _nearest(shown: list[bool | None], position: int) -> bool:
    """The case of the nearest word that shows one; False where the two sides disagree."""
    for distance in range(1, len(shown)):
        left = shown[position - distance] if position >= distance else None
        right = shown[position + distance] if position + distance < len(shown) else None
        if left is not None or right is not None:
            return left is not False and right is not False
    return False
