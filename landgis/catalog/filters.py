"""What a dataset's rows may be filtered by, and its filters from addresses (the tree itself: `landgis.lib.filters`).

A filter names declared, public, filterable fields only; everything else is refused by name.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from psycopg import sql

from landgis.catalog import money
from landgis.catalog.dataset import REF, Dataset, Field
from landgis.catalog.value_types import type_of
from landgis.lib import conditions
from landgis.lib.filters import (
    ALL,
    BBOX,
    And,
    Equals,
    Filter,
    FilterColumn,
    FilterError,
    Or,
    Texts,
    checked,
    one_text,
    read,
    read_box,
    texts_of,
    value,
)
from landgis.lib.parameters import Parameter

# What takes a filter on a column for another one, where its value has a meaning that the column does not show.
Reading = Callable[[Dataset, Filter, int | None], Filter]
_readings: list[Reading] = []


def add_reading(reading: Reading) -> None:
    _readings.append(reading)


def filterable(dataset: Dataset) -> list[Field]:
    return [field for field in dataset.public_fields if field.filters]


def column(dataset: Dataset, field: Field) -> FilterColumn:
    """What a filter on the field takes."""
    found = dataset.model_field(field.name)
    return FilterColumn(
        name=field.name,
        value_type=type_of(found),
        is_range=dataset.is_range(field.name),
        codes=tuple(map(str, dataset.choices(field.name))),
        default=field.default,
        unit=money.symbol() if field.unit is money.UNIT else str(field.unit),
        per=field.per,
        decimals=getattr(found, "decimal_places", None),
    )


def value_of(dataset: Dataset, field: Field, parameter: str, text: str) -> Any:
    """What the text of a parameter means, as `from_query` reads it. Raises FilterError."""
    with in_words_of_the_reader():
        return value(column(dataset, field), parameter, text.strip(), timezone.get_current_timezone())


def parameters(dataset: Dataset) -> Iterator[Parameter]:
    """What an address may say to filter the dataset, but for the box."""
    for field in filterable(dataset):
        for name, kind in column(dataset, field).parameters.items():
            yield Parameter(name, is_many=kind is Equals, has_default=bool(field.default))
    for lookup in dataset.lists.lookups:
        yield Parameter(lookup.name, is_many=lookup.is_many)


def from_query(dataset: Dataset, query: QueryDict | Texts, *, as_of: int | None = None) -> And:
    """The filter in the query of an address: `field=value`, `field_min=`, `field_max=`, `bbox=w,s,e,n`.

    Empty values are no filter, several values of a field any of them; what the query does not name has the default of its
    field. Raises FilterError for a value of the wrong kind; names that are no filter of the dataset are left alone (the
    address knows them, `landgis.lib.parameters`). What a filter looks up in other datasets it looks up as of the revision.
    """
    texts: Texts = dict(query.lists()) if isinstance(query, QueryDict) else query
    if not texts and not any(field.default for field in filterable(dataset)):  # as each tile asks
        return ALL
    with in_words_of_the_reader():
        return And(tuple(_parts(dataset, texts, as_of)))


def _parts(dataset: Dataset, query: Texts, as_of: int | None) -> Iterator[Filter]:
    columns = (column(dataset, field) for field in filterable(dataset))
    for part in read(columns, query, timezone.get_current_timezone()):
        for understand in _readings:
            part = understand(dataset, part, as_of)
        yield part
    for lookup in dataset.lists.lookups:
        texts = texts_of(query, lookup.name) if lookup.is_many else [one_text(query, lookup.name)]
        found = tuple(lookup.read(checked(lookup.name, text), as_of) for text in texts if text)
        if found:
            yield found[0] if len(found) == 1 else Or(found)
    if query.get(BBOX) and not dataset.geometry:
        raise FilterError(BBOX, _("This dataset has no places on the map. Leave bbox out."))
    yield from read_box(query)


@contextmanager
def in_words_of_the_reader() -> Iterator[None]:
    try:
        yield
    except FilterError as error:
        raise error.in_words(gettext) from None


def parse_after(text: str | None) -> str | None:
    """The ref behind which a page of a list goes on, from an address."""
    if text and not REF.fullmatch(text):
        raise FilterError("after", _("Write the reference of the last row of the page before."))
    return text or None


def to_sql(dataset: Dataset, where: Filter) -> tuple[sql.Composable, list[Any]]:
    """The condition as SQL on the columns of the published view, and its bound parameters."""
    known = {"ref", *(field.name for field in filterable(dataset))}
    known |= set(dataset.lies_in.shown.values()) if dataset.lies_in else set()
    with in_words_of_the_reader():
        return conditions.to_sql(where, known, str(dataset.geometry))
