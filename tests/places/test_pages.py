"""The pages of places: what a unit was, what it is today, what lies in it."""

import re
from html import unescape

import mapbox_vector_tile
import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.usefixtures("world")

QUERIES = 12


def main(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]


def text(html: str) -> str:
    html = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_a_former_unit_says_what_it_is_today_in_both_languages(client: Client) -> None:
    vietnamese = main(client, "/places/26560-b/")
    assert "Nay là Phường Bà Rịa (từ ngày 01/07/2025)" in text(vietnamese)
    assert 'href="/places/26560-c/"' in vietnamese
    assert "01/07/2025 Sáp nhập: Phường Bà Rịa" in text(vietnamese)
    english = main(client, "/en/places/26560-b/")
    assert "Today this is Phường Bà Rịa (since 1 Jul 2025)" in text(english)
    assert 'href="/en/places/26560-c/"' in english


def test_a_unit_of_today_says_what_it_was_formed_from(client: Client) -> None:
    page = main(client, "/places/26560-c/")
    assert "Hình thành ngày 01/07/2025 từ" in text(page)
    for ref in ("26548-b", "26554-b", "26557-b", "26560-b", "26551-a"):
        assert f'href="/places/{ref}/"' in page
    assert "Chỉ riêng mã 26560 chưa xác định được đơn vị" in text(page)


def test_an_unchanged_unit_has_no_step_to_tell(client: Client) -> None:
    page = text(main(client, "/places/26545-a/"))
    assert "Nay là Xã Long Sơn" in page
    assert "Quá trình sắp xếp" not in page


def test_the_lists_of_what_lies_in_a_place_are_not_empty(client: Client) -> None:
    page = main(client, "/places/26506-c/")
    links = [unescape(link) for link in re.findall(r'href="(/(?:public-land|lots)/\?[^"]+)"', page)]
    assert len([link for link in links if link.startswith("/public-land/")]) == 1  # by the commune of today
    for link in links:
        assert client.get(link.replace("/?", ".json?")).json()["totals"][""][0]["count"] > 0, link


def test_refs_and_raw_codes_are_not_among_the_facts(client: Client) -> None:
    page = text(main(client, "/places/26506-c/"))
    assert "26506-b 26508-b" not in page
    assert "is_current" not in page and "true" not in page.lower().split()


def test_the_list_shows_the_units_of_today_unless_asked_otherwise(client: Client) -> None:
    def count(query: str) -> int:
        return client.get(f"/places.json{query}").json()["totals"][""][0]["count"]

    assert count("") == 30
    assert count("?is_current=false") == 161
    assert count("?is_current=") == 191
    assert count("?is_current=&code=26506") == 3
    response = client.get("/places.json?is_current=maybe")
    assert response.status_code == 400 and "is_current" in response.content.decode()
    html = client.get("/places/").content.decode()
    assert re.search(r'<option value="true" selected>', html)
    assert '<option value="true" selected>' not in client.get("/places/?is_current=").content.decode()


def test_a_page_asks_few_questions(client: Client) -> None:
    for address in ("/places/26560-c/", "/places/26560-a/", "/places/"):
        with CaptureQueriesContext(connections["public"]) as asked:
            client.get(address)
        assert len(asked) <= QUERIES, address


def test_the_map_draws_the_units_of_today_unless_asked_otherwise(client: Client) -> None:
    current = {row["ref"] for row in client.get("/places.json").json()["rows"]}

    def drawn(query: str) -> set[str]:
        """Refs of the two tiles over the province and its island."""
        found = set()
        for x in (50, 51):
            content = client.get(f"/tiles/admin-units/6/{x}/30.mvt{query}").content
            for layer in mapbox_vector_tile.decode(content).values():
                found |= {feature["properties"]["ref"] for feature in layer["features"]}
        return found

    assert drawn("") == current
    former = drawn("?is_current=false")
    assert former and former.isdisjoint(current)
