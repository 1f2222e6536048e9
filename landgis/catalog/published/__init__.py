"""The schema `published`: all that the public's database role can read.

It is derived, and so can be dropped and rebuilt at any time: per dataset one view without the columns
and rows that the policy hides, and one narrow table of tile rows in EPSG:3857; and of all datasets the view
`dataset_schema`, which says what the columns mean.

What stands here is what the rest of the house may use.
"""

from landgis.catalog.published.apply_lock import APPLY_LOCK, hold_apply_lock
from landgis.catalog.published.build import drop, fingerprint, rebuild
from landgis.catalog.published.counts import count_rows_sql
from landgis.catalog.published.coverage_lines import AREA_TOLERANCE, coverage_sql, keeps_coverage, place_of_row
from landgis.catalog.published.drift import differences
from landgis.catalog.published.generalised import BLOCK, SHEET, shapes_sql, sheet_sql
from landgis.catalog.published.names import (
    SCHEMA,
    count_table,
    coverage_table,
    generalised_table,
    relations,
    reported_view,
    standing,
    tile_table,
    total_table,
    view,
)
from landgis.catalog.published.policy import is_public_sql
from landgis.catalog.published.states import TURNS, tile_rows_now
from landgis.catalog.published.tile_rows import with_drawn
from landgis.catalog.published.totals import keeps_totals, lines_sql, take_out, totalled_by
from landgis.catalog.published.upkeep import refresh
from landgis.catalog.published.views import register_view, view_columns

__all__ = [
    "APPLY_LOCK",
    "AREA_TOLERANCE",
    "BLOCK",
    "SCHEMA",
    "SHEET",
    "TURNS",
    "count_rows_sql",
    "count_table",
    "coverage_sql",
    "coverage_table",
    "differences",
    "drop",
    "fingerprint",
    "generalised_table",
    "hold_apply_lock",
    "is_public_sql",
    "keeps_coverage",
    "keeps_totals",
    "lines_sql",
    "place_of_row",
    "rebuild",
    "refresh",
    "register_view",
    "relations",
    "reported_view",
    "shapes_sql",
    "sheet_sql",
    "standing",
    "take_out",
    "tile_rows_now",
    "tile_table",
    "total_table",
    "totalled_by",
    "view",
    "view_columns",
    "with_drawn",
]
