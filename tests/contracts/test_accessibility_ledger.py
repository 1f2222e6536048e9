"""docs/accessibility.md holds every criterion of WCAG 2.2 A and AA, each with a test that exists or a dated look."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parents[2]
LEDGER = (BASE / "docs/accessibility.md").read_text(encoding="utf-8")
# https://www.w3.org/TR/WCAG22/, without 4.1.1, which it took out.
A = re.findall(
    r"[\d.]+",
    """1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3 2.4.4
    2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7 4.1.2""",
)
AA = re.findall(
    r"[\d.]+",
    """1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7 2.4.11 2.5.7 2.5.8 3.1.2
    3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3""",
)
LEVELS = dict.fromkeys(A, "A") | dict.fromkeys(AA, "AA")


def lines() -> dict[str, list[str]]:
    """The cells of each criterion by its number."""
    rows = [re.split(r"\s*\|\s*", line.strip("| \n"), maxsplit=4) for line in re.findall(r"^\| \d.*$", LEDGER, re.M)]
    found = {row[0]: row for row in rows}
    assert len(found) == len(rows), "a criterion stands twice"
    return found


@cache
def functions(path: str) -> set[str]:
    tree = ast.parse((BASE / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_criterion_stands_once_with_its_level() -> None:
    assert {number: row[2] for number, row in lines().items()} == LEVELS
    assert len(LEVELS) == 55


@pytest.mark.parametrize("number", LEVELS)
def test_a_criterion_is_known_by_a_test_a_dated_look_or_a_reason(number: str) -> None:
    _number, _name, _level, how, known_by = lines()[number]
    tests = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", known_by)
    missing = [(path, name) for path, name in tests if not (BASE / path).exists() or name not in functions(path)]
    assert missing == []
    if not tests:
        assert re.match(r"(hand check 20\d\d-\d\d-\d\d: |does not apply: )\S.{10,}", known_by)
    assert how or known_by.startswith("does not apply: ")


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("mark", ["line-field", "focus", "brand", "ink-faint"])
@pytest.mark.parametrize("ground", ["surface", "paper", "brand-tint"])
def test_the_edges_of_fields_and_the_focus_are_seen(mark: str, ground: str) -> None:
    """3:1, as criterion 1.4.11 asks."""
    css = (BASE / "landgis/static/css/variables.css").read_text(encoding="utf-8")
    named = dict(re.findall(r"--([\w-]+): (#\w{6});", css))
    high, low = sorted((luminance(named[mark]), luminance(named[ground])), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 3
