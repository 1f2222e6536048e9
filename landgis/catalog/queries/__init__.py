"""How every exit reads: small named pieces of SQL on the schema `published`, through the alias `public`.

The role behind that alias can read nothing else, so no mistake here can show what the policy hides.
What stands here is what the rest of the house may use.
"""

from landgis.catalog.queries.changes import before, changed_last
from landgis.catalog.queries.database import (
    PUBLIC_ALIAS,
    fetch,
    fetch_prepared,
    is_away,
    public_database,
    text_of,
    was_cut_off,
)
from landgis.catalog.queries.extents import extent
from landgis.catalog.queries.features import (
    TakenOut,
    Withdrawal,
    feature,
    geojson_feature,
    geojson_features,
    history,
    place_of,
    taken_out_of,
    taken_out_sql,
    withdrawal,
)
from landgis.catalog.queries.lists import listed, rows
from landgis.catalog.queries.named import NamedGround, named_ground
from landgis.catalog.queries.numbers import SIZES, count, newest_and_made_up, totals
from landgis.catalog.queries.pieces import (
    ABOUT_REVISION,
    body_in,
    body_of,
    counts_of,
    public_columns,
    source_of,
    state_sql,
)
from landgis.catalog.queries.revisions import (
    PublishedRevision,
    latest_number,
    latest_revision,
    latest_revisions,
    parse_as_of,
    revision,
    state_of,
)
from landgis.catalog.queries.sorting import DISTANCE, Sorting

__all__ = [
    "ABOUT_REVISION",
    "DISTANCE",
    "PUBLIC_ALIAS",
    "SIZES",
    "NamedGround",
    "PublishedRevision",
    "Sorting",
    "TakenOut",
    "Withdrawal",
    "before",
    "body_in",
    "body_of",
    "changed_last",
    "count",
    "counts_of",
    "extent",
    "feature",
    "fetch",
    "fetch_prepared",
    "geojson_feature",
    "geojson_features",
    "history",
    "is_away",
    "latest_number",
    "latest_revision",
    "latest_revisions",
    "listed",
    "named_ground",
    "newest_and_made_up",
    "parse_as_of",
    "place_of",
    "public_columns",
    "public_database",
    "revision",
    "rows",
    "source_of",
    "state_of",
    "state_sql",
    "taken_out_of",
    "taken_out_sql",
    "text_of",
    "totals",
    "was_cut_off",
    "withdrawal",
]
