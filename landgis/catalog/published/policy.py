"""Which rows are public."""

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.catalog.published.names import in_force_table


def is_public_sql(dataset: Dataset) -> sql.Composable:
    """The condition on a row `f`."""
    if dataset.is_internal:
        return sql.SQL("false")
    conditions: list[sql.Composable] = []
    if dataset.public_when is not None:
        conditions.append(
            sql.SQL(
                "f.{flag} AND (f.until_revision IS NULL OR coalesce((SELECT l.{flag} FROM {table} l"
                " WHERE l.ref = f.ref ORDER BY l.from_revision DESC LIMIT 1), false))"
            ).format(flag=sql.Identifier(dataset.public_when), table=in_force_table(dataset))
        )
    if dataset.withheld_by is not None:
        conditions.append(
            sql.SQL("NOT EXISTS (SELECT FROM catalog_withheld w WHERE w.dataset = {} AND w.ref = f.ref)").format(
                sql.Literal(dataset.name)
            )
        )
    return sql.SQL(" AND ").join(conditions) if conditions else sql.SQL("true")
