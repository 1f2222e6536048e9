"""Tiles that are cut before Django: the same answers as Django's, known ones without a tile, and one cut for many who ask at once."""

import io
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connections
from django.test.utils import CaptureQueriesContext

from landgis.catalog import memory
from landgis.catalog.dataset import Dataset
from landgis.lib.single_flight import SingleFlight
from landgis.operations.cut_tiles import CutTiles
from landgis.tiles import answering, pyramid
from landgis.tiles.store import Key, Store
from tests import samples
from tests.members import some_of
from tests.tiles.test_stored import dataset, plots, store, tile_at  # noqa: F401 -- fixtures
from tests.waiting import until

Told = tuple[int, dict[str, str], bytes]
QUESTIONS = [
    "",
    "current_use=vacant",
    "land_use=ODT",
    "as_of=1",
    "as_of=1&land_use=ODT",
    "as_of=9",
    "land_use=no",
    "no=1",
]


def told(application: Callable[..., Any], key: Key, query: str = "", **environ: str) -> Told:
    place = {"REQUEST_METHOD": "GET", "SERVER_NAME": "testserver", "SERVER_PORT": "80", "wsgi.input": io.BytesIO()}
    place |= {"wsgi.url_scheme": "http", "HTTP_ACCEPT_ENCODING": "gzip", "QUERY_STRING": query}
    place |= {"PATH_INFO": "/tiles/public-land/{}/{}/{}.mvt".format(*key), **environ}
    said: list[Any] = []
    body = b"".join(application(place, lambda *told: said.extend(told)))
    dropped = {"X-Request-ID", "Content-Language"}
    if not body:  # of nothing Django says how long it is, and what it varies with
        dropped |= {"Content-Length", "Content-Type", "Vary"}
    headers = {name: text for name, text in said[1] if name not in dropped}
    return int(said[0][:3]), headers, body


def of_django(key: Key, query: str = "", **environ: str) -> Told:
    return told(get_wsgi_application(), key, query, **environ)


