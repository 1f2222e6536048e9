"""What the documents say of the code is so."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from landgis import env
from landgis.changes.issues import KINDS
from landgis.ingest.errors import MESSAGES

BASE = Path(__file__).resolve().parents[2]
DOCS = BASE / "docs"
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
PAGES = [BASE / "README.md", BASE / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
CODES = dict(KINDS)  # as declared: tests may add kinds of their own while they run
NOT_IN_THE_CLONE = (".landgis", ".venv", "node_modules", "locale/")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def issue_line(code: str) -> str:
    """The line of docs/issues.md for a code; parameters are written {so}."""
    kind = CODES[code]
    with translation.override("en"):
        cells = [f"`{code}`", kind.severity.value, str(kind.message), str(kind.remedy)]
    return in_docs(f"| {' | '.join(cells)} |")


def in_docs(text: str) -> str:
    return re.sub(r"%\((\w+)\)s", r"{\1}", text)


def named_files(text: str) -> list[str]:
    """Paths in backticks: with a slash inside and a small first letter, or a file at the root with a known ending."""
    quoted = re.findall(r"`([^`\s<>*…]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    paths = [
        name for name in quoted if re.fullmatch(r"[a-z.][\w.-]*(/[\w.-]*)+|[A-Z]+(\.md)?|[\w-]+\.(toml|json)", name)
    ]
    constants = {"LICENSE", "CHANGELOG.md", "README.md"}
    return [name for name in paths if "/" in name or "." in name or name in constants]


def squeezed(code: str) -> str:
    """Code without what a formatter may change."""
    return re.sub(r"[\s,]", "", code)


def test_every_issue_code_is_listed_as_it_is():
    listed = [line for line in text_of(DOCS / "issues.md").splitlines() if line.startswith("| `")]
    of_files = [in_docs(f"| `{code}` | {text} |") for code, text in MESSAGES.items()]
    assert listed == [*(issue_line(code) for code in CODES), *of_files]


@pytest.mark.parametrize("name", env.KNOWN)
def test_every_variable_is_in_the_table(name):
    [line] = [line for line in text_of(DOCS / "operations.md").splitlines() if line.startswith(f"| `{name}` |")]
    assert line.endswith(f"| {env.KNOWN[name].says} |")


def test_the_table_names_no_variable_that_does_not_exist():
    named = set(re.findall(r"LANDGIS_[A-Z_]+", "".join(text_of(page) for page in PAGES)))
    assert named <= set(env.KNOWN)


def test_decisions_are_numbered_without_gaps():
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    assert len(DECISIONS) >= 9


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.name)
def test_a_decision_has_its_number_and_three_parts(page):
    text = text_of(page)
    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert all(part.strip() for part in re.split(r"^#.*$", text, flags=re.MULTILINE)[2:])


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.name)
def test_a_decision_says_whether_it_holds(page):
    """A superseded one stays to be read, and names the later one that says so too."""
    status = text_of(page).splitlines()[2]
    if later := re.fullmatch(r"Status: superseded by decision (\d+) \(.+\)\.", status):
        [successor] = [one for one in DECISIONS if int(one.name[:4]) == int(later[1])]
        assert f"Supersedes decision {int(page.name[:4])}." in text_of(successor)
    else:
        assert status.startswith("Status: holds.")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page):
    names = named_files(text_of(page))
    missing = [name for name in names if not name.startswith(NOT_IN_THE_CLONE) and not (BASE / name).exists()]
    assert missing == []


def test_the_readme_names_the_folders_of_the_house():
    named = {name.rstrip("/") for name in named_files(text_of(BASE / "README.md"))}
    apps = {f"landgis/{path.parent.name}" for path in BASE.glob("landgis/*/__init__.py")}
    assert apps <= named


def test_the_walk_through_shows_the_code_as_it_is():
    shown = re.findall(r"```python\n(.*?)```", text_of(DOCS / "declaring-a-dataset.md"), flags=re.DOTALL)
    files = [*sorted((BASE / "landgis/planning").glob("*.py")), BASE / "tests/geometry_kinds/declared.py"]
    there = [squeezed(path.read_text(encoding="utf-8")) for path in files]
    unknown = [block for block in shown if not any(squeezed(block) in text for text in there)]
    assert shown
    assert unknown == []


def test_the_readme_s_example_is_the_planning_app():
    [example] = re.findall(r"```python\n(.*?)```", text_of(BASE / "README.md"), flags=re.DOTALL)
    there = squeezed((BASE / "landgis/planning/dataset.py").read_text(encoding="utf-8"))
    lines = [re.sub(r"\s+# .*", "", line) for line in example.splitlines()]
    assert [line for line in lines if squeezed(line) not in there] == []
