"""Text: one Unicode form, the search key, and encodings older than Unicode.

Nothing here knows a language. A country's package registers its own encodings and adds its own
rules to the search key.
"""

import codecs
import unicodedata
from collections.abc import Callable

# Latin letters that Unicode does not take apart into letter and mark, and signs that are not seen.
_LETTERS = {
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ı": "i",
    "ł": "l",
    "ŋ": "n",
    "ø": "o",
    "ŧ": "t",
    "æ": "ae",
    "œ": "oe",
    "ß": "ss",
    "þ": "th",
    "\u00ad": None,  # soft hyphen
    "\u200b": None,  # zero-width space
    "\ufeff": None,  # byte-order mark
}
# The blocks of diacritical marks. Combining marks of other blocks are vowels of their scripts.
_MARKS = dict.fromkeys([*range(0x0300, 0x0370), *range(0x1AB0, 0x1B00), *range(0x1DC0, 0x1E00)])
_FOLDED = str.maketrans(_LETTERS) | _MARKS


def nfc(text: str) -> str:
    """Unicode normalisation form C, the only form that is stored and compared."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """The search key: lower case, no diacritics, đ as d, blanks collapsed: "Đất  Đỏ" is "dat do".

    The same for NFC and NFD; folding twice is folding once. It is a key, never shown.
    """
    key = unicodedata.normalize("NFD", text).lower()
    if not key.isascii():
        key = nfc(key.translate(_FOLDED))
    return " ".join(key.split())


def plain_number(text: str) -> str:
    """1.234.567,89 and 1,234,567.89 as 1234567.89: of two marks the last one is the decimal mark.

    A mark that stands alone is the decimal mark; one that is repeated groups thousands.
    """
    text = text.replace(" ", "").replace("\xa0", "")
    decimal = max(".,", key=text.rfind)
    grouping = "." if decimal == "," else ","
    text = text.replace(grouping, "")
    return text.replace(decimal, "") if text.count(decimal) > 1 else text.replace(decimal, ".")


# --- Encodings ------------------------------------------------------------------------------


class UnknownEncoding(LookupError):
    """No such encoding. The text names the ones there are."""

    def __init__(self, encoding: str):
        self.encoding = encoding
        super().__init__(
            f"{encoding!r} is not an encoding known here. Use {', '.join(encodings())} or another "
            "name that Python's codecs know."
        )


_registered: dict[str, tuple[Callable[[bytes], str], Callable[[str], bytes]]] = {}


def register_encoding(name: str, decode: Callable[[bytes], str], encode: Callable[[str], bytes]) -> None:
    """Make an encoding known by name (case and _ or - do not matter), or replace it.

    decode and encode raise UnicodeDecodeError and UnicodeEncodeError for what they cannot do;
    they never guess and never leave out.
    """
    _registered[_key(name)] = (decode, encode)


def encodings() -> list[str]:
    """The registered names, to be offered as a choice. Python's other codecs work too."""
    return sorted(_registered)


def decode(raw: bytes, encoding: str) -> str:
    """Bytes to text in NFC. Raises UnknownEncoding, or UnicodeDecodeError with the place."""
    return nfc(_codec(encoding)[0](raw))


def encode(text: str, encoding: str) -> bytes:
    """Text to bytes by way of NFC. Raises UnknownEncoding, or UnicodeEncodeError with the place."""
    return _codec(encoding)[1](nfc(text))


def _codec(encoding: str) -> tuple[Callable[[bytes], str], Callable[[str], bytes]]:
    found = _registered.get(_key(encoding))
    return found or _python_codec(encoding)


def _python_codec(encoding: str) -> tuple[Callable[[bytes], str], Callable[[str], bytes]]:
    try:
        codecs.lookup(encoding)
        "".encode(encoding)  # refuses the codecs that are not of text, such as "hex"
    except (LookupError, ValueError):
        raise UnknownEncoding(encoding) from None
    return (lambda raw: raw.decode(encoding)), (lambda text: text.encode(encoding))


def _key(name: str) -> str:
    return name.strip().lower().replace("_", "-")


for _name in ("utf-8", "cp1252", "iso-8859-1"):
    register_encoding(_name, *_python_codec(_name))
