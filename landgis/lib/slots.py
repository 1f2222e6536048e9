"""How many may do something at a time, in all processes of this machine: a slot is a locked file.

The kernel gives the lock of a killed process back, and a lock needs neither the database nor memory that processes share:
it holds when everything else is out of breath. The files are empty and opened once a process.
"""

import fcntl
import os
import threading
import time
from collections import deque
from pathlib import Path

LOOK_AGAIN_S = 0.02  # whether a slot was given back by another process


class Slots:
    """`most` slots of a name, and `queue` places to wait for one; in a process whoever came first is next."""

    def __init__(self, folder: Path, name: str, *, most: int, queue: int):
        self._slots = _LockedFiles(folder, name, most)
        self._places = _LockedFiles(folder, f"{name}-queue", queue)
        self._lock = threading.Lock()
        self._line: deque[threading.Event] = deque()  # who waits in this process; the first one looks for a slot

    def take(self, wait_s: float) -> "Slot | None":
        """A slot, after waiting for it if need be; None where the queue is full, or the wait too long."""
        deadline = time.monotonic() + wait_s
        with self._lock:
            if not self._line and (number := self._slots.take()) is not None:
                return Slot(self, number)
            place = self._places.take()
            if place is None:
                return None
            turn = threading.Event()
            self._line.append(turn)
        try:
            found = self._wait(turn, deadline)
        finally:
            with self._lock:
                self._line.remove(turn)
                self._places.give_back(place)
                self._call_next()
        return None if found is None else Slot(self, found)

    def _wait(self, turn: threading.Event, deadline: float) -> int | None:
        while (left := deadline - time.monotonic()) > 0:
            turn.wait(min(left, LOOK_AGAIN_S) if self._line[0] is turn else left)
            turn.clear()
            with self._lock:
                if self._line[0] is turn and (number := self._slots.take()) is not None:
                    return number
        return None

    def _call_next(self) -> None:
        if self._line:
            self._line[0].set()

    def give_back(self, number: int) -> None:
        with self._lock:
            self._slots.give_back(number)
            self._call_next()


class Slot:
    """One that was taken; to be given back once, and a second time does nothing."""

    def __init__(self, slots: Slots, number: int):
        self._slots, self._number = slots, number
        self._is_taken = True

    def give_back(self) -> None:
        if self._is_taken:
            self._is_taken = False
            self._slots.give_back(self._number)


class _LockedFiles:
    """Numbers from 0 on, each of which one thread of all processes may hold. Its user sees to it that threads take turns."""

    def __init__(self, folder: Path, name: str, number: int):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        self._files = [os.open(folder / f"{name}.{one}", flags, 0o600) for one in range(number)]
        self._free = deque(range(number))  # of this process; another one may hold them

    def __del__(self) -> None:
        for file in self._files:
            os.close(file)

    def take(self) -> int | None:
        for _ in range(len(self._free)):
            number = self._free.popleft()
            try:
                fcntl.flock(self._files[number], fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._free.append(number)
            else:
                return number
        return None

    def give_back(self, number: int) -> None:
        fcntl.flock(self._files[number], fcntl.LOCK_UN)
        self._free.append(number)
