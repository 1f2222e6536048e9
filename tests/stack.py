"""Pytest plug-in (`-p tests.stack`): each test has room for all that it calls (landgis/lib/call_stack.py)."""

import pytest
from _pytest import runner

from landgis.lib.call_stack import roomy


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """In place of pytest's own; what others put round it stays round it."""
    return roomy(runner.pytest_runtest_protocol)(item, nextitem)
