"""How long the server takes over what an officer's map asks while somebody draws, in a large cadastre.

`make bench BENCH=tests/benchmarks/test_editing.py PARCELS=200000` says of how many parcels (default 1,000,000).
"""

import os
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests import databases
from tests.benchmarks import cadastre, editing

PARCELS = int(os.environ.get("BENCH_TABLE") or 1_000_000)
ASKED = 100


@pytest.mark.bench
def test_editing(migrated: str, tell: Callable[[str], None], django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        template = cadastre.kept(PARCELS, migrated)
        with databases.made(template) as name, databases.used(name):
            client = editing.officer()
            roads = [editing.asked(client, row) for row in editing.some(ASKED)]
            for road in roads[0]:
                took = sorted(_ms(one[road]) for one in roads)
                tell(
                    f"{road}, {PARCELS:,} parcels: {took[len(took) // 2]:.0f} ms, p95 {took[len(took) * 19 // 20]:.0f} ms"
                )


def _ms(ask: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    ask()
    return (time.perf_counter() - begun) * 1000
