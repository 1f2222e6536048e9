"""A small cadastre: squares of 20 m in rows of ten, in VN-2000 / TM-3 107-45, as GeoPackages."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from django.core.management import call_command

from demo import admin_units
from landgis.changes.models import ChangeSet, Issue
from tests import databases

EAST, NORTH, SIDE = 440_400, 1_162_000, 20  # in the former commune Long Tâm of the demo


def square(number: int, size: int = 1) -> shapely.Polygon:
    """The square of a number, in metres of EPSG:5899; `size` squares wide and high."""
    row, column = divmod(number, 10)
    west, south = EAST + column * SIDE, NORTH + row * SIDE
    return shapely.box(west, south, west + size * SIDE, south + size * SIDE)


def parcel(number: int, **values: Any) -> dict[str, Any]:
    """A parcel of sheet 12 of the former commune Long Tâm; `values` replace what every parcel has."""
    return {
        "old_commune_code": "26558",
        "old_commune_name": "Phường Long Tâm",
        "map_sheet": "12",
        "parcel_no": str(number),
        "land_use": "ODT",
        "area_legal_m2": 400,
        "shape": square(number),
        **values,
    }


def write(path: Path, features: Iterable[dict[str, Any]]) -> Path:
    """A GeoPackage in EPSG:5899; "shape" is a polygon or None."""
    table = geopandas.GeoDataFrame(list(features), geometry="shape", crs=5899)
    path.unlink(missing_ok=True)
    table.to_file(path, engine="pyogrio")
    return path


@pytest.fixture(scope="session")
def placed(migrated: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with the places of the demo and nothing else; a template."""
    path = tmp_path_factory.mktemp("places") / "places.gpkg"
    admin_units.write(path)
    with django_db_blocker.unblock(), databases.made(migrated) as name:
        with databases.used(name):
            call_command("load", path, dataset="admin-units", commit=True, complete=True, verbosity=0)
        yield name


@pytest.fixture
def places_world(placed: str, django_db_blocker: Any) -> Iterator[str]:
    """A copy of it for one test; gives the name of its database."""
    with django_db_blocker.unblock(), databases.made(placed) as name, databases.used(name):
        yield name


@pytest.fixture
def load(tmp_path: Path) -> Any:
    """`load(features, dataset="parcels", **options)` through the command; gives the codes of its issues by row."""

    def loaded(features: Iterable[dict[str, Any]], dataset: str = "parcels", **options: Any) -> list[tuple[int, str]]:
        path = write(tmp_path / "file.gpkg", features)
        with contextlib.suppress(SystemExit):
            call_command("load", path, dataset=dataset, verbosity=0, **{"commit": True, **options})
        change_set = ChangeSet.objects.first()
        found = Issue.objects.filter(change_set=change_set).order_by("row", "code")
        return list(found.values_list("row", "code"))

    return loaded


@pytest.fixture
def mask() -> dict[str, Any]:
    """A mask round the block of the squares 0, 1, 10 and 11."""
    return {"mask_code": "M1", "name": "Block", "shape": square(0, size=2)}
