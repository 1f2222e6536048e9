"""How rows in force end and begin: the part of the apply that writes them. Nothing else does."""

from typing import Any

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.changes import checksums
from landgis.changes.models import ChangeSet
from landgis.lib import statements


def end_rows(dataset: Dataset, change_set: ChangeSet) -> int:
    """End the rows of the features that the items change or retire; returns the sum of their checksums."""
    query = sql.SQL(
        "UPDATE {in_force} f SET until_revision = %s FROM {items} i WHERE i.change_set_id = %s"
        " AND i.action IN ('change', 'retire') AND f.ref = i.ref AND f.until_revision IS NULL RETURNING f.checksum"
    ).format(in_force=_table(dataset), items=_items(dataset))
    return _sum_of(query, [change_set.revision, change_set.pk])


def begin_rows(dataset: Dataset, change_set: ChangeSet) -> int:
    """Put the items that add or change a feature in force; returns the sum of the checksums of the rows."""
    values: dict[str, sql.Composable] = {
        "ref": sql.Identifier("i", "ref"),
        "from_revision": sql.Literal(change_set.revision),
        "source_row": sql.Identifier("i", "row"),
        **{name: sql.Identifier("i", name) for name in dataset.columns},
    }
    values["checksum"] = checksums.row_sum(dataset, values)
    query = sql.SQL(
        "INSERT INTO {in_force} ({columns}) SELECT {values} FROM {items} i"
        " WHERE i.change_set_id = %s AND i.action IN ('add', 'change') ORDER BY i.id RETURNING checksum"
    ).format(
        in_force=_table(dataset),
        items=_items(dataset),
        columns=sql.SQL(", ").join(map(sql.Identifier, values)),
        values=sql.SQL(", ").join(values.values()),
    )
    return _sum_of(query, [change_set.pk])


def _items(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(dataset.proposed._meta.db_table)


def _table(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(dataset.in_force._meta.db_table)


def _sum_of(written: sql.Composable, bound: Any) -> int:
    query = sql.SQL("WITH written AS ({}) SELECT coalesce(bit_xor(checksum), 0) FROM written").format(written)
    return int(statements.value(query, bound))
