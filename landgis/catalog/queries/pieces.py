"""The pieces of SQL that questions to a published view are put together from."""

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from landgis.catalog import published
from landgis.catalog.dataset import Dataset
from landgis.catalog.filters import to_sql
from landgis.lib.as_it_was import as_it_was
from landgis.lib.filters import ALL, Filter
from landgis.lib.order import NATURAL
from landgis.lib.webmap import Box, degrees

NATURAL_REF = sql.SQL("ref COLLATE {}").format(sql.Identifier(NATURAL))  # 12-2 before 12-10, by an index
MARGIN = 1e-6  # degrees: more than a box loses when it is turned into them
ABOUT_REVISION = ["from_revision", "is_made_up", "applied_at", "source", "source_as_of"]


def public_columns(dataset: Dataset) -> list[str]:
    """ref, the public fields, what was reported of the state, and what is computed of the geometry with its CRS."""
    reported = [dataset.state.reported_field] if dataset.state.field else []
    return ["ref", *(field.name for field in dataset.public_fields), *reported, *dataset.geometry_kind.computed]


def body_of(
    dataset: Dataset, where: Filter, as_of: int | None, after: str | None = None, *, pinned: int | None = None
) -> tuple[sql.Composed, list[Any]]:
    """FROM and WHERE of a read of the published view, with what is bound.

    `pinned` is the newest revision for whoever reads what is now in several steps, so that all are of one.
    """
    condition, bound = to_sql(dataset, where)
    state, state_bound = state_sql(pinned if as_of is None else as_of)
    source = source_of(dataset, as_of, pinned=pinned)
    body = sql.SQL("FROM {} WHERE {} AND {}").format(source, condition, state)
    bound = [*bound, *state_bound]
    if after is not None:
        body += sql.SQL(" AND {} > %s").format(NATURAL_REF)
        bound.append(after)
    return body, bound


def body_in(dataset: Dataset, where: Filter, as_of: int | None, box: Box) -> tuple[sql.Composed, list[Any]]:
    """The same of the rows that may lie in a box of EPSG:3857: asked in degrees, which is what the index of the rows knows."""
    body, bound = body_of(dataset, where, as_of)
    (west, south), (east, north) = degrees(*box[:2]), degrees(*box[2:])
    sides = (west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    near = sql.SQL("{body} AND {shape} && ST_MakeEnvelope({sides}, 4326)").format(
        body=body,
        shape=sql.Identifier(str(dataset.geometry)),
        sides=sql.SQL(", ").join(map(sql.Literal, sides)),
    )
    return near, bound


def source_of(dataset: Dataset, as_of: int | None, alias: str = "", *, pinned: int | None = None) -> sql.Composable:
    """What stands after FROM, under the dataset's name or an alias: the view, with where rows lie as it was said then.

    `pinned` as in `body_of`.
    """
    view, name = published.view(dataset, as_of), sql.Identifier(alias or dataset.relation)
    number = pinned if as_of is None else as_of
    if number is None or dataset.lies_in is None:
        return sql.SQL("{} {}").format(view, name)
    reported = [dataset.state.reported_field] if dataset.state.field else []
    columns = ["feature_id", *published.view_columns(dataset), *reported, *ABOUT_REVISION[1:]]
    return as_it_was(view, name, columns, dataset.lies_in.shown, number)


def counts_of(dataset: Dataset, where: Filter) -> tuple[sql.Composable, Sequence[Any]]:
    """What stands after FROM for the counts (value, number, is_made_up, place), with what is bound.

    Those of all features are kept; those of filtered ones are counted for the question.
    """
    if where == ALL:
        return published.count_table(dataset), []
    body, bound = body_of(dataset, where, None)
    return sql.SQL("({}) c").format(published.count_rows_sql(dataset, body)), bound


def state_sql(as_of: int | None) -> tuple[sql.Composable, list[Any]]:
    if as_of is None:
        return sql.SQL("until_revision IS NULL"), []
    return sql.SQL("from_revision <= %s AND (until_revision IS NULL OR until_revision > %s)"), [as_of, as_of]


def columns_sql(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)
