"""However deep a loop stands that calls, its calls get no memory of their own each."""

import resource

from landgis.lib.call_stack import roomy

CALLS = 500


def nothing() -> None:
    pass


def faults_at(depth: int) -> int:
    """Pages that the system was asked for by calls from so many calls down."""
    if depth:
        return faults_at(depth - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _turn in range(CALLS):
        nothing()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_no_depth_asks_for_memory_at_each_call() -> None:
    assert max(roomy(faults_at)(depth) for depth in range(300)) < CALLS / 2


def test_what_is_given_and_answered_stays() -> None:
    assert roomy(divmod)(7, 2) == (3, 1)
    assert roomy(faults_at).__name__ == "faults_at"
