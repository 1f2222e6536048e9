"""What a tile costs whose statement the server keeps prepared, beside one that is told it anew; processes of both sides counted."""

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from psycopg import sql

from landgis.catalog import published, queries, registry
from landgis.catalog.dataset import Dataset
from landgis.lib.webmap import EQUATOR_M
from landgis.tiles import queries as tiles

pytestmark = [pytest.mark.bench, pytest.mark.usefixtures("world")]

ROUNDS, TILES = 9, 60


@pytest.mark.parametrize(("name", "zoom"), [("parcels", 15), ("parcels", 16), ("parcels", 17), ("parcels", 18)])
def test_prepared_tiles(tell: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, name: str, zoom: int) -> None:
    dataset = registry.get(name)
    keys = list(some(dataset, zoom))
    ways = {"prepared": tiles.fetch_prepared, "told anew": tiles.fetch}
    took: dict[str, list[float]] = {way: [] for way in ways}
    bodies: dict[str, list[bytes]] = {}
    for number in range(ROUNDS + 1):
        for way, fetch in ways.items():
            monkeypatch.setattr(tiles, "fetch_prepared", fetch)
            begun = spent()
            bodies[way] = [tiles.tile(dataset, zoom, x, y) for x, y in keys]
            if number:  # the first round is for the memories of both
                took[way].append((spent() - begun) / len(keys) * 1000)
    assert bodies["prepared"] == bodies["told anew"]
    middle = {way: statistics.median(values) for way, values in took.items()}
    shown = ", ".join(f"{way} {value:.2f}" for way, value in middle.items())
    tell(f"tiles of {name} at zoom {zoom}: {shown} CPU ms, ratio {middle['told anew'] / middle['prepared']:.2f}")


def some(dataset: Dataset, zoom: int) -> Iterator[tuple[int, int]]:
    """Tiles that hold something, spread over all that do."""
    query = sql.SQL(
        "SELECT DISTINCT floor((ST_X(place) + {half}) / {side})::int AS x, floor(({half} - ST_Y(place)) / {side})::int AS y"
        " FROM {rows} ORDER BY 1, 2"
    ).format(
        half=sql.Literal(EQUATOR_M / 2), side=sql.Literal(EQUATOR_M / 2**zoom), rows=published.tile_rows_now(dataset)
    )
    found = queries.fetch(query, [])
    for one in found[:: max(1, len(found) // TILES)][:TILES]:
        yield one["x"], one["y"]


def spent() -> float:
    """CPU seconds of this process and of the server's that answers it."""
    [row] = queries.fetch(sql.SQL("SELECT pg_backend_pid() AS pid"), [])
    theirs_ns = int(Path(f"/proc/{row['pid']}/schedstat").read_text(encoding="ascii").split()[0])
    return time.process_time() + theirs_ns / 1e9
