"""The state of features now as SQL: one condition a turn (see `catalog.dataset.state`), and when a turn next changes something.

The time is that of `catalog_clock`, the one clock.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import models
from psycopg import sql

from landgis.catalog import drawn, label_room, registry
from landgis.catalog.dataset import Dataset, Turn
from landgis.catalog.published.names import in_force_table, tile_table, view
from landgis.lib import statements

TURNS = "state_turns"  # the column with the moment of each turn, empty where it does not apply
AT_ONCE = sql.SQL("'-infinity'::timestamptz")
CLOCK = sql.SQL("catalog_clock c")  # joined, the planner sees through it to the time itself
NOW = sql.SQL("c.now")


def state_sql(dataset: Dataset) -> sql.Composed:
    """What the state of a row `f` is now, by the CLOCK; `t` is the related row (see `beside_sql`). Of a past row: what was
    reported.
    """
    cases = [
        sql.SQL(" WHEN {} AND {} <= {} THEN {}").format(
            _condition(dataset, turn), _moment(dataset, turn), NOW, sql.Literal(str(turn.code))
        )
        for turn in reversed(dataset.state.turns)
    ]
    return sql.SQL("CASE WHEN f.until_revision IS NOT NULL THEN f.{field}{cases} ELSE f.{field} END").format(
        field=sql.Identifier(dataset.state.field), cases=sql.SQL("").join(cases)
    )


def turns_sql(dataset: Dataset) -> sql.Composed:
    """The moments from which a row `f` is in each state, in the order of `_codes`; one that does not apply to it is empty."""
    moments = [
        sql.SQL("least({})").format(
            sql.SQL(", ").join(
                sql.SQL("CASE WHEN {} THEN {} END").format(_condition(dataset, turn), _moment(dataset, turn))
                for turn in turns
            )
        )
        for _code, turns in _codes(dataset)
    ]
    return sql.SQL("CASE WHEN f.until_revision IS NULL THEN ARRAY[{}]::timestamptz[] END").format(
        sql.SQL(", ").join(moments)
    )


def tile_rows_now(dataset: Dataset) -> sql.Composable:
    """What stands after FROM for the tile rows as they are now: the state follows from what was reported and the moments."""
    field, names = dataset.state.field, [declared.name for declared in dataset.tile_fields]
    if field not in names:
        return tile_table(dataset)
    kept = ["feature_id", "ref", *(name for name in names if name != field), "is_made_up", "shape", "place"]
    kept += [*drawn.kept_columns(dataset), *label_room.kept_columns(dataset)]
    return sql.SQL("(SELECT {}, {} FROM {}, published.clock c) v").format(
        sql.SQL(", ").join(map(sql.Identifier, kept)), _of_tile_row(dataset), tile_table(dataset)
    )


def _of_tile_row(dataset: Dataset) -> sql.Composed:
    cases = [
        sql.SQL(" WHEN {}[{}] <= {} THEN {}").format(sql.Identifier(TURNS), sql.Literal(number), NOW, sql.Literal(code))
        for number, (code, _turns) in reversed(list(enumerate(_codes(dataset), 1)))
    ]
    field = sql.Identifier(dataset.state.field)
    return sql.SQL("CASE{cases} ELSE {field} END AS {field}").format(cases=sql.SQL("").join(cases), field=field)


def beside_sql(dataset: Dataset, is_public: sql.Composable) -> sql.Composable:
    """The join to the related row in force, as far as it is public (`is_public` on `f`); empty where there is none."""
    if dataset.state.beside is None:
        return sql.SQL("")
    theirs = _theirs(dataset)
    names = dict.fromkeys(["ref", theirs.state.field, *(turn.at for turn in dataset.state.turns if turn.at)])
    return sql.SQL(
        " LEFT JOIN (SELECT {columns} FROM {table} f WHERE f.until_revision IS NULL AND {is_public}) t"
        " ON t.ref = f.{key} AND f.until_revision IS NULL"
    ).format(
        columns=sql.SQL(", ").join(sql.SQL("f.{}").format(sql.Identifier(name)) for name in names),
        table=in_force_table(theirs),
        is_public=is_public,
        key=sql.Identifier(dataset.state.beside[1]),
    )


def dependents(dataset: Dataset, refs: sql.Composable, bound: Sequence[Any]) -> dict[str, list[str]]:
    """By dataset the features in force whose state looks at one of these; `refs` is a SELECT of their refs."""
    found = {}
    for other in registry.all_datasets():
        if other.state.beside is None or other.state.beside[0] != dataset.name:
            continue
        query = sql.SQL("SELECT f.ref FROM {} f WHERE f.until_revision IS NULL AND f.{} IN ({}) ORDER BY f.ref").format(
            in_force_table(other), sql.Identifier(other.state.beside[1]), refs
        )
        if own := [ref for (ref,) in statements.rows(query, bound)]:
            found[other.name] = own
    return found


def note_instants(dataset: Dataset, refs: sql.Composable, bound: Iterable[Any]) -> None:
    """Keep at which moments the state of some features changes; `refs` is a SELECT of their refs."""
    if dataset.state.field:
        _note(dataset, view(dataset), sql.SQL("v.ref IN ({})").format(refs), bound)


def note_all_instants(dataset: Dataset, source: sql.Identifier) -> None:
    """The same of all features of the dataset's view, or of one that will be it."""
    if dataset.state.field:
        _note(dataset, source, sql.SQL("true"), ())


