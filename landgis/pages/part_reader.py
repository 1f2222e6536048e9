"""What a page does when a part cannot be read, be it too slow or broken: it stands without that part, and says so."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import structlog

from landgis.catalog import contributions, queries

log = structlog.get_logger(__name__)
T = TypeVar("T")


class PartReader:
    """Reads what a page could do without.

    `has_cut` says whether some of it took longer than the public's role may ask, `has_failed` whether some of it
    failed: what others give to the page of a feature may be at fault where the feature itself is not.
    """

    def __init__(self) -> None:
        self.has_cut = self.has_failed = False

    def __call__(self, read: Callable[..., T], *given: Any) -> T | None:
        try:
            return read(*given)
        except contributions.NO_FAULT_OF_A_DATASET as error:
            if not queries.was_cut_off(error):
                raise
            self.has_cut = True
        except Exception:
            log.exception("part left out", part=f"{read.__module__}.{read.__qualname__}")
            self.has_failed = True
        return None

    def or_without(self, read: Callable[[], T], without: Callable[[], T]) -> T:
        """What is read together with what another dataset gives; where that one fails, what is read without it."""
        try:
            return read()
        except contributions.NO_FAULT_OF_A_DATASET:
            raise
        except Exception:
            given = without()  # which fails where the fault is not the other's
            log.exception("part left out", part=f"{read.__module__}.{read.__qualname__}")
            self.has_failed = True
            return given

    def parts(self, parts: Iterable[tuple[str, Any]], *given: Any) -> list[dict[str, Any]]:
        """Of pairs of a template and a function those that could be read and have something to tell."""
        found = [(template, self(query, *given)) for template, query in parts]
        return [{"template": template, "context": context} for template, context in found if context is not None]

    @property
    def missing(self) -> dict[str, bool]:
        """For pages/_cut_off.html, when all has been read."""
        return {"has_cut": self.has_cut, "has_failed": self.has_failed}