def nothing_behind(_environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    start("599 Handed On", [])
    return []


ALONE = CutTiles(nothing_behind)


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("query", QUESTIONS)
@pytest.mark.parametrize("zoom", [9, 16])
def test_the_answers_are_those_of_django(zoom: int, query: str) -> None:
    key = tile_at(1, zoom)
    wanted = of_django(key, query)
    if wanted[0] == 200:
        known = {"HTTP_IF_NONE_MATCH": wanted[1]["ETag"]}
        assert told(ALONE, key, query) == wanted
        status, headers, body = told(ALONE, key, query, **known)
        assert (status, headers["ETag"], body) == (304, wanted[1]["ETag"], b"")
        assert of_django(key, query, **known)[0] == 304
        assert told(ALONE, key, query, REQUEST_METHOD="HEAD")[2] == b""
    elif wanted[0] == 204:
        assert told(ALONE, key, query) == wanted
    else:
        assert told(ALONE, key, query)[0] == 599, "what is wrong is said by Django"
        assert told(CutTiles(get_wsgi_application()), key, query)[0] == wanted[0] == 400


@pytest.mark.usefixtures("dataset")
def test_where_nothing_is_stored_the_answers_are_those_of_django_too() -> None:
    key = tile_at(1, 14)
    assert told(ALONE, key) == of_django(key)
    assert told(ALONE, key)[0] == 200


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("query", ["land_use=ODT", "area_legal_m2_min=1", "as_of=1"])
def test_whoever_has_the_tile_costs_none_and_a_second_reader_neither(query: str) -> None:
    key = tile_at(1, 15)
    first = told(ALONE, key, query)
    memory.forget()
    known = {"HTTP_IF_NONE_MATCH": first[1].get("ETag", "")}
    with CaptureQueriesContext(connections["public"]) as asked:
        again = told(ALONE, key, query, **known)
    assert not [one for one in asked.captured_queries if "ST_AsMVT" in one["sql"]] or first[0] == 204
    assert again[0] == (304 if first[0] == 200 else 204)
    assert told(ALONE, key, query) == first
    with CaptureQueriesContext(connections["public"]) as asked:
        assert told(ALONE, key, query) == first
    assert not [one for one in asked.captured_queries if "ST_AsMVT" in one["sql"]]


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("accepted", some_of(["gzip", "identity"], every=2))
@pytest.mark.parametrize("query", QUESTIONS)
def test_who_asks_only_about_a_tile_costs_none(query: str, accepted: str) -> None:
    for key in (tile_at(1, 9), tile_at(1, 16), (12, 5, 5)):
        memory.forget()
        with CaptureQueriesContext(connections["public"]) as asked:
            heads = [
                told(one, key, query, REQUEST_METHOD="HEAD", HTTP_ACCEPT_ENCODING=accepted)
                for one in (CutTiles(get_wsgi_application()), get_wsgi_application())
            ]
        assert not [one for one in asked.captured_queries if "ST_AsMVT(" in one["sql"]]
        status, headers, _body = of_django(key, query, HTTP_ACCEPT_ENCODING=accepted)
        assert [head[0] for head in heads] == [status, status]
        for _status, about, body in heads if status < 300 else []:
            assert {**headers, **about} == headers
            assert body == b"" and "Content-Length" not in about
        assert status != 200 or heads[0][1]["ETag"] == headers["ETag"]


@pytest.mark.usefixtures("store")
def test_who_asks_only_about_a_marked_tile_leaves_it_marked(store: Store, dataset: Dataset) -> None:  # noqa: F811
    key, nothing = tile_at(1, 15), (15, 7, 7)
    before = store.read(key)
    pyramid.mark(dataset, [key, nothing])
    assert told(ALONE, nothing, REQUEST_METHOD="HEAD")[0] == 204
    status, headers, _body = told(ALONE, key, REQUEST_METHOD="HEAD")
    assert (status, headers.get("ETag")) == (200, None), "which only the tile would tell"
    assert store.marked() == sorted([key, nothing])
    assert before is not None
    assert told(ALONE, key, REQUEST_METHOD="HEAD", HTTP_IF_NONE_MATCH=before.etag)[0] == 304


@pytest.mark.usefixtures("store")
def test_a_filtered_tile_is_another_one_after_a_revision() -> None:
    key, query = tile_at(1, 15), "area_legal_m2_min=1"
    before = told(ALONE, key, query)
    samples.applied([samples.plot(1, is_public=False)])
    after = told(ALONE, key, query, HTTP_IF_NONE_MATCH=before[1]["ETag"])
    assert after[0] != 304
    assert after == of_django(key, query)


def test_a_marked_tile_is_cut_and_kept(store: Store, dataset: Dataset) -> None:  # noqa: F811
    key = tile_at(1, 15)
    pyramid.mark(dataset, [key])
    status, headers, body = told(ALONE, key)
    kept = store.read(key)
    assert kept is not None
    assert (status, headers["ETag"], body) == (200, kept.etag, kept.packed)


@pytest.mark.usefixtures("store")
def test_a_database_that_is_away_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Key] = []

    def away(_dataset: Dataset, key: Key, *_told: Any) -> None:
        asked.append(key)
        raise OperationalError("away")

    monkeypatch.setattr(answering, "answer", away)
    key = tile_at(1, 15)
    assert told(CutTiles(get_wsgi_application()), key, "land_use=ODT")[0] == 503
    assert asked == [key]


def test_many_who_ask_the_same_at_once_are_given_what_one_works_out() -> None:
    flight, ended, count, answers = SingleFlight(), threading.Event(), [0], []

    def work() -> int:
        count[0] += 1
        ended.wait()
        return count[0]

    threads = [threading.Thread(target=lambda: answers.append(flight.of("tile", work))) for _ in range(8)]
    for thread in threads:
        thread.start()
    until(lambda: "tile" in flight._under_way and len(flight._under_way["tile"]._condition._waiters) == 7)
    ended.set()
    for thread in threads:
        thread.join()
    assert answers == [1] * 8
    assert flight.of("tile", work) == 2, "nothing is kept"
    with pytest.raises(ZeroDivisionError):
        flight.of("tile", lambda: 1 // 0)
    assert flight.of("tile", work) == 3
