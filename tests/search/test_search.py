"""What readers find, on the committed world: pages, suggestions, wrong parameters, and how the database answers."""

import html
import json
import re
import unicodedata
from collections import Counter
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from landgis.catalog import queries as catalog
from landgis.catalog import registry
from landgis.places import queries as places
from landgis.search import answers, listing, misses, words
from landgis.search.hits import Hit
from landgis.search.views import MOST_HITS
from tests.search.made_queries import without_marks

pytestmark = pytest.mark.usefixtures("world")

TOO_LONG = "x" * 10_000


def found(text: str, limit: int = 8) -> list[Hit]:
    return list(answers.answer(text, limit=limit).hits)


def titles(text: str) -> list[str]:
    return [hit.title for hit in found(text)]


def test_marks_and_their_form_make_no_difference_to_what_is_found() -> None:
    plain = {hit.ref for hit in found("phuoc hai")}
    for text in ("Phước Hải", unicodedata.normalize("NFD", "Phước Hải"), "PHƯỚC HẢI", "  phước   hải "):
        assert {hit.ref for hit in found(text)} & plain
        assert found(text)[0].ref == "26686-c"


def test_exact_accents_come_first() -> None:
    """Đất Đỏ is a commune; "đất đồi" is in the names of many plots, and begins with the same letters."""
    assert titles("Đất Đỏ")[0] == titles("dat do")[0] == "Xã Đất Đỏ"
    assert all(title.lower().startswith("đất đồi") for title in titles("đất đồi")[:5])


def test_a_code_comes_before_all_else() -> None:
    first = found("VT-26535-0078")[0]
    assert (first.dataset.name, first.ref, first.match) == ("public-land", "VT-26535-0078", "ref")
    assert found("vt265350078")[0].ref == "VT-26535-0078"
    assert found("VT-26535-00")[0].match == "ref-start"


def test_a_former_place_is_found_by_its_name_and_its_page_says_what_it_is_today(client: Client) -> None:
    hit = found("Phường Thắng Tam")[0]
    assert hit.ref in ("26508-a", "26508-b")
    with translation.override("vi"):
        assert "hiệu lực đến" in found("Phường Thắng Tam")[0].detail
    page = client.get(f"/places/{hit.ref}/").content.decode()
    assert "Phường Vũng Tàu" in page


def test_a_former_place_that_never_changed_is_one_hit_not_two() -> None:
    refs = [hit.ref for hit in found("Phường Thắng Tam", limit=20) if hit.title == "Phường Thắng Tam"]
    assert refs == ["26508-b"]


def test_a_divided_name_gives_all_who_bore_it() -> None:
    """Phước Hưng was a ward of Bà Rịa and a commune of Long Điền at the same time."""
    hits = [hit for hit in found("Phước Hưng") if hit.dataset and hit.dataset.name == "admin-units"]
    assert {hit.ref[:5] for hit in hits if not hit.ref.endswith("-c")} == {"26548", "26677"}
    # And what each of them is today.
    assert {hit.ref for hit in hits if hit.match == "today"} == {"26560-c", "26662-c"}


def test_a_former_place_says_what_it_is_today() -> None:
    with translation.override("en"):
        first, second = found("Phường Thắng Tam")[:2]
    assert first.note == "Today: Phường Vũng Tàu."
    assert (second.ref, second.note) == ("26506-c", "")


@pytest.mark.prove
def test_each_former_name_leads_to_its_units_first_and_says_what_they_are_today() -> None:
    units = places.all_units()
    for unit in [one for one in units.values() if not one.is_current]:
        for text in (unit.name, without_marks(unit.name)):
            first = found(text)[0]
            assert first.dataset and first.dataset.name == "admin-units", text
            assert units[first.ref].name == unit.name, text
            assert units[first.ref].is_current or first.note, text


def test_a_misspelt_word_is_said_to_be_similar_only() -> None:
    hits = found("long dein")
    assert hits[0].ref == "26659-c"
    assert {hit.match for hit in hits} == {"similar"}
    assert {hit.match for hit in found("long dien")} != {"similar"}


def test_nothing_is_found_for_what_nobody_published() -> None:
    assert found("xyzzy qwfp") == []


