"""Slots over all processes, given back by whoever ends, however it ends."""

import subprocess
import sys
import threading
from pathlib import Path

from landgis import env
from landgis.lib.slots import Slot, Slots
from tests.waiting import PATIENCE_S, until

HOLDER = """
import sys
from pathlib import Path
from landgis.lib.slots import Slots
slots = Slots(Path(sys.argv[1]), "file", most=2, queue=0)
held = [slots.take(0) for _ in range(2)]
print(sum(slot is not None for slot in held), flush=True)
sys.stdin.read()
"""


def test_a_killed_process_gives_its_slots_back(tmp_path: Path) -> None:
    here = Slots(tmp_path, "file", most=2, queue=1)
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        cwd=env.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"2\n"
        assert here.take(0) is None
    finally:
        process.kill()
        process.communicate()
    assert here.take(0) is not None


def test_there_are_no_more_than_said_and_a_slot_is_given_back_once(tmp_path: Path) -> None:
    slots = Slots(tmp_path, "pdf", most=2, queue=0)
    first, second = slots.take(0), slots.take(0)
    assert first is not None and second is not None
    assert slots.take(0) is None
    assert Slots(tmp_path, "search", most=1, queue=0).take(0) is not None, "another cost has its own"
    first.give_back()
    first.give_back()
    assert slots.take(0) is not None
    assert slots.take(0) is None


def test_whoever_waits_gets_the_next_one_in_turn_and_a_full_queue_says_so_at_once(tmp_path: Path) -> None:
    slots = Slots(tmp_path, "page", most=1, queue=2)
    held = slots.take(0)
    assert held is not None
    got: list[tuple[int, Slot | None]] = []

    def wait(number: int) -> None:
        slot = slots.take(PATIENCE_S)
        got.append((number, slot))

    waiting = []
    for number in range(2):
        waiting.append(threading.Thread(target=wait, args=[number]))
        waiting[-1].start()
        until(lambda: len(slots._line) == len(waiting), pause=0.005)
    assert slots.take(PATIENCE_S) is None, "the queue is full: nobody waits for ever"
    held.give_back()
    until(lambda: len(got) == 1, pause=0.005)
    got[0][1].give_back()
    until(lambda: len(got) == 2, pause=0.005)
    for thread in waiting:
        thread.join()
    assert [number for number, slot in got] == [0, 1]
    assert all(slot is not None for _number, slot in got)
    assert slots.take(0.01) is None, "the second one still has it"
