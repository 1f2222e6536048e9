"""In which order the rows of a list stand, and where a page of them goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from landgis.catalog import published, registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.queries.database import fetch
from landgis.catalog.queries.pieces import NATURAL_REF, source_of, state_sql

DISTANCE = "distance_m"
Piece = tuple[sql.Composed, Sequence[Any]]  # a piece of SQL, and what is bound in it
EVERY_ROW: Piece = (sql.Composed([sql.SQL("true")]), [])


@dataclass(frozen=True)
class Sorting:
    """By the value of a field, of a feature that the rows name (`Lists.beside`), or how far rows lie from a point.

    `near` is longitude and latitude in degrees (EPSG:4326). Rows without a value stand last, equal ones by their ref.
    """

    field: str = ""
    downwards: bool = False
    near: tuple[float, float] | None = None


@dataclass(frozen=True)
class Value:
    """SQL of a value of a row, with what is bound, under the name that it has among the columns."""

    name: str
    text: sql.Composable
    bound: Sequence[Any] = ()

    @property
    def column(self) -> sql.Composed:
        return sql.SQL("{} AS {}").format(self.text, sql.Identifier(self.name))


def values_beside(dataset: Dataset, as_of: int | None) -> list[Value]:
    """The columns of the feature of another dataset that each row names."""
    beside = dataset.lists.beside
    if beside is None:
        return []
    state, bound = state_sql(as_of)
    theirs = registry.get(beside.dataset)
    query = sql.SQL("(SELECT t.{field} FROM {view} t WHERE t.ref = {relation}.{by} AND {state})")
    return [
        Value(
            name,
            query.format(
                field=sql.Identifier(name),
                view=published.view(theirs, as_of),
                relation=sql.Identifier(dataset.relation),
                by=sql.Identifier(beside.by),
                state=state,
            ),
            bound,
        )
        for name in beside.fields
    ]


def distance(dataset: Dataset, near: tuple[float, float]) -> Value:
    """How far the place of each row lies from a point, in metres on the sphere; none where it has no place."""
    place = dataset.geometry_kind.place_of(sql.Identifier(str(dataset.geometry)))
    # This operator, and not the function of the same distance, is what the index of places knows.
    text = sql.SQL("(geography({}) <-> geography(ST_SetSRID(ST_MakePoint(%s, %s), 4326)))").format(place)
    return Value(DISTANCE, text, near)


def sorted_by(dataset: Dataset, sorting: Sorting, as_of: int | None) -> Value:
    """What the rows stand by."""
    if sorting.near:
        return distance(dataset, sorting.near)
    found = {value.name: value for value in values_beside(dataset, as_of)}
    return found.get(sorting.field) or Value(sorting.field, sql.Identifier(dataset.relation, sorting.field))


def order_sql(value: Value, sorting: Sorting) -> tuple[sql.Composed, Sequence[Any]]:
    """What stands after ORDER BY."""
    if sorting.near:
        return sql.SQL("{} NULLS LAST, {}").format(sql.Identifier(value.name), NATURAL_REF), ()
    way = sql.SQL("DESC" if sorting.downwards else "ASC")
    return sql.SQL("{} {} NULLS LAST, {}").format(value.text, way, NATURAL_REF), value.bound


def behind(dataset: Dataset, value: Value, sorting: Sorting, after: str, as_of: int | None) -> list[Piece]:
    """Conditions of the rows behind the one of the ref `after`, in the order in which these stand: each is found by an index."""
    state, state_bound = state_sql(as_of)
    query = sql.SQL("SELECT {value} AS value FROM {source} WHERE ref = %s AND {state}").format(
        value=value.text, source=source_of(dataset, as_of), state=state
    )
    found = fetch(query, [*value.bound, after, *state_bound])
    last = found[0]["value"] if found else None
    said = {"value": value.text, "ref": NATURAL_REF}
    if last is None:
        return [(sql.SQL("{value} IS NULL AND {ref} > %s").format(**said), [*value.bound, after])]
    without = (sql.SQL("{value} IS NULL").format(**said), [*value.bound])
    if sorting.near:  # the index begins at the place, each time
        return [(sql.SQL("({value}, {ref}) > (%s, %s)").format(**said), [*value.bound, last, after]), without]
    further = sql.SQL("{value} < %s" if sorting.downwards else "{value} > %s").format(**said)
    return [
        (sql.SQL("{value} = %s AND {ref} > %s").format(**said), [*value.bound, last, after]),
        (further, [*value.bound, last]),
        without,
    ]