def test_a_hit_is_the_feature_as_published(client: Client) -> None:
    for hit in found("phú mỹ", limit=20):
        if hit.dataset is None:  # the list of what lies in the town
            continue
        address = f"/{hit.dataset.path}/{hit.ref}.geojson"
        feature = client.get(address)
        properties = json.loads(feature.content)["properties"]
        assert properties[hit.dataset.title_field] == hit.title
        assert properties["is_made_up"] is hit.is_made_up is True
        assert hit.centre and hit.box
        west, south, east, north = hit.box
        assert west <= hit.centre[0] <= east and south <= hit.centre[1] <= north


def test_plots_and_lots_are_found_by_the_parcels_they_stand_on() -> None:
    for name, place in (("auction-lots", "old_commune_name"), ("public-land", "commune_name")):
        dataset = registry.get(name)
        rows = [row for row in catalog.rows(dataset, limit=400) if row["map_sheet"] and row["parcel_nos"]]
        several = [row for row in rows if "," in row["parcel_nos"]]
        for row in [*rows[:5], *several[:5]]:
            number = row["parcel_nos"].split(",")[-1].strip()
            refs = [hit.ref for hit in found(f"tờ {row['map_sheet']} thửa {number} {row[place]}", limit=20)]
            assert row["ref"] in refs, row["parcel_nos"]


def test_a_dataset_without_pages_is_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    dataset = registry.get("public-land")
    monkeypatch.setattr(dataset, "exits", replace(dataset.exits, pages=False))
    assert all(hit.dataset is None or hit.dataset.name != "public-land" for hit in found("phú mỹ", limit=20))
    assert found("VT-26535-0078") == []


# The page


@pytest.mark.parametrize(("path", "language"), [("/search", "vi"), ("/en/search", "en")])
def test_the_page_is_whole_without_scripts(client: Client, path: str, language: str) -> None:
    page = client.get(path, {"q": "thang tam"}).content.decode()
    prefix = "" if language == "vi" else "/en"
    assert f'href="{prefix}/places/26508-b/"' in page
    assert f'<html lang="{language}">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert 'value="thang tam"' in page
    assert f'action="{prefix}/search"' in page


def test_the_page_says_what_was_understood_and_what_came_close(client: Client) -> None:
    assert "phường thắng tam" in client.get("/search", {"q": "P. Thắng Tam"}).content.decode()
    assert "gần giống" in client.get("/search", {"q": "long dein"}).content.decode()


