"""Small worlds for the tests: square plots on a grid, as files and as change sets.

A plot is a dictionary of the fields of `public-land` and `box`, its west, south, east and north in degrees.
"""

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from django.core.management import call_command
from rasterio.transform import from_origin

from landgis.accounts.models import User
from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.changes import actions as changes
from landgis.changes.models import ChangeSet, Door, Issue
from landgis.imagery.actions import About, add_scene
from landgis.lib import geometry

Plot = dict[str, Any]


@contextmanager
def taken_out(name: str) -> Iterator[None]:
    """An installation without that dataset; at the end it is back in its place, since maps and menus follow the order."""
    datasets = registry.all_datasets()
    registry.unregister(name)
    try:
        yield
    finally:
        place = [dataset.name for dataset in datasets].index(name)
        for later in datasets[place + 1 :]:
            registry.unregister(later.name)
        for dataset in datasets[place:]:
            registry.register(dataset)


WEST, SOUTH = 107.0, 10.5
STEP = 0.0005  # degrees between the corners of two neighbours
SIDE = 0.0004
PER_ROW = 100


def public_land() -> Dataset:
    return registry.get("public-land")


def scene(folder: Path) -> None:
    """An image of one colour over all plots of the grid and the sea beside them, published."""
    path = folder / "ground.tif"
    profile = {"driver": "GTiff", "count": 3, "dtype": "uint8", "width": 200, "height": 200, "crs": "EPSG:4326"}
    with rasterio.open(path, "w", transform=from_origin(WEST - 1, SOUTH + 1, 0.01, 0.01), **profile) as image:
        image.write(np.full((3, 200, 200), 90, "uint8"))
    about = About("ground", datetime.date(2026, 2, 20), source="test", licence="CC0", attribution="test")
    add_scene(path, about, by="test")


def plot(number: int, **values: Any) -> Plot:
    """The plot in one square of the grid; `values` are added to, or replace, what every plot has."""
    row, column = divmod(number, PER_ROW)
    box = (WEST + column * STEP, SOUTH + row * STEP)
    return {
        "plot_code": f"P-{number:05d}",
        "name": f"Plot {number}",
        "commune_name": f"Commune {number % 3}",
        "area_legal_m2": 1940,
        "is_public": True,
        "box": (*box, box[0] + SIDE, box[1] + SIDE),
        **values,
    }


def facts(a_plot: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in a_plot.items() if name != "box"}


def write(path: Path, plots: Iterable[Plot]) -> Path:
    """A GeoJSON file of plots."""
    features = [
        {
            "type": "Feature",
            "properties": facts(one),
            "geometry": shapely.geometry.mapping(shapely.box(*one["box"])),
        }
        for one in plots
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def load(path: Path, **options: Any) -> None:
    """`manage.py load`, in this process, of a file that holds every plot. Issues that stop it fail the test."""
    options = {"complete": True, "commit": True, "source": "Sample", "verbosity": 0, **options}
    try:
        call_command("load", path, dataset="public-land", **options)
    except SystemExit as stopped:
        raise AssertionError(list(Issue.objects.values_list("code", "field", "params")[:5])) from stopped


def drafted(plots: Iterable[Plot], *, by: User | None = None, door: Door | None = None, **about: Any) -> ChangeSet:
    """A change set with these plots staged, in state draft; the door is an officer's where none is said."""
    dataset = public_land()
    door = door or (Door.OFFICER if by else Door.COMMAND_LINE)
    change_set = changes.draft(dataset, by=by, door=door, **about)
    plots = list(plots)
    names = sorted({name for one in plots for name in facts(one)})
    shape = ["boundary", "area_m2", "legal_srid"]
    changes.stage(change_set, [*names, *shape], [_record(dataset, row, one, names) for row, one in enumerate(plots, 1)])
    return change_set


def _record(dataset: Dataset, row: int, one: Plot, names: list[str]) -> tuple[Any, ...]:
    drawn = shapely.MultiPolygon([shapely.box(*one["box"])])
    area = float(geometry.area_m2(drawn, 4326))
    written = shapely.to_wkb(shapely.set_srid(drawn, 4326), hex=True, include_srid=True)
    return (row, dataset.ref(one), None, *(one.get(name) for name in names), written, area, 4326)


def approved(plots: Iterable[Plot], **about: Any) -> ChangeSet:
    """A change set of the command line that only waits for its apply."""
    change_set = drafted(plots, **about)
    changes.check(change_set)
    changes.submit(change_set, by=change_set.author)
    changes.approve(change_set, by=None)
    return change_set


def applied(plots: Iterable[Plot], **about: Any) -> int:
    """Put the plots in force and return the revision."""
    return changes.apply(approved(plots, **about), by=None)


def the_whole_state(plots: Iterable[Plot]) -> int:
    """Make exactly these plots the ones in force; returns the revision."""
    return applied(plots, is_complete=True)
