"""How large a function and a module may be, and that no two public classes have one name.

What was beyond that on the date in `exceptions.toml` is listed there. The list only shrinks: nothing is added, nothing
in it grows, and what has become small is taken out.
"""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FUNCTION_LINES, MODULE_LINES = 40, 300
EXCEPTIONS = tomllib.loads((Path(__file__).parent / "exceptions.toml").read_text(encoding="utf-8"))
HERE = "tests/architecture/exceptions.toml"
# Django finds them by these names.
EVERYWHERE = {"Command", "Migration", "Meta"}


def modules() -> Iterator[tuple[str, ast.Module, int]]:
    """Path, syntax and number of lines of every module that somebody wrote."""
    for folder in ("landgis", "data"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                text = path.read_text(encoding="utf-8")
                yield path.relative_to(ROOT).as_posix(), ast.parse(text), len(text.splitlines())


def functions(node: ast.AST, inside: str = "") -> Iterator[tuple[str, int]]:
    """Name and lines of every function; its decorators are not counted."""
    for child in ast.iter_child_nodes(node):
        name = f"{inside}{child.name}" if isinstance(child, ast.ClassDef | ast.FunctionDef) else inside
        if isinstance(child, ast.FunctionDef):
            yield name, (child.end_lineno or child.lineno) - child.lineno + 1
        yield from functions(child, f"{name}." if name and not name.endswith(".") else name)


def complaints(found: dict[str, int], listed: dict[str, int], ceiling: int) -> list[str]:
    """What is to be done, of everything above the ceiling and of everything that is listed."""
    new = [f"{name} has {lines} lines: {ceiling} at most" for name, lines in found.items() if name not in listed]
    grown = [f"{name} grew from {listed[name]} to {found[name]} lines" for name in found if name in listed]
    grown = [line for line in grown if found[line.split(" ")[0]] > listed[line.split(" ")[0]]]
    gone = [f"take {name} out of {HERE}: it is small enough or gone" for name in listed if name not in found]
    return new + grown + gone


def test_a_function_fits_a_screen() -> None:
    found = {
        f"{path}:{name}": lines
        for path, tree, _lines in modules()
        for name, lines in functions(tree)
        if lines > FUNCTION_LINES
    }
    assert complaints(found, EXCEPTIONS["functions"], FUNCTION_LINES) == []


def test_a_module_has_one_subject() -> None:
    found = {path: lines for path, _tree, lines in modules() if lines > MODULE_LINES}
    assert complaints(found, EXCEPTIONS["modules"], MODULE_LINES) == []


def test_no_two_public_classes_have_one_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path, tree, _lines in modules():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and node.name not in EVERYWHERE:
                places[node.name].append(path)
    twice = {name: paths for name, paths in places.items() if len(paths) > 1}
    assert twice == {}, "one word per idea: call the newer one something else"
