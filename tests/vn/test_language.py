"""VNI and CP1258, and how Vietnamese is told from text that was read wrongly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.lib import text
from landgis.vn.language import is_syllable, likeness

SMALL = "abcdefghijklmnopqrstuvwxyz0123456789 ,./-()"
LETTERS = "àáảãạăắằẳẵặâấầẩẫậèéẻẽẹêếềểễệìíỉĩịòóỏõọôốồổỗộơớờởỡợùúủũụưứừửữựỳýỷỹỵđ"
PLACES = ["Phường Thắng Tam", "Xã Đất Đỏ", "Thị trấn Ngãi Giao", "Đường Trần Hưng Đạo", "thửa đất số 125", "Giếng Nước"]


@pytest.mark.parametrize(
    ("surface", "words"),
    [
        ("Vuõng Taøu", "Vũng Tàu"),
        ("Ñaát Ñoû", "Đất Đỏ"),
        ("thöûa ñaát soá", "thửa đất số"),
        ("ÑÖÔØNG LEÂ LÔÏI", "ĐƯỜNG LÊ LỢI"),
        ("baúng", "bẳng"),
        ("BAÚNG", "BẲNG"),
        ("kyï, kî", "kỵ, kỵ"),
        ("Chi phí vì", "Chi phí vì"),
    ],
)
def test_vni(surface: str, words: str) -> None:
    assert text.decode(surface.encode("cp1252"), "vni") == words


@pytest.mark.parametrize("encoding", ["vni", "cp1258"])
def test_every_letter_comes_back(encoding: str) -> None:
    for letter in LETTERS + LETTERS.upper():
        assert text.decode(text.encode(letter, encoding), encoding) == letter


@pytest.mark.parametrize("encoding", ["vni", "cp1258", "utf-8-twice"])
@given(words=st.lists(st.sampled_from(PLACES), min_size=1).map(" ".join))
def test_text_comes_back(encoding: str, words: str) -> None:
    assert text.decode(text.encode(words, encoding), encoding) == words


@pytest.mark.parametrize(("surface", "encoding"), [("Vòng Tµu", "vni"), ("100 £", "vni"), ("x\x81", "vni")])
def test_what_is_no_vni_is_refused(surface: str, encoding: str) -> None:
    with pytest.raises(UnicodeDecodeError):
        text.decode(surface.encode("iso-8859-1"), encoding)
    with pytest.raises(UnicodeEncodeError):
        text.encode("漢", encoding)


@pytest.mark.parametrize(
    "word", ["Vũng", "Tàu", "ĐẤT", "nghiêng", "quốc", "giếng", "khuỷu", "Đắk", "ơi", "uống", "hoạch"]
)
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["Vuõng", "đât", "VòNG", "§Êt", "Île", "Évroult", "µu", "ôh", "ếch̀"])
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_what_says_nothing_is_not_judged() -> None:
    assert likeness("QĐ-UBND 12 m² “Lot” 5°") == (0, 0)
    assert likeness("Số 5 QĐ-UBND tỉnh") == (2, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "tcvn3", "vni", "cp1258", "utf-8-twice"])
@pytest.mark.parametrize("said", ["utf-8", "cp1252", "tcvn3"])
def test_the_encoding_is_guessed_whatever_is_said(encoding: str, said: str) -> None:
    guess = text.guess([text.encode(place, encoding) for place in PLACES], said)
    assert (guess.encoding, guess.score) == (encoding, 1.0)
