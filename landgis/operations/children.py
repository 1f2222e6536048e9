"""Programs that this process starts and that end with it."""

import ctypes
import signal
from contextlib import suppress


def end_with_parent() -> None:
    """For `preexec_fn`: Linux sends SIGTERM to this child when its parent dies, even by kill -9."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
