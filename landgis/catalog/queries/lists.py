"""Many rows of a dataset, in an order."""

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from landgis.catalog import published
from landgis.catalog.dataset import Dataset
from landgis.catalog.queries.database import fetch
from landgis.catalog.queries.pieces import ABOUT_REVISION, NATURAL_REF, body_of, columns_sql, public_columns, state_sql
from landgis.catalog.queries.sorting import EVERY_ROW, Piece, Sorting, behind, order_sql, sorted_by, values_beside
from landgis.lib.filters import ALL, Filter
from landgis.lib.order import NATURAL

# The same order by no index, which the planner would go through from its beginning: it cannot know where the few stand in it.
REF_OF_FEW = sql.SQL("(ref || '') COLLATE {}").format(sql.Identifier(NATURAL))

ORDERED = sql.SQL("SELECT {columns} {body} AND {condition} ORDER BY {order} LIMIT {limit}")
# An index knows the order of distances, and nothing of refs beside them: those that are as far as the last one come with it.
NEAREST = sql.SQL(
    "SELECT * FROM (SELECT {columns} {body} AND {condition} ORDER BY distance_m FETCH FIRST {limit} ROWS WITH TIES) n"
    " ORDER BY {order} LIMIT {limit}"
)


def rows(
    dataset: Dataset,
    where: Filter = ALL,
    *,
    as_of: int | None = None,
    fields: Sequence[str] | None = None,
    order: Sequence[str] = ("ref",),
    after: str | None = None,
    limit: int | None = None,
    pinned: int | None = None,
) -> list[dict[str, Any]]:
    """Public rows as dictionaries, in force now or as of a revision, ordered (by ref, 2 before 10, unless said; -name: downwards).

    `fields` defaults to ref and all public fields. `after` is the ref behind which a page ordered by
    ref goes on; `pinned` as in `body_of`. Geometries are not among them; see `geojson_features`.
    """
    names = list(fields) if fields is not None else [*public_columns(dataset), *ABOUT_REVISION]
    body, bound = body_of(dataset, where, as_of, after, pinned=pinned)
    query = sql.SQL("SELECT {} {} ORDER BY {}").format(columns_sql(names), body, _ordered(order))
    if limit is not None:
        query += sql.SQL(" LIMIT {}").format(sql.Literal(limit))
    return fetch(query, bound)


def listed(
    dataset: Dataset,
    where: Filter = ALL,
    *,
    as_of: int | None = None,
    after: str | None = None,
    limit: int,
    sorting: Sorting | None = None,
    beside: bool = False,
    are_few: bool = False,
) -> list[dict[str, Any]]:
    """Public rows as those of `rows`, in the order of the dataset's list: what it puts first, then by ref; or sorted.

    With `distance_m` where they are sorted by it, and `beside` with what the list shows of features of another dataset.
    `after` is the ref of the last row of the page before; where it is no longer public, its group counts as the first.
    Where the rows that the filter finds `are_few` all of them are sorted.
    """
    shown = values_beside(dataset, as_of) if beside else []
    body, bound = body_of(dataset, where, as_of)
    if sorting is None:
        ref = REF_OF_FEW if are_few else NATURAL_REF
        part, order = _usual(dataset, after, as_of, ref)
        parts = [part]
    else:
        value = sorted_by(dataset, sorting, as_of)
        shown += [value] if sorting.near else []
        parts = behind(dataset, value, sorting, after, as_of) if after else [EVERY_ROW]
        order = order_sql(value, sorting)
    columns = sql.SQL(", ").join(
        [columns_sql([*public_columns(dataset), *ABOUT_REVISION]), *(one.column for one in shown)]
    )
    found: list[dict[str, Any]] = []
    for condition, condition_bound in parts:
        query = (NEAREST if sorting and sorting.near else ORDERED).format(
            columns=columns, body=body, condition=condition, order=order[0], limit=sql.Literal(limit - len(found))
        )
        found += fetch(query, [*(value for one in shown for value in one.bound), *bound, *condition_bound, *order[1]])
        if len(found) == limit:
            break
    return found


def _usual(dataset: Dataset, after: str | None, as_of: int | None, ref: sql.Composable) -> tuple[Piece, Piece]:
    """The condition that a row stands behind `after`, and the order, where nobody asks for another."""
    headed = dataset.lists.headed
    if headed is None:
        behind_it = (sql.SQL("{} > %s").format(ref), [after]) if after else EVERY_ROW
        return behind_it, (sql.SQL("{}").format(ref), [])
    place = _place_in_list(headed.by, headed.codes)
    order = sql.SQL("{}, {}").format(place, ref)
    if after is None:
        return EVERY_ROW, (order, [])
    state, state_bound = state_sql(as_of)
    behind_its_group = sql.SQL(
        "({place}, {ref}) > (coalesce((SELECT {place} FROM {view} WHERE ref = %s AND {state}), 1), %s)"
    ).format(place=place, ref=ref, view=published.view(dataset, as_of), state=state)
    return (behind_its_group, [after, *state_bound, after]), (order, [])


def _ordered(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(
        sql.SQL("{} DESC NULLS LAST" if name.startswith("-") else "{}").format(
            NATURAL_REF if name.removeprefix("-") == "ref" else sql.Identifier(name.removeprefix("-"))
        )
        for name in names
    )


def _place_in_list(field: str, first: Sequence[str]) -> sql.Composed:
    """1 for rows with the first of the values, and so on; one more than there are values for all others."""
    values = sql.SQL(", ").join(sql.Literal(value) for value in first)
    return sql.SQL("coalesce(array_position(ARRAY[{}]::text[], {}::text), {})").format(
        values, sql.Identifier(field), sql.Literal(len(first) + 1)
    )
