"""A filter as SQL, the same for the server and for notebooks."""

from collections.abc import Container
from typing import Any

from psycopg import sql

from landgis.lib.filters import NO_FILTER, And, AtLeast, AtMost, Equals, Filter, FilterError, Listing, OneOf, Or, Within

SIGNS = {Equals: "=", AtLeast: ">=", AtMost: "<="}
BOX = sql.SQL("({shape} && {box} AND ST_Intersects({shape}, {box}))")
ENVELOPE = sql.SQL("ST_MakeEnvelope(%s, %s, %s, %s, 4326)")


def to_sql(where: Filter, known: Container[str], shape: str) -> tuple[sql.Composable, list[Any]]:
    """The condition on the columns of a published view, and its bound parameters.

    `known` are the columns that may be asked for, `shape` is the one of the geometry. Raises FilterError for another.
    """
    if isinstance(where, And | Or):
        parts = [to_sql(part, known, shape) for part in where.parts]
        sign, none = (" AND ", "true") if isinstance(where, And) else (" OR ", "false")
        joined = sql.SQL(sign).join(condition for condition, _bound in parts) if parts else sql.SQL(none)
        return sql.SQL("({})").format(joined), [value for _condition, bound in parts for value in bound]
    if isinstance(where, Within):
        box = [where.west, where.south, where.east, where.north]
        return BOX.format(shape=sql.Identifier(shape), box=ENVELOPE), box + box
    if where.field not in known:
        raise FilterError(where.field, NO_FILTER)
    column = sql.Identifier(where.field)
    if isinstance(where, OneOf):
        return sql.SQL("{} = ANY(%s)").format(column), [list(where.values)]
    if isinstance(where, Listing):
        return sql.SQL("string_to_array({}, ', ') && %s::text[]").format(column), [list(where.values)]
    return sql.SQL("{} {} %s").format(column, sql.SQL(SIGNS[type(where)])), [where.value]
