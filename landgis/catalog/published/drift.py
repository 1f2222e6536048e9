"""Whether what was derived is still what the rows in force give."""

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.catalog.published.counts import count_rows_sql
from landgis.catalog.published.coverage_lines import coverage_sql, keeps_coverage
from landgis.catalog.published.generalised import BLOCK, SHEET, generalised_sql
from landgis.catalog.published.locating import SAID, decided_sql
from landgis.catalog.published.names import (
    count_table,
    coverage_table,
    generalised_table,
    in_force_table,
    tile_table,
    total_table,
    view,
)
from landgis.catalog.published.tile_rows import tile_rows_sql
from landgis.catalog.published.totals import COLUMNS, keeps_totals, totals_sql
from landgis.lib import statements

MOST_SHEETS = 50  # whose shapes are made anew to be compared


def differences(dataset: Dataset) -> int:
    """Tile rows, counts, totals, coverage, sheets, blocks and locations that are not what the rows in force give, both ways; 0 when all is well."""
    return _of_tiles(dataset) + _of_totals(dataset) + _of_coverage(dataset) + _of_locations(dataset)


def _of_totals(dataset: Dataset) -> int:
    if not keeps_totals(dataset):
        return 0
    kept = sql.SQL("SELECT part, value, {} FROM {}").format(COLUMNS, total_table(dataset))
    return _differing(kept, totals_sql(dataset, view(dataset)))


def _of_coverage(dataset: Dataset) -> int:
    if not keeps_coverage(dataset):
        return 0
    kept = sql.SQL("TABLE {}").format(coverage_table(dataset))
    return _differing(kept, coverage_sql(dataset, view(dataset)))


def _of_locations(dataset: Dataset) -> int:
    if dataset.lies_in is None:
        return 0
    wanted, bound = decided_sql(dataset, dataset.lies_in)
    said = sql.SQL("SELECT ref, from_revision, {} FROM ({}) d").format(SAID, wanted)
    kept = sql.SQL(
        "SELECT l.ref, l.from_revision, {said} FROM catalog_location l JOIN {table} f ON f.ref = l.ref"
        " AND f.from_revision = l.from_revision WHERE f.until_revision IS NULL AND l.dataset = {name}"
    ).format(said=SAID, table=in_force_table(dataset), name=sql.Literal(dataset.name))
    return _differing(kept, said, [*bound, *bound])


def _of_tiles(dataset: Dataset) -> int:
    if not dataset.geometry:
        return 0
    derived = [(sql.SQL("TABLE {}").format(tile_table(dataset)), tile_rows_sql(dataset))]
    if dataset.map.tiles.counts_by:
        kept = sql.SQL("SELECT value, number, is_made_up, place FROM {}").format(count_table(dataset))
        derived.append((kept, count_rows_sql(dataset)))
    if dataset.map.tiles.sheets_by:
        derived += [_of_sheets(dataset), _of_newest_sheets(dataset)]
    return sum(_differing(kept, wanted) for kept, wanted in derived)


def _of_sheets(dataset: Dataset) -> tuple[sql.Composed, sql.Composed]:
    """For how many features sheets and the blocks of each stand."""
    kept = sql.SQL("SELECT kind, sheet, sum(number)::bigint FROM {} GROUP BY 1, 2").format(generalised_table(dataset))
    wanted = sql.SQL("SELECT kind, sheet, count(*) FROM {}, (VALUES ({}), ({})) k (kind) GROUP BY 1, 2").format(
        tile_table(dataset), sql.Literal(SHEET), sql.Literal(BLOCK)
    )
    return kept, wanted


def _of_newest_sheets(dataset: Dataset) -> tuple[sql.Composed, sql.Composed]:
    """The shapes of some that the newest revision touched: to make all anew takes minutes of a million parcels."""
    touched = sql.SQL(
        "(SELECT DISTINCT t.sheet FROM {tiles} t JOIN {table} f ON f.ref = t.ref AND f.until_revision IS NULL"
        " WHERE f.from_revision = (SELECT max(from_revision) FROM {table}) ORDER BY 1 LIMIT {most})"
    ).format(tiles=tile_table(dataset), table=in_force_table(dataset), most=sql.Literal(MOST_SHEETS))
    kept = sql.SQL("SELECT * FROM {} WHERE sheet IN {}").format(generalised_table(dataset), touched)
    rows = sql.SQL(
        "WITH touched AS MATERIALIZED (SELECT sheet, ref, is_made_up, shape, place FROM {tiles} WHERE sheet IN {touched})"
        " {made}"
    ).format(tiles=tile_table(dataset), touched=touched, made=generalised_sql(dataset, sql.SQL("touched")))
    return kept, sql.SQL("SELECT * FROM ({}) w").format(rows)


def _differing(kept: sql.Composable, wanted: sql.Composed, bound: Sequence[Any] = ()) -> int:
    query = sql.SQL(
        "SELECT count(*) FROM (({kept} EXCEPT ALL {wanted}) UNION ALL ({wanted} EXCEPT ALL {kept})) d"
    ).format(kept=kept, wanted=wanted)
    return int(statements.value(query, bound))
