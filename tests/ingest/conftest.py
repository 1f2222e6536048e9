"""What tests of files share."""

import json
from pathlib import Path

import pytest
import shapely

from tests.ingest.test_load import load

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
