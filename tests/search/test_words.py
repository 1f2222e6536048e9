"""From texts to words: marks, abbreviations, spelling."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.search import words

LETTERS = st.text(alphabet="abdeghiklmnoprstuvxyăâđêôơưáàảãạệởữ", min_size=2, max_size=8)


def key(text: str) -> str:
    return words.key(words.split(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đất  Đỏ", "dat do"),
        ("ĐẤT ĐỎ", "dat do"),
        (unicodedata.normalize("NFD", "Đất Đỏ"), "dat do"),
        ("1873/QĐ-UBND", "1873 qd uy ban nhan dan"),
        ("Lô B2-18, khu TĐC", "lo b2 18 khu tai dinh cu"),
        ("P.1, TP. Vũng Tàu", "phuong 1 thanh pho vung tau"),
        ("p12", "phuong 12"),
        ("QL51", "quoc lo 51"),
        ("b12", "b12"),
        ("Vũng\u200b Tàu\u00ad", "vung tau"),
        ("…!?", ""),
    ],
)
def test_words_are_folded_and_abbreviations_written_out(text: str, expected: str) -> None:
    assert key(text) == expected


def test_a_word_that_is_being_typed_is_not_written_out_yet() -> None:
    assert words.split("long p", unfinished=True) == ["long", "p"]
    assert words.split("p long", unfinished=True) == ["phường", "long"]


@pytest.mark.parametrize(("one", "other"), [("hoà", "hòa"), ("thuỷ", "thủy"), ("Hoà Hiệp", "hòa hiệp")])
def test_the_place_of_a_tone_makes_no_other_accents(one: str, other: str) -> None:
    assert words.accents(words.split(one)) == words.accents(words.split(other))


def test_other_marks_do() -> None:
    assert words.accents(words.split("Hòa")) != words.accents(words.split("Hóa"))
    assert words.accents(words.split("Long Điền")) != words.accents(words.split("Long Diên"))


def test_codes_are_compared_without_punctuation() -> None:
    assert words.squeezed("VT-26535-0078") == words.squeezed(" vt 26535.0078") == "vt265350078"


@given(st.text(max_size=60))
def test_nothing_but_words_comes_out(text: str) -> None:
    for word in key(text).split():
        assert word
        assert not set(word) & set(" '\\&|!():*<>\x00")


@given(LETTERS, st.integers(0, 7), st.sampled_from("aeiouhng"), st.sampled_from(["drop", "add", "replace", "swap"]))
def test_a_word_one_letter_away_is_near_and_shares_a_variant(word: str, at: int, letter: str, how: str) -> None:
    word = words.folded(word)
    at = at % len(word)
    changed = {
        "drop": word[:at] + word[at + 1 :],
        "add": word[:at] + letter + word[at:],
        "replace": word[:at] + letter + word[at + 1 :],
        "swap": word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    }[how]
    if words.can_be_misspelt(changed):
        assert words.is_near(word, changed)
        assert set(words.variants(word)) & set(words.variants(changed))


@pytest.mark.parametrize(("one", "other"), [("dien", "dau"), ("26506", "26507"), ("p1", "p2"), ("long", "gnol")])
def test_others_and_codes_are_not_near(one: str, other: str) -> None:
    assert not words.is_near(one, other)
