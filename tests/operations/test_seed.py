"""`manage.py seed` with a recipe and a program of its own: the product knows neither."""

import io
from pathlib import Path

import geopandas
import pytest
import shapely
from django.core.management import call_command
from django.core.management.base import CommandError

from landgis.catalog import registry
from landgis.catalog.queries import count

RECIPE = """
program = "made"
[load]
made_up = true
source = "Test"
[[files]]
name = "zones.gpkg"
dataset = "planning-zones"
"""
NEVER_ENDING = "import time\nprint('other.gpkg', flush=True)\ntime.sleep(600)"


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "recipe.toml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


def seed(recipe: Path, program: str) -> str:
    (recipe.parent / "made.py").write_text(program, encoding="utf-8")
    told = io.StringIO()
    call_command("seed", recipe=recipe, stdout=told)
    return told.getvalue()


def test_what_the_program_writes_is_loaded_as_the_recipe_says(recipe: Path, empty_world: str) -> None:
    zone = {"ma_vung": "QH-1", "ten_vung": "Zone", "ten_qh": "Plan", "so_qd": "1", "tthai": "in-force"}
    table = geopandas.GeoDataFrame([zone], geometry=[shapely.box(107.1, 10.5, 107.11, 10.51)], crs=4326)
    table.to_file(recipe.parent / "zones.gpkg", engine="pyogrio")
    told = seed(
        recipe,
        "import pathlib, shutil, sys\n"
        "shutil.copy(pathlib.Path(__file__).with_name('zones.gpkg'), sys.argv[1])\n"
        "print('zones.gpkg')",
    )
    assert "planning-zones: zones.gpkg" in told
    assert count(registry.get("planning-zones")) == 1


def test_a_file_that_the_recipe_does_not_know_stops_it_at_once(recipe: Path, world: None) -> None:
    with pytest.raises(CommandError, match=r"does not say how other\.gpkg is loaded"):
        seed(recipe, NEVER_ENDING)


def test_a_program_that_fails_is_said(recipe: Path, world: None) -> None:
    with pytest.raises(CommandError, match="could not be made \\(status 3\\)"):
        seed(recipe, "raise SystemExit(3)")


def test_without_a_recipe_it_says_what_is_missing(tmp_path: Path, world: None) -> None:
    with pytest.raises(CommandError, match="only a clone of landgis has the demo"):
        call_command("seed", recipe=tmp_path / "recipe.toml")
