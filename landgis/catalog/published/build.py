"""Making the schema what the declarations say: beside what is there, and in its place in one transaction."""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import OperationalError, transaction
from psycopg import sql
from psycopg.errors import QueryCanceled

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.published.apply_lock import hold_apply_lock
from landgis.catalog.published.concealed_ground import concealed_cells_sql, make_concealed
from landgis.catalog.published.counts import count_rows_sql, make_counts
from landgis.catalog.published.coverage_lines import coverage_sql, keeps_coverage, make_coverage
from landgis.catalog.published.generalised import generalised_sql, make_generalised
from landgis.catalog.published.indexes import bring_indexes_in_line
from landgis.catalog.published.locating import in_order
from landgis.catalog.published.names import (
    CONCEALED,
    SCHEMA,
    count_name,
    coverage_name,
    generalised_name,
    in_force_table,
    relations,
    there,
    tile_name,
    total_name,
)
from landgis.catalog.published.policy import is_public_sql
from landgis.catalog.published.tile_rows import make_tile_rows, tile_rows_sql
from landgis.catalog.published.totals import keeps_totals, make_totals, totals_sql
from landgis.catalog.published.views import (
    make_reported_view,
    make_view,
    other_views,
    reported_sql,
    view_columns,
    view_sql,
)
from landgis.lib import statements

VIEW, TABLE = "VIEW", "TABLE"
# Shorter than the second after which PostgreSQL looks for those who wait for one another, and ends a reader.
TURN_MS = 400
PATIENCE_S = 120

Place = Callable[[str], sql.Identifier]


@dataclass(frozen=True)
class Relation:
    """What should be there: a digest of all that it is made from, and the function that makes it.

    That function gets one that says under which name a relation stands meanwhile.
    """

    kind: str
    name: str
    made_from: str
    make: Callable[[Place], None]
    dataset: str = ""


@transaction.atomic
def drop(names: Iterable[str] | None = None) -> None:
    """Remove what is derived: the relations of these names, or all."""
    hold_apply_lock()
    chosen = None if names is None else set(names)
    _make_way([(kind, name) for kind, name in relations() if chosen is None or name in chosen])


@transaction.atomic
def rebuild(force: bool = False) -> list[str]:
    """Make `published` what the declarations say; returns the names of the datasets made anew.

    A relation that is made from the same SQL and the same columns as last time is left as it is, unless `force`.
    Others are made beside, while readers read the old ones, and take their places at the end: all or none.
    """
    hold_apply_lock()
    statements.execute("CREATE SCHEMA IF NOT EXISTS published")
    for dataset in registry.all_datasets():
        bring_indexes_in_line(dataset)
    found = there()
    wanted = _wanted()
    anew = [one for one in wanted if force or found.get(one.name) != (one.kind, one.made_from)]
    for one in anew:
        one.make(_places(anew))
        _comment(one)
    kept = {one.name for one in wanted} - {one.name for one in anew}
    _make_way([(kind, name) for name, (kind, _made_from) in found.items() if name not in kept])
    for one in anew:
        statements.execute(_composed("ALTER {} {} RENAME TO {}", one.kind, _beside(one.name), sql.Identifier(one.name)))
    return list(dict.fromkeys(one.dataset for one in anew if one.dataset))


def fingerprint(dataset: Dataset) -> str:
    """A digest of what readers may see of a dataset: its columns, and the condition on its rows."""
    return _digest(view_sql(dataset), str(dataset.withheld_by))


def _wanted() -> list[Relation]:
    """All relations that should be there, in the order in which they are made: views first, where a mistake shows soon."""
    found = [_other_view(name, select) for name, select in other_views().items()]
    datasets = in_order(registry.all_datasets())
    types = {dataset.name: _types(dataset) for dataset in datasets}
    for dataset in datasets:
        found += _views(dataset, types[dataset.name])
    for dataset in datasets:
        found += _tables(dataset, types[dataset.name])
    cells = _digest(concealed_cells_sql())
    return [*found, Relation(TABLE, CONCEALED, cells, lambda at: make_concealed(at(CONCEALED)))]


def _other_view(name: str, select: sql.Composable) -> Relation:
    def make(at: Place) -> None:
        statements.execute(_composed("CREATE VIEW {} AS {}", at(name), select))

    return Relation(VIEW, name, _digest(select), make)


def _views(dataset: Dataset, types: dict[str, str]) -> list[Relation]:
    """What is now, and where the clock has a say in it what was reported."""
    name, reported = dataset.relation, dataset.reported_relation
    columns = [types.get(column, "") for column in view_columns(dataset)]
    made_from = _digest(fingerprint(dataset), *columns)
    found = [Relation(VIEW, name, made_from, lambda at: make_view(dataset, at(name)), dataset.name)]
    if dataset.state.field:
        made_from = _digest(reported_sql(dataset), *columns)
        found.append(
            Relation(VIEW, reported, made_from, lambda at: make_reported_view(dataset, at(reported)), dataset.name)
        )
    return found


