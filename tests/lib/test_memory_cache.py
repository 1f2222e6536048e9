"""The cache of a process has a limit of bytes, whatever the number of what is in it."""

from collections.abc import Iterator

import pytest

from landgis.lib.memory_cache import BoundedCache


@pytest.fixture
def cache() -> Iterator[BoundedCache]:
    made = BoundedCache("test of its bytes", {"OPTIONS": {"MAX_BYTES": 10_000}})
    yield made
    made.clear()


def held(cache: BoundedCache) -> int:
    return sum(len(value) for value in cache._cache.values())


def test_it_never_holds_more_and_forgets_what_was_not_used(cache: BoundedCache) -> None:
    for number in range(9):
        cache.set(str(number), b"x" * 1000)
    assert cache.get("0") is not None  # used again
    for number in range(9, 14):
        cache.set(str(number), b"x" * 1000)
        assert held(cache) <= 10_000
    assert cache.get("0") is not None and cache.get("13") is not None
    assert cache.get("1") is None


def test_what_is_larger_than_all_of_it_is_not_kept_and_drives_nothing_out(cache: BoundedCache) -> None:
    cache.set("small", b"x")
    cache.set("large", b"x" * 20_000)
    assert (cache.get("large"), cache.get("small")) == (None, b"x")
    cache.set("same", b"x" * 5000)
    cache.set("same", b"y" * 6000)  # instead of the first, not beside it
    assert cache.get("same") == b"y" * 6000
    assert held(cache) < 7000
