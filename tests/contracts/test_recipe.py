"""The recipe of README and docs/declaring-a-dataset.md, followed to the letter in a copy of the tree: areas, and points."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas
import pytest
import shapely
from django.db import connections

from landgis import env
from tests.programs import environment

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
DECLARED = ROOT / "tests" / "geometry_kinds" / "declared.py"  # what section 6 shows, as one file


@dataclass(frozen=True)
class Followed:
    """A dataset that the documents tell how to add: its app, its name, and a file of it as an office sends it."""

    app: str
    dataset: str
    write: Callable[[Path], None]
    file: Callable[[Path], list[str]]

    @property
    def lines_elsewhere(self) -> list[tuple[str, str, str]]:
        """File, what stands there, what is put behind it."""
        return [
            ("landgis/settings.py", '    "landgis.planning",\n', f'    "landgis.{self.app}",\n'),
            ("pyproject.toml", '  "cadastre | imagery | planning', f" | {self.app}"),
            (
                "README.md",
                "the dataset `planning-zones`, the smallest one |\n",
                f"| `landgis/{self.app}/` | the dataset `{self.dataset}` |\n",
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


def copy_of_planning(app: Path) -> None:
    """Sections 1 to 3: the folder, and other names."""
    shutil.copytree(app.parent / "planning", app, ignore=shutil.ignore_patterns("0*.py", "__pycache__"))
    for path in app.rglob("*"):
        if path.suffix in (".py", ".po"):
            path.write_text(renamed(path.read_text(encoding="utf-8")), encoding="utf-8")


def copy_for_points(app: Path) -> None:
    """The same with the columns, the declaration and the registration of section 6."""
    shutil.copytree(app.parent / "planning", app, ignore=shutil.ignore_patterns("0*.py", "__pycache__", "locale"))
    text = DECLARED.read_text(encoding="utf-8")
    imports, models = text[: text.index("MARK_COLOUR")], text[text.index("class MarkFields") :]
    models, declaration = models[: models.index("class SurveyMarks")], models[models.index("class SurveyMarks") :]
    models = re.sub(r" +(app_label|db_table) = .*\n", "", models)  # only tests say so: they have no app
    declaration = declaration[: declaration.index("class RoadFields")].replace("MARK_COLOUR", '"#ff00aa"')
    (app / "models.py").write_text(imports + models, encoding="utf-8")
    (app / "dataset.py").write_text(
        f"{imports}from landgis.marks.models import Mark, MarkItem\n\n\n{declaration}", encoding="utf-8"
    )
    (app / "apps.py").write_text(REGISTRATION, encoding="utf-8")


REGISTRATION = """\
from django.apps import AppConfig


class MarksConfig(AppConfig):
    name = "landgis.marks"

    def ready(self) -> None:
        from landgis.catalog import registry
        from landgis.marks.dataset import SurveyMarks

        registry.register(SurveyMarks())
