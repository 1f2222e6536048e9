"""A million boundaries are compared in one pass, in a strip of the map at a time."""

import os
import resource
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import shapely

from landgis.catalog import registry
from landgis.changes import actions as changes
from landgis.changes import gaps, overlaps
from landgis.changes.models import Door

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
BLOCK = 50_000
SIDE = 0.0002
MOST_BYTES = 1.5e9


def fabric(count: int) -> Iterator[tuple[Any, ...]]:
    """Parcels of a crooked net with shared corners, a thousand a column; every 10,000th reaches over its neighbour."""
    random = np.random.default_rng(1)
    height = 1000
    width = -(-count // height)
    x, y = np.meshgrid(106.5 + np.arange(width + 1) * SIDE, 9.5 + np.arange(height + 1) * SIDE, indexing="ij")
    x, y = x + random.uniform(-SIDE / 5, SIDE / 5, x.shape), y + random.uniform(-SIDE / 5, SIDE / 5, y.shape)
    for start in range(0, count, BLOCK):
        at = np.arange(start, min(count, start + BLOCK))
        i, j = np.divmod(at, height)
        ring = np.stack(
            [np.stack([x[a, b], y[a, b]], -1) for a, b in ((i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1))], 1
        )
        ring[at % 10_000 == 5000, 2:, 1] += SIDE / 2
        shapes = shapely.set_srid(shapely.multipolygons(shapely.polygons(ring).reshape(-1, 1)), 4326)
        for number, wkb in zip(at.tolist(), shapely.to_wkb(shapes, hex=True, include_srid=True), strict=True):
            yield (number + 1, f"P-{number}", None, f"P-{number}", wkb, 480.0, 5899)


@pytest.mark.bench
@pytest.mark.usefixtures("empty_world")
def test_overlaps_of_a_million_rows_stay_in_memory(capsys: pytest.CaptureFixture[str]) -> None:
    dataset = registry.get("planning-zones")
    change_set = changes.draft(dataset, by=None, door=Door.COMMAND_LINE)
    begin = time.monotonic()
    changes.stage(change_set, ["zone_code", "boundary", "area_m2", "legal_srid"], fabric(ROWS))
    staged = time.monotonic()
    found = list(overlaps.overlaps(dataset, change_set))
    checked = time.monotonic()
    both = list(gaps.neighbours(dataset, change_set))
    gaps_too = time.monotonic()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{ROWS} rows: staged in {staged - begin:.0f} s, overlaps in {checked - staged:.0f} s,"
            f" {len(found)} found, with gaps in {gaps_too - checked:.0f} s, {len(both) - len(found)} more found,"
            f" at most {peak / 1e9:.2f} GB"
        )
    reaching = set(range(5001, ROWS + 1, 10_000))
    pairs = [{one.row, one.params["other_row"]} for one in found]
    assert all(pair & reaching for pair in pairs)
    assert reaching <= set().union(*pairs)
    assert [one.params for one in both if one.code == "overlap"] == [one.params for one in found]
    assert peak < MOST_BYTES
