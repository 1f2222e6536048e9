"""Sheet and parcel, codes and addresses of a dataset whose rows have no search entries; every miss is explained."""

import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from landgis.catalog import memory
from landgis.search import answers
from landgis.search.actions import follow
from landgis.search.models import SearchAddress, SearchEntry, SearchPlace, SearchStreet
from tests import databases
from tests.search import numbered
from tests.search.numbered import parcel

LD, TP, BR = "26659", "26668", "26548"  # thị trấn Long Điền, xã Tam Phước, phường Phước Hưng
LONG_DIEN, BA_RIA = "Xã Long Điền", "Phường Bà Rịa"

FIRST = [
    parcel(LD, LONG_DIEN, "Thị trấn Long Điền", "12", "345", 0, address="Số 45 đường Võ Thị Sáu, khu phố Long An"),
    parcel(LD, LONG_DIEN, "Thị trấn Long Điền", "12", "346", 1, address="47 Võ Thị Sáu"),
    parcel(LD, LONG_DIEN, "Thị trấn Long Điền", "12", "1", 2, address="12/3 đường Võ Thị Sáu"),
    parcel(TP, LONG_DIEN, "Xã Tam Phước", "12", "345", 3, address="Tổ 3, ấp Phước Nghĩa"),
    parcel(BR, BA_RIA, "Phường Phước Hưng", "12", "345", 4, address="45 Võ Thị Sáu"),
    parcel(BR, BA_RIA, "Phường Phước Hưng", "7", "8", 5),
    parcel(LD, LONG_DIEN, "Thị trấn Long Điền", "30", "5", 6, width=2),
    parcel(LD, LONG_DIEN, "Thị trấn Long Điền", "30", "9", 8),
    parcel(BR, BA_RIA, "Phường Phước Hưng", "50", "77", 9, is_public=False, address="99 Lê Hồng Phong"),
]
# Parcel 5 of sheet 30 is split into 11 and 12; parcel 9 is renumbered 13.
SECOND = [
    *[one for one in FIRST if (one["map_sheet"], one["parcel_no"]) not in {("30", "5"), ("30", "9")}],
    parcel(LD, LONG_DIEN, "Thị trấn Long Điền", "30", "11", 6),
    parcel(LD, LONG_DIEN, "Thị trấn Long Điền", "30", "12", 7),
    parcel(LD, LONG_DIEN, "Thị trấn Long Điền", "30", "13", 8),
]


@pytest.fixture(scope="module", autouse=True)
def _parcels(seeded: str, django_db_blocker: Any) -> Iterator[None]:
    with (
        django_db_blocker.unblock(),
        databases.made(seeded) as name,
        databases.used(name),
        numbered.declared() as dataset,
    ):
        numbered.apply(dataset, FIRST)
        follow()
        numbered.apply(dataset, SECOND)
        follow()
        yield
    memory.forget()


def asked(text: str) -> answers.Answer:
    with translation.override("en"):
        return answers.answer(text, limit=8)


def refs(text: str) -> list[str]:
    return [hit.ref for hit in asked(text).hits]


@pytest.mark.parametrize(
    "text",
    [
        "tờ 12 thửa 345 thị trấn Long Điền",
        "tờ 12 thửa số 345 của tt Long Điền",
        "to 12 thua 345 thi tran long dien",
        unicodedata.normalize("NFD", "thửa 345 tờ 12 TT Long Điền"),
        "Thửa đất số 345, tờ bản đồ số 12, thị trấn Long Điền",
        "tờ12 thửa345 tt. long điền",
        "12/345 TT Long Điền",
        "TT Long Điền 12/345",
        "TT Long Điền 12 345",
        "thử 345 tờ 12 tt long điền",
        "thửa 345 tờ 12 thị trấn Long Dein",
        "sheet 12 parcel 345 thi tran long dien",
        "26659-12-345",
        "26659 12 345",
        "26659/12/345",
        "W3U659120345",
    ],
)
def test_a_parcel_is_found_however_it_is_asked_for(text: str) -> None:
    assert refs(text)[0] == "26659-12-345"


