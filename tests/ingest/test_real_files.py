"""Real files of other countries through the load command, into a dataset that only these tests declare."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from landgis.catalog import published, queries, registry
from landgis.operations.ownership import as_owner
from tests.ingest.parcels_dataset import ForeignParcel, ForeignParcelItem, TestParcels

REAL = Path(os.environ.get("LANDGIS_REAL_DATA", "/nowhere"))
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not REAL.is_dir(), reason="LANDGIS_REAL_DATA names no folder"),
]


@pytest.fixture
def parcels(empty_world: str) -> Iterator[TestParcels]:
    """The dataset `test-parcels`, declared, with its two tables, in an empty database."""
    dataset = TestParcels()
    registry.register(dataset)
    with as_owner():
        with connection.schema_editor() as editor:
            editor.create_model(ForeignParcel)
            editor.create_model(ForeignParcelItem)
        published.rebuild()
    yield dataset
    registry.unregister(dataset.name)


def load(path: str, *columns: str, **options: object) -> None:
    call_command("load", REAL / path, dataset="test-parcels", map=list(columns), verbosity=0, **options)


def count_and_area(dataset: TestParcels) -> tuple[int, float]:
    total = queries.totals(dataset)[""][0]
    return total["count"], total["area"] or 0.0


def test_a_french_commune_is_published_whole_and_a_second_time_changes_nothing(parcels: TestParcels) -> None:
    load("parcels/fr_27412_parcelles.geojson", "id=parcel_id", "numero=number", commit=True, complete=True)
    count, area = count_and_area(parcels)
    assert count == 1990
    assert 5e6 < area < 5e7
    # The identifier begins with the department; its zeros are text and stay.
    assert queries.rows(parcels, limit=1)[0]["parcel_id"].startswith("27412")
    load("parcels/fr_27412_parcelles.geojson", "id=parcel_id", "numero=number", commit=True, complete=True)
    assert queries.latest_number() == 1


def test_vermont_names_the_invalid_rings_and_changes_nothing(
    parcels: TestParcels, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        load("parcels/us_vermont_15k.fgb", "PSPAN=parcel_id", commit=True, json=True)
    assert stop.value.code == 1
    report = json.loads(capsys.readouterr().out)
    found = {group["code"]: group["count"] for group in report["issues"]}
    assert report["rows"] == 15_000
    assert found["geometry-invalid"] == 11
    assert queries.latest_number() == 0
    assert published.differences(parcels) == 0


def test_vermont_without_the_faulty_rows_is_published(parcels: TestParcels, capsys: pytest.CaptureFixture[str]) -> None:
    load("parcels/us_vermont_15k.fgb", "PSPAN=parcel_id", commit=True, leave_out=True, json=True)
    report = json.loads(capsys.readouterr().out)
    # Left out: the invalid rings, the rows without a parcel number, and numbers that stand twice.
    assert report["add"] + report["left_out"] == 15_000
    assert queries.count(parcels) == report["add"] > 500
    assert published.differences(parcels) == 0


def test_philadelphia_comes_from_survey_feet(parcels: TestParcels) -> None:
    options = {"commit": True, "leave_out": True}
    load("auction/us_philadelphia_vacant_d5.gpkg", "opa_id=parcel_id", **options)
    count, area = count_and_area(parcels)
    # One opa_id stands in two rows: both stay out until somebody decides.
    assert count == 8655 - 2
    west, south, east, north = queries.extent(parcels)
    assert -75.3 < west < east < -74.9
    assert 39.8 < south < north < 40.2
    # Metres, not feet: a vacant lot in a city block is about 100 m2.
    assert 50 < area / count < 2000
