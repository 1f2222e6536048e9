"""TCVN3: bytes to text and back, and what does not come back."""

import shutil
import subprocess
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.lib import text

PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789 ,./-()"
TONED = "àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
BASE = "ăâđêôơư"
SMALL = PLAIN + TONED + BASE


def raw(surface: str) -> bytes:
    """The bytes that a reader who takes TCVN3 for Latin-1 sees as `surface`."""
    return surface.encode("iso-8859-1")


@pytest.mark.parametrize(
    ("surface", "words"),
    [
        ("VòNG TµU", "VŨNG TÀU"),
        ("Vòng Tµu", "Vũng Tàu"),
        ("§Êt §á", "Đất Đỏ"),
        ("§ÊT §á", "ĐẤT ĐỎ"),
        ("thöa ®Êt sè 125", "thửa đất số 125"),
        ("Bµ RÞa", "Bà Rịa"),
        ("Bµ RÞA", "BÀ RỊA"),
        ("Bµ", "Bà"),
        ("§¦êNG Lª LîI", "ĐƯỜNG LÊ LỢI"),
        ("UBND x· Lý S¬n", "UBND xã Lý Sơn"),
        ("Ph\u00adêng 1, TP. Vòng Tµu", "Phường 1, TP. Vũng Tàu"),
        ("UBND Lª Lîi", "UBND Lê Lợi"),  # the neighbours disagree
        ("QL51, Êp 3", "QL51, ấp 3"),
        ("QL51, Lý", "QL51, LÝ"),  # an abbreviation alone looks like a heading: known limit
        ("sè 5A, Êp 3", "số 5A, ấp 3"),
        ("Vacant lot 12", "Vacant lot 12"),
        ("", ""),
    ],
)
def test_decoding(surface, words):
    assert text.decode(raw(surface), "tcvn3") == words


@pytest.mark.parametrize(
    ("words", "surface"),
    [
        ("VŨNG TÀU", "VòNG TµU"),
        ("Đất Đỏ", "§Êt §á"),
        ("Ấp 3", "Êp 3"),
        (unicodedata.normalize("NFD", "Đường"), "§\u00adêng"),
        ("“Khu A” – lô 3…", "\x93Khu A\x94 \x96 l« 3\x85"),
    ],
)
def test_encoding(words, surface):
    assert text.encode(words, "TCVN3") == raw(surface)


def test_the_windows_quotes_and_dashes_come_back():
    assert text.decode(raw("\x93Khu A\x94 \x96 l« 3\x85"), "tcvn3") == "“Khu A” – lô 3…"


@given(st.text(alphabet=SMALL))
def test_small_letters_come_back_exactly(words):
    assert text.decode(text.encode(words, "tcvn3"), "tcvn3") == words


@given(st.lists(st.text(alphabet=SMALL.upper(), min_size=1), min_size=1).map(" ".join))
def test_a_heading_comes_back_where_a_word_shows_it(words):
    """With one word in front that shows its capitals by ASCII letters, all of it comes back."""
    heading = "KHU " + words
    assert text.decode(text.encode(heading, "tcvn3"), "tcvn3") == heading


@given(st.text(alphabet=SMALL + SMALL.upper()))
def test_only_case_is_lost(words):
    back = text.decode(text.encode(words, "tcvn3"), "tcvn3")
    assert back.lower() == words.lower()
    assert text.fold(back) == text.fold(words)


@pytest.mark.parametrize(
    ("words", "back"),
    [
        ("Ấp 3", "ấp 3"),  # a capital with a tone mark that begins a word
        ("Ở đây", "ở đây"),
        ("BÀ", "Bà"),  # nothing shows the case of Bµ
        ("vŨng", "vũng"),
    ],
)
def test_what_is_lost(words, back):
    assert text.decode(text.encode(words, "tcvn3"), "tcvn3") == back


@pytest.mark.parametrize("byte", [0x80, 0x90, 0xB0, 0xB2, 0xC0, 0xFF])
def test_a_byte_that_is_no_letter_is_named(byte):
    with pytest.raises(UnicodeDecodeError, match="no TCVN3 letter") as caught:
        text.decode(b"lo " + bytes([byte]), "tcvn3")
    assert (caught.value.start, caught.value.end) == (3, 4)


@pytest.mark.parametrize("character", ["ç", "²", "€", "Ü", "数"])
def test_a_character_that_tcvn3_lacks_is_named(character):
    with pytest.raises(UnicodeEncodeError, match="no such character") as caught:
        text.encode("m" + character, "tcvn3")
    assert caught.value.start == 1


def test_the_table_is_complete_and_one_to_one():
    high = [byte for byte in range(0xA1, 0x100) if decodes(byte)]
    letters = [text.decode(bytes([byte]), "tcvn3") for byte in high]
    assert sorted(letters) == sorted(TONED + BASE + BASE.upper())
    assert [text.encode(letter, "tcvn3")[0] for letter in letters] == high


@pytest.mark.skipif(shutil.which("iconv") is None, reason="iconv is not installed")
def test_the_table_is_that_of_iconv():
    high = bytes(byte for byte in range(0xA1, 0x100) if decodes(byte))
    command = ["iconv", "-f", "TCVN5712-1", "-t", "UTF-8"]
    theirs = subprocess.run(command, input=b" ".join(bytes([b]) for b in high), capture_output=True, check=True)
    ours = " ".join(text.decode(bytes([byte]), "tcvn3") for byte in high)
    assert text.nfc(theirs.stdout.decode()) == ours


def decodes(byte: int) -> bool:
    try:
        text.decode(bytes([byte]), "tcvn3")
    except UnicodeDecodeError:
        return False
    return True
