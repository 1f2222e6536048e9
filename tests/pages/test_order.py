"""Texts are sorted as the Vietnamese sort them, in lists of choices as in the database."""

import re
from html import unescape

import pytest
from django.db import connection, transaction
from django.test import Client
from psycopg import sql

from landgis.catalog import queries, registry
from landgis.catalog.queries import Sorting, fetch
from landgis.lib.order import Order, order_key
from landgis.lib.text import nfc
from landgis.operations.ownership import as_owner
from landgis.vn.language import ORDER

pytestmark = pytest.mark.usefixtures("world")


def as_the_database(texts: list[str], order: Order = ORDER) -> list[str]:
    """In the order of ICU for the language, numbers by their values."""
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE COLLATION pg_temp.natural (provider = icu, locale = {})")
            .format(sql.Literal(f"{order.locale}-u-kn-true"))
            .as_string(cursor.cursor.connection)
        )
        cursor.execute("SELECT t FROM unnest(%s::text[]) t ORDER BY t COLLATE pg_temp.natural", [texts])
        found = [text for (text,) in cursor.fetchall()]
        transaction.set_rollback(True)
    return found


def test_words_are_sorted_as_the_handbook_says() -> None:
    words = ["Ân", "Đất", "An", "Dầu", "Ăn", "mạ", "ma", "má", "mã", "mả", "mà"]
    assert sorted(words, key=order_key) == ["An", "Ăn", "Ân", "Dầu", "Đất", "ma", "mà", "mả", "mã", "má", "mạ"]


def test_numbers_stand_in_the_order_of_their_values() -> None:
    wanted = [
        "Lô 2",
        "Lô 10",
        "Phường 1",
        "Phường 2",
        "Phường 2B",
        "Phường 10",
        "Tờ 9, thửa 2",
        "Tờ 9, thửa 10",
        "Tờ 12",
    ]
    mixed = wanted[4:] + wanted[:4]
    assert sorted(mixed, key=order_key) == wanted == as_the_database(mixed)
    assert sorted(["007", "7", "12", "100 000"], key=order_key)[2:] == ["12", "100 000"]


def test_without_a_country_words_are_sorted_as_in_all_languages() -> None:
    words = [
        "Zürich",
        "zurück",
        "Århus",
        "Aarhus",
        "Łódź",
        "Lodz",
        "Lôdz",
        "Ørsted",
        "Orsted",
        "Đà",
        "Da",
        "Éire",
        "eire",
        "Cañon",
        "canon",
        "Aller",
        "Allée",
        "allé",
        "10",
        "2",
        "2b",
    ]
    assert sorted(words, key=lambda word: order_key(word, Order())) == as_the_database(words, Order())
    assert as_the_database(words, Order()) != as_the_database(words)


def test_the_names_of_the_demo_are_sorted_as_by_postgresql() -> None:
    query = sql.SQL(
        "SELECT commune_name AS t FROM published.public_land UNION SELECT name FROM published.admin_units"
        " UNION SELECT manager FROM published.public_land UNION SELECT name FROM published.auction_lots"
    )
    texts = [nfc(row["t"]) for row in fetch(query, []) if row["t"]]
    assert len(texts) > 300
    assert sorted(texts, key=order_key) == as_the_database(texts)


@pytest.mark.parametrize("name", ["commune_name", "land_use"])
def test_the_choices_of_a_filter_are_in_order(client: Client, name: str) -> None:
    html = client.get("/public-land/").content.decode()
    control = re.search(rf'<select id="filter-{name}".*?</select>', html, re.DOTALL)
    assert control
    groups = [
        [unescape(label) for label in re.findall(r"<option[^>]*>([^<]*)</option>", group)]
        for group in control[0].split("<optgroup")  # names of communes that are no more stand behind the others
    ]
    groups[0].pop(0)
    assert sum(map(len, groups)) > 10
    assert groups == [as_the_database(choices) for choices in groups]


@pytest.mark.parametrize(
    ("name", "sorting", "page"),
    [
        *(
            ("auction-lots", Sorting(field, downwards), 40)
            for field in ("starting_price_vnd", "dossiers_to")
            for downwards in (False, True)
        ),
        ("auction-lots", Sorting(near=(107.1, 10.5)), 40),
        ("land-prices", Sorting("price_vnd_m2", downwards=True), 2500),  # of which many are equal
    ],
)
def test_the_pages_of_a_sorted_list_are_all_of_it(name: str, sorting: Sorting, page: int) -> None:
    dataset = registry.get(name)
    whole = [row["ref"] for row in queries.listed(dataset, limit=10_000, sorting=sorting)]
    found: list[str] = []
    while len(found) % page == 0:
        after = found[-1] if found else None
        found += [row["ref"] for row in queries.listed(dataset, limit=page, sorting=sorting, after=after)]
        if not found or found[-1] == after:
            break
    assert found == whole and len(whole) == queries.count(dataset)
