"""What a page does when a read takes longer than the public's role may ask: it stands without that part."""

from collections.abc import Callable
from typing import Any, TypeVar

from landgis.catalog import queries

T = TypeVar("T")


class PartReader:
    """Reads what a page could do without; `has_cut` says whether some of it took too long and is missing."""

    def __init__(self) -> None:
        self.has_cut = False

    def __call__(self, read: Callable[..., T], *given: Any) -> T | None:
        try:
            return read(*given)
        except Exception as error:
            if not queries.was_cut_off(error):
                raise
            self.has_cut = True
            return None
