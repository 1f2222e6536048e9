"""The first line of each figure: what it costs to load parcels, to draw them, to list them and to find them.

`BENCH_PARCELS` says how many (default 2,000). All is measured where the reader stands: whole commands, whole requests.
"""

import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import geopandas
import numpy as np
import pytest
import shapely
from django.db import connections
from django.test import Client

from landgis import env
from landgis.catalog import queries, registry
from landgis.search.actions import follow
from tests import databases

pytestmark = pytest.mark.bench

DATASET = "parcels"
LOAD = ["load", "--dataset", DATASET, "--complete", "--commit"]

WEST, SOUTH, SIDE, PER_ROW = 430_000.0, 1_160_000.0, 20.0, 500  # EPSG:5899, metres
USES = ["ODT", "ONT", "CLN", "LUC"]
PER_SHEET, PER_COMMUNE = 1000, 60_000
TURNS = 40  # requests of a kind

Tell = Callable[[str], None]


def parcels(count: int, start: int = 0) -> geopandas.GeoDataFrame:
    """A plain grid of parcels, as a district office would send it; the first of them has the number `start`."""
    number = np.arange(start, start + count)
    west, south = WEST + number % PER_ROW * SIDE, SOUTH + number // PER_ROW * SIDE
    columns = {
        "MAXA": (26560 + number // PER_COMMUNE).astype(str),
        "TENXA": np.char.add("Phường ", (number // PER_COMMUNE + 1).astype(str)),
        "SHBANDO": (number // PER_SHEET + 1).astype(str),
        "SHTHUA": (number % PER_SHEET + 1).astype(str),
        "LOAIDAT": np.array(USES)[number % len(USES)],
        "DTPL": np.full(count, SIDE**2),
        "CONGKHAI": np.ones(count, int),
    }
    shapes = shapely.box(west, south, west + SIDE, south + SIDE)  # neighbours share their edges
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:5899")


def measured(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """(seconds, most memory in MB) of a command that has to succeed."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=env.BASE_DIR, env=environment, stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return time.perf_counter() - start, used.ru_maxrss / 1024


@pytest.fixture(scope="module")
def loaded(
    migrated: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, many: int
) -> Iterator[tuple[float, float]]:
    """A database that holds the parcels, in use; what loading them took: (seconds, MB)."""
    file = tmp_path_factory.mktemp("bench") / "parcels.gpkg"
    parcels(many).to_file(file, engine="pyogrio")
    with django_db_blocker.unblock(), databases.made(migrated) as name, databases.used(name):
        cost = measured([sys.executable, "manage.py", *LOAD, str(file)], {**os.environ, **addresses(name)})
        follow()
        with connections["default"].cursor() as cursor:
            cursor.execute("ANALYZE")
        yield cost


def addresses(name: str) -> dict[str, str]:
    def address(alias: str) -> str:
        told = connections[alias].settings_dict
        return f"postgresql://{told['USER']}:{told['PASSWORD']}@{quote(told['HOST'], '')}:{told['PORT']}/{name}"

    return {"DATABASE_URL": address("default"), "DATABASE_PUBLIC_URL": address("public")}


def asked(urls: list[str], *, status: tuple[int, ...] = (200,)) -> tuple[str, int]:
    """How long the answers took, as text, and their bytes together."""
    reader, seconds, size = Client(), [], 0
    for url in urls:
        start = time.perf_counter()
        response = reader.get(url)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        seconds.append(time.perf_counter() - start)
        assert response.status_code in status, url
        size += len(body)
    first, ordered = seconds[0], sorted(seconds[1:] or seconds)
    middle, late = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
    return f"{middle * 1000:.0f} ms median, {late * 1000:.0f} ms p95, {first * 1000:.0f} ms the first", size


def test_load(loaded: tuple[float, float], many: int, tell: Tell) -> None:
    seconds, megabytes = loaded
    assert queries.count(registry.get(DATASET)) == many
    tell(f"load    {many:,} parcels in {seconds:.1f} s: {many / seconds:,.0f} a second, {megabytes:.0f} MB at most")


@pytest.mark.parametrize("zoom", [15, 16, 17])
def test_tile(loaded: tuple[float, float], many: int, tell: Tell, zoom: int) -> None:
    drawn, west, north = random.Random(1), *_corner(zoom)
    urls = [
        f"/tiles/{DATASET}/{zoom}/{west + drawn.randint(0, 1)}/{north - drawn.randint(0, 1)}.mvt" for _ in range(TURNS)
    ]
    text, size = asked(urls, status=(200, 204))
    assert size > 0
    tell(f"tile    zoom {zoom}: {text}; {size / TURNS / 1024:.0f} kB on average")


def _corner(zoom: int) -> tuple[int, int]:
    """The tile in which the first parcels lie."""
    box = queries.extent(registry.get(DATASET))
    assert box
    down = (1 - np.arcsinh(np.tan(np.radians(box[1]))) / np.pi) / 2
    return int((box[0] + 180) / 360 * 2**zoom), int(down * 2**zoom)


def test_list(loaded: tuple[float, float], many: int, tell: Tell) -> None:
    path = f"/{registry.get(DATASET).path}/"
    refs = [row["ref"] for row in queries.rows(registry.get(DATASET), fields=["ref"])]
    later = [f"{path}?after={ref}" for ref in random.Random(2).sample(refs, TURNS)]
    for what, urls in (
        ("first page", [path] * TURNS),
        ("later pages", later),
        ("filtered", [f"{path}?land_use={use}" for use in USES * (TURNS // len(USES))]),
        ("one feature", [f"{path}{ref}/" for ref in random.Random(3).sample(refs, TURNS)]),
    ):
        tell(f"list    {what}: {asked(urls)[0]}")


def test_search(loaded: tuple[float, float], many: int, tell: Tell) -> None:
    drawn = random.Random(4)
    numbers = [divmod(drawn.randrange(many), PER_SHEET) for _ in range(TURNS)]
    for what, texts in (
        ("sheet and number", [f"tờ {sheet + 1} thửa {one + 1}" for sheet, one in numbers]),
        (
            "a reference",
            [f"{26560 + sheet * PER_SHEET // PER_COMMUNE}-{sheet + 1}-{one + 1}" for sheet, one in numbers],
        ),
        ("words that are nowhere", [f"duong so {one + 1}" for _sheet, one in numbers]),
    ):
        tell(f"search  {what}: {asked([f'/api/search?q={quote(text)}' for text in texts])[0]}")
