"""What tests of files share."""

import json
import socket
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import shapely

from tests.ingest import forked_readers
from tests.ingest.test_load import load

BEHIND_WALLS = "test_sandbox.py"

# Two communes side by side, 3 km wide, on both sides of the squares of office_files.
WEST_SIDE, EAST_SIDE = (107.055, 10.335, 107.0775, 10.360), (107.0775, 10.335, 107.100, 10.360)


@pytest.fixture
def places(empty_world: str, tmp_path: Path) -> None:
    """The two communes, published."""
    units = [("26506", "Vũng Tàu", WEST_SIDE), ("26512", "Phường 3", EAST_SIDE)]
    features = [
        {
            "type": "Feature",
            "properties": {"ma_ref": code, "ma_dvhc": code, "ten": name, "loai": "ward", "hien_hanh": True},
            "geometry": shapely.geometry.mapping(shapely.box(*box)),
        }
        for code, name, box in units
    ]
    path = tmp_path / "units.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    load(path, dataset="admin-units", commit=True)


@pytest.fixture(scope="session")
def forker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], socket.socket]]:
    """The way to ask for a process that parses a file; the first who asks starts what they are forked from."""
    started = []

    @cache
    def asked() -> socket.socket:
        way, process = forked_readers.forker(tmp_path_factory.mktemp("read"))
        started.append(process)
        return way

    yield asked
    for process in started:
        asked().close()
        process.wait()


@pytest.fixture(autouse=True)
def read_by_forks(
    request: pytest.FixtureRequest, forker: Callable[[], socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    if request.path.name != BEHIND_WALLS:
        monkeypatch.setattr("landgis.ingest.sandbox.is_available", lambda: False)
        monkeypatch.setattr("landgis.ingest.sandbox.started", lambda _command: forked_readers.ForkedReader(forker()))
