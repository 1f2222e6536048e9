"""Ticks: what the clock changes stands in the followers' log as what revisions change does.

Readers do not wait for them. What they see is worked out when they ask (`catalog.published.states`), and what is kept
for them is kept under the last moment that has passed (`log.states_sql`). Ticks tell those who follow some seconds later.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from psycopg import sql

from landgis.catalog import published
from landgis.catalog.dataset import Dataset
from landgis.lib import statements

TICK_LOCK = 0x7469636B  # "tick": numbers are given in the order in which they can be read
MIDNIGHT = sql.SQL(
    "INSERT INTO catalog_instant (dataset, at) SELECT '', (date_trunc('day', c.now AT TIME ZONE {zone}))"
    " AT TIME ZONE {zone} FROM catalog_clock c ON CONFLICT DO NOTHING"
)
NUMBERS = (
    "UPDATE catalog_instant i SET tick = n.tick FROM (SELECT p.id, (SELECT coalesce(max(tick), 0) FROM catalog_instant)"
    " + row_number() OVER (ORDER BY p.at, p.dataset) AS tick FROM catalog_instant p, catalog_clock c"
    " WHERE p.tick IS NULL AND p.at <= c.now) n WHERE i.id = n.id RETURNING i.dataset"
)


@transaction.atomic
def write() -> int:
    """Give each moment that has passed by the database's clock its tick, and midnight one; returns how many.

    However many do so, and however late: each moment has one.
    """
    statements.execute("SELECT pg_advisory_xact_lock(%s)", [TICK_LOCK])
    statements.execute(MIDNIGHT.format(zone=sql.Literal(settings.TIME_ZONE)))
    return len(statements.rows(NUMBERS))


@transaction.atomic
def draw(name: str) -> None:
    """A tick of a dataset for what somebody took from readers just now without a revision: nothing kept before it is shown."""
    moment = "INSERT INTO catalog_instant (dataset, at) SELECT %s, now FROM catalog_clock ON CONFLICT DO NOTHING"
    statements.execute(moment, [name])
    write()


def newest(name: str) -> int:
    """The newest tick of a dataset; 0 before the first."""
    found: int = statements.value("SELECT coalesce(max(tick), 0) FROM catalog_instant WHERE dataset = %s", [name])
    return found


def touched(dataset: Dataset, after: int, until: int) -> tuple[sql.Composable, list[Any]]:
    """SELECT of the refs whose state changed with these ticks (after the one, until the other)."""
    if not dataset.state.field:
        return sql.SQL("SELECT NULL::text AS ref WHERE false"), []
    query = sql.SQL(
        "SELECT v.ref FROM {view} v WHERE v.until_revision IS NULL AND v.{turns} && ARRAY(SELECT i.at FROM"
        " catalog_instant i WHERE i.dataset = %s AND i.tick > %s AND i.tick <= %s)"
    ).format(view=published.view(dataset), turns=sql.Identifier(published.TURNS))
    return query, [dataset.name, after, until]
