"""Text: one Unicode form, the search key, and encodings older than Unicode.

Nothing here knows a language. A country's package registers its own encodings and adds its own
rules to the search key; it may also register how text of its language looks, by which the encoding
of a file is guessed.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

# Latin letters that Unicode does not take apart into letter and mark, and signs that are not seen.
_LETTERS = {
    "đ": "d",
    "ð": "d",
    "ɖ": "d",
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
    "\u2063": None,  # what stands behind a number (see `numerals`)
    "\ufeff": None,  # byte-order mark
}
# Of these, those that are one letter with a stroke.
PLAIN_LETTERS = {letter: plain for letter, plain in _LETTERS.items() if plain and len(plain) == 1}
# The blocks of diacritical marks. Combining marks of other blocks are vowels of their scripts.
_MARKS = dict.fromkeys([*range(0x0300, 0x0370), *range(0x1AB0, 0x1B00), *range(0x1DC0, 0x1E00)])
_FOLDED = str.maketrans(_LETTERS) | _MARKS


def nfc(text: str) -> str:
    """Unicode normalisation form C, the only form that is stored and compared."""
    return unicodedata.normalize("NFC", text)


# Letters of other scripts, wide ones and dashes that look like one of ASCII.
_LETTERS_ALIKE = dict(
    zip(
        "АВЕКМНОРСТУХаеорсухіІјЈѕЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
        "ABEKMHOPCTYXaeopcyxiIjJsSABEZHIKMNOPTYXo",
        strict=True,
    )
)
LOOKALIKES = (
    _LETTERS_ALIKE
    | {chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
)
_OTHER_SCRIPT = re.compile(f"[{''.join(_LETTERS_ALIKE)}]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_WORD = re.compile(r"[^\W\d_]+")
# Letters of other languages that look like one of the country's: "Ð" like "Đ".
_lookalikes: dict[int, str] = {}
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff\x00"))
_BLANKS = re.compile(r"[^\S\n]+")


def register_lookalikes(letters: Mapping[str, str]) -> None:
    """Letters that nobody means, each with the one that it looks like."""
    _lookalikes.update({ord(letter): meant for letter, meant in letters.items()})


def one_spelling(text: str) -> str:
    """The one way in which texts that look alike are kept: NFC, single blanks and none at the ends, nothing unseen."""
    plain = nfc(text)
    if not plain.isascii():
        plain = _in_one_script(plain.translate(_UNSEEN).translate(_lookalikes))
    return _BLANKS.sub(" ", plain.replace("\x00", "")).strip()


def _in_one_script(text: str) -> str:
    """The text with Latin letters where a word mixes them with others that look the same."""
    if not _OTHER_SCRIPT.search(text):
        return text
    alike = str.maketrans(_LETTERS_ALIKE)
    return _WORD.sub(lambda word: word[0].translate(alike) if _LATIN.search(word[0]) else word[0], text)


def fold(text: str) -> str:
    """The search key: lower case, no diacritics, ł as l and đ as d, blanks collapsed: "Łódź  Ålesund" is "lodz alesund".

    The same for NFC and NFD; folding twice is folding once. It is a key, never shown.
    """
    key = unicodedata.normalize("NFD", text).lower()
    if not key.isascii():
        key = nfc(key.translate(_FOLDED))
    return " ".join(key.split())


# --- Encodings ------------------------------------------------------------------------------


class UnknownEncoding(LookupError):
    """No such encoding. The text names the ones there are."""

    def __init__(self, encoding: str):
        self.encoding = encoding
        super().__init__(
            f"{encoding!r} is not an encoding known here. Use {', '.join(encodings())} or another "
            "name that Python's codecs know."
        )


IN_UTF_8 = "-in-utf-8"
_registered: dict[str, tuple[Callable[[bytes], str], Callable[[str], bytes]]] = {}
_guessed: list[str] = []


def register_encoding(
    name: str, decode: Callable[[bytes], str], encode: Callable[[str], bytes], *, guessed: bool = False
) -> None:
    """Make an encoding known by name (case and _ or - do not matter), or replace it.

    decode and encode raise UnicodeDecodeError and UnicodeEncodeError for what they cannot do;
    they never guess and never leave out. One that is `guessed` is tried by guess(), and so is the text of a program
    that took its bytes for those of Windows and wrote them as UTF-8 (`tcvn3-in-utf-8`).
    """
    _registered[_key(name)] = (decode, encode)
    if guessed:
        again = f"{_key(name)}{IN_UTF_8}"
        _registered[again] = (_in_utf_8(again, decode), lambda text: windows_text(encode(text)).encode())
        _guessed.extend(one for one in (_key(name), again) if one not in _guessed)


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


# --- Bytes that were taken for another encoding ----------------------------------------------


def windows_bytes(text: str) -> bytes:
    """The bytes of a text that was read as CP1252, as Windows reads what it does not know.

    Bytes that CP1252 does not have pass as the control characters they are in ISO-8859-1. Raises
    UnicodeEncodeError for a character that no byte can have become: the text was not read so.
    """
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError:
        return b"".join(_windows_byte(character) for character in text)


def windows_text(raw: bytes) -> str:
    """What Windows shows of bytes that it takes for CP1252; the other way round from windows_bytes()."""
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(_windows_character(bytes([byte])) for byte in raw)


def _windows_byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("iso-8859-1")


def _windows_character(byte: bytes) -> str:
    try:
        return byte.decode("cp1252")
    except UnicodeDecodeError:
        return byte.decode("iso-8859-1")


def _in_utf_8(name: str, decode: Callable[[bytes], str]) -> Callable[[bytes], str]:
    def decode_again(raw: bytes) -> str:
        try:
            return decode(windows_bytes(raw.decode()))
        except UnicodeEncodeError as error:
            raise UnicodeDecodeError(name, raw, 0, len(raw), str(error)) from error

    return decode_again


# --- Guessing -------------------------------------------------------------------------------

# How many words of a text look like the language, and how many can be judged.
Likeness = Callable[[str], tuple[int, int]]
_languages: dict[str, Likeness] = {}
SURE = 0.8  # of the words
BETTER = 0.2  # by so much must another reading be better than what the file says of itself


@dataclass(frozen=True)
class Guess:
    """An encoding, and the share of the words (0 to 1) that look like a language when they are read so."""

    encoding: str
    score: float


def register_language(name: str, likeness: Likeness) -> None:
    """Let a language take part in guesses. Words of ASCII letters say nothing and are not judged."""
    _languages[name] = likeness


def guess(raws: Sequence[bytes], said: str = "utf-8") -> Guess:
    """The encoding of texts that hold more than ASCII; `said` is what the file says of itself.

    Where no language is known, what can be read as UTF-8 is UTF-8, and else as it is said, or CP1252.
    """
    candidates = list(dict.fromkeys([_key(said), "utf-8", *_guessed, "cp1252"]))
    scores = [Guess(name, _score(raws, name)) for name in candidates]
    first = scores[0]
    best = max(scores, key=lambda one: one.score)
    # What can be read as UTF-8 is nothing else by accident: it may be a language that is not known here.
    least = SURE if first.encoding == "utf-8" and _decodes(raws, "utf-8") else 0.0
    return best if best.score >= max(first.score + BETTER, least) else first


def _decodes(raws: Sequence[bytes], encoding: str) -> bool:
    try:
        return all(decode(raw, encoding) is not None for raw in raws)
    except UnicodeError:
        return False


def likeness(texts: Sequence[str]) -> float:
    """The share of the words that look like a registered language; 0 where none can be judged."""
    judged = [_likeness_of(text) for text in texts]
    total = sum(words for _good, words in judged)
    return sum(good for good, _words in judged) / total if total else 0.0


def _score(raws: Sequence[bytes], encoding: str) -> float:
    read, lost = [], 0
    for raw in raws:
        try:
            read.append(decode(raw, encoding))
        except UnicodeError:
            lost += 1
    if not raws:
        return 0.0
    whole = len(read) / len(raws)
    if not _languages:
        # UTF-8 is not valid by accident; every byte is a letter of CP1252.
        return whole if encoding != "cp1252" else 0.5
    return likeness(read) * whole


def _likeness_of(text: str) -> tuple[int, int]:
    return max((judge(text) for judge in _languages.values()), default=(0, 0))


for _name in ("utf-8", "cp1252", "iso-8859-1"):
    register_encoding(_name, *_python_codec(_name))
register_encoding(
    "utf-8-twice", _in_utf_8("utf-8-twice", bytes.decode), lambda text: windows_text(text.encode()).encode()
)
_guessed.append("utf-8-twice")


def printable(text: str) -> str:
    """Without the control characters that XML and calendars cannot hold; line breaks and tabs stay."""
    return "".join(letter for letter in text if letter in "\t\n\r" or unicodedata.category(letter) not in ("Cc", "Cs"))
