"""What a road to tiles takes of the processor and of memory, in all processes that work for it."""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.db import connection

GONE = (FileNotFoundError, ProcessLookupError)


@dataclass(frozen=True)
class Taken:
    """Per tile: milliseconds of the processor in PostgreSQL and in all, of the clock for each, and their bytes."""

    database_ms: float
    whole_ms: float
    waits_ms: Sequence[float]
    sizes: Sequence[int]


@dataclass
class Road:
    """How tiles are asked for: `ask` gives the bytes of one, `before` is done before they are asked for and not measured.

    `processes` are those that work for it, beside PostgreSQL; `bands` the zooms that it is asked for; a slow one is asked for a few.
    """

    ask: Callable[[tuple[int, int, int]], bytes]
    processes: Sequence[int]
    bands: Sequence[str]
    is_slow: bool = False
    before: Callable[[Sequence[tuple[int, int, int]]], object] = field(default=lambda keys: None)

    def take(self, keys: Sequence[tuple[int, int, int]]) -> Taken:
        self.before(keys)
        # The first makes lines and plans, which those that come after have.
        self.ask(keys[0])
        self.before(keys[:1])
        programs, database = self.processes, backends()
        begun = busy_ms(programs), busy_ms(database)
        waits, sizes = [], []
        for key in keys:
            start = time.perf_counter()
            sizes.append(len(self.ask(key)))
            waits.append((time.perf_counter() - start) * 1000)
        own, theirs = busy_ms(programs) - begun[0], busy_ms(database) - begun[1]
        return Taken(theirs / len(keys), (own + theirs) / len(keys), waits, sizes)


def backends() -> list[int]:
    """The processes of the database server that serve the database in use."""
    told = connection.settings_dict
    login = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told["PASSWORD"]}
    query = (
        "SELECT pid FROM pg_stat_activity"
        " WHERE datname = %s AND usesysid IS NOT NULL AND pid <> pg_backend_pid()"  # its own upkeep has no user
    )
    with psycopg.connect(**login, dbname=told["NAME"]) as own:
        return [pid for (pid,) in own.execute(query, [told["NAME"]])]


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(*GONE):
            found += [one for child in children.read_text().split() for one in family(int(child))]
    return found


def busy_ms(pids: Iterable[int]) -> float:
    """How long all threads of these processes have had a processor."""
    found = 0
    for pid in pids:
        for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with suppress(*GONE):
                found += int(thread.read_text().split()[0])
    return found / 1e6


def share_mb(pid: int) -> float:
    """The memory of a process, what it shares with others divided among them (PSS)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise ValueError("The system does not say what a process shares.")
