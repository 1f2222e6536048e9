"""Stored tiles: what they are, that they are never stale, and that any cut is mended."""

import dataclasses
import io
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pytest
from django.core.management import CommandError, call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pmtiles.reader import MmapSource, Reader, all_tiles

from landgis.catalog import exits
from landgis.catalog.dataset import Dataset
from landgis.changes import actions as changes
from landgis.lib.webmap import EQUATOR_M, metres
from landgis.operations.stored_tiles import StoredTiles
from landgis.tiles import pyramid
from landgis.tiles.queries import HEAPED_TO, tile
from landgis.tiles.store import TOP, Key, ReadAt, Store
from landgis.tiles.tasks import follow_tiles
from tests import databases, samples

NEAR, FAR = range(3), (9_000, 9_001)  # plots in tiles of their own from some zoom on


@pytest.fixture(scope="module")
def plots(migrated: str, django_db_blocker: Any) -> Iterator[str]:
    """A database in which nothing else is published."""
    with django_db_blocker.unblock(), databases.made(migrated) as name:
        with databases.used(name):
            samples.applied([samples.plot(number) for number in (*NEAR, *FAR)])
        yield name


@pytest.fixture
def dataset(plots: str, django_db_blocker: Any) -> Iterator[Dataset]:
    with django_db_blocker.unblock(), databases.made(plots) as name, databases.used(name):
        yield samples.public_land()


@pytest.fixture
def store(dataset: Dataset) -> Store:
    """Of the plots' tiles, all cut."""
    follow(dataset)
    assert pyramid.cut(dataset) > 10
    return pyramid.store_of(dataset)


def follow(dataset: Dataset) -> int | None:
    return pyramid.TileFollower().follow(dataset)


def there(store: Store) -> dict[Key, str]:
    """The ETag of every tile that is stored."""
    return {key: found.etag for z in range(TOP + 2) for key in store.keys(z) if (found := store.read(key))}


def tile_at(number: int, z: int) -> Key:
    """The tile in which the middle of a plot lies."""
    west, south, east, north = samples.plot(number)["box"]
    east, north = EQUATOR_M / 2 + metres((west + east) / 2, 0)[0], EQUATOR_M / 2 - metres(0, (south + north) / 2)[1]
    return z, int(east / EQUATOR_M * 2**z), int(north / EQUATOR_M * 2**z)


def refs_in(body: bytes) -> set[str]:
    layers = mapbox_vector_tile.decode(body)
    found = layers["public-land"]["features"] if layers else []
    return {one["properties"]["ref"] for one in found if "ref" in one["properties"]}


