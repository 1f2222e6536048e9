"""The recipe of README and docs/declaring-a-dataset.md, followed to the letter in a copy of the tree."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas
import pytest
import shapely
from django.db import connections

from landgis import env
from tests.databases import OWNER
from tests.workbench.conftest import address

pytestmark = pytest.mark.prove
ROOT = Path(env.BASE_DIR)
# "Copy the folder and change the names": planning becomes surveying, a zone a survey.
NAMES = {
    "planning-zones": "survey-areas",
    "planning_zones": "survey_areas",
    "PlanningZones": "SurveyAreas",
    "PlanState": "SurveyState",
    "plan-state": "survey-state",
    "plan_state": "survey_state",
    "ZoneFields": "SurveyFields",
    "ZoneItem": "SurveyItem",
    "zone_required": "survey_required",
    "zone_boundary": "survey_boundary",
    "Zone": "Survey",
    "planning": "surveying",
    "Planning": "Surveying",
}
# File, what stands there, what is put behind it.
LINES_ELSEWHERE = [
    ("landgis/settings.py", '    "landgis.planning",\n', '    "landgis.surveying",\n'),
    ("pyproject.toml", '  "cadastre | imagery | planning', " | surveying"),
    (
        "README.md",
        "the dataset `planning-zones`, the smallest one |\n",
        "| `landgis/surveying/` | the dataset `survey-areas` |\n",
    ),
]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of what the repository holds, with what this clone has set up."""
    top = tmp_path / "clone"
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines():
        if (ROOT / name).is_file():
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, top / name)
    for compiled in ROOT.glob("landgis/**/*.mo"):
        shutil.copy(compiled, top / compiled.relative_to(ROOT))
    (top / "node_modules").symlink_to(ROOT / "node_modules")
    subprocess.run(["git", "init", "--quiet"], cwd=top, check=True)
    return top


def renamed(text: str) -> str:
    return re.sub("|".join(NAMES), lambda found: NAMES[found[0]], text)


def add_the_app(top: Path) -> None:
    """Steps 1 to 4: the folder, and the lines elsewhere."""
    app = top / "landgis" / "surveying"
    shutil.copytree(top / "landgis" / "planning", app, ignore=shutil.ignore_patterns("0*.py", "__pycache__"))
    for path in app.rglob("*"):
        if path.suffix in (".py", ".po"):
            path.write_text(renamed(path.read_text(encoding="utf-8")), encoding="utf-8")
    for name, behind, line in LINES_ELSEWHERE:
        text = (top / name).read_text(encoding="utf-8")
        assert text.count(behind) == 1, name
        (top / name).write_text(text.replace(behind, behind + line), encoding="utf-8")


def test_a_dataset_is_added_as_the_documents_say(clone: Path, empty_world: str, tmp_path: Path) -> None:
    add_the_app(clone)
    (tmp_path / "state").mkdir()
    told = {"DATABASE_URL": address("default"), "DATABASE_PUBLIC_URL": address("public")}
    told |= {"DATABASE_OWNER_URL": address(OWNER), "LANDGIS_STATE": str(tmp_path / "state")}
    connections.close_all()

    def run(*command: str) -> str:
        """A command as the documents write it, in the copy."""
        ended = subprocess.run(
            [sys.executable, *command], cwd=clone, env=os.environ | told, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    zones = geopandas.GeoDataFrame(
        {"ma_vung": ["V1", "V2"], "ten_vung": ["Vùng một", "Vùng hai"], "ten_qh": ["Quy hoạch"] * 2},
        geometry=[
            shapely.box(440_000, 1_162_000, 440_100, 1_162_100),
            shapely.box(440_200, 1_162_000, 440_300, 1_162_100),
        ],
        crs=5899,
    )
    zones.to_file(tmp_path / "zones.gpkg", engine="pyogrio")
    run("manage.py", "makemigrations", "surveying")
    run("manage.py", "migrate", "--verbosity=0")
    assert "2" in run("manage.py", "load", str(tmp_path / "zones.gpkg"), "--dataset", "survey-areas")
    run("manage.py", "load", str(tmp_path / "zones.gpkg"), "--dataset", "survey-areas", "--commit")
    read = "from landgis.catalog import queries, registry; print(queries.count(registry.get('survey-areas')))"
    assert run("manage.py", "shell", "--no-imports", "--command", read).strip().endswith("2")
    run("manage.py", "makemigrations", "--check", "--dry-run")
    run("-m", "ruff", "check", ".")
    run(
        "-c",
        "import sys; from importlinter.cli import lint_imports_command; sys.argv[1:] = ['--no-cache']; lint_imports_command()",
    )
    run("-m", "pytest", "-p", "no:cacheprovider", "-q", "tests/architecture", "tests/contracts/test_docs.py")
