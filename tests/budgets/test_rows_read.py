"""How many rows an answer reads once others have asked: no more with four times as many features published.

What is said of all rows is remembered as long as what is published stays as it is (`catalog.sums`), the rest is found by an index. The
plans are those of a large table: with few rows PostgreSQL reads all of them rather than look into an index.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from landgis.catalog import memory
from landgis.catalog.queries import extents
from landgis.operations.ownership import as_owner
from landgis.pages import crawlers
from landgis.search.actions import follow
from tests import databases, samples
from tests.benchmarks import cadastre, editing
from tests.budgets.test_queries_per_page import BUDGETS

pytestmark = pytest.mark.prove

FEW, MANY = 500, 2000
TENTHS = 13  # of the rows that are read of the few
BESIDE = 20  # rows of lists of revisions and names, which have nothing to do with how many features there are
AS_IF_LARGE = ("enable_seqscan", "enable_hashjoin", "enable_sort")
READ = (
    "SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables) + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes)"
)

WHOLE = (".csv", ".xlsx", ".geojson")  # exports, which hold every row
PARCELS = (
    "/parcels/",
    "/parcels.json",
    "/parcels/30000-1-1/",
    "/parcels/30000-1-1.json",
    "/parcels/feed.atom",
    "/datasets/parcels/",
    "/tiles/parcels.json",
    "/tiles/parcels/14/13068/7700.mvt",
    "/styles/parcels.json",
    "/p?to=1&thua=1",
    "/search?q=1/1",
    "/places/",
    "/sitemap.xml",
    "/lots/",
    "/auctions/",
    "/print.pdf?view=17/10.4/107&scale=1000",
)
# What says no more of all rows than their numbers, and where they lie.
FIRST = (
    "/",
    "/en/",
    "/embed",
    "/sitemap.xml",
    "/sitemap-dataset-public-land.xml",
    "/datasets/",
    "/datasets.json",
    "/datasets/parcels.json",
    "/guides/words/",
    "/feedback/",
    "/parcels/",
    "/parcels/?land_use=ODT",
    "/parcels.json",
    "/parcels.json?land_use=ODT",
    "/parcels/?land_use=NTS",
    "/parcels.json?area_legal_m2_min=99999",
    "/parcels/30000-1-1/",
    "/public-land/",
    "/public-land.json",
    "/public-land/?manager_kind=agency",
    "/public-land/P-00001/",
    "/tiles/parcels.json",
    "/tiles/public-land.json",
    "/lots/",
    "/places/",
    "/search?q=1/1",
)
ADDRESSES = (*(url for url in BUDGETS if not url.split("?")[0].endswith(WHOLE)), *PARCELS)


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
            for setting in AS_IF_LARGE:
                databases.administer(f"ALTER DATABASE {{}} SET {setting} = off", name)
        yield few, many


@pytest.mark.usefixtures("same_second")
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
        # What is staged is read in the order of its rows: without a sort that would be an index of all that is staged.
        databases.administer("ALTER DATABASE {} SET enable_sort = on", name)
        with databases.used(name):
            roads = editing.asked(editing.officer(), editing.some(1)[0])
            read.append({road: rows_for(ask) for road, ask in roads.items()})
        databases.administer("ALTER DATABASE {} SET enable_sort = off", name)
    few, many = read
    assert [(road, few[road], many[road]) for road in few if many[road] * 10 > few[road] * TENTHS + BESIDE * 10] == []


@pytest.mark.usefixtures("same_second")
def test_no_first_reader_after_a_revision_costs_more_where_more_is_published(
    worlds: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extents, "SAMPLE", FEW // 2)
    monkeypatch.setattr(crawlers.FeatureMap, "limit", FEW)
    grown = []
    for url in FIRST:
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
