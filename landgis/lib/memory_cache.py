"""Django's cache in the memory of a process, with a limit of bytes beside that of entries."""

from collections import OrderedDict
from typing import Any

from django.core.cache.backends.locmem import LocMemCache


class BoundedCache(LocMemCache):
    """`MAX_BYTES` of OPTIONS is the most that all values together take; what was not used for the longest time goes."""

    _cache: OrderedDict[str, bytes]  # the newest stands in front
    _expire_info: dict[str, float | None]

    def __init__(self, name: str, params: dict[str, Any]):
        super().__init__(name, params)
        self._most_bytes: int = params["OPTIONS"]["MAX_BYTES"]

    def _set(self, key: str, value: bytes, timeout: Any = None) -> None:
        """Called by all that write, with the lock held and the value as bytes."""
        self._forget(key)
        if len(value) > self._most_bytes:
            return
        room = self._most_bytes - len(value) - sum(len(kept) for kept in self._cache.values())
        while room < 0:
            room += self._forget(next(reversed(self._cache)))
        super()._set(key, value, timeout)  # type: ignore[misc]  # the stubs do not know it

    def _forget(self, key: str) -> int:
        """How many bytes that was."""
        self._expire_info.pop(key, None)
        return len(self._cache.pop(key, b""))
