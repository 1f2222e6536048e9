"""What tiles of a large cadastre cost beside what others need for the same: as ratios of one run, each with its bound (docs/operations.md).

`make bench PARCELS=200000` says of how many parcels (default 1,000,000), `GROWN=5000000` compares with so many more.
"""

import os
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from landgis.catalog import registry
from landgis.tiles import pyramid
from tests import databases
from tests.benchmarks import cadastre, changing, meters, roads
from tests.benchmarks.meters import Road
from tests.benchmarks.roads import DATASET, Line, PlainQuery
from tests.benchmarks.table import BANDS, Table, tiles_of
from tests.benchmarks.test_first_lines import measured
from tests.operations.test_web_server import serving, variables_of

PARCELS = int(os.environ.get("BENCH_TABLE") or 1_000_000)
GROWN = int(os.environ.get("BENCH_GROWN") or 0)
ROUNDS = 5
SPREAD = 10_000
NEAR, STORED = ("z16-17",), ("z13-15", "z16-17")
OWN = (os.getpid(),)

Tell = Callable[[str], None]


@pytest.mark.bench
def test_table(migrated: str, tmp_path: Path, tell: Tell, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        begun = time.monotonic()
        template = cadastre.kept(PARCELS, migrated)
        tell(f"{PARCELS:,} parcels, there after {time.monotonic() - begun:.0f} s")
        with databases.made(template) as name, databases.used(name):
            printed(PARCELS, ROUNDS, tmp_path, tell)
        if GROWN:
            grown(template, cadastre.kept(GROWN, migrated), tell)


@pytest.mark.prove
@pytest.mark.usefixtures("empty_world")
def test_the_table_is_whole(tmp_path: Path) -> None:
    """With few parcels; its figures are not judged here."""
    said: list[str] = []
    cadastre.fill(20_000)
    printed(20_000, 1, tmp_path, said.append)
    rows = [line.split(" | ")[0].removeprefix("| ") for line in said if line.startswith("| ")]
    assert [row for row in ROWS if row not in rows] == []
    changed = next(line for line in said if "one parcel" in line)
    assert "; 0 old ones, 0 others changed" in changed


ROWS = (
    "dynamic z16-17, SQL alone",
    "dynamic z16-17, whole HTTP path",
    "dynamic z13-15, whole HTTP path",
    "dynamic z13-15, mean tile, raw",
    "dynamic z10-12, p95",
    "dynamic z10-12, largest tile, raw",
    "dynamic z10-12 against all parcels",
    "304 of a stored tile against cutting it",
    "pyramid against tippecanoe z10-16",
    "pyramid, memory of the client",
    "memory of a worker over an idle Django",
    "one parcel changed, all its tiles fresh",
    "200 parcels changed, all tiles fresh",
)


def printed(parcels: int, rounds: int, folder: Path, tell: Tell) -> None:
    """The table of the cadastre in the database in use."""
    state = folder / "state"
    state.mkdir()
    variables = variables_of(state)
    with override_settings(TILES=state / "tiles"), databases.pooled(), ExitStack() as stack:
        table = Table(tell, {band: tiles_of(zooms) for band, zooms in BANDS.items()})
        _pyramid(table, variables)
        server = stack.enter_context(serving(variables))
        workers = meters.family(server.process.pid)
        all_roads = {**_own_roads(server.port, workers), **_nginx(stack, folder, table)}
        table.measure(all_roads, rounds)
        table.dynamic()
        table.stored()
        with roads.idle(folder) as idle:
            most, least = (max(map(meters.share_mb, pids[1:])) for pids in (workers, idle))
        over = most - least
        table.say("memory of a worker over an idle Django", "80 MB", f"{over:.0f} MB ({most:.0f} of it)", over <= 80)
        changing.one(table, parcels, server.port)
        changing.many(table, parcels, min(SPREAD, parcels // 100), server.port, variables)


def _pyramid(table: Table, variables: Mapping[str, str]) -> None:
    """By the command of the office, as a client of its own."""
    seconds, megabytes = measured([*roads.MANAGE, "tiles", "build", DATASET], dict(variables))
    store, dataset = pyramid.store_of(registry.get(DATASET)), registry.get(DATASET)
    sizes = [store.path(key).stat().st_size for z in pyramid.stored_zooms(dataset) for key in store.keys(z)]
    figure = (
        f"{seconds:.1f} s for {len(sizes):,} tiles, {sum(sizes) / 1e6:.0f} MB; tippecanoe is not compared with here"
    )
    table.say("pyramid against tippecanoe z10-16", "0.35x its time", figure, None)
    table.say("pyramid, memory of the client", "300 MB", f"{megabytes:.0f} MB", megabytes <= 300)


def _own_roads(port: int, workers: list[int]) -> dict[str, Road]:
    """A plain query, and landgis by all its ways."""
    dataset, every = registry.get(DATASET), tuple(BANDS)
    plain, all_of_it, reader, knowing = PlainQuery(), PlainQuery(zoom=17), Line(port), Line(port)
    return {
        "plain": Road(plain.ask, OWN, every[1:]),
        "plain, all": Road(all_of_it.ask, OWN, every[:1], is_slow=True),
        "ours, SQL": Road(lambda key: pyramid.usual_tile(dataset, key), OWN, NEAR),
        "ours, cut": Road(reader.ask, workers, every, before=roads.forgotten),
        "ours, stored": Road(reader.ask, workers, STORED, before=lambda keys: [reader.ask(key) for key in keys]),
        "ours, 304": Road(knowing.known, workers, NEAR, before=lambda keys: [knowing.learn(key) for key in keys]),
    }


def _nginx(stack: ExitStack, folder: Path, table: Table) -> dict[str, Road]:
    """Stored tiles and any other file of the same bytes; none where it is not installed."""
    if not shutil.which("nginx"):
        return {}
    port, pids = stack.enter_context(roads.nginx(folder, folder / "state"))
    tiles, files = Line(port), Line(port, "/any/{}-{}-{}.bin")
    (folder / "any").mkdir()

    def copied(keys: Any) -> None:
        for key in keys:
            path = pyramid.store_of(registry.get(DATASET)).path(key)
            (folder / "any" / "{}-{}-{}.bin".format(*key)).write_bytes(path.read_bytes())

    return {
        "nginx, tile": Road(tiles.ask, pids, NEAR),
        "nginx, any file": Road(files.ask, pids, NEAR, before=copied),
    }


def grown(small: str, large: str, tell: Tell) -> None:
    """What a tile of the same place costs in a cadastre that is wider."""
    dataset = registry.get(DATASET)
    with ExitStack() as stack:
        names = [stack.enter_context(databases.made(template)) for template in (small, large)]
        with databases.used(names[0]):
            table = Table(tell, {"z15-17": tiles_of((15, 16, 17))})
        for _ in range(ROUNDS):
            for name in names:
                with databases.used(name), databases.pooled():
                    road = Road(lambda key: pyramid.usual_tile(dataset, key), OWN, ("z15-17",))
                    table.measure({name: road}, 1)
    before, after = (table.ms(name, "z15-17") for name in names)
    figure = f"{after / before:.2f}x ({after:.2f} of {before:.2f} CPU ms)"
    table.say(f"{GROWN:,} parcels against {PARCELS:,}, z15-17", "1.15x", figure, after / before <= 1.15)
