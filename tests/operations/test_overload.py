"""Four times as much as the server can do: it does what it can, tells the others, and is itself again at once.

Ratios within one round, and one good round is enough: something else on the machine may take a round's time away.
"""

import asyncio
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest

from landgis.operations import admission
from tests.operations.test_web_server import Served, server  # noqa: F401 -- a fixture

pytestmark = pytest.mark.prove
T = TypeVar("T")
ROUNDS = 6
SECONDS = 4.0
CALM_AFTER_S = 5.0
IN_TIME_S = 1.0
PAGE = b"GET /en/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@dataclass
class Crowd:
    """Readers who ask for a page, each on a line of their own, and do not wait longer than ten seconds."""

    port: int
    answers: list[tuple[int, float]] = field(default_factory=list)  # status, seconds; 0 without an answer

    async def ask(self) -> None:
        begun, status = time.monotonic(), 0
        try:
            async with asyncio.timeout(10):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(PAGE)
                status = int((await reader.read()).split(b" ", 2)[1])
                writer.close()
        except (OSError, TimeoutError, IndexError):
            pass
        self.answers.append((status, time.monotonic() - begun))

    async def one_after_the_other(self, until: float) -> None:
        while time.monotonic() < until:
            await self.ask()

    async def at_a_rate(self, a_second: float, until: float) -> None:
        """Whatever the answers."""
        begun, asked = time.monotonic(), []
        while (now := time.monotonic()) < until:
            while len(asked) < (now - begun) * a_second:
                asked.append(asyncio.create_task(self.ask()))
            await asyncio.sleep(0.002)
        await asyncio.gather(*asked)

    @property
    def good(self) -> int:
        return sum(status == 200 and seconds < IN_TIME_S for status, seconds in self.answers)


async def capacity(port: int, readers: int) -> float:
    """Pages a second, where as many readers as there are slots ask one after the other."""
    crowd, until = Crowd(port), time.monotonic() + SECONDS
    await asyncio.gather(*(crowd.one_after_the_other(until) for _ in range(readers)))
    assert {status for status, _seconds in crowd.answers} == {200}
    return len(crowd.answers) / SECONDS


async def overload(port: int, a_second: float) -> Crowd:
    crowd = Crowd(port)
    await crowd.at_a_rate(a_second, time.monotonic() + SECONDS)
    return crowd


def run(asking: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: Playwright's loop may run in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asking).result()


def test_four_times_as_much_as_it_can_do(server: Served) -> None:  # noqa: F811
    readers = admission.limits()["page"]
    run(capacity(server.port, readers))  # the first pages of a process take longer
    shares, calm_shares = [], []
    for _ in range(ROUNDS):
        most = run(capacity(server.port, readers))
        crowd = run(overload(server.port, 4 * most))
        assert {status for status, _seconds in crowd.answers} == {200, 503}, "everybody is told"
        shares.append(crowd.good / SECONDS / most)
        time.sleep(CALM_AFTER_S)
        calm = run(overload(server.port, most / 10))
        assert {status for status, _seconds in calm.answers} == {200}
        calm_shares.append(calm.good / len(calm.answers))
        if max(shares) >= 0.8 and max(calm_shares) == 1:
            return
    raise AssertionError(f"in time of what it can do: {shares}, of calm traffic: {calm_shares}")
