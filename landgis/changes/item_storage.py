"""Putting items away: out of the table, into a file of the store, when their change set has ended.

They are by far the most of what the database holds, and hardly ever read again. What officers wrote feature by feature stays in
the table: it is little, and what the public is told of a withdrawal stands there.
"""

from collections.abc import Generator
from contextlib import closing
from typing import TYPE_CHECKING

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet
from psycopg import sql

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.changes import item_files, items
from landgis.changes.item_models import ItemFile
from landgis.changes.models import ChangeSet
from landgis.lib import statements

if TYPE_CHECKING:
    pass

log = structlog.get_logger(__name__)

LOCK = 0x6974656D  # "item": one at a time who writes files of items or removes them


def put_away_ended() -> int:
    """Put away the items of every change set that has ended; returns of how many. One that fails keeps none of the others."""
    done = 0
    known = [dataset.name for dataset in registry.all_datasets()]
    numbers = _waiting().filter(dataset__in=known).order_by("pk").values_list("pk", flat=True)
    for number in numbers:
        try:
            done += put_away(number)
        except OSError as error:
            # On a full disk they stay where they are.
            log.error("items not put away", change_set=number, error=str(error))
    sweep()
    return done


@transaction.atomic
def put_away(number: int) -> bool:
    """Put away the items of one change set, if that is due: the file lies whole on the disk before a row goes."""
    hold_lock()
    change_set = _waiting().select_for_update(of=("self",)).filter(pk=number).first()
    if change_set is None:
        return False
    dataset = registry.get(change_set.dataset)
    rows = items.ItemRows(change_set, dataset)
    columns = [field.column for field in dataset.proposed._meta.concrete_fields]
    others = [name for name in columns if name not in (*item_files.FIRST, "change_set_id")]
    record = ItemFile(change_set=change_set, columns=[*item_files.FIRST, *others])
    record.said = {"stops": rows.stops(), "box": rows.box(), "sheets": rows.sheets()}
    with closing(_copied(dataset, record)) as chunks:  # or a full disk would leave the database writing for ever
        written = item_files.write(record, chunks)
    record.save(force_insert=True)
    if (removed := _remove(dataset, number)) != written:  # somebody staged more while it was written
        raise RuntimeError(f"change set {number}: {written} items were written, and {removed} removed")
    return True


def _waiting() -> QuerySet[ChangeSet]:
    return ChangeSet.objects.filter(items.ENDED_FILES, item_file=None)


def _copied(dataset: Dataset, record: ItemFile) -> Generator[bytes, None, None]:
    query = sql.SQL("COPY (SELECT {} FROM {} WHERE change_set_id = {} ORDER BY id) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, record.columns)),
        sql.Identifier(dataset.proposed._meta.db_table),
        sql.Literal(record.pk),
    )
    with connection.cursor() as cursor, cursor.copy(statements.text(query)) as copy:
        for chunk in copy:
            yield bytes(chunk)


def _remove(dataset: Dataset, number: int) -> int:
    query = sql.SQL("WITH gone AS (DELETE FROM {} WHERE change_set_id = %s RETURNING 1) SELECT count(*) FROM gone")
    return int(statements.value(query.format(sql.Identifier(dataset.proposed._meta.db_table)), [number]))


@transaction.atomic
def sweep() -> None:
    """Remove files that no change set has: of what was cut short, and those in which a redacted value stands."""
    hold_lock()
    if left := item_files.sweep(ItemFile.objects.only("pk", "sha256")):
        log.info("files of items removed", count=left)


def hold_lock() -> None:
    """Until the end of the transaction nobody else writes files of items, or removes them."""
    statements.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
