"""Stored tiles without a database."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from landgis.catalog.dataset import Dataset
from landgis.tiles import pyramid
from landgis.tiles.queries import tile
from landgis.tiles.store import Key, Store
from tests import databases
from tests.tiles.test_stored import asked, dataset, plots, store, there  # noqa: F401 -- fixtures among them

ASKED = 1000


@pytest.fixture
def expected(store: Store, dataset: Dataset) -> dict[Key, bytes]:  # noqa: F811
    """Tiles by chance with their bytes: stored ones, and in all zooms those beside which nothing lies."""
    chance = random.Random(1000)
    stored = sorted(there(store))
    full = {key: found.packed for key in stored if (found := store.read(key))}
    chosen = {key: full[key] for key in chance.choices(stored, k=ASKED // 2)}
    while len(chosen) < ASKED:
        z = chance.choice(pyramid.stored_zooms(dataset))
        key = (z, chance.randrange(2**z), chance.randrange(2**z))
        chosen.setdefault(key, full.get(key, b""))
    assert not tile(dataset, *next(key for key, packed in chosen.items() if not packed))
    return chosen


@pytest.fixture
def away(expected: dict[Key, bytes], tmp_path: Path) -> Iterator[None]:
    """From here on no role finds a server."""
    before = {alias: connections[alias].settings_dict["HOST"] for alias in databases.ALIASES}
    for alias in databases.ALIASES:
        connections[alias].close()
        connections[alias].settings_dict["HOST"] = str(tmp_path)
    yield
    for alias in databases.ALIASES:
        connections[alias].close()
        connections[alias].settings_dict["HOST"] = before[alias]


@pytest.mark.prove
@pytest.mark.usefixtures("away")
def test_a_thousand_tiles_are_answered_without_a_database(expected: dict[Key, bytes]) -> None:
    wrong = []
    for key, packed in expected.items():
        status, _headers, body = asked(key)
        if (status, body) != (200 if packed else 204, packed):
            wrong.append((key, status))
    assert wrong == [] and {bool(packed) for packed in expected.values()} == {True, False}
