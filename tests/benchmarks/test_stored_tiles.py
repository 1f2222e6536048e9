"""What a stored tile costs beside one that is cut for its reader, and what storing all costs; parcels of the tests' world."""

import io
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application

from landgis.catalog import registry
from landgis.operations.cut_tiles import CutTiles
from landgis.operations.stored_tiles import StoredTiles
from landgis.tiles import pyramid
from landgis.tiles.store import Key
from tests import databases

pytestmark = pytest.mark.bench

ROUNDS = 5


@pytest.fixture
def _own(seeded: str, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), databases.made(seeded) as name, databases.used(name):
        yield


@pytest.mark.usefixtures("_own")
def test_stored_tiles(tell: Callable[[str], None]) -> None:
    dataset = registry.get("public-land")
    begun = time.process_time()
    pyramid.TileFollower().follow(dataset)
    count = pyramid.cut(dataset)
    built_s = time.process_time() - begun
    store = pyramid.store_of(dataset)
    keys = [key for z in (9, 12, 14, 16) for key in sorted(store.keys(z))[:25]]
    size = sum(store.path(key).stat().st_size for z in pyramid.stored_zooms(dataset) for key in store.keys(z))
    whole = StoredTiles(get_wsgi_application())
    etags = {key: asked(whole, key)["ETag"] for key in keys}
    bare = CutTiles(get_wsgi_application())
    took: dict[str, list[float]] = {"stored": [], "known": [], "cut": [], "cut by Django": []}
    for _ in range(ROUNDS):
        for name, more in ((name, etags if name == "known" else {}) for name in took):
            begun = time.process_time()
            for key in keys:
                question = "current_use=" if name.startswith("cut") else ""  # the same tile, which is not looked for
                application = bare if name == "cut" else whole
                asked(application, key, HTTP_IF_NONE_MATCH=more.get(key, ""), QUERY_STRING=question)
            took[name].append((time.process_time() - begun) / len(keys) * 1000)
    middle = {name: statistics.median(values) for name, values in took.items()}
    tell(f"stored tiles: {count} cut in {built_s:.1f} CPU s of this process, {size / 1e6:.1f} MB")
    tell("stored tiles: " + ", ".join(f"{name} {value:.3f} CPU ms" for name, value in middle.items()))
    tell(f"stored tiles: cut / stored {middle['cut'] / middle['stored']:.0f}")
    tell(f"stored tiles: cut by Django / cut before it {middle['cut by Django'] / middle['cut']:.2f}")


def asked(application: Callable[..., Any], key: Key, **environ: str) -> dict[str, str]:
    z, x, y = key
    told: list[Any] = []
    place = {"REQUEST_METHOD": "GET", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.input": io.BytesIO()}
    place |= {"wsgi.url_scheme": "http", "HTTP_ACCEPT_ENCODING": "gzip", "QUERY_STRING": ""}
    place |= {"PATH_INFO": f"/tiles/public-land/{z}/{x}/{y}.mvt", **environ}
    b"".join(application(place, lambda *said: told.extend(said)))
    assert told[0][:3] in ("200", "304"), told[0]
    return dict(told[1])
