"""Sheets and blocks as maps draw them (`published.generalised`): those that are kept, or made of what a filter leaves.

Of a filter it is worked out once how many features it leaves of each sheet and where. The shapes of these are made for the
question, as long as they are not too many; else the whole sheets are drawn that have any. Either way the numbers are true.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from landgis.catalog import memory, published
from landgis.catalog.dataset import Dataset
from landgis.catalog.queries import body_of, fetch
from landgis.lib.filters import ALL, Filter
from landgis.lib.webmap import EQUATOR_M, Box

MOST_ROWS = 5000  # of which shapes are made for one question


@dataclass(frozen=True, slots=True)
class SheetPart:
    """So many features of a sheet that a filter leaves within one tile of the nearest generalised zoom; x, y (EPSG:3857) is in it."""

    sheet: int
    number: int
    is_made_up: bool
    x: float
    y: float


def kind_at(dataset: Dataset, zoom: int) -> str:
    return published.BLOCK if zoom >= dataset.map.tiles.blocks_from else published.SHEET


def kept_rows(dataset: Dataset, zoom: int) -> sql.Composed:
    """What stands after FROM for the shapes of a zoom without a filter: kind, the fields of sheets, number, is_made_up, shape, place."""
    return sql.SQL("(SELECT * FROM {} WHERE kind = {}) g").format(
        published.generalised_table(dataset), sql.Literal(kind_at(dataset, zoom))
    )


def rows(
    dataset: Dataset, zoom: int, where: Filter, box: Box, *, is_coarse: bool = False
) -> tuple[sql.Composable, list[Any]]:
    """The same under a filter, of the sheets that reach into a box of EPSG:3857, with what is bound; `is_coarse` has whole sheets."""
    if where == ALL:
        return kept_rows(dataset, dataset.map.tiles.sheets_from if is_coarse else zoom), []
    near = sql.SQL("SELECT sheet FROM {} WHERE kind = {} AND shape && ST_MakeEnvelope(%s, %s, %s, %s, 3857)").format(
        published.generalised_table(dataset), sql.Literal(published.SHEET)
    )
    numbers = numbers_by_sheet(parts(dataset, where))
    found = [row["sheet"] for row in fetch(near, box) if row["sheet"] in numbers]
    if is_coarse or sum(numbers[sheet] for sheet in found) > MOST_ROWS:
        return _whole_sheets(dataset, {sheet: numbers[sheet] for sheet in found})
    return _made(dataset, zoom, where, found)


def parts(dataset: Dataset, where: Filter) -> Sequence[SheetPart]:
    """What a filter leaves of each sheet, which takes a look at all rows: once a revision."""
    return memory.of_each(("sheet parts", where), [dataset], lambda one: _read_parts(one, where))(dataset)


def numbers_by_sheet(found: Iterable[SheetPart]) -> dict[int, int]:
    numbers: dict[int, int] = {}
    for one in found:
        numbers[one.sheet] = numbers.get(one.sheet, 0) + one.number
    return numbers


def _read_parts(dataset: Dataset, where: Filter) -> list[SheetPart]:
    body, bound = body_of(dataset, where, None)
    side = EQUATOR_M / 2 ** (dataset.map.tiles.minzoom - 1)
    query = sql.SQL(
        "SELECT t.sheet, count(*) AS number, bool_or(t.is_made_up) AS is_made_up,"
        " (min(ST_X(t.place)) + max(ST_X(t.place))) / 2 AS x, (min(ST_Y(t.place)) + max(ST_Y(t.place))) / 2 AS y"
        " FROM {tiles} t JOIN (SELECT ref {body}) v ON v.ref = t.ref"
        " GROUP BY t.sheet, floor((ST_X(t.place) + {half}) / {side}), floor(({half} - ST_Y(t.place)) / {side})"
        " ORDER BY 1, 2 DESC, 4, 5"
    ).format(tiles=published.tile_table(dataset), body=body, half=sql.Literal(EQUATOR_M / 2), side=sql.Literal(side))
    return [SheetPart(**row) for row in fetch(query, bound)]


def _made(dataset: Dataset, zoom: int, where: Filter, sheets: list[int]) -> tuple[sql.Composable, list[Any]]:
    """Of what the filter leaves of these sheets."""
    body, bound = body_of(dataset, where, None)
    chosen = sql.SQL("chosen")
    made = sql.SQL(
        "(WITH chosen AS MATERIALIZED (SELECT t.sheet, t.ref, t.is_made_up, t.shape, t.place FROM {tiles} t"
        " WHERE t.sheet = ANY(%s) AND EXISTS (SELECT {body} AND {dataset}.ref = t.ref))"
        " SELECT s.kind{names}, s.number, s.is_made_up, s.shape, s.place FROM ({shapes}) s"
        " JOIN {kept} k ON k.sheet = s.sheet AND k.kind = {sheet} WHERE s.kind = {kind}) g"
    ).format(
        tiles=published.tile_table(dataset),
        body=body,
        dataset=sql.Identifier(dataset.relation),
        names=_names(dataset),
        shapes=published.shapes_sql(chosen),
        kept=published.generalised_table(dataset),
        sheet=sql.Literal(published.SHEET),
        kind=sql.Literal(kind_at(dataset, zoom)),
    )
    return made, [sheets, *bound]


def _whole_sheets(dataset: Dataset, numbers: dict[int, int]) -> tuple[sql.Composable, list[Any]]:
    whole = sql.SQL(
        "(SELECT k.kind{names}, n.number, k.is_made_up, k.shape, k.place FROM {kept} k"
        " JOIN unnest(%s::bigint[], %s::bigint[]) n (sheet, number) ON n.sheet = k.sheet WHERE k.kind = {sheet}) g"
    ).format(names=_names(dataset), kept=published.generalised_table(dataset), sheet=sql.Literal(published.SHEET))
    return whole, [list(numbers), list(numbers.values())]


def _names(dataset: Dataset) -> sql.Composed:
    return sql.SQL("").join(sql.SQL(", k.{}").format(sql.Identifier(name)) for name in dataset.map.tiles.sheets_by)
