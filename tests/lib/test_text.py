"""One form of Unicode, the search key, encodings by name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.lib import text

LETTERS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Đất  Đỏ", "dat do"),
        ("  BÀ RỊA\u00a0-\tVŨNG TÀU\n", "ba ria - vung tau"),
        ("Œuvre à Fontaine-l'Abbé", "oeuvre a fontaine-l'abbe"),
        ("Łódź Straße Ærø İzmir", "lodz strasse aero izmir"),
        ("Tờ 5, thửa 125/2", "to 5, thua 125/2"),
        ("\ufeffthửa\u00ad\u200b đất", "thua dat"),
        ("क़ि", "क़ि"),  # a vowel sign is a letter
        ("", ""),
    ],
)
def test_the_search_key(written, key):
    assert text.fold(written) == key


def test_every_vietnamese_letter_folds_to_ascii():
    both = LETTERS + LETTERS.upper()
    assert text.fold(both).isascii()
    assert text.fold("".join(sorted(set(both)))) == text.fold("".join(sorted(set(both)))).lower()
    assert text.fold("ĐƯỜNG") == text.fold("đường") == "duong"


@given(st.text())
def test_folding_twice_is_folding_once(words):
    assert text.fold(text.fold(words)) == text.fold(words)


@given(st.one_of(st.text(), st.text(alphabet=LETTERS + LETTERS.upper() + " -5")))
def test_composed_and_decomposed_text_have_one_key(words):
    forms = {text.fold(unicodedata.normalize(form, words)) for form in ("NFC", "NFD")}
    assert forms == {text.fold(words)}


@given(st.text())
def test_nfc_is_reached_in_one_step(words):
    assert unicodedata.is_normalized("NFC", text.nfc(words))
    assert text.nfc(text.nfc(words)) == text.nfc(words)


def test_decoding_gives_nfc():
    apart = unicodedata.normalize("NFD", "Đất Đỏ").encode()
    assert text.decode(apart, "utf-8") == "Đất Đỏ"
    assert text.encode(unicodedata.normalize("NFD", "é"), "cp1252") == b"\xe9"
    assert text.decode("Đất".encode("utf-16"), "UTF_16") == "Đất", "Python's other codecs work"


def test_bytes_that_do_not_fit_are_named_not_replaced():
    with pytest.raises(UnicodeDecodeError) as caught:
        text.decode(b"abc\xff", "utf-8")
    assert caught.value.start == 3
    with pytest.raises(UnicodeEncodeError):
        text.encode("Đất", "iso-8859-1")


@pytest.mark.parametrize("name", ["tcvn99", "", "hex", "\x00"])
def test_an_unknown_encoding_names_the_known(name):
    with pytest.raises(text.UnknownEncoding, match=r"utf-8"):
        text.decode(b"a", name)


def test_an_encoding_is_registered_under_any_spelling(monkeypatch):
    monkeypatch.setattr(text, "_registered", dict(text._registered))
    text.register_encoding("Back_Wards", lambda raw: raw[::-1].decode(), lambda words: words.encode()[::-1])
    assert "back-wards" in text.encodings()
    assert text.decode(b"cba", "BACK-WARDS") == "abc"
    assert text.encode("abc", "back_wards") == b"cba"


VIETNAMESE = ["Vùng đất ở", "Chợ Vũng Tàu", "Phường Thắng Tam", "Khu phố Hải Đăng", "Xã Đất Đỏ"]


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "cp1258"])
def test_old_text_that_a_program_saved_as_utf_8_is_recognised(encoding):
    raws = [text.windows_text(text.encode(words, encoding)).encode() for words in VIETNAMESE]
    found = text.guess(raws)
    assert (found.encoding, found.score) == (f"{encoding}-in-utf-8", 1.0)
    assert [text.decode(raw, found.encoding) for raw in raws] == VIETNAMESE
    assert [text.encode(words, found.encoding) for words in VIETNAMESE] == raws


@pytest.mark.parametrize(
    "words", [VIETNAMESE, ["Forêt de Saint-Évroult", "Île-d'Aix"], ["Über der Straße"], ["Año nuevo"], ["TÊN", "MÃ"]]
)
def test_good_utf_8_is_left_as_it_is(words):
    assert text.guess([one.encode() for one in words]).encoding == "utf-8"
