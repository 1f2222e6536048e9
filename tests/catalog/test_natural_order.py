"""References stand in the order of the numbers in them, 12-2 before 12-10, in every exit; pages of a list read an index."""

import csv
import io
import json
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from landgis.catalog import queries, registry
from landgis.lib.order import Order, order_key
from landgis.operations.checks import numbers_can_be_sorted

pytestmark = pytest.mark.usefixtures("world")
PAGE = 50


def in_order(refs: list[str]) -> list[str]:
    return sorted(refs, key=lambda ref: order_key(ref, Order()))


def refs_of(name: str, **more: Any) -> list[str]:
    return [row["ref"] for row in queries.rows(registry.get(name), fields=("ref",), **more)]


def plan_of(statement: str) -> dict[str, Any]:
    with connections["public"].cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statement.replace("%", "%%"), [])
        (found,) = cursor.fetchone()
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", []) for node in nodes(part))]


@pytest.mark.parametrize(
    "name", ["parcels", "public-land", "auction-lots", "auctions", "planning-zones", "admin-units"]
)
def test_a_list_counts(name: str) -> None:
    refs = refs_of(name)
    assert refs == in_order(refs)
    if name == "parcels":
        assert refs != sorted(refs)  # letter by letter it is another order


def test_a_page_goes_on_where_the_one_before_ended_now_and_in_the_past() -> None:
    parcels, number = registry.get("parcels"), queries.latest_number()
    for as_of in (None, number):
        every, pages = refs_of("parcels", as_of=as_of, limit=4 * PAGE), []
        for _page in range(4):
            after = pages[-1] if pages else None
            pages += [row["ref"] for row in queries.listed(parcels, as_of=as_of, after=after, limit=PAGE)]
        assert pages == every and len(set(pages)) == 4 * PAGE


def test_lots_that_stand_first_go_on_in_the_same_order() -> None:
    lots = registry.get("auction-lots")
    every, pages = [row["ref"] for row in queries.listed(lots, limit=1000)], []
    while rows := queries.listed(lots, after=pages[-1] if pages else None, limit=7):
        pages += [row["ref"] for row in rows]
    assert pages == every


def test_files_have_the_order_of_the_list(client: Client) -> None:
    shown = refs_of("public-land")
    text = b"".join(client.get("/public-land.csv").streaming_content).decode("utf-8-sig")
    assert [row["Mã tham chiếu"] for row in csv.DictReader(io.StringIO(text))] == shown
    features = json.loads(b"".join(client.get("/public-land.geojson").streaming_content))["features"]
    assert [feature["id"] for feature in features] == shown


@pytest.mark.parametrize("as_of", [None, "newest"])
@pytest.mark.parametrize("place", [0, 1500])
def test_a_page_reads_its_own_rows_by_an_index(as_of: str | None, place: int) -> None:
    number = queries.latest_number() if as_of else None
    after = refs_of("parcels", limit=place)[-1] if place else None
    with CaptureQueriesContext(connections["public"]) as asked:
        queries.rows(registry.get("parcels"), as_of=number, after=after, limit=PAGE)
    plan = plan_of(asked[-1]["sql"])
    scans = [node for node in nodes(plan) if (node.get("Relation Name"), node.get("Alias")) == ("cadastre_parcel", "f")]
    assert [node.get("Index Name") for node in scans] == ["parcel_natural"]
    read = scans[0]["Actual Rows"] + scans[0].get("Rows Removed by Filter", 0)
    assert read < 4 * PAGE
    assert not [node for node in nodes(plan) if "Sort" in node["Node Type"]]


def test_a_server_without_icu_is_told() -> None:
    assert numbers_can_be_sorted(None, databases=["default"]) == []
    assert numbers_can_be_sorted(None) == []