def _tables(dataset: Dataset, types: dict[str, str]) -> list[Relation]:
    """The totals and the coverage; the tile rows, the counts, and the generalised ground."""
    totals = [_totals(dataset, types)] if keeps_totals(dataset) else []
    totals += [_coverage(dataset, types)] if keeps_coverage(dataset) else []
    if not dataset.geometry:
        return totals
    view, tiles, counts = dataset.relation, tile_name(dataset), count_name(dataset)
    columns = [types.get(name, "") for name in (*(field.name for field in dataset.tile_fields), dataset.geometry)]
    made_from = _digest(tile_rows_sql(dataset), is_public_sql(dataset), str(dataset.withheld_by), *columns)
    rows = Relation(TABLE, tiles, made_from, lambda at: make_tile_rows(dataset, at(tiles), at(view)), dataset.name)
    found = [*totals, rows]
    if dataset.map.tiles.counts_by:
        counted_from = _digest(made_from, count_rows_sql(dataset))
        found.append(
            Relation(TABLE, counts, counted_from, lambda at: make_counts(dataset, at(counts), at(tiles)), dataset.name)
        )
    if dataset.map.tiles.sheets_by:
        found.append(_generalised(dataset, _digest(made_from, generalised_sql(dataset))))
    return found


def _totals(dataset: Dataset, types: dict[str, str]) -> Relation:
    view, name = dataset.relation, total_name(dataset)
    columns = [types.get(column, "") for column in view_columns(dataset)]
    made_from = _digest(fingerprint(dataset), totals_sql(dataset, sql.Identifier(SCHEMA, view)), *columns)
    return Relation(TABLE, name, made_from, lambda at: make_totals(dataset, at(name), at(view)), dataset.name)


def _coverage(dataset: Dataset, types: dict[str, str]) -> Relation:
    view, name = dataset.relation, coverage_name(dataset)
    columns = [types.get(column, "") for column in view_columns(dataset)]
    made_from = _digest(fingerprint(dataset), coverage_sql(dataset, sql.Identifier(SCHEMA, view)), *columns)
    return Relation(TABLE, name, made_from, lambda at: make_coverage(dataset, at(name), at(view)), dataset.name)


def _generalised(dataset: Dataset, made_from: str) -> Relation:
    view, tiles, name = dataset.relation, tile_name(dataset), generalised_name(dataset)
    return Relation(
        TABLE, name, made_from, lambda at: make_generalised(dataset, at(name), at(tiles), at(view)), dataset.name
    )


def _types(dataset: Dataset) -> dict[str, str]:
    """Of each column of the table its type, as the database has it now."""
    found = statements.rows(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped",
        [statements.text(in_force_table(dataset))],
    )
    return dict(found)


def _digest(*parts: sql.Composable | str) -> str:
    """A digest of pieces of SQL and of words."""
    return hashlib.sha256("\n".join(map(statements.text, parts)).encode()).hexdigest()


def _comment(one: Relation) -> None:
    statements.execute(_composed("COMMENT ON {} {} IS {}", one.kind, _beside(one.name), sql.Literal(one.made_from)))


def _beside(name: str) -> sql.Identifier:
    return sql.Identifier(SCHEMA, f"{name}_new")


def _places(anew: Sequence[Relation]) -> Place:
    """Where a relation stands while these are made."""
    names = {one.name for one in anew}
    return lambda name: _beside(name) if name in names else sql.Identifier(SCHEMA, name)


def _make_way(old: Iterable[tuple[str, str]]) -> None:
    """Drop relations, all at once, when no reader is at them.

    Who waits for a reader lets nobody else pass, and two that wait for one another would be ended: so this waits in
    short turns, and lets go of everything in between. Raises TimeoutError when readers never let go.
    """
    names = {kind: [sql.Identifier(SCHEMA, name) for its, name in old if its == kind] for kind in (VIEW, TABLE)}
    drops = [
        _composed("DROP {} IF EXISTS {} CASCADE", kind, sql.SQL(", ").join(some))
        for kind, some in names.items()
        if some
    ]
    end = time.monotonic() + PATIENCE_S
    while not _dropped(drops):
        if time.monotonic() > end:
            raise TimeoutError("readers hold what is published; nothing has been changed: try again at a quieter time")
        time.sleep(TURN_MS / 2000)


def _dropped(drops: Sequence[sql.Composed]) -> bool:
    """Whether it could be done in one turn."""
    try:
        with transaction.atomic():
            statements.execute(_composed("SET LOCAL statement_timeout = {}", sql.Literal(TURN_MS)))
            for statement in drops:
                statements.execute(statement)
            statements.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            return False
        raise
    return True


def _composed(statement: str, *parts: sql.Composable | str) -> sql.Composed:
    """The statement with these parts; a plain word is one of SQL."""
    composed = [sql.SQL(part) if isinstance(part, str) else part for part in parts]
    return sql.SQL(statement).format(*composed)
