"""`manage.py seed` with a recipe and a program of its own: the product knows neither."""

import io
import subprocess
import sys
from pathlib import Path

import geopandas
import pytest
import shapely
from django.core.management import call_command
from django.core.management.base import CommandError

from landgis import env
from landgis.catalog import registry
from landgis.catalog.models import Revision
from landgis.catalog.queries import count
from landgis.operations import seeding
from tests.programs import environment
from tests.waiting import until

RECIPE = """
program = "made"
[load]
made_up = true
source = "Test"
[[files]]
name = "zones.gpkg"
dataset = "planning-zones"
"""
COPIED = """
import pathlib, shutil, sys
shutil.copy(pathlib.Path(__file__).with_name("zones.gpkg"), sys.argv[1])
print("zones.gpkg", flush=True)
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


def zones(recipe: Path) -> None:
    """The file that the program copies."""
    zone = {"ma_vung": "QH-1", "ten_vung": "Zone", "ten_qh": "Plan", "so_qd": "1", "tthai": "in-force"}
    table = geopandas.GeoDataFrame([zone], geometry=[shapely.box(107.1, 10.5, 107.11, 10.51)], crs=4326)
    table.to_file(recipe.parent / "zones.gpkg", engine="pyogrio")


def test_what_the_program_writes_is_loaded_as_the_recipe_says(recipe: Path, empty_world: str) -> None:
    zones(recipe)
    told = seed(recipe, COPIED)
    assert "planning-zones: zones.gpkg" in told
    assert count(registry.get("planning-zones")) == 1


def start_and_kill(recipe: Path) -> None:
    """A seed that ends in the middle, without a word, as when the machine is switched off."""
    (recipe.parent / "made.py").write_text(COPIED + "import time\ntime.sleep(600)", encoding="utf-8")
    command = [sys.executable, "manage.py", "seed", "--recipe", str(recipe)]
    process = subprocess.Popen(command, cwd=env.BASE_DIR, env=environment(recipe.parent, as_owner=True))
    try:
        until(lambda: count(registry.get("planning-zones")) == 1)
    finally:
        process.kill()
        process.wait()


@pytest.mark.prove
def test_a_seed_that_was_cut_off_is_completed_by_the_next_start(recipe: Path, empty_world: str) -> None:
    zones(recipe)
    assert seeding.is_due()
    start_and_kill(recipe)
    assert Revision.objects.count() == 1
    assert seeding.is_due()
    seed(recipe, COPIED)
    assert not seeding.is_due()
    assert Revision.objects.count() == 1 and count(registry.get("planning-zones")) == 1


def test_what_somebody_else_loaded_is_no_demo_cut_off(recipe: Path, empty_world: str) -> None:
    zones(recipe)
    path = recipe.parent / "zones.gpkg"
    call_command("load", path, dataset="planning-zones", source="Test", commit=True, stdout=io.StringIO())
    assert not seeding.is_due()


def test_a_file_that_the_recipe_does_not_know_stops_it_at_once(recipe: Path, world: None) -> None:
    with pytest.raises(CommandError, match=r"does not say how other\.gpkg is loaded"):
        seed(recipe, NEVER_ENDING)


def test_a_program_that_fails_is_said(recipe: Path, world: None) -> None:
    with pytest.raises(CommandError, match="could not be made \\(status 3\\)"):
        seed(recipe, "raise SystemExit(3)")


def test_without_a_recipe_it_says_what_is_missing(tmp_path: Path, world: None) -> None:
    with pytest.raises(CommandError, match="only a clone of landgis has the demo"):
        call_command("seed", recipe=tmp_path / "recipe.toml")
