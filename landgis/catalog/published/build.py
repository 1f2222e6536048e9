"""Making the schema what the declarations say."""

from django.db import connection, transaction
from psycopg import sql

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.published.concealed import is_concealed_made, make_concealed
from landgis.catalog.published.counts import count_rows_sql, make_counts
from landgis.catalog.published.names import SCHEMA, comments, relations, tile_table, view
from landgis.catalog.published.statements import digest, hold_apply_lock, text
from landgis.catalog.published.tile_rows import tile_rows_sql
from landgis.catalog.published.views import all_views, view_sql
from landgis.catalog.published.withheld import withhold


@transaction.atomic
def drop() -> None:
    """Remove everything derived, so that migrations may change the columns below it."""
    hold_apply_lock()
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS published")
        for kind, name in relations():
            cursor.execute(text(sql.SQL("DROP {} {} CASCADE").format(sql.SQL(kind), sql.Identifier(SCHEMA, name))))


@transaction.atomic
def rebuild(force: bool = False) -> list[str]:
    """Make `published` what the declarations say; returns the names of the datasets made anew.

    A dataset whose declaration gives the same SQL as last time is left as it is, unless `force`.
    """
    hold_apply_lock()
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS published")
        made = comments()
        wanted = {dataset.relation: dataset for dataset in registry.all_datasets()}
        views = all_views()
        is_concealed = is_concealed_made() and not force
        for kind, name in relations():
            relation = name.removeprefix("tile_").removeprefix("count_")
            same = relation in wanted and made.get(relation) == fingerprint(wanted[relation])
            if name == "concealed":
                same = is_concealed
            if name not in views and (force or not same):
                cursor.execute(
                    text(sql.SQL("DROP {} IF EXISTS {} CASCADE").format(sql.SQL(kind), sql.Identifier(SCHEMA, name)))
                )
        for name, select in views.items():
            cursor.execute(
                text(sql.SQL("CREATE OR REPLACE VIEW {} AS {}").format(sql.Identifier(SCHEMA, name), select))
            )
        anew = [dataset for dataset in wanted.values() if force or made.get(dataset.relation) != fingerprint(dataset)]
        for dataset in anew:
            _make(dataset)
        if not is_concealed:
            make_concealed()
    return [dataset.name for dataset in anew]


def _make(dataset: Dataset) -> None:
    withhold(dataset)
    with connection.cursor() as cursor:
        cursor.execute(text(view_sql(dataset)))
        cursor.execute(
            text(sql.SQL("COMMENT ON VIEW {} IS {}").format(view(dataset), sql.Literal(fingerprint(dataset))))
        )
        if dataset.geometry:
            table = tile_table(dataset)
            cursor.execute(text(sql.SQL("CREATE TABLE {} AS {}").format(table, tile_rows_sql(dataset))))
            cursor.execute(text(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (ref)").format(table)))
            cursor.execute(text(sql.SQL("CREATE INDEX ON {} USING gist (shape)").format(table)))
            cursor.execute(text(sql.SQL("ANALYZE {}").format(table)))
        if dataset.map.tiles.counts_by:
            make_counts(dataset)


def fingerprint(dataset: Dataset) -> str:
    """A digest of the SQL from which the dataset's published relations are made."""
    parts = [view_sql(dataset)] + ([tile_rows_sql(dataset)] if dataset.geometry else [])
    parts += [count_rows_sql(dataset)] if dataset.map.tiles.counts_by else []
    return digest(*parts)
