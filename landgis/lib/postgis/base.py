"""The backend itself; Django looks for `DatabaseWrapper` in a module of this name."""

from typing import Any

import psycopg
from django.contrib.gis.db.backends.postgis import base
from django.contrib.gis.db.backends.postgis.operations import PostGISOperations
from psycopg_pool import ConnectionPool

from landgis.lib import order


class Operations(PostGISOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        """For the log of queries: of a prepared one the driver keeps no text."""
        return super().last_executed_query(cursor, sql, params) or self.compose_sql(sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's own, but for what died with the server, and with the collation of lists beside the extension.

    The pool's own check waits a second and more after each dead connection that it meets, so that a reader who meets three
    gets none in time. Here each goes back, to be replaced, and the next one is looked at.
    """

    ops_class = Operations

    def prepare_database(self) -> None:
        """What has to be there before any migration: an index of any app may be of the collation."""
        super().prepare_database()
        with self.cursor() as cursor:
            cursor.execute("SELECT to_regcollation(%s) IS NULL", [order.NATURAL])
            (is_missing,) = cursor.fetchone()
            if is_missing:
                cursor.execute(f"CREATE COLLATION {order.NATURAL} (provider = icu, locale = '{order.NATURAL_LOCALE}')")

    def prepared_cursor(self) -> Any:
        """A cursor whose statements the server keeps prepared from the first time on, as long as the connection lives.

        Parameters are bound there: say their types in the statement. It is prepared anew where a relation that it names changed.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        self.connection.prepare_threshold = 0  # Django's own cursors bind on this side, and keep none all the same
        with self.wrap_database_errors:
            return self._prepare_cursor(psycopg.Cursor(self.connection))  # type: ignore[attr-defined]

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        while True:
            connection = super().get_new_connection(conn_params)
            if self.pool is None or _is_alive(connection):
                return connection
            self.pool.putconn(connection)  # which throws away what is broken


def _is_alive(connection: "psycopg.Connection[Any]") -> bool:
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.OperationalError:
        return False
    return True
