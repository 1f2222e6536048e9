"""What revisions have touched since a change set was checked, as pieces of SQL: few rows, found by their indexes.

They are used inside the apply, when the items are in force already under the revision of the change set.
"""

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.catalog.models import Revision
from landgis.changes.models import ChangeSet

REACH_DEGREES = 2e-4  # some 20 m: so far behind its east side a feature is still a neighbour


def is_touched(since: int, *datasets: str) -> bool:
    """Whether a revision after that one is of one of these datasets."""
    return Revision.objects.filter(number__gt=since, dataset__in=datasets).exists()


def among_items(alias: str, since: int | None) -> sql.Composed:
    """For WHERE: at the apply, without the items that leave their features as they are.

    Others may have changed those features since, which stand in force then as they are now, and not as in the item.
    """
    if since is None:
        return sql.Composed([])
    return sql.SQL(" AND {}.action IN ('add', 'change', 'retire')").format(sql.Identifier(alias))


def rows(dataset: Dataset, change_set: ChangeSet, since: int) -> sql.Composed:
    """SELECT of the rows that others, after that revision, put in force or ended."""
    return sql.SQL(
        "SELECT * FROM {table} WHERE from_revision > {since} AND from_revision < {own}"
        " UNION ALL SELECT * FROM {table} WHERE until_revision > {since} AND until_revision < {own}"
    ).format(
        table=sql.Identifier(dataset.in_force._meta.db_table),
        since=sql.Literal(since),
        own=sql.Literal(change_set.revision),
    )


def beside(dataset: Dataset, change_set: ChangeSet, since: int) -> sql.Composed:
    """SELECT of the change set's rows in force that lie beside such a row."""
    return sql.SQL(
        "SELECT DISTINCT ON (o.id) o.* FROM ({rows}) t JOIN {table} o"
        " ON o.{shape} && ST_Expand(t.{shape}, {reach}) AND o.from_revision = {own}"
    ).format(
        rows=rows(dataset, change_set, since),
        table=sql.Identifier(dataset.in_force._meta.db_table),
        shape=sql.Identifier(str(dataset.geometry)),
        reach=sql.Literal(REACH_DEGREES),
        own=sql.Literal(change_set.revision),
    )