def test_nothing_found_says_what_to_try_and_how_old_the_data_are(client: Client) -> None:
    answer = client.get("/search", {"q": "xyzzy"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Không có tên nào đã công bố chứa từ “xyzzy”" in text
    assert "Không tìm thấy trong toàn bộ" in text
    assert "Có thể thử" in text
    with translation.override("vi"):
        assert misses.date_of() != misses.NO_DATE
        assert misses.date_of() in text


def test_the_empty_page_offers_the_search(client: Client) -> None:
    answer = client.get("/search")
    assert answer.status_code == 200
    assert "Có thể tìm gì" in answer.content.decode()


def test_what_is_only_the_beginning_of_something_is_said_to_be_one(client: Client) -> None:
    decision = next(
        one for one in catalog.rows(registry.get("public-land")) if str(one["decision_no"]).endswith("/QĐ-UBND")
    )
    number, ref = decision["decision_no"], decision["ref"]
    cases = [(number[:-2], number), (ref[:-2], ref[:-2]), ("Phường Vũng T", "Tàu"), ("phuong vung t", "tàu")]
    for text, shown in cases:
        answer = answers.answer(text, limit=8)
        assert answer.hits and not answer.is_similar
        with translation.override("en"):
            assert f"Nothing has just “{text.split()[-1]}”" in answer.unfinished and shown in answer.unfinished, text
        assert "đúng như đã viết" in client.get("/search", {"q": text}).content.decode()
    for text in (number, ref, "Phường Vũng Tàu", "Vũng Tàu", "p vung tau", "tp vung tau", "lô"):
        assert answers.answer(text, limit=8).unfinished == "", text
    first = client.get("/api/search", {"q": number[:-2]}).json()["features"][0]["properties"]
    assert first["begins"] == number
    assert client.get("/api/search", {"q": number}).json()["features"][0]["properties"]["begins"] is None


def test_of_many_it_is_said_how_many_and_every_one_is_reached(client: Client) -> None:
    """ "đất" is in the names of more rows than any page of the best shows."""
    page = client.get("/en/search", {"q": "đất"}).content.decode()
    told = re.search(r"The best 30 results; ([\d,]+) have all these words", page)
    ways = {
        html.unescape(url): int(count.replace(",", ""))
        for url, count in re.findall(r'<a href="(\?q=[^"]+)">All ([\d,]+) with these words', page)
    }
    assert told and max(ways.values()) > MOST_HITS
    assert "all=1" not in page
    url, count = max(ways.items(), key=lambda way: way[1])
    assert count <= int(told[1].replace(",", ""))
    found: list[str] = []
    while url:
        listed = client.get(f"/en/search{url}").content.decode()
        assert f"{count:,} " in listed
        found += re.findall(r'<p class="hit__kind">([^<]+)</p>', listed)
        further = re.search(r'rel="next" href="([^"]+)"', listed)
        url = html.unescape(further[1]) if further else ""
    own = [one["ref"] for one in catalog.rows(registry.get("public-land")) if "đất" in words.split(one["name"] or "")]
    assert len(set(found)) == len(found) == count and set(own) <= set(found)


def test_of_very_many_it_is_said_that_they_are_more_and_the_same_are_listed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed(path: str) -> list[str]:
        page = client.get(path, {"q": "đất", "in": "public-land"}).content.decode()
        assert ("Hơn 300 khu đất có các từ này" in page) == (listing.MOST_COUNTED == 300)
        return re.findall(r'<p class="hit__kind">([^<]+)</p>', page)

    counted = listed("/search")
    monkeypatch.setattr(listing, "MOST_COUNTED", 300)
    assert listed("/search") == counted
    assert "300+ have all these words" in client.get("/en/search", {"q": "đất"}).content.decode()


@pytest.mark.parametrize("query", [{"in": "nothing"}, {"in": "public-land", "after": "a b"}])
def test_what_is_no_place_to_look_in_is_named(client: Client, query: dict[str, str]) -> None:
    assert client.get("/search", {"q": "đất", **query}).status_code == 400


def test_the_page_says_how_many_were_found_and_once_that_all_are_made_up(client: Client) -> None:
    ref = catalog.rows(registry.get("public-land"), limit=1)[0]["ref"]
    more = "30 kết quả đầu; có thể còn nữa."  # of what is only similar nobody knows how many there are
    for text, number in ((ref, "1 kết quả"), ("đường mới quang trungx", more), ("Phú Mi", more)):
        page = client.get("/search", {"q": text}).content.decode()
        main = page[page.index("<main") : page.index("</main")]
        assert f'<p role="status">{number} <span class="badge badge--made-up">' in main, text
        assert main.count("badge--made-up") == 1
        assert main.count('<li class="hit">') == int(number.split()[0])


WRONG: list[tuple[dict[str, str], str]] = [
    ({"q": TOO_LONG}, "q"),
    ({"q": "a\x00b"}, "q"),
    ({"q": "…!? -"}, "q"),
    ({"q": "long", "as_of": "1"}, "as_of"),
    ({"q": "", "as_of": "2026-01-01"}, "as_of"),
]


@pytest.mark.parametrize(("query", "_name"), WRONG)
def test_the_page_of_a_wrong_question_keeps_the_form(client: Client, query: dict[str, str], _name: str) -> None:
    answer = client.get("/search", query)
    assert answer.status_code == 400
    assert 'class="notice"' in answer.content.decode()
    assert 'role="search"' in answer.content.decode()


def test_what_is_written_into_the_page_is_escaped(client: Client) -> None:
    page = client.get("/search", {"q": "<script>alert(1)</script> long dien"}).content.decode()
    assert "<script>alert" not in page


# Suggestions


def suggested(client: Client, **query: Any) -> dict[str, Any]:
    answer = client.get("/api/search", query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/geo+json"
    return json.loads(answer.content)


def test_suggestions_are_geojson(client: Client) -> None:
    collection = suggested(client, q="vung tau", limit=5)
    assert collection["type"] == "FeatureCollection"
    assert len(collection["features"]) == 5
    first = collection["features"][0]
    assert first["type"] == "Feature"
    assert first["geometry"]["type"] == "Point"
    assert 107 < first["geometry"]["coordinates"][0] < 107.2
    assert len(first["bbox"]) == 4
    assert first["properties"] == {
        "dataset": "admin-units",
        "dataset_title": "Đơn vị hành chính",
        "ref": "26506-c",
        "title": "Phường Vũng Tàu",
        "title_lang": "vi",
        "detail": "Thành phố Hồ Chí Minh",
        "details": [{"text": "Thành phố Hồ Chí Minh", "lang": "vi"}],
        "remark": "",
        "url": "/places/26506-c/",
        "match": "place",
        "begins": None,
        "is_made_up": True,
    }


def test_suggestions_speak_the_language_asked_for(client: Client) -> None:
    first = suggested(client, q="vung tau", lang="en")["features"][0]["properties"]
    assert first["url"] == "/en/places/26506-c/"
    assert first["dataset_title"] == "Place"


@pytest.mark.parametrize(
    ("query", "name"),
    [*WRONG, ({}, "q"), ({"q": "long", "lang": "xx"}, "lang"), ({"q": "long", "limit": "0"}, "limit"),
     ({"q": "long", "limit": "21"}, "limit"), ({"q": "long", "limit": "x"}, "limit")],
)  # fmt: skip
def test_a_wrong_parameter_is_named(client: Client, query: dict[str, str], name: str) -> None:
    answer = client.get("/api/search", query)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert name in json.loads(answer.content)["title"]


def test_an_address_beside_it_is_a_problem_too(client: Client) -> None:
    assert client.get("/api/nothing")["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "text", ["' OR 1=1 --", "a & b | !c:*", "\\'; DROP", "100% _", "(((", "thửa\t12\n34", "𝒱ũng", "🙂 tàu"]
)
def test_signs_of_query_languages_are_words_or_nothing(client: Client, text: str) -> None:
    assert client.get("/api/search", {"q": text}).status_code in (200, 400)


# What it costs


@pytest.mark.usefixtures("same_second")
@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("vung tau", 3),
        ("VT-26535-0078", 3),
        ("long dein", 5),
        ("ho tram mua ban nha dat gia re", 7),
        ("thổ cư", 6),
        ("10.496, 107.17", 2),
        ("436318 1160772", 4),
    ],
)
def test_a_search_asks_the_database_no_more_than_it_may(text: str, most: int) -> None:
    found(text)  # the names of places are kept from now on
    with CaptureQueriesContext(connections["public"]) as asked, CaptureQueriesContext(connection) as owner:
        found(text)
    assert len(asked) <= most, [one["sql"][:80] for one in asked.captured_queries]
    assert len(owner) == 0


@pytest.mark.parametrize("text", ["vung tau", "VT-26535-0078", "khu dai hoc so 53", "4657/QĐ-UBND"])
def test_the_indexes_answer(text: str) -> None:
    found(text)
    with CaptureQueriesContext(connections["public"]) as asked:
        found(text)
    with connections["public"].cursor() as cursor:
        by_words = next(one["sql"] for one in asked.captured_queries if "search_entry" in one["sql"])
        cursor.execute("EXPLAIN " + by_words.replace("%", "%%"), [])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "searchentry_words" in plan
    assert "searchentry_title" in plan
    assert "Seq Scan on search_searchentry" not in plan


def test_the_lines_of_the_price_table_are_told_apart(client: Client) -> None:
    lines = catalog.rows(registry.get("land-prices"))
    street = Counter(line["street"] for line in lines if line["street"]).most_common(1)[0][0]
    prices = [
        hit for hit in found(f"giá đất đường {street}", limit=60) if hit.dataset and hit.dataset.name == "land-prices"
    ]
    assert len(prices) > 2
    assert len({(hit.title, hit.detail) for hit in prices}) == len(prices)
    assert all(hit.detail.endswith("\xa0đ/m²") or hit.detail.endswith(" đ/m²") for hit in prices)
