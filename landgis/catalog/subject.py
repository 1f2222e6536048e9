"""What the parts, facts and dates of a page are told of: a feature as it stood, and all that stood beside it then."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import shapely
from django.utils import timezone

from landgis.catalog import addresses, clock, queries
from landgis.catalog.dataset import Dataset
from landgis.catalog.lineage import Lineage, lineage
from landgis.catalog.surroundings import Surroundings, surroundings
from landgis.lib.filters import ALL, Filter

Answer = TypeVar("Answer")


@dataclass
class PublicState:
    """What is published, now or as of a revision. Whoever tells of other features reads them through it.

    Answers of one state are never mixed with those of another, addresses lead to the same state, and each question
    is asked once, one that fails or takes too long as well.
    """

    as_of: int | None = None
    # For paper, which is read later: nothing is counted from now.
    is_timeless: bool = False
    _memory: dict[Any, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def now(self) -> datetime.datetime | None:
        """The time from which days are counted. None of a past state: nothing is left of it to wait for; and on paper."""
        return clock.now() if self.as_of is None and not self.is_timeless else None

    @cached_property
    def revision(self) -> queries.PublishedRevision | None:
        """The revision of a past state; None of what is in force now."""
        return queries.revision(self.as_of) if self.as_of is not None else None

    @property
    def day(self) -> datetime.date:
        """Today, or the day on which the past state was published."""
        return timezone.localdate(self.revision.applied_at) if self.revision else clock.today()

    def rows(
        self,
        dataset: Dataset,
        where: Filter = ALL,
        *,
        fields: Sequence[str] | None = None,
        order: Sequence[str] = ("ref",),
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """As `queries.rows`."""
        key = ("rows", dataset.name, where, tuple(fields) if fields is not None else None, tuple(order), limit)
        return self.remembered(
            key, lambda: queries.rows(dataset, where, as_of=self.as_of, fields=fields, order=order, limit=limit)
        )

    def feature(self, dataset: Dataset, ref: str) -> dict[str, Any] | None:
        """As `queries.feature`."""
        return self.remembered(("feature", dataset.name, ref), lambda: queries.feature(dataset, ref, as_of=self.as_of))

    def remembered(self, key: Any, read: Callable[[], Answer]) -> Answer:
        """What `read` gives, read once; the key names the question."""
        if key not in self._memory:
            try:
                self._memory[key] = (read(), None)
            except Exception as error:
                self._memory[key] = (None, error)
        answer: Answer
        answer, failed = self._memory[key]
        if failed:
            raise failed
        return answer

    def list_address(self, name: str, **filters: Any) -> str | None:
        """As `addresses.list_address`, of this state."""
        return addresses.list_address(name, **filters, **({} if self.as_of is None else {"as_of": self.as_of}))

    def feature_address(self, name: str, ref: str | None) -> str | None:
        """As `addresses.feature_address`, of this state."""
        return addresses.feature_address(name, ref, as_of=self.as_of)


@dataclass(frozen=True)
class Subject:
    """The feature that a page is about: its public row in a state of what is published, and its boundary (EPSG:4326)."""

    dataset: Dataset
    row: Mapping[str, Any]
    state: PublicState
    boundary: shapely.Geometry | None = None

    @property
    def ref(self) -> str:
        ref: str = self.row["ref"]
        return ref

    @property
    def surroundings(self) -> Surroundings:
        """What touches it today."""
        key = ("surroundings", self.dataset.name, self.ref)
        return self.state.remembered(key, lambda: surroundings(self.dataset, self.ref))

    @property
    def lineage(self) -> Lineage:
        """What it was before and came from, as known in its state."""
        key = ("lineage", self.dataset.name, self.ref)
        return self.state.remembered(key, lambda: lineage(self.dataset, self.ref, as_of=self.state.as_of))


def subject_of(dataset: Dataset, ref: str, *, as_of: int | None = None, is_timeless: bool = False) -> Subject | None:
    """The public feature of a ref, now or as of a revision, with its boundary; None where there is none."""
    row = queries.feature(dataset, ref, as_of=as_of, with_boundary=True)
    if row is None:
        return None
    drawn = row.pop("boundary_wkb", None)
    boundary = shapely.from_wkb(bytes(drawn)) if drawn is not None else None
    return Subject(dataset, row, PublicState(as_of, is_timeless), boundary)