def _note(dataset: Dataset, source: sql.Identifier, chosen: sql.Composable, bound: Iterable[Any]) -> None:
    query = sql.SQL(
        "INSERT INTO catalog_instant (dataset, at) SELECT DISTINCT {name}, i.at FROM {view} v, unnest(v.{turns}) i (at)"
        " WHERE v.until_revision IS NULL AND isfinite(i.at) AND {chosen} ON CONFLICT DO NOTHING"
    ).format(name=sql.Literal(dataset.name), view=source, turns=sql.Identifier(TURNS), chosen=chosen)
    statements.execute(query, list(bound))


def _codes(dataset: Dataset) -> list[tuple[str, list[Turn]]]:
    """The turns in their order, those together that follow each other and lead to the same state."""
    return [(code, list(turns)) for code, turns in groupby(dataset.state.turns, lambda turn: str(turn.code))]


def _theirs(dataset: Dataset) -> Dataset:
    """The dataset whose fields turns name."""
    return registry.get(dataset.state.beside[0]) if dataset.state.beside else dataset


def _condition(dataset: Dataset, turn: Turn) -> sql.Composed:
    """Whether the turn is one of the row `f`."""
    parts = [_is_one_of("f", dataset.state.field, turn.reported)] if turn.reported else []
    if turn.theirs:
        parts.append(_is_one_of("t", _theirs(dataset).state.field, turn.theirs))
    return sql.SQL("({})").format(sql.SQL(" AND ").join(parts) if parts else sql.SQL("true"))


def _is_one_of(alias: str, field: str, codes: Sequence[str]) -> sql.Composed:
    listed = sql.SQL(", ").join(sql.Literal(str(code)) for code in codes)
    return sql.SQL("{} IN ({})").format(sql.Identifier(alias, field), listed)


def _moment(dataset: Dataset, turn: Turn) -> sql.Composable:
    """When it turns; a day begins at midnight on the clocks here."""
    if not turn.at:
        return AT_ONCE
    column = sql.Identifier("t" if dataset.state.beside else "f", turn.at)
    if isinstance(_theirs(dataset).model_field(turn.at), models.DateTimeField):
        return column
    return sql.SQL("(({} + {})::timestamp AT TIME ZONE {})").format(
        column, sql.Literal(int(turn.is_last_day)), sql.Literal(settings.TIME_ZONE)
    )