def test_numbers_alone_give_every_parcel_that_has_them() -> None:
    answer = asked("12/345")
    assert {hit.ref for hit in answer.hits} == {"26659-12-345", "26668-12-345", "26548-12-345"}
    assert "Add the commune" in answer.notes[0]
    assert answer.understood == "Sheet 12, parcel 345"


def test_a_place_narrows_by_its_name_of_today_and_by_an_earlier_one() -> None:
    assert set(refs("12/345 Long Điền")) == {"26659-12-345", "26668-12-345"}
    assert refs("12/345 Tam Phước") == ["26668-12-345"]
    # Tam An was formed from Tam Phước among others, and lasted half a year.
    answer = asked("tờ 12 thửa 345 xã Tam An")
    assert [hit.ref for hit in answer.hits] == ["26668-12-345"]
    assert answer.notes == ("Today: Xã Long Điền.",)
    assert refs("12/345 phường Phước Hưng") == ["26548-12-345"]


def test_a_former_place_says_what_it_is_today_beside_the_parcel() -> None:
    assert "Today: Phường Bà Rịa." in asked("tờ 12 thửa 345 phường Phước Hưng").notes


def test_what_was_split_leads_to_its_parts() -> None:
    answer = asked("tờ 30 thửa 5 Long Điền")
    assert {hit.ref for hit in answer.hits} == {"26659-30-11", "26659-30-12"}
    assert "was split on" in answer.notes[0]


def test_what_was_renumbered_leads_to_its_new_number() -> None:
    answer = asked("tờ 30 thửa 9")
    assert [hit.ref for hit in answer.hits] == ["26659-30-13"]
    assert "renumbered" in answer.notes[0]


def test_a_reference_that_ended_says_what_lies_there_today() -> None:
    answer = asked("26659-30-5")
    assert [hit.ref for hit in answer.hits[:2]] == ["26659-30-11", "26659-30-12"]
    assert "26659-30-5 is in force no more since" in answer.notes[0]
    assert answer.hits[2].match == "ended" and answer.hits[2].url == "/en/test-numbered/26659-30-5/"


def test_several_parcels_are_found_at_once_and_the_missing_one_is_said() -> None:
    answer = asked("tờ 12 thửa 345, 346 và 999 thị trấn Long Điền")
    assert [hit.ref for hit in answer.hits][:2] == ["26659-12-345", "26659-12-346"]
    assert answer.understood == "Sheet 12, parcel 345, 346, 999, Thị trấn Long Điền"
    assert "has no parcel 999" in " ".join(answer.notes)


def test_the_wrong_commune_is_said_with_the_right_ones() -> None:
    answer = asked("tờ 7 thửa 8 Long Điền")
    assert [hit.ref for hit in answer.hits] == ["26548-7-8"]
    assert answer.notes[0].startswith("Xã Long Điền has no parcel 8 on sheet 7")


def test_exchanged_numbers_are_noticed() -> None:
    answer = asked("tờ 345 thửa 12 thị trấn Long Điền")
    assert [hit.ref for hit in answer.hits] == ["26659-12-345"]
    assert "exchanged" in answer.notes[0]


def test_a_number_that_the_sheet_does_not_have_leads_to_its_neighbours() -> None:
    answer = asked("tờ 12 thửa 348 thị trấn Long Điền")
    assert [hit.ref for hit in answer.hits][:2] == ["26659-12-346", "26659-12-345"]
    assert "Sheet 12 of" in answer.notes[0] and "not here yet" in answer.notes[0]


def test_a_sheet_and_a_place_that_are_not_digitised_are_told_apart() -> None:
    sheet = asked("tờ 99 thửa 500 Long Điền")
    assert sheet.notes[0].startswith("Sheet 99 of Xã Long Điền has not been digitised here yet")
    place = asked("tờ 99 thửa 500 Bình Châu")
    assert place.notes[0].startswith("Xã Bình Châu has not been digitised here yet")
    assert "land registration office" in place.notes[1]


