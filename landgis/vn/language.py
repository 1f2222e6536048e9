"""How Vietnamese looks: a word is one syllable, and there are not many forms of syllables.

Text that was read in a wrong encoding has letters in places where no syllable has them, so a share of well-formed
syllables tells the right reading from the wrong ones. Words of ASCII letters alone say nothing.
"""

import re
import unicodedata

from landgis.lib.order import Order
from landgis.lib.text import nfc

TONES = "\u0300\u0309\u0303\u0301\u0323"  # in their order: ma, mà, mả, mã, má, mạ
SHARP, HEAVY = "\u0301", "\u0323"
ONSET = "ngh|ch|gh|gi|kh|ng|nh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x"
NUCLEUS = (
    "uyê|uya|iêu|yêu|uôi|ươi|ươu|oai|oay|oao|oeo|uây|uyu|ia|iê|ya|yê|ua|uô|ưa|ươ|oa|oă|oe|uâ|uê|uy|uơ|oo|ai|ay|ao|"
    "au|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
)
SYLLABLE = re.compile(rf"({ONSET})?({NUCLEUS})(ng|nh|ch|c|m|n|p|t|k)?")
BEFORE_NH = {"a", "ê", "i", "y", "oa", "uê", "uy"}  # ng and c, nh and ch stand behind different vowels
NOT_BEFORE_NG = BEFORE_NH - {"a", "oa"}
STOPS = {"c", "ch", "p", "t"}  # these end only syllables with the sharp or the heavy tone
ABBREVIATION = re.compile(r"[BCDĐGHKLMNPQRSTVXƯ]{1,8}")
PUNCTUATION = str.maketrans(dict.fromkeys("–—“”‘’…•°²³±×½¼₫\xa0\u200b", " "))
TOKEN = re.compile(r"[^\W\d_]+|[^\x00-\x7f]")
# ă and â stand after a, ơ after o, ư after u, đ after d: breve, circumflex and horn make letters.
ORDER = Order("vi", marks=TONES, letter_marks="\u0306\u0302\u031b", letters={"đ": "d"})


def likeness(text: str) -> tuple[int, int]:
    """How many words with Vietnamese letters are well-formed syllables, and how many there are."""
    good = total = 0
    for token in TOKEN.findall(nfc(text).translate(PUNCTUATION)):
        if token.isascii() or ABBREVIATION.fullmatch(token):
            continue
        total += 1
        good += is_syllable(token)
    return good, total


def is_syllable(word: str) -> bool:
    """Whether a word can be Vietnamese: small letters with one capital at most, or capitals only."""
    if not (word.isupper() or word[1:].islower() or len(word) == 1):
        return False
    marks = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in marks if mark in TONES]
    if len(tones) > 1:
        return False
    match = SYLLABLE.fullmatch(nfc("".join(mark for mark in marks if mark not in TONES)))
    if match is None:
        return False
    onset, nucleus, coda = match.groups()
    if onset == "gi" and nucleus == "ê":  # giếng: its i is the onset's
        nucleus = "iê"
    if (coda in {"nh", "ch"} and nucleus not in BEFORE_NH) or (coda in {"ng", "c"} and nucleus in NOT_BEFORE_NG):
        return False
    return coda not in STOPS or tones in ([SHARP], [HEAVY])
