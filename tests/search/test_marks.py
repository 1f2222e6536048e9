"""A word that is written with marks is that word: another with the same letters is no answer, unless it says so."""

import unicodedata

import pytest
from django.utils import translation

from landgis.search import answers, marks
from landgis.search.answers import Answer
from landgis.search.readers import days
from tests.search.written_queries import telex, vni


def asked(text: str) -> Answer:
    with translation.override("en"):
        return answers.answer(text, limit=8)


@pytest.mark.parametrize(
    ("written", "held", "fits", "may_mean"),
    [
        ("thang", "thắng", True, True),
        ("thắng", "thắng", True, True),
        ("tháng", "thắng", False, True),  # as an old telephone writes it
        ("thắng", "tháng", False, True),  # a mark too much
        ("thắng", "thang", False, False),
        ("quận", "quản", False, False),
        ("ngải", "ngãi", False, True),
        ("hoà", "hòa", True, True),
        ("phuóc", "phước", False, True),
        ("phứơc", "phước", True, True),
        ("dát", "đất", False, True),
        ("đát", "dất", False, True),
        ("phưuc", "phước", False, True),
        ("phưc", "phước", False, True),
        ("một", "mai", False, False),
    ],
)
def test_marks_decide_which_word_is_meant(written: str, held: str, fits: bool, may_mean: bool) -> None:
    one, other = marks.WrittenWord(written), marks.WrittenWord(held)
    assert marks.fits(one, other) is fits
    assert marks.may_mean(one, other) is may_mean
    assert marks.fits(marks.WrittenWord(unicodedata.normalize("NFD", written)), other) is fits


def test_what_stands_at_the_place_of_a_word_is_what_it_was_read_as() -> None:
    asked, held = marks.split("đường Tôn Thất Tong"), marks.split("số 3 đường Tôn Thất Tùng")
    assert marks.read_as(asked, held) == ("tong", "tùng")
    assert marks.read_as(marks.split("Thất Tù"), held) == ("", "")


OTHERS = [  # what nobody may be told without a note
    ("quận 1", "quản lý"),
    ("đấu giá tháng 12", "thắng"),
    ("giá đất đường 3 tháng 2", "thắng"),
    ("tháng 12", "thắng"),
    ("Thằng Tám", "thắng tam"),
    ("Lọng Điện", "long điền"),
    ("Phước Hái", "phước hải"),
]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(("text", "other"), OTHERS)
def test_another_word_of_the_same_letters_is_no_answer_without_a_word(text: str, other: str) -> None:
    answer = asked(text)
    if any(other in hit.title.lower() for hit in answer.hits):
        assert answer.read_as, [hit.title for hit in answer.hits]
        assert other.split(maxsplit=1)[0] in answer.read_as.lower()


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("text", "title", "read_as"),
    [
        ("Phước Hưng", "Xã Phước Hưng", ""),
        ("PHƯỚC HƯNG", "Xã Phước Hưng", ""),
        ("phuoc hung", "Xã Phước Hưng", ""),
        ("Phước Hung", "Xã Phước Hưng", ""),
        (telex("Phước Hưng"), "Xã Phước Hưng", ""),
        (vni("Phước Hưng"), "Xã Phước Hưng", ""),
        (unicodedata.normalize("NFD", "Phước Hưng"), "Xã Phước Hưng", ""),
        ("Phứơc Hưng", "Xã Phước Hưng", ""),
        ("Phuóc Hưng", "Phước Hưng", "phước"),
        ("xã Hoà Hiệp", "Xã Hòa Hiệp", ""),
        ("Ngải Giao", "Xã Ngãi Giao", "ngãi"),
        ("Dất Dỏ", "Xã Đất Đỏ", "đất đỏ"),
        ("Ðất Ðỏ", "Xã Đất Đỏ", ""),  # the letter of Icelandic, which looks the same
        ("long dein", "Xã Long Điền", "điền"),
        ("Phươ", "Phước", ""),  # still being typed
    ],
)
def test_what_was_read_otherwise_than_it_is_written_is_said(text: str, title: str, read_as: str) -> None:
    answer = asked(text)
    assert title in answer.hits[0].title
    assert (read_as in answer.read_as.lower()) if read_as else not answer.read_as


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("quận 1", "Quận 1 lies outside the area"),
        ("q1", "Quận 1 lies outside the area"),
        ("phường 99", "No unit called “phường 99”"),
        ("tháng 12", "“tháng 12” is a date"),
        ("ngày 3 tháng 2 năm 2026", "“ngày 3 tháng 2 năm 2026” is a date"),
        ("3/2", "“3/2” was read as sheet and parcel"),
    ],
)
def test_dates_and_kinds_that_are_not_here_have_their_own_sentence(text: str, note: str) -> None:
    assert note in " ".join(asked(text).notes)


@pytest.mark.parametrize("text", ["tháng 12", "3 tháng 2", "ngày 3 tháng 2 năm 2026", "tháng 1 năm 2030", "thang 2"])
def test_dates_are_recognised(text: str) -> None:
    assert days.is_date(marks.split(text))


@pytest.mark.parametrize("text", ["12", "tháng", "thắng 12", "tháng 13", "32 tháng 1", "Lê Lợi tháng 2", "năm 2026"])
def test_and_nothing_else(text: str) -> None:
    assert not days.is_date(marks.split(text))
