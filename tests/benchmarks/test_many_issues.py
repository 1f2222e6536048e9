"""What issues cost: a file with one in most of its rows beside the same file without, in time and in memory.

`BENCH_ISSUE_ROWS` says how many parcels (default 76,000, of which 48,000 have an issue: the size of a real county).
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from landgis.catalog import registry
from landgis.changes import actions as changes
from landgis.changes.models import Door, Issue
from landgis.ingest import notations
from landgis.ingest.actions import Provenance, stage_source
from landgis.ingest.files import open_file
from landgis.ingest.instructions import Instructions
from landgis.ingest.store import KeptFile
from landgis.ingest.understanding import understand
from tests.benchmarks.test_first_lines import parcels
from tests.benchmarks.test_load import DATASET, Memory, Times, backends, timed

pytestmark = pytest.mark.bench

ROWS = int(os.environ.get("BENCH_ISSUE_ROWS", "76000"))
FAULTY = ROWS * 48 // 76
UNKNOWN = "no use"


def looked_at(path: Path, times: Times) -> tuple[int, dict[str, int]]:
    """What a dry run of `load` does: how many issues there are, and the most memory that it took."""
    dataset = registry.get(DATASET)
    with Memory(backends) as memory, timed(times, path.stem), transaction.atomic():
        with open_file(path) as source:
            plan = notations.told(understand(source, dataset, Instructions()), dataset, Instructions())
            file = KeptFile(source.sha256, path.name)
            change_set = stage_source(plan, file, dataset, Provenance(), by=None, door=Door.COMMAND_LINE)
        changes.check(change_set)
        count = Issue.objects.filter(change_set=change_set, code="code-unknown").count()
        transaction.set_rollback(True)
    return count, memory.most


@pytest.mark.usefixtures("empty_world")
def test_issues_take_little_more_than_rows(tmp_path: Path, tell: Callable[[str], None]) -> None:
    whole = parcels(ROWS)
    whole.to_file(tmp_path / "sound.gpkg", engine="pyogrio")
    whole.loc[: FAULTY - 1, "LOAIDAT"] = UNKNOWN
    whole.to_file(tmp_path / "faulty.gpkg", engine="pyogrio")
    times = Times()
    none, before = looked_at(tmp_path / "sound.gpkg", times)
    many, after = looked_at(tmp_path / "faulty.gpkg", times)
    assert (none, many) == (0, FAULTY)
    ratios = ", ".join(
        f"{name} {after[name] / before[name]:.2f} ({after[name] / 1e6:.0f} MB)" for name in sorted(after)
    )
    tell(f"{FAULTY:,} issues in {ROWS:,} rows: {times['faulty'] / times['sound']:.2f} times as long; memory {ratios}")
