"""Sentences that ask for rows: what a rule takes is a filter, what none takes is handed back, what fits twice is asked."""

import datetime

import pytest
from django.test import Client
from django.utils import translation

from landgis.catalog import clock, registry, said_values
from landgis.catalog.said import understood
from tests.catalog.bidder_sentences import SENTENCES

pytestmark = pytest.mark.usefixtures("world")


def said(text: str, name: str = "auction-lots", language: str = "vi") -> tuple[set[tuple[str, str]], list[str]]:
    with translation.override(language):
        found = understood(registry.get(name), text)
    return set(found.pairs), [*found.left, *found.maybe]


BILLION = ("starting_price_vnd_max", "1000000000")
FROM_BILLION, TWO_BILLION = ("starting_price_vnd_min", "1000000000"), ("starting_price_vnd_max", "2000000000")
PHU_MY, OPEN = ("place", "Phú Mỹ"), ("status", "open")
HOMES = {("land_use", "ODT"), ("land_use", "ONT")}
AREA = ("area_legal_m2_min", "100")


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("lô dưới 1 tỷ ở Phú Mỹ còn nhận hồ sơ", {BILLION, PHU_MY, OPEN}),
        ("lo duoi 1 ty o Phú Mỹ con nhan ho so", {BILLION, PHU_MY, OPEN}),
        ("dưới 1.000.000.000 đồng", {BILLION}),
        ("giá không quá 1000 triệu, tại Phú Mỹ", {BILLION, PHU_MY}),
        ("1 tỷ trở xuống", {BILLION}),
        ("đất ở trên 100 m²", {*HOMES, AREA}),
        ("đất thổ cư từ 100 đến 200 m2", {*HOMES, AREA, ("area_legal_m2_max", "200")}),
        ("đất ở từ 100 m2 đến 200 m2", {*HOMES, AREA, ("area_legal_m2_max", "200")}),
        ("dưới 12 triệu/m2", {("starting_price_per_m2_vnd_max", "12000000")}),
        ("gần Phú Mỹ", {("near", "Phú Mỹ")}),
        ("đất ở ở Phú Mỹ", {*HOMES, PHU_MY}),
        ("1 tỷ - 2 tỷ", {FROM_BILLION, TWO_BILLION}),
        ("giá 1-2 tỷ ở Phú Mỹ", {FROM_BILLION, TWO_BILLION, PHU_MY}),
        ("từ 1 đến 2 tỷ", {FROM_BILLION, TWO_BILLION}),
        ("từ một đến hai tỷ", {FROM_BILLION, TWO_BILLION}),
        ("dưới hai tỷ", {TWO_BILLION}),
        ("duoi mot ty ruoi", {("starting_price_vnd_max", "1500000000")}),
        ("không quá 3 tỉ rưỡi", {("starting_price_vnd_max", "3500000000")}),
        ("100–200 m²", {AREA, ("area_legal_m2_max", "200")}),
    ],
)
def test_a_sentence_becomes_filters(text: str, pairs: set[tuple[str, str]]) -> None:
    assert said(text) == (pairs, [])


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("lots under 1 billion in Phú Mỹ still taking dossiers", {BILLION, PHU_MY, OPEN}),
        ("at most VND 1,000 million", {BILLION}),
        ("at least 100 m2 near Phú Mỹ", {AREA, ("near", "Phú Mỹ")}),
        ("lots between 1 and 2 billion", {FROM_BILLION, TWO_BILLION}),
        ("one to two billion", {FROM_BILLION, TWO_BILLION}),
    ],
)
def test_in_english(text: str, pairs: set[tuple[str, str]]) -> None:
    assert said(text, language="en") == (pairs, [])


def test_days_are_those_of_the_auction() -> None:
    today = clock.today()
    monday = today - datetime.timedelta(days=today.weekday())
    next_week = [(monday + datetime.timedelta(days=days)).isoformat() for days in (7, 13)]
    assert said("đấu giá tuần tới") == ({("opens_from", next_week[0]), ("opens_to", next_week[1])}, [])
    assert said("next week", language="en")[0] == {("opens_from", next_week[0]), ("opens_to", next_week[1])}
    assert said("sắp tới") == ({("opens_from", today.isoformat())}, [])
    assert said("sắp tới", "auctions") == ({("opens_at_min", today.isoformat())}, [])
    assert said("trước 05/12/2026") == ({("opens_to", "2026-12-04")}, [])
    for text in ("từ 05/12/2026 đến 10/12/2026", "05/12/2026 - 10/12/2026", "từ 5 đến 10/12/2026"):
        assert said(text)[0] == {("opens_from", "2026-12-05"), ("opens_to", "2026-12-10")}
    assert said("thứ hai tới") == ({("opens_from", next_week[0]), ("opens_to", next_week[0])}, [])
    assert said("Sunday of next week", language="en")[0] == {("opens_from", next_week[1]), ("opens_to", next_week[1])}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("lô đẹp dưới 1 tỷ", ["đẹp"]),
        ("dưới 1 tỷ 5", ["dưới 1 tỷ 5"]),
        ("dưới 500", ["dưới 500"]),
        ("khoảng 100 m2", ["khoảng 100 m2"]),
        ("dưới 10,000 m2", ["dưới 10,000 m2"]),
        ("mặt tiền đường lớn", ["mặt tiền đường lớn"]),
        ("lô 1 - 2 tỷ", ["1 - 2 tỷ"]),
        ("từ 500 đến 2 tỷ", ["từ 500 đến 2 tỷ"]),
        ("từ 2 tỷ đến 1 tỷ", ["từ 2 tỷ đến 1 tỷ"]),
        ("1 tỷ và 2 tỷ", ["1 tỷ", "2 tỷ"]),
        ("dưới một tỷ hai", ["dưới một tỷ hai"]),
        ("tờ 12-15", ["12-15"]),
    ],
)
def test_what_no_rule_takes_is_handed_back(text: str, left: list[str]) -> None:
    assert said(text)[1] == left


