"""What it costs to let a cadastre in, beside what PostgreSQL needs to COPY the same rows into the same tables.

`BENCH_ROWS` says how many parcels (default 1,000,000). Everything is measured in one run on one machine, so that the
ratios can be compared with those of another.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from psycopg import sql

from landgis.catalog import queries, registry
from landgis.catalog.published import tile_table
from landgis.changes import actions as changes
from landgis.changes import checks
from landgis.changes.models import ChangeSet, Door
from landgis.ingest.actions import Provenance, stage_source
from landgis.ingest.files import open_file
from landgis.ingest.instructions import Instructions
from landgis.ingest.store import KeptFile
from landgis.ingest.understanding import understand
from tests.benchmarks.test_first_lines import parcels

pytestmark = pytest.mark.bench

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
PART, FEW = 100_000, 100
MOST_BYTES = 1.5e9
DATASET = "parcels"

Times = dict[str, float]


class Memory:
    """The most memory, in bytes, that any process of this one's family or of the database took while it was watched.

    Shared pages count in each process that holds them, but not the database's own shared buffers.
    """

    def __init__(self, backends: Callable[[], list[int]]):
        self.most: dict[str, int] = {}
        self._backends = backends
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.2):
            told = {"command": [os.getpid()], "reader": _descendants(os.getpid()), "database": self._backends()}
            for name, pids in told.items():
                self.most[name] = max([self.most.get(name, 0), *map(_own_bytes, pids)])


def _descendants(pid: int) -> list[int]:
    found = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with _gone():
            for child in map(int, children.read_text().split()):
                found += [child, *_descendants(child)]
    return found


def _own_bytes(pid: int) -> int:
    """Resident memory but for what is shared with other processes through /dev/shm, 0 once it has ended."""
    with _gone():
        lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        return sum(int(lines[key].split()[0]) * 1024 for key in ("RssAnon", "RssFile") if key in lines)
    return 0


@contextmanager
def _gone() -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return


@contextmanager
def timed(times: Times, name: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    times[name] = time.perf_counter() - start


def let_in(path: Path, times: Times, *, is_complete: bool = True) -> ChangeSet:
    """What `manage.py load --commit` does, with the time of each step."""
    dataset = registry.get(DATASET)
    provenance = Provenance(is_complete=is_complete, is_made_up=True)
    with transaction.atomic():
        with timed(times, "stage"), open_file(path) as source:
            file = KeptFile(source.sha256, path.name)
            plan = understand(source, dataset, Instructions())
            change_set = stage_source(plan, file, dataset, provenance, by=None, door=Door.COMMAND_LINE)
        with timed(times, "compare and check"):
            changes.check(change_set)
        # Again, alone: what the checks are of the step before.
        with timed(times, "checks"):
            list(checks.findings(dataset, change_set))
    done = changes.counts(change_set)
    if not (done["add"] or done["change"] or done["retire"]):
        changes.withdraw(change_set, by=None, reason="nothing new")
        return change_set
    changes.submit(change_set, by=change_set.author)
    changes.approve(change_set, by=None)
    with timed(times, "apply"):
        changes.apply(change_set, by=None)
    return change_set


def copied(change_set: ChangeSet, folder: Path) -> float:
    """Seconds for a COPY of the rows that the load wrote into tables with the same columns, indexes and rules."""
    dataset = registry.get(DATASET)
    tables = {
        "items": (sql.Identifier(dataset.proposed._meta.db_table), "WHERE change_set_id = %s"),
        "in_force": (sql.Identifier(dataset.in_force._meta.db_table), "WHERE from_revision = %s"),
        "tile_rows": (tile_table(dataset), ""),
    }
    bound = {"items": change_set.pk, "in_force": change_set.revision}
    spent = 0.0
    with connection.cursor() as cursor:
        for name, (table, condition) in tables.items():
            query = sql.SQL("COPY (SELECT * FROM {} " + condition + ") TO STDOUT (FORMAT binary)").format(table)
            file = folder / name
            with cursor.copy(_text(query), [bound[name]] if name in bound else None) as rows, file.open("wb") as out:
                for part in rows:
                    out.write(part)
            cursor.execute(_text(sql.SQL("CREATE TABLE bench_{} (LIKE {} INCLUDING ALL)").format(sql.SQL(name), table)))
            start = time.perf_counter()
            statement = f"COPY bench_{name} FROM STDIN (FORMAT binary)"
            with cursor.copy(statement) as rows, file.open("rb") as given:
                while part := given.read(1 << 20):
                    rows.write(part)
            spent += time.perf_counter() - start
            cursor.execute(f"DROP TABLE bench_{name}")
            file.unlink()
    return spent


def backends() -> list[int]:
    """The processes of the database server that serve this database."""
    told = connection.settings_dict
    with psycopg.connect(
        host=told["HOST"], port=told["PORT"], user=told["USER"], password=told["PASSWORD"], dbname=told["NAME"]
    ) as own:
        query = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
        return [pid for (pid,) in own.execute(query, [told["NAME"]])]


def _text(query: sql.Composable) -> str:
    return query.as_string(connection.connection)


def _line(what: str, times: Times) -> str:
    return f"{what:26}" + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in times.items())


@pytest.mark.usefixtures("empty_world")
def test_a_cadastre_is_let_in(tmp_path: Path, tell: Callable[[str], None]) -> None:
    whole, few = tmp_path / "parcels.gpkg", tmp_path / "few.gpkg"
    for start in range(0, ROWS, PART):
        parcels(min(PART, ROWS - start), start).to_file(whole, engine="pyogrio", mode="a" if start else "w")
    parcels(FEW).assign(LOAIDAT="TMD").to_file(few, engine="pyogrio")
    first, again, changed = Times(), Times(), Times()
    with Memory(backends) as memory:
        change_set = let_in(whole, first)
        let_in(whole, again)
    with timed(changed, "all"):
        let_in(few, changed, is_complete=False)
    copy = copied(change_set, tmp_path)
    # "checks" was measured apart a second time and is no step of the load.
    without = {name: sum(times.values()) - 2 * times["checks"] for name, times in (("first", first), ("again", again))}
    tell(_line(f"load {ROWS:,}", first))
    tell(_line("the same file again", again))
    tell(_line(f"{FEW} changed on top", changed))
    tell(
        f"COPY of the rows {copy:.1f} s; load without checks {without['first'] / copy:.2f} times as long,"
        f" checks {first['checks'] / copy:.2f}, again without checks {without['again'] / without['first']:.2f} of the first"
    )
    tell("most memory: " + ", ".join(f"{name} {most / 1e6:.0f} MB" for name, most in memory.most.items()))
    assert queries.count(registry.get(DATASET)) == ROWS
    assert max(memory.most.values()) < MOST_BYTES
