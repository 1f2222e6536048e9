"""The shape of the house: who may name whom, and what a new dataset costs."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXITS = ("pages", "pictures", "search", "tiles")
# What reads as the role that may see everything.
OFFICE_SIDE = ("django.db", "landgis.lib.statements")
OWN_TABLES = {
    "landgis/search/models.py",
    "landgis/search/actions.py",
    "landgis/search/dictionaries.py",
}  # the entries that search keeps for itself


def tracked() -> list[Path]:
    """The files of the repository, those not yet committed included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("app", EXITS)
def test_an_exit_reads_through_the_catalogue_and_never_as_the_office(app: str) -> None:
    for file in (ROOT / "landgis" / app).rglob("*.py"):
        if file.relative_to(ROOT).as_posix() in OWN_TABLES or "migrations" in file.parts:
            continue
        found = [name for name in imports(file) if f"{name}.".startswith(tuple(f"{one}." for one in OFFICE_SIDE))]
        assert not found, f"{file.relative_to(ROOT)} imports {found}"


def test_planning_zones_costs_one_small_app_and_one_line_of_settings() -> None:
    """The test of the design: nothing outside its app knows this dataset, but for what the demo shows."""
    allowed = {
        "landgis/settings.py": 1,
        "pyproject.toml": None,  # its place in the import contract
        "tests/architecture/test_house.py": None,
    }
    names = ("planning-zones", "planning_zones", "PlanningZones", "landgis.planning", "planning_zone")
    for file in tracked():
        name = file.relative_to(ROOT).as_posix()
        ours = name.startswith(("landgis/planning/", "tests/", "docs/", "data/demo/")) or file.suffix == ".md"
        if ours or file.suffix not in {".py", ".html", ".js", ".toml", ".css", ".yml", ".sh", ".po"}:
            continue
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if any(word in line for word in names)]
        if name not in allowed:
            assert not lines, f"{name} names the dataset: {lines}"
        elif allowed[name] is not None:
            assert len(lines) == allowed[name], f"{name}: {lines}"
    declaration = (ROOT / "landgis/planning/dataset.py").read_text(encoding="utf-8")
    assert len(declaration.splitlines()) <= 56


def test_no_room_is_called_utils() -> None:
    forbidden = {"utils", "helpers", "common", "core", "base", "misc"}
    # Django looks for a database backend in a module of that name.
    files = [file.relative_to(ROOT) for file in tracked() if file.suffix == ".py"]
    files.remove(Path("landgis/lib/postgis/base.py"))
    rooms = {part for file in files for part in (*file.parts, file.stem)}
    assert not rooms & forbidden


def test_no_lock_file_names_an_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "package-lock.json"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert '"resolved"' not in text
        assert "--index-url" not in text
        assert "--extra-index-url" not in text
    for line in (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines():
        assert "://" not in line


def test_the_notebooks_door_knows_the_library_and_nothing_else_of_the_house() -> None:
    for file in (ROOT / "landgis" / "analysis").rglob("*.py"):
        ours = {name for name in imports(file) if name.split(".")[0] == "landgis"}
        assert all(name.startswith(("landgis.analysis", "landgis.lib")) for name in ours), (file, ours)
