"""The log of revisions, as those read it who follow it."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import Max
from psycopg import sql

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.changes.models import LogEntry
from landgis.lib import statements

LOG = sql.Identifier(LogEntry._meta.db_table)


def newest(name: str) -> int:
    """The newest revision that changed what is published of a dataset; 0 before the first."""
    return LogEntry.objects.filter(dataset=name).aggregate(newest=Max("revision"))["newest"] or 0


def touched(dataset: Dataset, after: int, until: int) -> tuple[sql.Composable, list[Any]]:
    """SELECT of the refs that these revisions (after the one, until the other) touched, public or not.

    Those of which a row began or ended, and those that an area began or ceased to withhold.
    """
    query = sql.SQL(
        "SELECT ref FROM {table} WHERE from_revision > %s AND from_revision <= %s"
        " UNION SELECT ref FROM {table} WHERE until_revision > %s AND until_revision <= %s"
        " UNION SELECT unnest(refs) FROM {log} WHERE dataset = %s AND revision > %s AND revision <= %s"
    ).format(table=sql.Identifier(dataset.in_force._meta.db_table), log=LOG)
    return query, [after, until, after, until, dataset.name, after, until]


def record(dataset: Dataset, revision: int, done: Mapping[str, int], sums: Mapping[str, int]) -> None:
    """Note how many features a revision added, changed and retired, where, and the sums of the checksums of their rows."""
    extent: sql.Composable = sql.SQL("NULL")
    if dataset.geometry:
        extent = sql.SQL(
            "(SELECT ST_SetSRID(ST_Extent({shape})::geometry, 4326) FROM {in_force}"
            " WHERE from_revision = %(revision)s OR until_revision = %(revision)s)"
        ).format(shape=sql.Identifier(dataset.geometry), in_force=sql.Identifier(dataset.in_force._meta.db_table))
    query = sql.SQL(
        "INSERT INTO {log} (revision, dataset, added, changed, retired, extent, begun_sum, ended_sum)"
        " VALUES (%(revision)s, %(dataset)s, %(add)s, %(change)s, %(retire)s, {extent}, %(begun_sum)s, %(ended_sum)s)"
    ).format(log=LOG, extent=extent)
    statements.execute(query, {"revision": revision, "dataset": dataset.name, **done, **sums})


def record_withheld(revision: int, withheld: Mapping[str, list[str]]) -> None:
    """Note of other datasets which features the revision of an area hid or showed."""
    LogEntry.objects.bulk_create(
        LogEntry(revision=revision, dataset=name, added=0, changed=0, retired=0, refs=refs)
        for name, refs in withheld.items()
    )


def states_sql() -> sql.Composable:
    """SELECT of a mark for each public dataset, another one after each revision or redaction that touched it, after each
    moment at which its state changes by the clock, and on each day: found when it is asked for, so that it is true at
    any second, whether or not the worker has written the tick.

    The line `concealed` is that of the ground which images do not show: it follows the areas that withhold features.
    """
    datasets = registry.all_datasets()
    marked = [(dataset.name, [dataset.name]) for dataset in datasets if not dataset.is_internal]
    marked.append(("concealed", sorted({dataset.withheld_by for dataset in datasets if dataset.withheld_by})))
    names = sql.SQL(", ").join(
        sql.SQL("({}, {}::text[])").format(sql.Literal(name), sql.Literal(touched_by)) for name, touched_by in marked
    )
    # With the time: after a restore the numbers of what was lost are given again.
    return sql.SQL(
        "SELECT d.dataset, md5(concat(n.mark, ' ', (SELECT count(*) FROM changes_redaction x"
        " WHERE x.dataset = d.dataset AND x.state = 'done'), ' ', (SELECT concat((SELECT extract(epoch FROM max(i.at))"
        " FROM catalog_instant i WHERE i.dataset = d.dataset AND i.at <= c.now), ' ',"
        " CASE WHEN d.dataset <> 'concealed' THEN (c.now AT TIME ZONE {zone})::date END) FROM catalog_clock c))) AS mark"
        " FROM (VALUES {names}) d (dataset, touched_by)"
        " LEFT JOIN LATERAL (SELECT concat(l.revision, ' ', extract(epoch FROM r.applied_at)) AS mark FROM {log} l"
        " JOIN catalog_revision r ON r.number = l.revision WHERE l.dataset = ANY (d.touched_by)"
        " ORDER BY l.revision DESC LIMIT 1) n ON true"
    ).format(names=names, log=LOG, zone=sql.Literal(settings.TIME_ZONE))
