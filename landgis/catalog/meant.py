"""What people write into the filters of a page, as the query that every exit reads: numbers with a point, ISO days.

The notation is that of the page's language. What cannot be understood is left out of the query and told by its parameter,
so that a page can say it beside its field, keep what was written, and apply the other filters.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.formats import get_format
from django.utils.translation import gettext

from landgis.catalog import clock
from landgis.catalog.dataset import Dataset
from landgis.catalog.filters import column, filterable, from_query
from landgis.lib import written
from landgis.lib.filters import And, FilterColumn, FilterError


@dataclass(frozen=True)
class PageFilter:
    """The filter of a page: its tree, the query as other exits take it, and what could not be understood, by parameter."""

    where: And
    query: QueryDict
    problems: dict[str, FilterError] = field(default_factory=dict)


def meant(dataset: Dataset, query: QueryDict, *, as_of: int | None = None) -> PageFilter:
    """The filter in what people wrote. Raises FilterError for what has no box in a form: a code, the box of a map."""
    strict, problems = query.copy(), dict[str, FilterError]()
    for parameter, read in _readers(dataset):
        for text in filter(str.strip, query.getlist(parameter)):
            try:
                strict[parameter] = read.strict(parameter, text.strip())
            except FilterError as error:
                problems[parameter] = error.in_words(gettext)
                del strict[parameter]
    typed = {lookup.name for lookup in dataset.lists.lookups}
    while True:
        try:
            return PageFilter(from_query(dataset, strict, as_of=as_of), strict, problems)
        except FilterError as error:
            if error.parameter not in typed or error.parameter not in strict:
                raise
            problems[error.parameter] = error
            del strict[error.parameter]


def strict_query(dataset: Dataset, query: QueryDict) -> QueryDict:
    """The query alone. Raises FilterError for what cannot be understood."""
    found = meant(dataset, query)
    for error in found.problems.values():
        raise error
    return found.query


@dataclass(frozen=True)
class _Reader:
    """How the text of one parameter is read."""

    column: FilterColumn
    is_last: bool

    def strict(self, parameter: str, text: str) -> str:
        if self.column.value_type in ("integer", "number"):
            return written.number(self.column, parameter, text, get_format("DECIMAL_SEPARATOR"))
        return written.day(self.column.value_type, parameter, text, clock.today, is_last=self.is_last)


def _readers(dataset: Dataset) -> Iterator[tuple[str, _Reader]]:
    for declared in filterable(dataset):
        if dataset.is_range(declared.name):
            found = column(dataset, declared)
            for parameter in found.parameters:
                yield parameter, _Reader(found, parameter.endswith("_max"))
    for lookup in dataset.lists.lookups:
        if lookup.kind == "date":
            yield lookup.name, _Reader(FilterColumn(lookup.name, "date", is_range=False), lookup.is_last)