@pytest.mark.parametrize(
    ("text", "pairs", "left"),
    [
        ("đặt trước dưới 200 triệu", set(), ["trước dưới 200 triệu"]),
        ("bước giá dưới 30 triệu ở Phú Mỹ", {PHU_MY}, ["bước", "dưới 30 triệu"]),
        ("giá mỗi m2 dưới 20 triệu", set(), ["mỗi m2 dưới 20 triệu"]),
        ("đặt trước 1-2 tỷ", set(), ["trước 1 - 2 tỷ"]),
        ("hết hạn hồ sơ tuần này", set(), ["hết hạn hồ sơ tuần này"]),
        ("còn nhận hồ sơ đến 15/12", {OPEN}, ["đến 15/12"]),
        ("còn nhận hồ sơ dưới 1 tỷ", {OPEN, BILLION}, []),
        ("less than 20 million per m2", set(), ["less than 20 million per m2"]),
        ("deposit of at most 200 million", set(), ["deposit", "at most 200 million"]),
    ],
)
def test_an_amount_of_something_else_filters_nothing(text: str, pairs: set[tuple[str, str]], left: list[str]) -> None:
    assert said(text) == (pairs, left)


def test_none_of_what_bidders_type_is_a_filter_that_was_not_meant() -> None:
    found = {}
    for language, text, _pairs, _left in SENTENCES:
        pairs, left = said(text, language=language)
        told = sorted(f"{name}={value.replace(' ', '_')}" for name, value in pairs)
        found[text] = (" ".join(told), "; ".join(left))
    assert found == {text: (pairs, left) for _language, text, pairs, left in SENTENCES}


def test_a_day_that_may_be_either_leaves_the_other_end_of_a_range() -> None:
    turn, day = next(
        (turn, day)
        for turn, day in (("next", "Sunday"), ("this", "Monday"))
        if len(said_values.readings(f"{turn} {day}")) > 1
    )
    for joint in ("to", "until"):
        text = f"from {turn} {day} {joint} 31/12/2030"
        assert said(text, language="en") == ({("opens_to", "2030-12-31")}, [f"from {turn} {day}"])


def test_what_was_sold_is_a_state() -> None:
    assert said("lô đã bán ở Phú Mỹ") == ({("status", "won"), PHU_MY}, [])


def test_words_that_fit_two_readings_filter_nothing() -> None:
    """Land in Phú Mỹ, or homes there: the place is sure."""
    assert said("đất ở Phú Mỹ dưới 1 tỷ") == ({PHU_MY, BILLION}, ["đất ở"])


def test_a_weekday_that_may_be_either_offers_both(client: Client) -> None:
    is_open = next(
        f"{turn} {day}"
        for turn, day in (("next", "Sunday"), ("this", "Monday"))
        if len(said_values.readings(f"{turn} {day}")) > 1
    )
    assert said(is_open, language="en") == (set(), [is_open])
    page = client.get("/en/lots/" + client.get("/en/lots/", {"q": is_open})["Location"]).content.decode()
    offered = [one.first.isoformat() for one in said_values.readings(is_open)]
    assert len(offered) == 2 and offered[0] != offered[1]
    assert all(f"opens_from={day}&amp;opens_to={day}" in page for day in offered)


def test_the_list_leads_to_the_filters_and_tells_the_rest(client: Client) -> None:
    answer = client.get("/lots/", {"q": "lô đẹp dưới 1 tỷ ở Phú Mỹ", "status": "open"})
    assert answer.status_code == 302
    page = client.get(f"/lots/{answer['Location']}")
    content = page.content.decode()
    assert page.status_code == 200
    assert "≤ 1 tỷ đồng" in content and "Phường Phú Mỹ" in content and "“đẹp”" in content
    assert content.count('class="chip"') == 3
    assert "unread" not in " ".join(part for part in content.split('"') if part.startswith("/lots.csv"))


def test_search_leads_to_the_list(client: Client) -> None:
    content = client.get("/search?q=lô dưới 1 tỷ ở Phú Mỹ còn nhận hồ sơ").content.decode()
    assert "/lots/?place=" in content.replace("starting_price_vnd_max=1000000000&amp;", "")
    assert "dưới 1 tỷ · ở Phú Mỹ · còn nhận hồ sơ" in content
    assert "/lots/?opens_from=" in client.get("/search?q=đấu giá tháng 12").content.decode()
    # Days alone may be the number of a sheet and of a parcel, and a place alone is looked up.
    assert not any("opens_from" in client.get(f"/search?q={text}").content.decode() for text in ("4/12", "Phú Mỹ"))
