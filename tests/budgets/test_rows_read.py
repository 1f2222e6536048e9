"""How many rows an answer reads once others have asked: no more with four times as many features published.

What is said of all rows is remembered as long as what is published stays as it is (`catalog.sums`), the rest is found by an index. The
plans are those of a large table: with few rows PostgreSQL reads all of them rather than look into an index.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import resolve

from landgis.catalog import memory
from landgis.catalog.queries import extents
from landgis.operations.ownership import as_owner
from landgis.pages import crawlers
from landgis.search import listing, queries
from landgis.search.actions import follow
from tests import databases, samples
from tests.benchmarks import cadastre, editing
from tests.budgets.test_queries_per_page import BUDGETS
from tests.contracts.test_access_matrix import addresses

pytestmark = pytest.mark.prove

FEW, MANY = 500, 2000
TENTHS = 13  # of the rows that are read of the few
BESIDE = 20  # rows of lists of revisions and names, which have nothing to do with how many features there are
# Whoever reads few rows is quicker, as where there are a million.
AS_IF_LARGE = {"enable_seqscan": "off", "cpu_tuple_cost": "1", "cpu_index_tuple_cost": "1"}
# Of what search looks up by words the entries of the index are not counted: there is no other way to know which have all words.
READ = """
SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables) + (SELECT sum(s.idx_tup_read) FROM pg_stat_user_indexes s
JOIN pg_class i ON i.oid = s.indexrelid JOIN pg_am a ON a.oid = i.relam WHERE a.amname <> 'gin')
"""

# Namespaces of the addresses that everybody may ask, and those of them that give every row.
PUBLIC = (
    "basemap",
    "crawlers",
    "documents",
    "feedback",
    "former-pictures",
    "imagery",
    "operations",
    "pages",
    "pictures",
    "search",
    "search-data",
    "styles",
    "tiles",
)
WHOLE = {"pages:list-geojson", "pages:list-csv", "pages:list-xlsx"}
PARCELS = (
    "/parcels/",
    "/parcels/?land_use=ODT",
    "/parcels/?area_legal_m2_min=99999",
    "/parcels/?bbox=107,10,107.0001,10.0001",
    "/parcels.json",
    "/parcels.json?land_use=ODT",
    "/parcels/30000-1-1/",
    "/parcels/30000-1-1.json",
    "/parcels/30000-1-1.geojson",
    "/parcels/30000-1-1.pdf",
    "/parcels/30000-1-1/extract.pdf",
    "/parcels/feed.atom",
    "/tiles/parcels.json",
    "/tiles/parcels/14/13068/7700.mvt",
    "/tiles/parcels/16/52272/30800.mvt",
    "/tiles/parcels/16/52272/30800.mvt?land_use=ODT",
    "/tiles/parcels/16/52272/30800.mvt?as_of=2",
    "/styles/parcels.json",
    "/p?to=1&thua=1",
    "/search?q=1/1",
    "/search?q=plot&in=public-land",
    "/places/",
    "/planning/",
    "/lots/",
    "/lots/feed.atom",
    "/auctions/",
    "/auctions/calendar.ics",
    "/public-land/?sort=area_legal_m2",
    "/public-land/?sort=-area_legal_m2&after=P-00020",
    "/public-land/?sort=area_legal_m2&after=P-00020",
    "/public-land/?near=10.1,107.1",
    "/public-land/?manager_kind=agency",
    "/public-land/P-00001.pdf",
    "/public-land/P-00001/calendar.ics",
    "/tiles/public-land/16/52272/30800.mvt?commune_name=Commune+1",
    "/datasets/parcels/",
    "/datasets/parcels.json",
    "/pictures/outline/public-land/P-00001.webp",
    "/pictures/outline/public-land/P-00001.jpg",
    "/imagery/still.webp?view=14/10.4/107&size=200x150",
    "/imagery/outline/public-land/P-00001.webp",
    "/imagery/outline/public-land/P-00001.jpg",
    "/imagery/seen.json?view=14/10.4/107",
    f"/documents/{0:064x}.pdf",
    f"/documents/{0:064x}.pdf/1.webp",
    "/readyz",
    "/metrics",
    "/pictures/still.webp?view=17/10.4/107&size=200x150&land_use=ODT",
    "/pictures/still.webp?view=17/10.4/107&size=200x150&as_of=2",
    "/imagery/",
    "/imagery/map.json",
    "/imagery/ground.json",
    "/imagery/ground/10/816/481.webp",
    "/basemap.json",
    "/basemap/10/816/481.mvt",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap-dataset-public-land.xml",
    "/print.pdf?view=17/10.4/107&scale=1000",
)
# What reads all that it is about for the first who asks after a revision, and is remembered.
PAST = "the sums of a past state"
FOUND = "the sums and the box of what a filter finds"
DRAWN = "all plots lie in this tile, which is stored"
ONCE_A_REVISION = {
    "/public-land/?as_of=1": PAST,
    "/datasets/public-land.json?as_of=1": PAST,
    "/public-land/?commune_name=Commune+1": FOUND,
    "/public-land/?place=Commune+1": FOUND,
    "/public-land.json?commune_name=Commune+1": FOUND,
    "/tiles/public-land/10/816/481.mvt": DRAWN,
    "/tiles/public-land/10/816/481.mvt?commune_name=Commune+1": DRAWN,
    "/tiles/public-land/10/816/481.mvt?as_of=1": DRAWN,
}


def name_of(url: str) -> str:
    return resolve(url.split("?", maxsplit=1)[0].replace("/en/", "/")).view_name if url != "/nothing/" else ""


ADDRESSES = tuple(url for url in dict.fromkeys([*BUDGETS, *PARCELS]) if name_of(url) not in WHOLE)


@pytest.fixture
def of_a_large_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is bounded by a number is so of these few rows."""
    monkeypatch.setattr(extents, "SAMPLE", FEW // 2)
    monkeypatch.setattr(crawlers.FeatureMap, "limit", FEW)
    monkeypatch.setattr(queries, "CAP", FEW // 5)
    monkeypatch.setattr(listing, "MOST_COUNTED", FEW // 5)


def test_every_public_address_is_asked() -> None:
    asked_for = {name_of(url) for url in ADDRESSES}
    public = {name for name, _pattern in addresses() if name.split(":")[0] in PUBLIC}
    assert public - WHOLE - asked_for == set(), "How many rows do these read? Add addresses to PARCELS."


@pytest.fixture(scope="module")
def worlds(migrated: str, django_db_blocker: Any) -> Iterator[tuple[str, str]]:
    """The names of two databases: with few plots and parcels, and with four times as many."""
    with django_db_blocker.unblock(), databases.made(migrated) as few, databases.made(migrated) as many:
        for name, count in ((few, FEW), (many, MANY)):
            with databases.used(name):
                samples.the_whole_state([samples.plot(number) for number in range(count)])
                cadastre.let_in([cadastre.some(cadastre.IN_COMMUNE, count)], is_complete=True)
                follow()
                with as_owner(), connection.cursor() as cursor:
                    cursor.execute("VACUUM ANALYZE")
            for setting, value in AS_IF_LARGE.items():
                databases.administer(f"ALTER DATABASE {{}} SET {setting} = {value}", name)
        yield few, many


@pytest.mark.usefixtures("same_second", "of_a_large_office")
def test_no_answer_reads_more_where_more_is_published(worlds: tuple[str, str]) -> None:
    grown = []
    for url in ADDRESSES:
        few, many = (rows_read(name, url) for name in worlds)
        if many * 10 > few * TENTHS + BESIDE * 10:
            grown.append(f"{url}: {few} and {many} rows")
    assert grown == []


@pytest.mark.usefixtures("same_second")
def test_what_is_asked_while_an_officer_draws_reads_no_more_either(worlds: tuple[str, str]) -> None:
    read = []
    for name in worlds:
        with databases.used(name):
            roads = editing.asked(editing.officer(), editing.some(1)[0])
            read.append({road: rows_for(ask) for road, ask in roads.items()})
    few, many = read
    assert [(road, few[road], many[road]) for road in few if many[road] * 10 > few[road] * TENTHS + BESIDE * 10] == []


@pytest.mark.usefixtures("same_second", "of_a_large_office")
def test_no_first_reader_after_a_revision_costs_more_where_more_is_published(
    worlds: tuple[str, str],
) -> None:
    grown = []
    for url in ADDRESSES:
        if url in ONCE_A_REVISION:
            continue
        few, many = (rows_read(name, url, is_first=True) for name in worlds)
        if many * 10 > few * TENTHS + BESIDE * 10:
            grown.append(f"{url}: {few} and {many} rows")
    assert grown == []


def rows_read(name: str, url: str, *, is_first: bool = False) -> int:
    """How many rows and entries of indexes the second reader of an address costs the database of that name, or the first."""
    memory.forget()
    with databases.used(name):
        return rows_for(lambda: asked(url), is_first=is_first)


def rows_for(ask: Callable[[], Any], *, is_first: bool = False) -> int:
    """The same of whatever is asked."""
    if not is_first:
        ask()
    before = rows_until_now()
    ask()
    return rows_until_now() - before


def asked(url: str) -> None:
    answer = Client().get(url)
    if answer.streaming:
        b"".join(answer.streaming_content)


def rows_until_now() -> int:
    """Sessions tell what they read when they end, at the latest."""
    for alias in databases.ALIASES:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
        connections[alias].close()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(READ)
        return int(cursor.fetchone()[0])