def answer(environ: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """What the callable before Django answers; status 0 where it hands on."""
    told: list[Any] = []

    def handed_on(_environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start("0 Handed On", [])
        return [b""]

    place = {"REQUEST_METHOD": "GET", "HTTP_ACCEPT_ENCODING": "gzip, br", "QUERY_STRING": "", "wsgi.url_scheme": "http"}
    body = b"".join(StoredTiles(handed_on)({**place, **environ}, lambda *said: told.extend(said)))
    return int(told[0][:3]) if told[0][0] != "0" else 0, dict(told[1]), body


def asked(key: Key, **environ: Any) -> tuple[int, dict[str, str], bytes]:
    z, x, y = key
    return answer({"PATH_INFO": f"/tiles/public-land/{z}/{x}/{y}.mvt", **environ})


# What they are


def test_every_tile_is_stored_and_holds_what_the_database_gives(store: Store, dataset: Dataset) -> None:
    assert list(pyramid.differences(dataset)) == []
    for z in pyramid.stored_zooms(dataset):
        for number in (*NEAR, *FAR):
            key = tile_at(number, z)
            found = store.read(key)
            assert found is not None, key
            assert found.tile == tile(dataset, *key)
            assert z < HEAPED_TO or f"P-{number:05d}" in refs_in(found.tile)


def test_bytes_and_etags_follow_from_the_data_alone(store: Store, dataset: Dataset) -> None:
    before = there(store)
    store.remove()
    assert there(store) == {}
    follow(dataset)
    for key in reversed(store.marked()):
        pyramid.keep(dataset, key)
    assert there(store) == before


def test_a_stored_tile_costs_the_database_nothing(store: Store) -> None:
    key = tile_at(0, 14)
    with CaptureQueriesContext(connections["default"]) as own, CaptureQueriesContext(connections["public"]) as public:
        status, headers, body = asked(key)
        known = asked(key, HTTP_IF_NONE_MATCH=f'"other", W/{headers["ETag"]}')
        head = asked(key, REQUEST_METHOD="HEAD")
        empty = asked((16, 0, 0))
    assert (len(own), len(public)) == (0, 0)
    assert (status, headers["Content-Encoding"], headers["Cache-Control"]) == (200, "gzip", "no-cache")
    assert "Accept-Language" not in headers["Vary"]
    found = store.read(key)
    assert found is not None
    assert body == found.packed
    assert (known[0], known[1]["ETag"], known[2]) == (304, headers["ETag"], b"")
    assert (head[0], head[1]["Content-Length"], head[2]) == (200, str(len(body)), b"")
    assert (empty[0], empty[2]) == (204, b"")


def test_the_etag_is_what_nginx_makes_of_the_file(store: Store) -> None:
    key = tile_at(0, 14)
    found = store.path(key).stat()
    assert asked(key)[1]["ETag"] == f'"{int(found.st_mtime):x}-{found.st_size:x}"'
    assert found.st_mtime < time.time()


def test_the_answer_is_dressed_as_the_application_would(store: Store, client: Client) -> None:
    key = tile_at(0, 14)
    z, x, y = key
    of_django = client.get(f"/tiles/public-land/{z}/{x}/{y}.mvt", headers={"Accept-Encoding": "gzip"})
    status, headers, body = asked(key)
    assert (of_django.status_code, of_django.content) == (status, body)
    wanted = dict(of_django.items())
    for one in ("X-Request-ID", "Content-Language"):
        wanted.pop(one, None)
        headers.pop(one, None)
    assert headers == wanted


@pytest.mark.parametrize(
    "environ",
    [
        {"QUERY_STRING": "current_use=vacant"},
        {"QUERY_STRING": "as_of=1"},
        {"REQUEST_METHOD": "POST"},
        {"HTTP_ACCEPT_ENCODING": "br, gzip;q=0"},
        {"PATH_INFO": "/tiles/public-land.json"},
        {"PATH_INFO": "/tiles/no-such/14/1/1.mvt"},
        {"PATH_INFO": "/tiles/public-land/17/0/0.mvt"},
        {"PATH_INFO": "/tiles/public-land/14/16384/0.mvt"},
        {"PATH_INFO": "/tiles/public-land/14/../../kept.json"},
    ],
)
def test_all_else_is_the_applications(store: Store, environ: dict[str, str]) -> None:
    assert asked(tile_at(0, 14), **environ)[0] == 0


def test_what_is_asked_for_is_kept_from_then_on(store: Store, dataset: Dataset, client: Client) -> None:
    key = tile_at(0, 14)
    pyramid.mark(dataset, [key])
    assert asked(key)[0] == 0, "neither what was there nor nothing"
    z, x, y = key
    cut = client.get(f"/tiles/public-land/{z}/{x}/{y}.mvt", headers={"Accept-Encoding": "gzip"})
    status, headers, body = asked(key)
    assert (status, headers["ETag"], body) == (200, cut["ETag"], cut.content)
    assert not store.is_marked(key)


def test_a_closed_exit_leaves_no_tile(store: Store, dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset, "exits", dataclasses.replace(dataset.exits, tiles=False))
    assert asked(tile_at(0, 14))[0] == 0
    follow(dataset)
    assert not store.folder.exists()


# Never stale


def test_an_apply_takes_its_tiles_out_with_the_commit_and_no_others(store: Store, dataset: Dataset) -> None:
    before = there(store)
    gone = samples.plot(1, is_public=False)
    samples.applied([gone])
    for z in pyramid.stored_zooms(dataset):
        assert asked(tile_at(1, z))[0] == 0, "handed on, not the old tile and not an empty one"
    assert set(before) - set(there(store)) == {key for key in before if store.is_marked(key)}
    pyramid.cut(dataset)
    after = there(store)
    changed = {key for key in before | after if before.get(key) != after.get(key)}
    assert changed == {key for key in before if key in {tile_at(1, key[0])}}
    assert list(pyramid.differences(dataset)) == []
    found = store.read(tile_at(0, 14))
    assert found is not None
    assert "P-00001" not in refs_in(found.tile or b"")


def test_a_plot_that_moved_leaves_the_tiles_where_it_was(store: Store, dataset: Dataset) -> None:
    there_now = {**samples.plot(9_001), "box": samples.plot(4_060)["box"]}
    samples.applied([there_now])
    follow(dataset)
    pyramid.cut(dataset)
    assert store.read(tile_at(4_060, 16)) is not None
    assert list(pyramid.differences(dataset)) == []


def test_what_was_read_before_a_revision_is_not_kept_after_it(store: Store, dataset: Dataset) -> None:
    """A reader's process that was slow must not put the old tile over the new one."""
    key = tile_at(1, 14)
    old, kept = tile(dataset, *key), store.kept()
    assert kept is not None
    read_at = ReadAt(kept.revision, time.time())
    samples.applied([samples.plot(1, name="Another name")])
    follow(dataset)
    pyramid.cut(dataset)
    new = store.read(key)
    store.put(key, old, read_at)
    assert store.read(key) == new
    assert list(pyramid.differences(dataset)) == []


def test_what_was_read_before_a_state_changed_is_not_kept_after_it(store: Store) -> None:
    key, kept = tile_at(1, 14), store.kept()
    assert kept is not None
    store.move_on(dataclasses.replace(kept, tick=kept.tick + 1, ticked_at=1000.0), [key])
    store.put(key, b"old", ReadAt(kept.revision, 999.9))
    assert store.read(key) is None
    store.put(key, b"new", ReadAt(kept.revision, 1000.0))
    assert store.read(key) is not None


def test_after_the_moment_at_which_a_state_changes_nothing_stored_is_believed(store: Store) -> None:
    kept = store.kept()
    assert kept is not None
    store.move_on(dataclasses.replace(kept, until=time.time() + 1000), [])
    assert asked(tile_at(0, 14))[0] == 200
    store.move_on(dataclasses.replace(kept, until=time.time() - 0.001), [])
    assert asked(tile_at(0, 14))[0] == 0
    assert asked((16, 0, 0))[0] == 0


def test_another_form_of_the_tiles_begins_anew(store: Store, dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """A declaration that hides a field: no tile of before is shown, by no process that knows of it."""
    monkeypatch.setattr(pyramid, "FORM", pyramid.FORM + 1)
    monkeypatch.setattr(pyramid, "form_of_now", pyramid.form_of)
    assert asked(tile_at(0, 14))[0] == 0
    follow(dataset)
    assert there(store) == {}
    assert pyramid.cut(dataset) > 10


def test_another_past_begins_anew(store: Store, dataset: Dataset) -> None:
    """After a restore a revision may have the number of another one that was lost."""
    kept = store.kept()
    assert kept is not None
    for lost in (
        dataclasses.replace(kept, revision=kept.revision + 1),
        dataclasses.replace(kept, applied_at=kept.applied_at - 1),
    ):
        store.move_on(lost, [])
        assert (follow(dataset) or 0) > 10
        assert pyramid.cut(dataset) > 10


def test_the_worker_brings_in_line_what_was_begun_and_begins_nothing(dataset: Dataset) -> None:
    store = pyramid.store_of(dataset)
    follow_tiles()
    assert not store.is_begun()
    store.folder.mkdir(parents=True)  # as a beginning leaves it that was killed in its first step
    follow_tiles()
    assert len(there(store)) > 10
    samples.applied([samples.plot(1, name="Another name")])
    assert store.marked() != []
    follow_tiles()
    assert store.marked() == []
    assert list(pyramid.differences(dataset)) == []


def test_without_room_readers_have_their_tiles(
    store: Store, dataset: Dataset, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tile_at(0, 14)
    before = store.read(key)
    assert before is not None
    pyramid.mark(dataset, [key])
    with monkeypatch.context() as without_disk:
        without_disk.setattr(Path, "write_bytes", lambda *_told: (_ for _ in ()).throw(OSError(28, "No space left")))
        z, x, y = key
        given = client.get(f"/tiles/public-land/{z}/{x}/{y}.mvt", headers={"Accept-Encoding": "identity"})
        follow_tiles()
    assert (given.status_code, given.content) == (200, before.tile)
    assert store.marked() == [key]
    follow_tiles()
    assert store.read(key) == before


# What open maps ask


def asked_state(**environ: str) -> tuple[int, dict[str, str], dict[str, str]]:
    status, headers, body = answer({"PATH_INFO": "/tiles/state.json", **environ})
    return status, headers, json.loads(body) if body else {}


@pytest.fixture
def all_stored(store: Store) -> Store:
    for dataset in exits.datasets("tiles"):
        follow(dataset)
        pyramid.cut(dataset)
    return store


def test_the_marks_of_stored_tiles_ask_the_database_nothing(all_stored: Store, client: Client) -> None:
    of_django = client.get("/tiles/state.json", headers={"Accept-Encoding": "identity"})
    with CaptureQueriesContext(connections["default"]) as own, CaptureQueriesContext(connections["public"]) as public:
        status, headers, marks = asked_state()
        known = asked_state(HTTP_IF_NONE_MATCH=headers["ETag"])
    assert (len(own), len(public)) == (0, 0)
    assert (status, marks) == (200, of_django.json())
    assert list(marks) == [dataset.name for dataset in exits.datasets("tiles")]
    assert known == (304, known[1], {})
    wanted = dict(of_django.items())
    for one in ("X-Request-ID", "Content-Language"):
        wanted.pop(one, None)
        headers.pop(one, None)
    assert headers == wanted
    assert int(headers["Content-Length"]) < 400
    assert client.get("/tiles/public-land.json").json()["mark"] == marks["public-land"]


def test_a_mark_is_another_one_after_a_change_of_its_dataset_alone(all_stored: Store) -> None:
    _status, headers, before = asked_state()
    samples.applied([samples.plot(1, name="Another name")])
    status, _headers, after = asked_state(HTTP_IF_NONE_MATCH=headers["ETag"])
    for dataset in exits.datasets("tiles"):
        follow(dataset)
    assert status == 200
    assert {name for name in before if before[name] != after[name]} == {"public-land"}
    assert asked_state()[2] == after
    assert asked(tile_at(1, 14))[0] == 0, "whoever sees the new mark gets no old tile"


def test_a_moment_at_which_a_state_changes_is_told_once_though_the_worker_comes_later(all_stored: Store) -> None:
    kept = all_stored.kept()
    assert kept is not None
    soon = dataclasses.replace(kept, until=time.time() + 1000)
    passed = dataclasses.replace(kept, until=time.time() - 1)
    followed = dataclasses.replace(kept, tick=kept.tick + 1, ticked_at=passed.until)
    told = []
    for one in (soon, passed, followed):
        all_stored.move_on(one, [])
        told.append(asked_state()[2]["public-land"])
    assert told[0] != told[1] == told[2]


def test_where_no_tile_is_stored_the_database_tells_the_marks(dataset: Dataset, client: Client) -> None:
    assert asked_state()[0] == 0
    before = client.get("/tiles/state.json").json()
    samples.applied([samples.plot(1, name="Another name")])
    after = client.get("/tiles/state.json").json()
    assert before.keys() == after.keys()
    assert before["public-land"] != after["public-land"]


# Cut off


def test_whatever_is_cut_off_goes_on(store: Store, dataset: Dataset) -> None:
    samples.applied([samples.plot(1, name="Another name"), samples.plot(9_000, name="Far")])
    follow(dataset)
    marked = store.marked()
    assert pyramid.cut(dataset, until=0) == 0
    pyramid.keep(dataset, marked[0])
    assert store.marked() == marked[1:]
    assert follow(dataset) is None
    assert pyramid.cut(dataset) == len(marked) - 1
    assert list(pyramid.differences(dataset)) == []


def test_a_begin_that_is_cut_off_is_begun_again(store: Store, dataset: Dataset) -> None:
    class Killed(BaseException):
        pass

    def some_and_killed() -> Iterator[Key]:
        yield tile_at(0, 14)
        raise Killed

    now = store.kept()
    assert now is not None
    with pytest.raises(Killed):
        store.begin(now, some_and_killed(), after=now)
    assert store.kept() is None
    assert asked(tile_at(9_000, 16))[0] == 0, "not believed to be empty"
    assert (follow(dataset) or 0) > 10


def test_two_that_begin_at_once_begin_once(store: Store, dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the first has cut stays where it is, and the second goes on from there."""
    before, of_all, once = there(store), pyramid._all, iter([True])

    def all_while_another_begins(one: Dataset) -> Iterator[Key]:
        if next(once, False):
            follow(one)
            pyramid.cut(one)
        return of_all(one)

    store.remove()
    monkeypatch.setattr(pyramid, "_all", all_while_another_begins)
    assert follow(dataset) is None
    assert next(once, None) is None
    assert store.marked() == []
    assert there(store) == before


def test_building_takes_away_what_was_left_over(store: Store) -> None:
    left, own = store.folder.parent / f".public-land-{16 * '0'}", store.folder.parent / ".public-land.lock"
    (left / "14").mkdir(parents=True)
    call_command("tiles", "build", "public-land", verbosity=0)
    assert not left.exists() and own.exists() and there(store)


def test_verify_finds_what_was_changed_behind_the_door_and_repairs_it(store: Store, dataset: Dataset) -> None:
    damaged, missing, foreign = tile_at(0, 15), tile_at(9_000, 16), (13, 5, 5)
    before = there(store)
    store.path(damaged).write_bytes(b"no gzip")
    store.path(missing).unlink()
    store.path(foreign).parent.mkdir(parents=True)
    store.path(foreign).write_bytes(store.path(tile_at(1, 14)).read_bytes())
    told = io.StringIO()
    with pytest.raises(CommandError, match="3 stored tiles"):
        call_command("tiles", "verify", "public-land", stdout=told)
    for z, x, y in (damaged, missing, foreign):
        assert f"public-land {z}/{x}/{y}: " in told.getvalue()
    call_command("tiles", "verify", "public-land", "--repair", verbosity=0)
    assert there(store) == before


def test_what_a_killed_process_had_thrown_away_is_taken_away_by_the_next_pass(store: Store, dataset: Dataset) -> None:
    left = store.folder.parent / f".{dataset.name}-0123456789abcdef"
    store.folder.rename(left)
    others = store.folder.parent / f".{dataset.name}.lock"
    follow_tiles()
    assert not left.exists()
    assert others.exists()


def test_who_follows_at_once_with_another_does_not_set_the_position_back(store: Store) -> None:
    key, before = tile_at(1, 14), store.kept()
    assert before is not None
    slow = dataclasses.replace(before, revision=before.revision + 1)
    quick = dataclasses.replace(before, revision=before.revision + 2)
    store.move_on(quick, [])
    assert store.move_on(slow, [key]) == 1
    assert store.kept() == quick
    assert store.is_marked(key)


def test_the_tiles_of_many_rows_are_found_in_pieces(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(pyramid._all(dataset))
    monkeypatch.setattr(pyramid, "PIECE", 2)
    with CaptureQueriesContext(connections["public"]) as asked:
        assert list(pyramid._all(dataset)) == whole
    pieces = [query["sql"] for query in asked.captured_queries if "generate_series" in query["sql"]]
    assert len(pieces) == 3 * len([z for z in pyramid.stored_zooms(dataset) if z >= dataset.map.tiles.minzoom])


# The command


def test_build_cuts_all_and_a_second_time_nothing(dataset: Dataset) -> None:
    told = io.StringIO()
    call_command("tiles", "build", "public-land", stdout=told)
    assert there(pyramid.store_of(dataset))
    call_command("tiles", "build", "public-land", stdout=told)
    first, second = told.getvalue().splitlines()
    assert "public-land: 0 tiles cut" not in first
    assert second == "public-land: 0 tiles cut"
    with pytest.raises(CommandError, match="no-such has no tiles here"):
        call_command("tiles", "build", "no-such")


def test_export_writes_the_stored_tiles_into_one_file(store: Store, dataset: Dataset, tmp_path: Path) -> None:
    target = tmp_path / "plots.pmtiles"
    call_command("tiles", "export", "public-land", target, verbosity=0)
    with target.open("rb") as file:
        source = MmapSource(file)
        written = dict(all_tiles(source))
        told = Reader(source)
        assert told.header()["max_zoom"] == TOP
        assert told.metadata()["vector_layers"][0]["id"] == "public-land"
        assert told.metadata()["attribution"] is not None
    assert set(written) == set(there(store))
    key = tile_at(0, 15)
    found = store.read(key)
    assert found is not None
    assert written[key] == found.packed


def test_export_says_what_stands_in_its_way_and_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no-such-folder"):
        call_command("tiles", "export", "public-land", tmp_path / "no-such-folder" / "plots.pmtiles", verbosity=0)
    with pytest.raises(CommandError, match="auction-lots has no tile to write"):
        call_command("tiles", "export", "auction-lots", tmp_path / "lots.pmtiles", verbosity=0)
    assert list(tmp_path.iterdir()) == []


def test_the_application_answers_through_it(store: Store) -> None:
    """As landgis.wsgi puts them together: what is stored here, all else behind."""
    whole = StoredTiles(get_wsgi_application())
    told: list[Any] = []
    z, x, y = tile_at(0, 14)
    place = {"REQUEST_METHOD": "GET", "SERVER_NAME": "testserver", "SERVER_PORT": "80", "wsgi.input": io.BytesIO()}
    place |= {"wsgi.url_scheme": "http", "HTTP_ACCEPT_ENCODING": "gzip", "QUERY_STRING": "limit=3"}
    place["PATH_INFO"] = f"/tiles/public-land/{z}/{x}/{y}.mvt"
    list(whole(place, lambda *said: told.append(said)))
    list(whole({**place, "QUERY_STRING": ""}, lambda *said: told.append(said)))
    assert told[0][0].startswith("400")
    assert told[1][0] == "200 OK"


def test_an_apply_stands_though_the_tiles_cannot_be_forgotten(
    store: Store, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_told: Any) -> None:
        raise OSError("no room")

    with monkeypatch.context() as without_disk:
        without_disk.setattr(Store, "move_on", broken)
        change_set = samples.approved([samples.plot(1, name="Another name")])
        changes.apply(change_set, by=None)
    follow(dataset)
    pyramid.cut(dataset)
    assert list(pyramid.differences(dataset)) == []
