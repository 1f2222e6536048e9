"""The items of a change set, wherever they lie: the one door for whoever reads them.

Rows of the table while it can still be decided on; afterwards, where it came in as a file, lines of a file (`put_away`).
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Protocol

from django.contrib.gis.db.models import Extent, GeometryField
from django.db import connection
from django.db.models import Q, QuerySet
from psycopg import sql

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.changes import item_files
from landgis.changes.item_files import Block, Line
from landgis.changes.item_models import ItemFile
from landgis.changes.models import Action, ChangeSet, Door, State
from landgis.lib import statements

AT_ONCE = 2000
LENGTH = re.compile(r"\(\d+\)")  # of a type: a longer text is not cut
ENDED = (State.APPLIED, State.REJECTED, State.WITHDRAWN)
ENDED_FILES = Q(state__in=ENDED) & ~Q(door=Door.OFFICER)  # change sets whose items are put away


class Items(Protocol):
    """What is asked of them. Items are instances of the dataset's model of proposed features, in the order of their ids.

    Each may raise ItemsUnreadable.
    """

    def counts(self) -> dict[str, int]:
        """How many would do what; every action is named."""

    def count(self, *, without: Collection[str]) -> int:
        """How many there are that do none of some things."""

    def stops(self) -> bool:
        """Whether a row that has not been left out has an issue that stops."""

    def box(self) -> list[float] | None:
        """West, south, east and north of their geometry."""

    def sheets(self) -> list[str]:
        """What the first field of their number says; the first two of it, where it says several things."""

    def first(self, most: int, *, only: Collection[str] = (), without: Collection[str] = ()) -> list[Any]:
        """The first that do one of some things, or none of some."""

    def of_rows(self, rows: Collection[int]) -> Iterator[Any]:
        """Those that were read from these rows of the source."""

    def of_refs(self, refs: Collection[str]) -> list[Any]: ...


def of(change_set: ChangeSet) -> Items:
    may_be_away = change_set.state in ENDED and change_set.door != Door.OFFICER
    record = getattr(change_set, "item_file", None) if may_be_away else None
    dataset = registry.get(change_set.dataset)
    return ItemLines(record, dataset) if record else ItemRows(change_set, dataset)


def staged(change_set: ChangeSet) -> QuerySet[Any]:
    """The rows of the table: all items of what can still be decided on."""
    return registry.get(change_set.dataset).proposed._default_manager.filter(change_set=change_set).order_by()


def of_feature(dataset: Dataset, ref: str) -> Iterator[Any]:
    """The items of every change set that are about a feature. Raises ItemsUnreadable."""
    # The table first: what is put away meanwhile is met twice, and never missed.
    yield from dataset.proposed._default_manager.filter(ref=ref).order_by("id")
    for record in ItemFile.objects.filter(change_set__dataset=dataset.name).iterator(1):
        yield from instances(record, dataset, item_files.with_ref(record, ref))


class ItemRows:
    """Items that are rows of the table."""

    def __init__(self, change_set: ChangeSet, dataset: Dataset):
        self._change_set, self._dataset = change_set, dataset
        self._rows = staged(change_set)

    def counts(self) -> dict[str, int]:
        query = sql.SQL("SELECT action, count(*) FROM {} WHERE change_set_id = %s GROUP BY 1")
        found = dict(statements.rows(query.format(self._table), [self._change_set.pk]))
        return {action.value: found.get(action.value, 0) for action in Action}

    def count(self, *, without: Collection[str]) -> int:
        return self._rows.exclude(action__in=without).count()

    def stops(self) -> bool:
        query = sql.SQL(
            "SELECT EXISTS (SELECT FROM changes_issue s JOIN {items} i ON i.row = s.row"
            " WHERE s.change_set_id = %(id)s AND i.change_set_id = %(id)s AND s.severity = 'stop'"
            " AND i.action IS DISTINCT FROM 'left out') OR EXISTS (SELECT FROM changes_issue"
            " WHERE change_set_id = %(id)s AND severity = 'stop' AND row IS NULL)"
        )
        return bool(statements.value(query.format(items=self._table), {"id": self._change_set.pk}))

    def box(self) -> list[float] | None:
        if not self._dataset.geometry:
            return None
        box = self._rows.aggregate(box=Extent(self._dataset.geometry))["box"]
        return list(box) if box else None

    def sheets(self) -> list[str]:
        names = self._dataset.numbers.fields[:1]
        return list(self._rows.exclude(row=None).values_list(*names, flat=True).distinct()[:2]) if names else []

    def first(self, most: int, *, only: Collection[str] = (), without: Collection[str] = ()) -> list[Any]:
        chosen = self._rows.filter(action__in=only) if only else self._rows
        return list(chosen.exclude(action__in=without).order_by("id")[:most])

    def of_rows(self, rows: Collection[int]) -> Iterator[Any]:
        return self._rows.filter(row__in=rows).order_by("id").iterator(AT_ONCE)

    def of_refs(self, refs: Collection[str]) -> list[Any]:
        return list(self._rows.filter(ref__in=refs))

    @property
    def _table(self) -> sql.Identifier:
        return sql.Identifier(self._dataset.proposed._meta.db_table)


class ItemLines:
    """Items that lie in a file."""

    def __init__(self, record: ItemFile, dataset: Dataset):
        self._record, self._dataset = record, dataset

    def counts(self) -> dict[str, int]:
        blocks = self._record.blocks
        return {action.value: sum(block[4].get(action.value, 0) for block in blocks) for action in Action}

    def count(self, *, without: Collection[str]) -> int:
        found = (count for block in self._record.blocks for action, count in block[4].items() if action not in without)
        return sum(found)

    def stops(self) -> bool:
        return bool(self._record.said["stops"])

    def box(self) -> list[float] | None:
        box: list[float] | None = self._record.said["box"]
        return box

    def sheets(self) -> list[str]:
        return list(self._record.said["sheets"])

    def first(self, most: int, *, only: Collection[str] = (), without: Collection[str] = ()) -> list[Any]:
        def is_chosen(action: str) -> bool:
            return (not only or action in only) and action not in without

        found: list[Line] = []
        for block in item_files.lines(self._record, lambda block: any(map(is_chosen, block[4]))):
            found += [line for line in block if is_chosen(item_files.text_of(line[3]) or "")]
            if len(found) >= most:
                break
        return list(instances(self._record, self._dataset, found[:most]))

    def of_rows(self, rows: Collection[int]) -> Iterator[Any]:
        texts, numbers = {b"%d" % row for row in rows}, sorted(rows)

        def is_wanted(block: Block) -> bool:
            _size, _items, first, last, _actions = block
            place = bisect_left(numbers, first) if first is not None else len(numbers)
            return place < len(numbers) and numbers[place] <= last

        found = item_files.lines(self._record, is_wanted)
        chosen = (line for block in found for line in block if line[1] in texts)
        return instances(self._record, self._dataset, chosen)

    def of_refs(self, refs: Collection[str]) -> list[Any]:
        found = (line for ref in refs for line in item_files.with_ref(self._record, ref))
        return list(instances(self._record, self._dataset, found))


def instances(record: ItemFile, dataset: Dataset, lines: Iterable[Line]) -> Iterator[Any]:
    """Lines as instances of the model, their values read by the database, which wrote them."""
    batch: list[Line] = []
    for line in lines:
        batch.append(line)
        if len(batch) == AT_ONCE:
            yield from _read(record, dataset, batch)
            batch = []
    if batch:
        yield from _read(record, dataset, batch)


def _read(record: ItemFile, dataset: Dataset, lines: Sequence[Line]) -> Iterator[Any]:
    """A column that the model has got since then has its default. Raises ItemsUnreadable for one that it has no more."""
    model, names = dataset.proposed, record.columns
    known = {field.column: field for field in model._meta.concrete_fields if field.column != "change_set_id"}
    if set(names) - set(known):
        raise item_files.ItemsUnreadable(item_files.name_of(record))
    query = sql.SQL("SELECT {number} AS change_set_id, {values} FROM unnest({arrays}) AS t ({names})").format(
        number=sql.Literal(record.pk),
        values=sql.SQL(", ").join(_cast(known[name]) for name in names),
        arrays=sql.SQL(", ").join([sql.SQL("%s::text[]")] * len(names)),
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
    )
    columns = [[item_files.text_of(value) for value in column] for column in zip(*lines, strict=True)]
    for item in model._default_manager.raw(statements.text(query), columns):
        for column in set(known) - set(names):
            setattr(item, known[column].attname, known[column].get_default())
        yield item


def _cast(field: Any) -> sql.Composable:
    name = sql.Identifier(field.column)
    kind = "geometry" if isinstance(field, GeometryField) else LENGTH.sub("", field.db_type(connection))
    return sql.SQL("t.{0}::{1} AS {0}").format(name, sql.SQL(kind))
