"""VNI, the text of the VNI fonts (VNI-Times) in old DBF, DXF and DGN files, and CP1258 of Windows.

In VNI a letter is followed by a sign for its marks: `Vuõng Taøu` is Vũng Tàu. The table is in letters.toml. CP1258 writes the tone behind the letter; Python reads it, and writes only letters that
have a byte of their own, so the tones are taken off here.
"""

import functools
import re
import tomllib
import unicodedata
from pathlib import Path

from landgis.lib.text import nfc, windows_text

TABLES = Path(__file__).with_name("letters.toml")
AS_THEY_ARE = "ìíÌÍ"
PUNCTUATION = "…‘’“”•–—\xa0°²³"
TONES = "\u0300\u0301\u0303\u0309\u0323"


def decode_vni(raw: bytes) -> str:
    """VNI bytes to text in NFC. Raises UnicodeDecodeError for a sign that stands behind no letter."""
    shown = windows_text(raw)
    text = _signs().sub(lambda match: _letters()[match[0]], shown)
    for match in re.finditer(r"[^\x00-\x7f]", _signs().sub("", shown)):
        if match[0] not in AS_THEY_ARE + PUNCTUATION:
            at = shown.index(match[0])
            raise UnicodeDecodeError("vni", raw, at, at + 1, "no VNI letter: check the encoding of the file")
    return nfc(text)


def encode_vni(text: str) -> bytes:
    """Text to VNI bytes. Raises UnicodeEncodeError naming the character that VNI does not have."""
    text = nfc(text)
    signs = _surfaces()
    pieces = []
    for at, character in enumerate(text):
        if not (character.isascii() or character in signs or character in AS_THEY_ARE + PUNCTUATION):
            raise UnicodeEncodeError("vni", text, at, at + 1, "VNI has no such character")
        pieces.append(signs.get(character, character))
    return "".join(pieces).encode("cp1252")


def decode_cp1258(raw: bytes) -> str:
    return nfc(raw.decode("cp1258"))


def encode_cp1258(text: str) -> bytes:
    """Text to CP1258 bytes: letters with their shape, the tone behind them."""
    return "".join(_tone_behind(character) for character in nfc(text)).encode("cp1258")


def _tone_behind(character: str) -> str:
    marks = unicodedata.normalize("NFD", character)
    tone = "".join(mark for mark in marks if mark in TONES)
    return nfc("".join(mark for mark in marks if mark not in TONES)) + tone if tone else character


@functools.cache
def _letters() -> dict[str, str]:
    """What each sign sequence means."""
    written = tomllib.loads(TABLES.read_text(encoding="utf-8"))["vni"]["letters"].split()
    small = dict(zip(written[::2], written[1::2], strict=True))
    return small | {signs.upper(): letter.upper() for signs, letter in small.items()}


@functools.cache
def _surfaces() -> dict[str, str]:
    shortest_last = sorted(_letters().items(), key=lambda pair: -len(pair[0]))
    return {letter: surface for surface, letter in reversed(shortest_last)} | {"ỵ": "yï", "Ỵ": "YÏ"}


@functools.cache
def _signs() -> re.Pattern[str]:
    longest_first = sorted(_letters(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))
