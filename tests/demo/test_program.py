"""The program that makes the demo's files: apart from the product, and in step with the recipe that loads them."""

import datetime
import tomllib
from pathlib import Path

import pytest
from setuptools import find_packages

from demo import cadastre, scenes
from demo.__main__ import write_all
from landgis.env import BASE_DIR
from tests.architecture.test_house import imports

RECIPE = BASE_DIR / "data" / "demo" / "recipe.toml"
FRAME = scenes.Frame("ba-ria-vung-tau", "Bà Rịa - Vũng Tàu", 415_500, 1_139_500, 483_500, 1_196_500, 500)


def test_the_product_neither_imports_nor_installs_it() -> None:
    for file in (BASE_DIR / "landgis").rglob("*.py"):
        assert "demo" not in {name.partition(".")[0] for name in imports(file)}, file
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    asked = project["tool"]["setuptools"]["packages"]["find"]
    installed = find_packages(str(BASE_DIR), include=asked["include"])
    assert {name.partition(".")[0] for name in installed} == {"landgis"}
    assert not [name for name in installed if "demo" in name]


@pytest.mark.prove  # the world of the tests is made from these files; this writes them all once more
def test_the_recipe_knows_every_file_in_the_order_of_writing(tmp_path: Path) -> None:
    told = [file["name"] for file in tomllib.loads(RECIPE.read_text(encoding="utf-8"))["files"]]
    drawn = [f"{frame.name}-{day}.tif" for frame in scenes.FRAMES for day in scenes.DATES]
    written = list(write_all(tmp_path, 200, datetime.date(2026, 3, 2), [FRAME]))
    assert list(dict.fromkeys(told)) == [*written[:-2], *drawn]
    assert written[-2:] == drawn[:2]
    assert all((tmp_path / name).is_file() for name in written)
    without = list(write_all(tmp_path, 0, datetime.date(2026, 3, 2), []))
    assert without == [name for name in written[:-2] if name not in (*cadastre.FILES, "ban_do_nen.pmtiles")]
