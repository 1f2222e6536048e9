"""How rows in force end and begin: the part of the apply that writes them. Nothing else does."""

from collections.abc import Iterable

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.changes.models import ChangeSet
from landgis.lib import statements


def end_rows(dataset: Dataset, change_set: ChangeSet) -> None:
    """End the rows of the features that the items change or retire."""
    query = sql.SQL(
        "UPDATE {in_force} f SET until_revision = %s FROM {items} i WHERE i.change_set_id = %s"
        " AND i.action IN ('change', 'retire') AND f.ref = i.ref AND f.until_revision IS NULL"
    )
    statements.execute(
        query.format(in_force=_table(dataset), items=_items(dataset)), [change_set.revision, change_set.pk]
    )


def begin_rows(dataset: Dataset, change_set: ChangeSet) -> None:
    """Put the items that add or change a feature in force."""
    query = sql.SQL(
        "INSERT INTO {in_force} (ref, from_revision, source_row, {columns})"
        " SELECT i.ref, %s, i.row, {values} FROM {items} i"
        " WHERE i.change_set_id = %s AND i.action IN ('add', 'change') ORDER BY i.id"
    )
    statements.execute(
        query.format(
            in_force=_table(dataset),
            items=_items(dataset),
            columns=sql.SQL(", ").join(map(sql.Identifier, dataset.columns)),
            values=_columns("i", dataset.columns),
        ),
        [change_set.revision, change_set.pk],
    )


def _items(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(dataset.proposed._meta.db_table)


def _table(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(dataset.in_force._meta.db_table)


def _columns(alias: str, names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(alias, name) for name in names)
