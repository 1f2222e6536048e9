"""The ground that images do not show: a table of cells that follows from the areas that withhold features."""

from collections.abc import Iterable
from typing import Any

from psycopg import sql

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.published.names import CONCEALED, SCHEMA, in_force_table
from landgis.lib import statements
from landgis.lib.webmap import CONCEALED_CELL_M


def concealed_cells_sql() -> sql.Composable:
    """SELECT of the cells (EPSG:3857) whose ground images do not show: those that areas which withhold others reach.

    Whole cells of a grid that lies under every tile, so that what is hidden tells the outline of no mask.
    """
    parts = [
        sql.SQL(
            "SELECT g.geom::geometry AS cell FROM {table} t CROSS JOIN LATERAL ST_SquareGrid({side},"
            " ST_Transform(t.{shape}, 3857)) g WHERE t.until_revision IS NULL"
            " AND ST_Intersects(g.geom, ST_Transform(t.{shape}, 3857))"
        ).format(
            table=in_force_table(registry.get(name)),
            side=sql.Literal(CONCEALED_CELL_M),
            shape=sql.Identifier(str(registry.get(name).geometry)),
        )
        for name in _areas()
    ]
    nothing = sql.SQL("SELECT NULL::geometry AS cell WHERE false")
    return sql.SQL(" UNION ").join(parts) if parts else nothing


def _areas() -> list[str]:
    """The datasets whose features withhold those of others."""
    return sorted({other.withheld_by for other in registry.all_datasets() if other.withheld_by})


def make_concealed(name: sql.Identifier) -> None:
    statements.execute(sql.SQL("CREATE TABLE {} AS {}").format(name, concealed_cells_sql()))
    statements.execute(sql.SQL("CREATE INDEX ON {} USING gist (cell)").format(name))


def refresh_concealed(dataset: Dataset, refs: sql.Composable, bound: Iterable[Any]) -> None:
    """Make the cells anew where the dataset is one of areas that withhold others, whichever of them have changed."""
    if dataset.name not in _areas():
        return
    table = sql.Identifier(SCHEMA, CONCEALED)
    statements.execute(sql.SQL("DELETE FROM {}").format(table))
    statements.execute(sql.SQL("INSERT INTO {} {}").format(table, concealed_cells_sql()))
