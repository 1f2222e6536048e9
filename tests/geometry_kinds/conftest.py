"""A copy of the world with survey marks and roads in it, loaded from files: a table of coordinates and a GeoPackage."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from django.db import connection

from landgis.catalog import published, queries, registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.subject import subject_of
from landgis.lib import geometry
from landgis.operations.ownership import as_owner
from landgis.search import actions as search
from tests import databases
from tests.geometry_kinds.declared import Mark, MarkItem, Road, RoadItem, RoadLines, SurveyMarks
from tests.ingest.test_load import load

SRID = 9210


@dataclass(frozen=True)
class Ground:
    """A plot of the world, the point (EPSG:4326) on it where a mark stands, and the road (`SRID`) that crosses it."""

    plot: str
    place: shapely.Point
    road: shapely.LineString

    def beside(self, east_m: float, north_m: float) -> shapely.Point:
        """A point so many metres from the mark."""
        x, y = geometry.from_wgs84(self.place, SRID).coords[0]
        return geometry.to_wgs84(shapely.Point(x + east_m, y + north_m), SRID)


@pytest.fixture(scope="package")
def declared(seeded: str, django_db_blocker: Any) -> Iterator[list[Dataset]]:
    """The two datasets, registered and published, with nothing in them."""
    datasets = [SurveyMarks(), RoadLines()]
    with django_db_blocker.unblock(), databases.made(seeded) as name, databases.used(name):
        for dataset in datasets:
            registry.register(dataset)
        with as_owner():
            with connection.schema_editor() as editor:
                for model in (Mark, MarkItem, Road, RoadItem):
                    editor.create_model(model)
            published.rebuild()
        yield datasets
        for dataset in datasets:
            registry.unregister(dataset.name)


@pytest.fixture(scope="package")
def ground(declared: list[Dataset]) -> Ground:
    plots = registry.get("public-land")
    ref = max(queries.rows(plots), key=lambda row: row["area_m2"])["ref"]
    plot = subject_of(plots, ref)
    assert plot
    place = shapely.point_on_surface(plot.boundary)
    x, y = geometry.from_wgs84(place, SRID).coords[0]
    # It bends to the north and crosses itself.
    return Ground(ref, place, shapely.LineString([(x - 300, y), (x + 300, y), (x + 300, y + 400), (x, y - 100)]))


@pytest.fixture(scope="package")
def loaded(declared: list[Dataset], ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Both files loaded; gives the reports by dataset."""
    folder = tmp_path_factory.mktemp("kinds")
    reports = {
        "survey-marks": load(marks(folder / "marks.csv", ground), dataset="survey-marks", commit=True),
        "road-lines": load(roads(folder / "roads.gpkg", ground), dataset="road-lines", commit=True),
    }
    search.follow()
    return reports


def marks(path: Path, ground: Ground) -> Path:
    lines = ["CODE,NAME,HEIGHT,LON,LAT"]
    for code, name, height, point in (
        ("M1", "Mốc một", "12.345", ground.place),
        ("M2", "Mốc hai", "8.1", ground.beside(120, 0)),
        ("M3", "Mốc ba", "", ground.beside(5000, 0)),
    ):
        lines.append(f"{code},{name},{height},{point.x:.9f},{point.y:.9f}")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def roads(path: Path, ground: Ground) -> Path:
    x, y = ground.road.coords[0]
    short = shapely.LineString([(x + 40, y + 900), (x + 41, y + 900)])
    frame = {"CODE": ["R1", "R2"], "NAME": ["Đường Một", "Hẻm Hai"], "WIDTH": [7.5, 2.0]}
    table = geopandas.GeoDataFrame(frame, geometry=[ground.road, short], crs=f"EPSG:{SRID}")
    table.to_file(path, driver="GPKG", layer="roads")
    return path
