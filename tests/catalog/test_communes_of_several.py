"""What is as wide as communes are, or lies where its parts do, is found by each commune of today that it reaches into."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from psycopg import sql

from landgis.catalog import queries, registry
from landgis.catalog.filters import from_query
from landgis.catalog.published.locating import decided_sql
from landgis.changes.models import LogEntry
from landgis.lib import statements
from landgis.lib.filters import FilterError
from tests.auctions.test_now import report

pytestmark = pytest.mark.usefixtures("world")


def refs_of(name: str, **texts: str) -> set[str]:
    dataset = registry.get(name)
    return {row["ref"] for row in queries.rows(dataset, from_query(dataset, texts), fields=("ref",))}


def fetched(statement: str) -> list[dict[str, Any]]:
    return queries.fetch(sql.SQL(statement), [])


ZONES_ON_THE_GROUND = """SELECT u.name, u.code, z.ref FROM published.admin_units u JOIN published.planning_zones z
    ON z.boundary && u.boundary AND ST_Area(ST_Intersection(z.boundary, u.boundary)) >= 0.01 * ST_Area(z.boundary)
    WHERE u.until_revision IS NULL AND u.is_current AND z.until_revision IS NULL"""
LOTS_BY_COMMUNE = """SELECT DISTINCT l.commune_name AS name, l.commune_code AS code, l.auction_code AS ref
    FROM published.auction_lots l WHERE l.until_revision IS NULL AND l.commune_name IS NOT NULL"""


@pytest.mark.parametrize(
    ("name", "statement"), [("planning-zones", ZONES_ON_THE_GROUND), ("auctions", LOTS_BY_COMMUNE)]
)
def test_each_commune_finds_all_that_reaches_into_it(name: str, statement: str) -> None:
    expected: dict[tuple[str, str], set[str]] = {}
    for row in fetched(statement):
        expected.setdefault((row["name"], row["code"]), set()).add(row["ref"])
    assert len(expected) > 3
    for (commune, code), refs in expected.items():
        assert refs_of(name, commune_today=commune) == refs
        assert refs_of(name, commune_today_code=code) == refs
    if name == "planning-zones":
        several = [ref for refs in expected.values() for ref in refs]
        assert len(several) > len(set(several))  # one of them at least lies in two


def test_an_auction_of_lots_in_two_communes_is_found_by_both(own_world: str, client: Client) -> None:
    lot = queries.rows(registry.get("auction-lots"))[0]
    code, first = lot["auction_code"], lot["commune_name"]
    other = next(row for row in fetched(LOTS_BY_COMMUNE) if row["name"] != first)
    report("auction-lots", lot["ref"], commune_name=other["name"], commune_code=other["code"])
    assert code in refs_of("auctions", commune_today=first) & refs_of("auctions", commune_today=other["name"])
    told = client.get(f"/auctions/{code}.json").json()
    assert (told["commune_today"], told["commune_today_also"]) == (first, other["name"])
    assert LogEntry.objects.filter(dataset="auctions", refs__contains=[code]).exists()


@pytest.mark.parametrize(("name", "address"), [("planning-zones", "planning"), ("auctions", "auctions")])
def test_list_page_and_file_name_the_communes(client: Client, name: str, address: str) -> None:
    rows = queries.rows(registry.get(name), fields=("ref", "commune_today", "commune_today_also"))
    wide = next(row for row in rows if row["commune_today_also"] or name == "auctions")
    first = wide["commune_today"]
    other = (wide["commune_today_also"] or first).split(", ")[0]
    page = client.get(f"/{address}/{wide['ref']}/").content.decode()
    shown = client.get(f"/{address}/", {"commune_today": other}).content.decode()
    assert first in page and other in page
    assert f"/{address}/{wide['ref']}/" in shown
    text = b"".join(client.get(f"/{address}.csv", {"commune_today": other}).streaming_content).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert {line["Mã tham chiếu"] for line in lines} == refs_of(name, commune_today=other)
    assert any(first in line.values() for line in lines)


def test_a_former_name_means_what_it_became_and_an_unknown_one_is_refused() -> None:
    (former,) = fetched(
        "SELECT f.name, n.name AS now FROM published.admin_units f JOIN published.admin_units n ON n.ref = f.successors"
        " WHERE f.until_revision IS NULL AND n.until_revision IS NULL AND n.is_current AND NOT f.is_current"
        " AND f.name LIKE 'Thị trấn %%' AND (SELECT count(*) FROM published.admin_units o WHERE o.name = f.name"
        " AND o.until_revision IS NULL AND o.successors <> f.successors) = 0 ORDER BY 1 LIMIT 1"
    )
    assert refs_of("planning-zones", commune_today=former["name"]) == refs_of(
        "planning-zones", commune_today=former["now"]
    )
    with pytest.raises(FilterError):
        refs_of("planning-zones", commune_today="Xã Không Có")


def test_lots_that_are_not_public_tell_nothing_of_their_auction(monkeypatch: pytest.MonkeyPatch) -> None:
    auctions = registry.get("auctions")
    assert auctions.lies_in
    monkeypatch.setattr(type(registry.get("auction-lots")), "is_internal", True)
    told = statements.rows(*decided_sql(auctions, auctions.lies_in))
    assert {row[2:] for row in told} == {(None, None, None, "not-known", None)}
