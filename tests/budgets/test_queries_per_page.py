"""How often a page may ask the database: each question costs every reader a round trip.

Whoever needs one more changes the number here and says why.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from landgis.catalog import clock, memory, registry
from landgis.search.actions import follow
from tests import databases, samples

DATASETS = len(registry.all_datasets())
# Round every page: whether that is still the same, and the newest revision and whether anything that is shown is made up, in one.
SITE = 2

# The names of places that search keeps, asked for at most once a second: whether they are still the same, and they.
PLACES = 2
# The units of administration, asked for at most once a second: whether they are still the same, and they. Lists say
# which communes are of today and which are not; a filter by a commune takes any of its names.
UNITS = 2
STILL = "/pictures/still.webp?view=14/10.4/107&size=200x150"

# address: (status, questions of the alias public, what they are for)
BUDGETS = {
    "/": (
        200,
        SITE + 2 * DATASETS + 5,
        "of each dataset its totals for the legend and the box round it for the map; auctions, their lots, the next; what pills"
        " stand for and the days they name, each with whether it is still the same",
    ),
    "/en/": (200, SITE + 2 * DATASETS + 5, "a language asks nothing"),
    "/?land_use=ODT": (200, SITE + 3 * DATASETS + 5, "and of each that it filters how many there are without it"),
    "/embed": (
        200,
        SITE + 2 * DATASETS,
        "the newest revision; of each dataset whether it is made up, and the box round it",
    ),
    STILL: (
        200,
        4 + 2 * DATASETS,
        "the newest revision, the base map and the scenes; of each dataset its shapes and its names",
    ),
    STILL + "&as_of=1": (200, 5 + 2 * DATASETS, "and the newest revision, to refuse what is not there yet"),
    "/pictures/still.webp?view=x": (400, SITE, "what stands round the page that says so"),
    "/print.pdf?view=14/10.4/107&scale=5000": (
        200,
        SITE + 5 + 3 * DATASETS,
        "the picture, the base map and the scenes for it and for what is said of it, whether each dataset is made up",
    ),
    "/measure.json?points=107,10;107.1,10": (200, 0, "it computes"),
    "/qr.svg?to=/": (200, 0, "it draws"),
    "/offline": (200, SITE, "what stands round every page"),
    "/site.webmanifest": (200, 0, "the office file"),
    "/worker.js": (200, 0, "a file"),
    "/public-land/": (
        200,
        SITE + UNITS + 11,
        "totals with all groups in one pass, a page of rows and where each lies, the box for the map, whether some lie far off,"
        " and whether both are still the same;"
        " leases by four periods and the next",
    ),
    "/public-land/?after=P-00050": (200, SITE + UNITS + 11, "a later page costs what the first one does"),
    "/public-land/?commune_name=Commune+1": (200, SITE + UNITS + 10, "and the totals of the filtered rows"),
    "/public-land/?as_of=1": (
        200,
        SITE + UNITS + 11,
        "and the newest revision, to refuse what is not there yet, and that one's date",
    ),
    "/public-land/?as_of=2099-12-31": (400, SITE + 2, "a day to come: the newest revision, and that of the day"),
    "/public-land.json": (200, 3, "totals, whether they are still the same, and a page of rows"),
    "/public-land.json?commune_name=Commune+1": (200, UNITS + 2, "both of the filtered rows only"),
    "/public-land.csv": (200, 2, "the newest revision, so that all chunks are of one state, and one chunk"),
    "/public-land.csv-metadata.json": (200, 0, "the declaration"),
    "/public-land.xlsx": (
        200,
        5,
        "and how many rows there are, because a workbook does not hold any number; and their areas, of that revision",
    ),
    "/public-land/?place=Commune+1": (200, SITE + UNITS + 10, "the same as by a column"),
    "/public-land/feed.atom": (
        200,
        3,
        "the rows that changed last, whether these still are, and what was published of them before",
    ),
    "/public-land/calendar.ics": (404, 0 + SITE, "what has no dates has no calendar"),
    "/public-land.geojson": (
        200,
        4,
        "the newest revision, so that all chunks are of one state, one chunk, and the sums of areas, with whether they are still the same",
    ),
    "/public-land/P-00001/": (
        200,
        SITE + 6,
        "the row with its boundary, its versions and what it came from, scenes, what touches it, lots on it, reports",
    ),
    "/public-land/P-00001/?as_of=1": (
        200,
        SITE + 5,
        "row with boundary, versions and what it came from, lots; the newest revision and the date of the one asked for",
    ),
    "/public-land/P-00001.json": (200, 6, "what its page asks of the feature, without what stands round it"),
    "/public-land/P-00001.geojson": (200, 1, "the row"),
    "/public-land/P-00129/": (
        410,
        SITE + 5,
        "no row, but a history, a withdrawal or none, the date of its end, and what followed it",
    ),
    "/public-land/NEVER-WAS/": (404, SITE + 3, "no row, no history, no withdrawal: the same for what is hidden"),
    "/public-land/NEVER-WAS.json": (404, 3, "the same"),
    "/public-land/never-was.json": (404, 4, "the same, and no history in capitals"),
    "/nothing/": (404, SITE, "what stands round every page"),
    "/guides/words/": (200, SITE, "what stands round every page"),
    "/datasets/": (200, SITE + DATASETS + 1, "the newest revisions in one question, and the totals of each dataset"),
    "/datasets.json": (200, DATASETS + 1, "the same"),
    "/datasets/public-land/": (
        200,
        SITE + 5,
        "coverage by place, of which revision it is kept, open reports, the newest revisions and the totals",
    ),
    "/datasets/public-land.json": (200, 3, "the same, with whether the totals still are"),
    "/datasets/public-land.json?as_of=1": (200, 4, "and the newest revision, to refuse what is not there yet"),
    "/tiles/public-land/10/816/481.mvt": (200, 2, "the state, and the tile from the tile table"),
    "/tiles/public-land/10/816/481.mvt?commune_name=Commune+1": (
        200,
        UNITS + 2,
        "the state, and the tile from the view",
    ),
    "/tiles/public-land/10/816/481.mvt?as_of=1": (200, 3, "and the newest revision, to refuse what is not there yet"),
    "/tiles/public-land/10/0/0.mvt": (204, 2, "an empty tile is asked for too"),
    "/tiles/public-land/99/0/0.mvt": (404, 0, "what cannot be is refused unasked"),
    "/tiles/public-land.json": (
        200,
        5,
        "its mark, whether what is remembered still holds; once a revision its number, the box, whether something is made up",
    ),
    "/tiles/state.json": (200, 1, "the marks of all datasets, where their tiles are not stored"),
    "/search": (200, SITE, "the form"),
    "/search?q=changed": (
        200,
        SITE + PLACES + 3,
        "what matches, and the features as they are published; the names of places once a second; where they are more than"
        " are shown, how many",
    ),
    "/search?q=changed&in=public-land": (
        200,
        SITE + PLACES + 5,
        "what matches, and its features; of one dataset how many, a page of them, and these as they are published",
    ),
    "/search?q=chanegd": (200, SITE + PLACES + 4, "and which words are in use, and what matches then"),
    "/search?q=12/345": (200, SITE + PLACES + 3, "a key, where no parcels are published the date of them, twice"),
    "/search?q=10.5,107": (
        200,
        SITE + PLACES + 7,
        "what covers the point; where nothing does the words, twice, what has ended under that ref, the date, and the names of"
        " places once a second",
    ),
    "/search?q=1160773+436318": (200, SITE + 2, "what covers the point in every zone, and the features"),
    "/search?q=geo:10.5,107": (200, SITE + 3, "the same as of coordinates"),
    "/search?q=xyzzy+qwfp": (200, SITE + PLACES + 5, "the words twice, to say which are unknown, and the date"),
    "/api/search?q=changed": (200, 3 + PLACES, "the newest revision, what matches, and the features"),
    "/api/search?q=12/345": (200, 4 + PLACES, "the newest revision, a key, and the date of the parcels"),
    "/api/search?q=": (400, 0, "what cannot be is refused unasked"),
    "/feedback/": (200, SITE + 1, "the numbers of all datasets in one pass"),
    "/feedback/public-land/P-00001/": (200, SITE + 1, "the row"),
    "/feedback/2026-00001/": (404, SITE + 1, "no report of that number"),
    "/feedback/mine": (200, SITE, "the form"),
    "/livez": (200, 0, "it asks nobody"),
}


@pytest.fixture(scope="module", autouse=True)
def _plots(migrated: str, django_db_blocker: Any) -> Iterator[None]:
    """130 plots, so that a list has several pages, changed once, one of them retired."""
    with django_db_blocker.unblock(), databases.made(migrated) as name, databases.used(name):
        plots = [samples.plot(number) for number in range(130)]
        samples.the_whole_state(plots)
        samples.the_whole_state([*[{**one, "name": "Changed"} for one in plots[:50]], *plots[50:129]])
        follow()
        clock.now()  # asked for twice a minute, by whichever test is the first
        yield


def asked(url: str) -> tuple[int, dict[str, list[str]]]:
    """Status of the answer, and the statements it cost by alias."""
    memory.forget()  # as the first reader after a start, whatever was asked before
    counted = {alias: CaptureQueriesContext(connections[alias]) for alias in databases.ALIASES}
    with counted["default"], counted["public"]:
        response = Client().get(url)
        if response.streaming:
            b"".join(response.streaming_content)
    return response.status_code, {
        alias: [one["sql"] for one in found.captured_queries] for alias, found in counted.items()
    }


@pytest.mark.usefixtures("same_second")
@pytest.mark.parametrize("url", BUDGETS)
def test_a_page_asks_no_more_than_it_may(url: str) -> None:
    """Nor as the owner of the tables: what goes through `default` is not bound by what the public's role may read."""
    status, maximum, why = BUDGETS[url]
    answered, statements = asked(url)
    assert answered == status
    assert len(statements["public"]) <= maximum, f"{why}:\n" + "\n".join(statements["public"])
    assert statements["default"] == []


@pytest.mark.parametrize("url", ["/admin/login/", "/admin/"])
def test_a_stranger_never_asks_as_the_owner_of_the_tables(url: str) -> None:
    assert asked(url)[1]["default"] == []


def test_the_check_of_readiness_is_cheap() -> None:
    _status, statements = asked("/readyz")
    assert len(statements["public"]) <= 1, "the published relations answer"
    assert len(statements["default"]) <= 6, (
        "the connection answers, two for the migrations, the worker's last sign, what was found damaged, what was looked at"
    )


@pytest.mark.usefixtures("same_second")
@pytest.mark.parametrize("path", ["/public-land/", "/public-land.json", "/public-land.geojson"])
def test_the_number_of_rows_costs_no_further_question(path: str) -> None:
    west, south, east, north = samples.plot(1)["box"]
    few = asked(f"{path}?bbox={west},{south},{east},{north}")
    many = asked(f"{path}?bbox=100,0,110,20")
    assert len(few[1]["public"]) == len(many[1]["public"])
