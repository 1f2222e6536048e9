"""Figures of the benches, printed together at the end. They are measured, not judged: machines differ."""

import os
from collections.abc import Callable
from typing import Any

import pytest

FIGURES: list[str] = []


@pytest.fixture
def tell() -> Callable[[str], None]:
    """Adds a line to what is printed at the end."""
    return FIGURES.append


@pytest.fixture(scope="session")
def many() -> int:
    """How many parcels the benches use."""
    return int(os.environ.get("BENCH_PARCELS", "2000"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if FIGURES:
        terminalreporter.section("figures")
        for line in FIGURES:
            terminalreporter.write_line(line)
