"""Parts of the demo that are started again when they end, after waits that grow."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
STEADY_S = 60.0  # what has worked so long begins with the first wait again
LAST_LINES = 15


class Supervised(Protocol):
    """What is kept going."""

    name: str

    def start(self) -> None:
        """Begin; raises OSError or RuntimeError where that cannot be."""

    def ending(self) -> str:
        """How it ended, as a sentence; empty while it works."""


@dataclass
class Program:
    """A process, whose output goes to a file; a new start writes on where the last one ended."""

    name: str
    launch: Callable[[Path], "subprocess.Popen[bytes]"]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        self.process = self.launch(self.log)

    def ending(self) -> str:
        if self.process is None or self.process.poll() is None:
            return ""
        last = "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:])
        return f"The {self.name} ended with status {self.process.returncode}. The end of {self.log}:\n{last}"


@dataclass
class Supervisor:
    """Looks after parts; `tell` is given a line for all that happens to them."""

    parts: list[Supervised]
    tell: Callable[[str], object]
    _waits: dict[str, float] = field(default_factory=dict)  # the last wait
    _due: dict[str, float] = field(default_factory=dict)  # when a part that ended is started again
    _began: dict[str, float] = field(default_factory=dict)

    def look(self) -> None:
        """Say which parts ended, and start those whose wait is over."""
        for part in self.parts:
            if part.name in self._due:
                if time.monotonic() >= self._due[part.name]:
                    self._start(part)
            elif ending := part.ending():
                self._plan(part, ending)

    def _plan(self, part: Supervised, ending: str) -> None:
        now = time.monotonic()
        steady = now - self._began.get(part.name, -STEADY_S) >= STEADY_S
        wait = FIRST_WAIT_S if steady else min(2 * self._waits.get(part.name, FIRST_WAIT_S / 2), LONGEST_WAIT_S)
        self._waits[part.name], self._due[part.name] = wait, now + wait
        self.tell(f"{ending}\nThe {part.name} is started again in {wait:.0f} s.")

    def _start(self, part: Supervised) -> None:
        del self._due[part.name]
        self._began[part.name] = time.monotonic()
        try:
            part.start()
        except (OSError, RuntimeError) as error:
            self._plan(part, f"The {part.name} could not be started: {error}")
        else:
            self.tell(f"The {part.name} was started again.")
