"""What readers are told of a feature that an approved change set took from them, with a reason written for everybody.

Nothing is told of what was never public, of what is withheld, and of what was hidden without such a reason: of that nobody
can tell whether it ever was.
"""

from psycopg import sql

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.changes.marks import REASON


def published_sql() -> sql.Composable:
    """SELECT of features that were public last, with the revision that retired or hid them, its time and the reason."""
    parts = [_published_of(dataset) for dataset in registry.all_datasets() if not dataset.is_internal]
    nothing = sql.SQL(
        "SELECT ''::text AS dataset, ''::text AS ref, 0::bigint AS revision, now() AS at, false AS is_retired"
    )
    return sql.SQL(" UNION ALL ").join(parts) if parts else nothing + sql.SQL(", ''::text AS reason WHERE false")


def _published_of(dataset: Dataset) -> sql.Composable:
    """The last public row `p`, which item `i` ended; none that is public came after it."""
    flag = sql.SQL("{}.{}")
    public, later = (
        flag.format(sql.SQL(row), sql.Identifier(dataset.public_when)) if dataset.public_when else sql.SQL("true")
        for row in ("p", "l")
    )
    withheld = sql.SQL("EXISTS (SELECT FROM catalog_withheld w WHERE w.dataset = {} AND w.ref = p.ref)")
    query = sql.SQL(
        "SELECT {name}::text AS dataset, p.ref::text AS ref, p.until_revision AS revision, r.applied_at AS at,"
        " i.action = 'retire' AS is_retired, i.raw ->> {reason} AS reason FROM {table} p"
        " JOIN changes_changeset c ON c.revision = p.until_revision"
        " JOIN {items} i ON i.change_set_id = c.id AND i.ref = p.ref AND i.raw ? {reason}"
        " JOIN catalog_revision r ON r.number = p.until_revision WHERE {public} AND NOT {withheld}"
        " AND NOT EXISTS (SELECT FROM {table} l WHERE l.ref = p.ref AND l.from_revision > p.from_revision"
        " AND ({later} OR i.action = 'retire'))"
    )
    return query.format(
        name=sql.Literal(dataset.name),
        reason=sql.Literal(REASON),
        table=sql.Identifier(dataset.in_force._meta.db_table),
        items=sql.Identifier(dataset.proposed._meta.db_table),
        public=public,
        later=later,
        withheld=withheld.format(sql.Literal(dataset.name)),
    )