def test_a_place_that_nobody_knows_is_said() -> None:
    assert "xyzzy" in asked("tờ 99 thửa 500 xyzzy").notes[0]


@pytest.mark.parametrize("text", ["thửa 345 Long Điền", "tờ 12 Long Điền"])
def test_half_of_the_numbers_asks_for_the_other(text: str) -> None:
    assert "too:" in asked(text).notes[0]


def test_a_hidden_parcel_is_missed_like_one_that_never_was() -> None:
    for hidden, never in (
        ("tờ 50 thửa 77 Bà Rịa", "tờ 51 thửa 77 Bà Rịa"),
        ("50/77", "51/77"),
        ("26548-50-77", "26548-51-77"),
        ("99 Lê Hồng Phong", "99 Lê Hồng Phang"),
    ):
        mine, theirs = asked(hidden), asked(never)
        assert [hit.ref for hit in mine.hits] == [hit.ref for hit in theirs.hits]
        texts = [" ".join([*one.notes, one.understood]) for one in (mine, theirs)]
        assert texts[0].replace("50", "#").replace("Phong", "*") == texts[1].replace("51", "#").replace("Phang", "*")


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("45 Võ Thị Sáu Long Điền", "26659-12-345"),
        ("số 45 đường Võ Thị Sáu, thị trấn Long Điền", "26659-12-345"),
        ("45 vo thi sau phuoc hung ba ria", "26548-12-345"),
        ("12/3 Võ Thị Sáu", "26659-12-1"),
        ("47 vo thi sua", "26659-12-346"),
        ("47 võ thị sá", "26659-12-346"),
    ],
)
def test_an_address_is_found_by_its_street_and_number(text: str, ref: str) -> None:
    assert refs(text)[0] == ref


def test_a_number_that_the_street_does_not_have_leads_to_the_nearest() -> None:
    answer = asked("49 Võ Thị Sáu Long Điền")
    assert answer.hits[0].ref == "26659-12-346"
    assert "without the number 49" in answer.notes[0]


def test_the_rows_have_no_entries_but_streets_and_places() -> None:
    assert not SearchEntry.objects.filter(dataset="test-numbered").exists()
    assert SearchStreet.objects.filter(dataset="test-numbered", key="vo thi sau").count() == 2
    assert SearchAddress.objects.filter(dataset="test-numbered", ref="26659-12-345").get().number == "45"
    counted = SearchPlace.objects.filter(dataset="test-numbered", field="commune_name")
    assert dict(counted.values_list("value", "uses")) == {LONG_DIEN: 7, BA_RIA: 2}


def test_page_and_suggestions_give_the_same(client: Client) -> None:
    page = client.get("/en/search", {"q": "12/345 Tam Phước"}).content.decode()
    told = client.get("/api/search", {"q": "12/345 Tam Phước", "lang": "en"}).json()
    assert [feature["properties"]["ref"] for feature in told["features"]] == ["26668-12-345"]
    assert told["features"][0]["properties"]["match"] == "number"
    assert told["understood"] in page
    for note in told["notes"]:
        assert note in page
    assert 'href="/en/test-numbered/26668-12-345/"' in page


@pytest.mark.usefixtures("same_second")
@pytest.mark.parametrize(
    ("text", "most"),
    [("12/345", 3), ("tờ 12 thửa 345 Long Điền", 3), ("26659-12-345", 2), ("tờ 99 thửa 500 Bình Châu", 8)],
)
def test_a_parcel_costs_few_questions(text: str, most: int) -> None:
    asked(text)
    with CaptureQueriesContext(connections["public"]) as queries:
        asked(text)
    assert len(queries) <= most, [one["sql"][:80] for one in queries.captured_queries]
