"""What the house knows or does in one place only: whoever needs it asks there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OWN_SHAPES = {
    "landgis/analysis/database.py",  # knows no Django
    "landgis/catalog/queries/database.py",  # as the public's role, rows as dictionaries
    "landgis/lib/postgis/base.py",  # by the connection that it is
    "landgis/operations/views.py",  # by one alias and the other
    "landgis/workbench/watch.py",  # by a connection beside the one that works
}
# What is written nowhere but in these files.
PLACES = {
    r"Access-Control-": {"landgis/pages/middleware.py"},
    r"application/problem\+json|JsonResponse|get_conditional_response": {"landgis/lib/answers.py"},
    r"REMOTE_ADDR|X-Forwarded-For": {"landgis/lib/http.py"},
    r"\[.ETag.\]": {"landgis/lib/answers.py", "landgis/lib/compression.py"},
    r"\bas_string\(": {"landgis/lib/statements.py", "landgis/catalog/queries/database.py"},
    r"6_?378_?1|6_?371_?|40_?075_?0|20_?037_?5|\b111_?[0-9]{3}\b|\b110_?[56]": {
        "landgis/lib/webmap.py",
        "landgis/static/js/lib/webmap.js",
    },
    r"dataset\.exits\.|\bone\.exits\.": {
        "landgis/catalog/dataset/faults.py",  # of a dataset before it is registered
    },
}


def written() -> dict[str, str]:
    """The text of every module and script that is installed, by its path; what migrations did is done."""
    files = [path for kind in ("py", "js") for path in (ROOT / "landgis").rglob(f"*.{kind}")]
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in files
        if "migrations" not in path.parts
    }


@pytest.mark.parametrize("pattern", PLACES)
def test_it_is_written_in_one_place(pattern: str) -> None:
    found = {name for name, text in written().items() if re.search(pattern, text)}
    assert found == PLACES[pattern]


def test_a_cursor_is_opened_by_hand_only_for_what_the_room_of_statements_does_not_do() -> None:
    """For COPY, many rows at once and rows by the window; one statement is run by `lib.statements`."""
    for name, text in written().items():
        if not name.endswith(".py") or name in OWN_SHAPES or name == "landgis/lib/statements.py":
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.With) and any("cursor(" in ast.unparse(item) for item in node.items):
                assert re.search(r"\.copy\(|executemany|fetchmany", ast.unparse(node)), f"{name}:{node.lineno}"
