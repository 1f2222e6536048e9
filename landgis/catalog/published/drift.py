"""Whether what was derived is still what the rows in force give."""

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.catalog.published.counts import count_rows_sql
from landgis.catalog.published.names import count_table, tile_table
from landgis.catalog.published.tile_rows import tile_rows_sql
from landgis.lib import statements


def differences(dataset: Dataset) -> int:
    """Tile rows and counts that are not what the rows in force give, both ways; 0 when all is well."""
    if not dataset.geometry:
        return 0
    derived = [(sql.SQL("TABLE {}").format(tile_table(dataset)), tile_rows_sql(dataset))]
    if dataset.map.tiles.counts_by:
        kept = sql.SQL("SELECT value, number, is_made_up, place FROM {}").format(count_table(dataset))
        derived.append((kept, count_rows_sql(dataset)))
    return sum(_differing(kept, wanted) for kept, wanted in derived)


def _differing(kept: sql.Composable, wanted: sql.Composed) -> int:
    query = sql.SQL(
        "SELECT count(*) FROM (({kept} EXCEPT ALL {wanted}) UNION ALL ({wanted} EXCEPT ALL {kept})) d"
    ).format(kept=kept, wanted=wanted)
    return int(statements.value(query))
