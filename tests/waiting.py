"""Waiting for what certainly happens: by its condition, not by a clock that a busy machine breaks."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_S = 300.0  # only what hangs takes longer
PATIENCE_MS = PATIENCE_S * 1000

Answer = TypeVar("Answer")


def until(happened: Callable[[], Answer], pause: float = 0.05) -> Answer:
    """The first true answer; fails when nothing happens at all."""
    deadline = time.monotonic() + PATIENCE_S
    while not (answer := happened()):
        assert time.monotonic() < deadline, f"nothing happened in {PATIENCE_S:.0f} s"
        time.sleep(pause)
    return answer
