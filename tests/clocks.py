"""The one clock of the house set to a moment, for every exit, process and role that asks the database."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import sql

from landgis.catalog import clock
from landgis.lib import statements
from landgis.operations.ownership import as_owner

RUNNING = sql.SQL("statement_timestamp()")


@contextmanager
def stopped_at(moment: datetime.datetime) -> Iterator[None]:
    """The database's clock stands at the moment. Only in a world of the test's own: it commits."""
    _set(sql.Literal(moment.isoformat()))
    try:
        yield
    finally:
        _set(RUNNING)


def _set(time: sql.Composable) -> None:
    with as_owner():
        statements.execute(
            sql.SQL("CREATE OR REPLACE VIEW catalog_clock AS SELECT {}::timestamptz AS now").format(time)
        )
    clock._asked.clear()
