"""How long a change of parcels takes until all tiles that it touches are as the database has them, and that no other changes."""

import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

from landgis import env
from landgis.catalog import queries, registry
from landgis.tiles import pyramid
from landgis.tiles.store import Key
from tests.benchmarks import cadastre
from tests.benchmarks.roads import DATASET, MANAGE, Line
from tests.benchmarks.table import Table


def one(table: Table, parcels: int, port: int) -> None:
    """One parcel: readers who come at once have what is new, and all other tiles are as they were."""
    dataset = registry.get(DATASET)
    store, before = pyramid.store_of(dataset), _etags()
    cadastre.let_in([cadastre.some(parcels, 1)], is_complete=False)
    touched, reader = sorted(store.marked()), Line(port)
    old = [key for key in touched if reader.ask(key) != pyramid.usual_tile(dataset, key)]
    took = _since_apply()
    others = [key for key, etag in _etags().items() if etag != before.get(key) and key not in touched]
    figure = f"{took:.1f} s for {len(touched)} tiles; {len(old)} old ones, {len(others)} others changed"
    table.say("one parcel changed, all its tiles fresh", "2 s", figure, took <= 2 and not old and not others)


def many(table: Table, parcels: int, count: int, port: int, variables: Mapping[str, str]) -> None:
    """Parcels all over the province, while others read."""
    keys = [key for band in table.keys.values() for key in band]
    quiet = _late_ms(port, keys, lambda: False)
    cadastre.let_in([cadastre.some(parcels, count)], is_complete=False)
    command = [*MANAGE, "tiles", "build", DATASET]
    process = subprocess.Popen(command, cwd=env.BASE_DIR, env=dict(variables), stdout=subprocess.DEVNULL)
    busy = _late_ms(port, keys, lambda: process.poll() is None)
    took, left = _since_apply(), len(list(pyramid.store_of(registry.get(DATASET)).marked()))
    assert process.returncode == 0 and not left
    figure = f"{took:.1f} s; readers' p95 {busy:.1f} ms, {quiet:.1f} before"
    table.say(f"{count:,} parcels changed, all tiles fresh", "60 s", figure, took <= 60)


def _since_apply() -> float:
    newest = queries.latest_revision(registry.get(DATASET))
    assert newest
    return time.time() - newest.applied_at.timestamp()


def _etags() -> dict[Key, int]:
    """Of each stored tile what its ETag is made of."""
    store, dataset = pyramid.store_of(registry.get(DATASET)), registry.get(DATASET)
    return {key: store.path(key).stat().st_mtime_ns for z in pyramid.stored_zooms(dataset) for key in store.keys(z)}


def _late_ms(port: int, keys: Sequence[Key], goes_on: Callable[[], bool]) -> float:
    """p95 of readers who ask one tile after the other, at least once all."""
    reader, waits = Line(port), []
    while not waits or goes_on():
        for key in keys:
            start = time.perf_counter()
            reader.packed(key)
            waits.append((time.perf_counter() - start) * 1000)
    return statistics.quantiles(waits, n=20)[-1]
