"""Questions for persons and for the papers of persons: nothing of that kind is public, and that is what is said."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from landgis.search import words
from landgis.search.answers import Reading
from landgis.search.questions import Question

# The serial of a certificate, such as BA 123456 or AA 01234567, and its number in the book of issue, such as CH 01234.
SERIAL = re.compile(r"(?:[A-ZĐ]{1,2}|CH|CS|VP|CT)[ .-]?\d{5,8}")
CERTIFICATE = (
    "giấy chứng nhận",
    "gcn",
    "gcnqsdđ",
    "sổ đỏ",
    "sổ hồng",
    "số seri",
    "seri",
    "số phát hành",
    "số vào sổ",
    "vào sổ cấp",
)
# A citizen's number, an older one, a telephone.
PERSONAL_NUMBER = re.compile(r"0\d{11}|\d{9}|0[35789]\d{8}")
TITLES = frozenset(("ông", "bà", "anh", "chị", "cô", "chú", "cụ", "bác"))
OWNER = ("chủ đất", "chủ sử dụng", "chủ sở hữu", "đất của", "nhà của", "người sử dụng")
SURNAMES = frozenset(
    [
        "nguyễn",
        "trần",
        "lê",
        "phạm",
        "hoàng",
        "huỳnh",
        "phan",
        "vũ",
        "võ",
        "đặng",
        "bùi",
        "đỗ",
        "hồ",
        "ngô",
        "dương",
        "lý",
        "đào",
        "đoàn",
        "trịnh",
        "lâm",
        "mai",
        "trương",
        "đinh",
        "lưu",
        "tạ",
        "thái",
        "châu",
        "cao",
    ]
)
MIDDLE = frozenset(("văn", "thị"))
LONGEST_NAME = 5


def read_certificate(question: Question, limit: int) -> Reading | None:
    """For the number of a certificate: that none is public, and what to type instead."""
    text = words.plain(question.text).upper().strip()
    folded = f" {' '.join(question.folded)} "
    named = [phrase for phrase in CERTIFICATE if f" {words.key(words.split(phrase))} " in folded]
    if not SERIAL.fullmatch(text) and not (named and any(map(str.isdigit, text))):
        return None
    note = _(
        "Certificates are not public, so no land is found by the number of one. Type the map sheet and the parcel number "
        "that stand on it, such as “tờ 12 thửa 345”, and the commune."
    )
    return Reading(_("Number of a certificate"), notes=[note], is_all=False, is_last=True)


def read_person(question: Question, limit: int) -> Reading | None:
    """For a person, by name or by a personal number: that nobody is found here."""
    digits = "".join(question.text.split())
    if not (PERSONAL_NUMBER.fullmatch(digits) or _is_name(question)):
        return None
    note = _(
        "Who uses or owns land is not public, so nobody is found by name or personal number. Search by map sheet and "
        "parcel, address or place; for a street, write “đường” before its name."
    )
    return Reading(_("A person"), notes=[note], is_all=False, is_last=True)


def _is_name(question: Question) -> bool:
    """Whether the words look like the name of a person, or ask for the owner of something."""
    accented = [words.plain(word) for word in question.accented]
    has_marks = any(word != words.folded(word) for word in accented)
    said = tuple(accented if has_marks else question.folded)

    def known(phrases: Iterable[str]) -> set[tuple[str, ...]]:
        return {tuple(phrase.split() if has_marks else words.key(phrase.split()).split()) for phrase in phrases}

    owner: tuple[str, ...] = next((phrase for phrase in known(OWNER) if said[: len(phrase)] == phrase), ())
    name = said[len(owner) :]
    is_titled = name[:1] in known(TITLES)
    name = name[1:] if is_titled else name
    if not (2 <= len(name) <= LONGEST_NAME and all(map(str.isalpha, name))):
        return bool(owner) and not name
    return name[:1] in known(SURNAMES) and (bool(owner) or is_titled or name[1:2] in known(MIDDLE))
