"""The JSON of a feature says all that its page says, with numbers as numbers; texts are those of the reader's language."""

import json
import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from landgis.catalog import queries, registry
from landgis.lib.answers import plain_json

pytestmark = pytest.mark.usefixtures("world")


def first(name: str) -> tuple[str, str]:
    dataset = registry.get(name)
    return dataset.path, str(queries.rows(dataset, limit=1)[0]["ref"])


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    "name", ["auction-lots", "auctions", "public-land", "planning-zones", "parcels", "land-prices"]
)
def test_all_that_the_page_says_is_in_its_data(name: str, prefix: str) -> None:
    path, ref = first(name)
    told = Client().get(f"{prefix}/{path}/{ref}.json").json()
    page = Client().get(f"{prefix}/{path}/{ref}/").content.decode()
    shown = " ".join(unescape(strip_tags(page)).split())
    assert told["page"]["is_whole"]
    facts = [fact for group in told["page"]["facts"] for fact in group["facts"]]
    assert facts and all(" ".join(fact["text"].split()) in shown for fact in facts)
    parts = {word for text in texts(told["page"]["parts"]) for word in text.split() if re.search(r"\d{2}", word)}
    parts = {word for word in parts if not re.match(r"\d{4}-\d\d-\d\d", word)}  # days are as data write them
    assert {word for word in parts if "/" not in word and word not in shown} == set()  # addresses are not read
    assert not any("<span" in one for one in texts(told["page"]))
    assert told["ref"] == ref and {"history", "facts", "source", "parts"} <= told["page"].keys()


def test_the_dates_and_papers_of_an_auction_are_with_its_lot() -> None:
    path, ref = first("auction-lots")
    lot = Client().get(f"/en/{path}/{ref}.json").json()["page"]["parts"]["lot"]
    assert lot["steps"] and lot["documents"] and lot["auction"]["url"].startswith("/en/auctions/")


def test_numbers_are_numbers_as_in_the_geojson() -> None:
    path, ref = first("auction-lots")
    row = Client().get(f"/{path}/{ref}.json").json()
    properties = Client().get(f"/{path}/{ref}.geojson").json()["properties"]
    assert {name: row[name] for name in properties if name in row} == properties
    assert isinstance(row["starting_price_vnd"], int) and isinstance(row["area_legal_m2"], int | float)


@pytest.mark.parametrize(
    ("number", "written"),
    [("12106.4", "12106.4"), ("850.00", "850"), ("4975000000", "4975000000"), ("0.1", "0.1"), ("-3.50", "-3.5")],
)
def test_a_decimal_is_written_as_the_number_it_is(number: str, written: str) -> None:
    assert json.loads(plain_json({"a": Decimal(number)}).content, parse_float=str, parse_int=str) == {"a": written}


def test_no_column_is_named_as_what_stands_beside_the_columns() -> None:
    assert not [one.name for one in registry.all_datasets() if any(field.name == "page" for field in one.fields)]
