"""What a source of rows answers, whether it is a server or a database."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Schema = dict[str, Any]  # what /datasets/<name>.json says of a dataset
AsOf = int | str | datetime.date | None  # a revision, or a day to its end; None: now


@dataclass(frozen=True)
class Selection:
    """The rows of one state of a dataset.

    `features` are GeoJSON features (EPSG:4326) in the order of their refs; `revision` is the newest one of the
    dataset in that state (number, applied_at, source, source_as_of), None while there is none.
    """

    schema: Schema
    revision: dict[str, Any] | None
    features: Sequence[dict[str, Any]]


class Source(Protocol):
    """A place that rows are read from. `address` names it and holds no password."""

    @property
    def address(self) -> str: ...

    def schemas(self) -> list[Schema]:
        """Of each dataset what is known without its fields, at least name and title."""

    def schema(self, name: str) -> Schema:
        """All that is said of a dataset. Raises LookupError for one that is not there."""

    def read(self, name: str, filters: Mapping[str, Any], as_of: AsOf) -> Selection:
        """The rows that the filters choose. Raises LookupError, and ValueError for a filter that cannot be used."""


def unknown(name: str, there: Sequence[str]) -> LookupError:
    return LookupError(f"There is no dataset {name!r}; there are: {', '.join(there) or 'none'}.")
