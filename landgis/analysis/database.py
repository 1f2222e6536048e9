"""Rows from the database, as the public's role may read them: the schema `published` and nothing else."""

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from landgis.analysis import filters as filtering
from landgis.analysis.communes import Communes
from landgis.analysis.source import AsOf, Schema, Selection, unknown
from landgis.lib.filters import FilterError, Texts

if TYPE_CHECKING:
    import psycopg

CHUNK = 2000  # rows of one fetch, each of which has the time limit of the role
NO_PSYCOPG = "Reading a database needs psycopg: pip install 'psycopg[binary]'. Reading a server does not."


class Database:
    """A postgresql:// address of the role that reads what is published."""

    def __init__(self, address: str):
        self._address = address

    @property
    def address(self) -> str:
        """Without user and password."""
        parts = urlsplit(self._address)
        return f"postgresql://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def schemas(self) -> list[Schema]:
        with self._reading() as connection:
            found = connection.execute("SELECT content FROM published.dataset_schema").fetchall()
        return [{**content, "fields": None} for (content,) in found]

    def schema(self, name: str) -> Schema:
        with self._reading() as connection:
            return _schema(connection, name)

    def read(self, name: str, filters: Mapping[str, Any], as_of: AsOf) -> Selection:
        with self._reading() as connection:
            schema = _schema(connection, name)
            asked = filtering.written(schema, filters)
            number = _number(connection, schema, as_of)
            return Selection(
                schema, _revision(connection, name, number), list(_features(connection, schema, asked, number))
            )

    @contextmanager
    def _reading(self) -> Iterator["psycopg.Connection[Any]"]:
        """A connection that sees one state for as long as it lasts and changes nothing."""
        try:
            import psycopg
        except ImportError:
            raise ImportError(NO_PSYCOPG) from None
        with psycopg.connect(self._address) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            yield connection


def _schema(connection: "psycopg.Connection[Any]", name: str) -> Schema:
    told = dict(connection.execute("SELECT dataset, content FROM published.dataset_schema").fetchall())
    if name not in told:
        raise unknown(name, list(told))
    found: Schema = told[name]
    return found


def _number(connection: "psycopg.Connection[Any]", schema: Schema, as_of: AsOf) -> int | None:
    """The revision meant: a number, or the last one of a day (local time); None for now."""
    if as_of is None:
        return None
    newest = _one(connection, "SELECT coalesce(max(number), 0) FROM published.revision")
    if str(as_of).isdigit():
        if not 1 <= int(str(as_of)) <= newest:
            raise ValueError(f"as_of: there is no revision {as_of}; the newest is {newest}.")
        return int(str(as_of))
    try:
        day = datetime.date.fromisoformat(str(as_of))
    except ValueError:
        raise ValueError("as_of: write the number of a revision or a date such as 2026-12-31.") from None
    zone = ZoneInfo(schema["time_zone"])
    end = datetime.datetime.combine(day, datetime.time.max, zone)
    if day > _one(connection, "SELECT clock_timestamp()").astimezone(zone).date():
        raise ValueError(f"as_of: {day} is still to come; the newest revision is {newest}.")
    found: int | None = _one(connection, "SELECT max(number) FROM published.revision WHERE applied_at <= %s", end)
    if found is None:
        raise ValueError(f"as_of: nothing had been published by {day}.")
    return found


def _one(connection: "psycopg.Connection[Any]", query: Any, *bound: Any) -> Any:
    row = connection.execute(query, bound).fetchone()
    return row[0] if row else None


def _revision(connection: "psycopg.Connection[Any]", name: str, as_of: int | None) -> dict[str, Any] | None:
    found: dict[str, Any] | None = _one(
        connection,
        "SELECT to_json(r) FROM published.revision r WHERE dataset = %s AND (%s::bigint IS NULL OR number <= %s)"
        " ORDER BY number DESC LIMIT 1",
        *(name, as_of, as_of),
    )
    return found


def _features(
    connection: "psycopg.Connection[Any]", schema: Schema, filters: Texts, as_of: int | None
) -> Iterator[dict[str, Any]]:
    """The rows as the GeoJSON exit writes them: coordinates with 9 decimals, ordered by ref."""
    from psycopg import sql

    from landgis.lib.as_it_was import as_it_was

    names = [field["name"] for field in schema["fields"]]
    pairs = [sql.SQL("{}, {}").format(sql.Literal(name), sql.Identifier(name)) for name in names]
    where, bound = _condition(connection, schema, filters, as_of)
    relation = schema["relation" if as_of is None else "relation_of_the_past"]
    source: sql.Composable = sql.Identifier(*relation.split("."))
    if as_of is not None and schema["lies_in"]:
        shape = [schema["geometry"]["name"]] if schema["geometry"] else []
        columns = [*names, *shape, "from_revision", "until_revision"]
        source = as_it_was(source, sql.Identifier("rows"), columns, schema["lies_in"]["derived"], as_of)
    query = sql.SQL(
        "SELECT json_build_object('type', 'Feature', 'id', ref, 'geometry', {shape}, 'properties',"
        " json_build_object({pairs})) FROM {source} WHERE {where} ORDER BY ref COLLATE natural_order"
    ).format(
        shape=sql.SQL("ST_AsGeoJSON({}, 9)::json").format(sql.Identifier(schema["geometry"]["name"]))
        if schema["geometry"]
        else sql.SQL("NULL::json"),
        pairs=sql.SQL(", ").join(pairs),
        source=source,
        where=where,
    )
    with connection.cursor(name="rows") as cursor:
        cursor.itersize = CHUNK
        cursor.execute(query, bound)
        yield from (feature for (feature,) in cursor)


def _condition(
    connection: "psycopg.Connection[Any]", schema: Schema, filters: Texts, as_of: int | None
) -> tuple[Any, list[Any]]:
    """WHERE of the read, and what is bound. Raises ValueError naming the parameter that cannot be used."""
    from psycopg import sql

    from landgis.lib import conditions

    shape = schema["geometry"]["name"] if schema["geometry"] else ""
    known = {column.name for column in filtering.columns(schema)}
    known |= set(schema["lies_in"]["derived"].values()) if schema["lies_in"] else set()
    tree = filtering.tree(schema, filters)
    try:
        where = Communes(connection, schema, as_of).understood(tree, filters)
    except FilterError as error:
        raise ValueError(f"{error.parameter}: {error}") from None
    condition, bound = conditions.to_sql(where, known, shape)
    if as_of is None:
        return sql.SQL("until_revision IS NULL AND {}").format(condition), bound
    state = sql.SQL("from_revision <= %s AND (until_revision IS NULL OR until_revision > %s) AND {}").format(condition)
    return state, [as_of, as_of, *bound]