"""


def zones(folder: Path) -> list[str]:
    """A file of areas, and how it is named on the command line."""
    table = geopandas.GeoDataFrame(
        {"ma_vung": ["V1", "V2"], "ten_vung": ["Vùng một", "Vùng hai"], "ten_qh": ["Quy hoạch"] * 2},
        geometry=[
            shapely.box(440_000, 1_162_000, 440_100, 1_162_100),
            shapely.box(440_200, 1_162_000, 440_300, 1_162_100),
        ],
        crs=5899,
    )
    table.to_file(folder / "zones.gpkg", engine="pyogrio")
    return [str(folder / "zones.gpkg")]


def marks(folder: Path) -> list[str]:
    """A table of coordinates, in which north is X."""
    lines = ["CODE;NAME;HEIGHT;X;Y", "M1;Mốc một;12.345;1162000.5;440100.5", "M2;Mốc hai;8,1;1162100;440200"]
    (folder / "marks.csv").write_text("\n".join(lines), encoding="utf-8")
    return [str(folder / "marks.csv"), "--crs", "EPSG:5899"]


AREAS = Followed("surveying", "survey-areas", copy_of_planning, zones)
POINTS = Followed("marks", "survey-marks", copy_for_points, marks)


def add_the_app(top: Path, followed: Followed) -> None:
    """Steps 1 to 4: the folder, and the lines elsewhere."""
    followed.write(top / "landgis" / followed.app)
    for name, behind, line in followed.lines_elsewhere:
        text = (top / name).read_text(encoding="utf-8")
        assert text.count(behind) == 1, name
        (top / name).write_text(text.replace(behind, behind + line), encoding="utf-8")


# What a reader finds of it, asked as the documents' last step does.
LOOKED_AT = """\
from django.contrib.auth.models import Group
from django.test import Client
from landgis.accounts.actions import ensure_roles
from landgis.accounts.models import User
from landgis.workbench import corner_forms, edit_forms, edits, staging
from tests.people import in_whole_office
from landgis.catalog import queries, registry
from landgis.changes.followers import follow_all
dataset = registry.get("{dataset}")
ref = queries.rows(dataset)[0]["ref"]
follow_all()
path = f"/{{dataset.path}}"
for address in (f"{{path}}.json", f"{{path}}/{{ref}}.json", f"{{path}}/{{ref}}.geojson", f"{{path}}.csv", "/tiles/{dataset}.json"):
    assert Client(headers={{"host": "localhost"}}).get(address).status_code == 200, address
found = Client(headers={{"host": "localhost"}}).get("/api/search", {{"q": dataset.title_of(queries.rows(dataset)[0])}}).json()
assert ref in [one["properties"]["ref"] for one in found["features"]], found
officer = User.objects.create_user("officer")
ensure_roles()
officer.groups.set([Group.objects.get(name="officer")])
in_whole_office(officer)
feature = edits.feature(dataset, ref, officer)
controls = {{one["name"] for one in edit_forms.fields(feature, {{}}, {{}})}}
assert controls == {{field.name for field in dataset.fields}} - set(dataset.identity), controls
facts = {{dataset.title_field: {{"text": "Another name"}}}}
edit = edits.save(feature, by=officer, kind="change", base=feature.revision, facts=facts)
assert [one.code for one in staging.tried(dataset, [edit], by=officer) if one.severity == "stop"] == []
assert corner_forms.shape_of(feature, {{}})["text"]
print(queries.count(dataset))
"""


@pytest.mark.parametrize("followed", [AREAS, POINTS], ids=["areas", "points"])
def test_a_dataset_is_added_as_the_documents_say(
    clone: Path, empty_world: str, tmp_path: Path, followed: Followed
) -> None:
    add_the_app(clone, followed)
    (tmp_path / "state").mkdir()
    variables = environment(tmp_path / "state", as_owner=True)
    connections.close_all()

    def run(*command: str) -> str:
        """A command as the documents write it, in the copy."""
        ended = subprocess.run(
            [sys.executable, *command], cwd=clone, env=variables, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    run("-m", "ruff", "check", "--fix", f"landgis/{followed.app}")
    run("manage.py", "makemigrations", followed.app)
    run("manage.py", "migrate", "--verbosity=0")
    load = ["manage.py", "load", *followed.file(tmp_path), "--dataset", followed.dataset]
    assert "2" in run(*load)
    run(*load, "--commit")
    looked_at = LOOKED_AT.format(dataset=followed.dataset)
    assert run("manage.py", "shell", "--no-imports", "--command", looked_at).strip().endswith("2")
    run("manage.py", "makemigrations", "--check", "--dry-run")
    run("-m", "ruff", "check", ".")
    run(
        "-c",
        "import sys; from importlinter.cli import lint_imports_command; sys.argv[1:] = ['--no-cache']; lint_imports_command()",
    )
    run("-m", "pytest", "-p", "no:cacheprovider", "-q", "tests/architecture", "tests/contracts/test_docs.py")
