"""Filters by a commune in a database, whichever of its names or codes is written: what a server makes of them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from landgis.analysis.source import Schema
from landgis.lib import unit_names
from landgis.lib.filters import And, Equals, Filter, FilterError, OneOf, Or, Texts, texts_of
from landgis.lib.text import fold

if TYPE_CHECKING:
    import psycopg

PLACE = "place"  # the parameter that takes any name or code


class Communes:
    """The units of one state of a database, and what filters of a dataset mean by them."""

    def __init__(self, connection: "psycopg.Connection[Any]", schema: Schema, as_of: int | None):
        self._connection, self._schema, self._as_of = connection, schema, as_of
        self._columns = unit_names.UnitColumns(**schema["lies_in"]["columns"]) if schema["lies_in"] else None
        self._read: dict[str, unit_names.KnownUnit] | None = None

    def understood(self, where: And, texts: Texts) -> And:
        """The filter with names of communes as what they mean. Raises FilterError for what nobody is called."""
        places = tuple(self._meant(PLACE, text, by_documents=False) for text in texts_of(texts, PLACE))
        return And((*map(self._part, where.parts), *([Or(places)] if places else [])))

    def _part(self, part: Filter) -> Filter:
        columns = self._columns
        if (
            columns is None
            or not isinstance(part, Equals | OneOf)
            or part.field not in columns.issued | columns.of_today
        ):
            return part
        values = part.values if isinstance(part, OneOf) else (part.value,)
        return Or(tuple(self._in_column(columns, part.field, text) for text in values))

    def _in_column(self, columns: unit_names.UnitColumns, name: str, text: str) -> Filter:
        if not self._known or (not columns.has_several and self._is_written_so(name, text)):
            return Equals(name, text)
        return self._meant(name, text, by_documents=name in columns.issued)

    def _meant(self, parameter: str, text: str, *, by_documents: bool) -> Filter:
        if self._columns is None:
            raise FilterError(parameter, "this dataset does not say in which commune its rows lie.")
        if not self._known:
            return unit_names.as_written(self._columns, text)
        if found := unit_names.ways(self._columns, self._known, text, by_documents=by_documents):
            return found[0].where
        near = ", ".join(unit_names.nearest(self._known.values(), text))
        called = f" Called nearly so: {near}." if near else ""
        raise FilterError(parameter, f"no commune is called {text!r}, today or before.{called}")

    def _is_written_so(self, name: str, text: str) -> bool:
        from psycopg import sql

        query = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE {} = %s AND {})").format(
            self._relation(self._schema), sql.Identifier(name), self._state()
        )
        return bool(self._rows(query, [text])[0][0])

    @property
    def _known(self) -> Mapping[str, unit_names.KnownUnit]:
        if self._read is None:
            told = self._connection.execute("SELECT content FROM published.dataset_schema").fetchall()
            every = [self._units(schema) for (schema,) in told if schema["units"]]
            self._read = {unit.ref: unit for some in every for unit in some}
        return self._read

    def _units(self, schema: Schema) -> Sequence[unit_names.KnownUnit]:
        from psycopg import sql

        said = schema["units"]
        kinds = next(field["codes"] for field in schema["fields"] if field["name"] == said["kind"])
        query = sql.SQL("SELECT ref, {columns} FROM {view} WHERE {state}").format(
            columns=sql.SQL(", ").join(map(sql.Identifier, said.values())),
            view=self._relation(schema),
            state=self._state(),
        )
        rows = [dict(zip(("ref", *said), row, strict=True)) for row in self._rows(query, [])]
        called = {kind["code"]: {fold(text) for text in kind["label"].values()} for kind in kinds}
        return list(unit_names.known_units(rows, called))

    def _relation(self, schema: Schema) -> Any:
        from psycopg import sql

        return sql.Identifier(*schema["relation" if self._as_of is None else "relation_of_the_past"].split("."))

    def _state(self) -> Any:
        from psycopg import sql

        if self._as_of is None:
            return sql.SQL("until_revision IS NULL")
        return sql.SQL("from_revision <= {0} AND (until_revision IS NULL OR until_revision > {0})").format(self._as_of)

    def _rows(self, query: Any, bound: Sequence[Any]) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, bound).fetchall()
