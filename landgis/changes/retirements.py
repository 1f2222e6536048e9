"""Features that a complete source lacks: retired, unless nothing was read of it."""

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.changes.models import Action, ChangeSet
from landgis.lib import statements


def is_anything_read(dataset: Dataset, change_set: ChangeSet) -> bool:
    """Whether a row of the source counts: one that was not left out for its errors."""
    left_out = change_set.issues.filter(severity="stop").exclude(row=None).values("row")
    items = dataset.proposed._default_manager.filter(change_set=change_set)
    return bool(items.exclude(action=Action.LEFT_OUT, row__in=left_out).exists())


def stage(dataset: Dataset, change_set: ChangeSet) -> None:
    """An item that retires, for each feature in force of which the source has no row."""
    columns = dataset.columns
    query = sql.SQL(
        "INSERT INTO {items} (change_set_id, ref, action, base_revision, {columns})"
        " SELECT %s, f.ref, 'retire', f.from_revision, {values} FROM {in_force} f WHERE f.until_revision IS NULL"
        " AND NOT EXISTS (SELECT FROM {items} i WHERE i.change_set_id = %s AND i.ref = f.ref)"
        " AND NOT EXISTS (SELECT FROM changes_issue s WHERE s.change_set_id = %s AND s.row IS NULL"
        " AND s.code = 'changed-since-kept' AND s.ref = f.ref)"
    )
    statements.execute(
        query.format(
            items=sql.Identifier(dataset.proposed._meta.db_table),
            in_force=sql.Identifier(dataset.in_force._meta.db_table),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            values=sql.SQL(", ").join(sql.Identifier("f", name) for name in columns),
        ),
        [change_set.pk] * 3,
    )
