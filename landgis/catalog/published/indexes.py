"""The indexes that a declaration asks for, and no migration: they follow it as all does by which it is read quickly.

One of each column by which readers filter, past rows included; where the table has an index that begins with the column, that is
enough. Of the rows in force one for each way to sort a list, whose pages go on by it, also by the distance of their places; and one by what
was published last. And one by which the new features of a change set are found by the beginning of their refs (`changes.minting`).
"""

from collections.abc import Iterable

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.lib import statements
from landgis.lib.order import NATURAL

OURS = "by_"  # how their names begin
LONGEST_NAME = 63
WAYS = {"up": " ASC NULLS LAST", "down": " DESC NULLS LAST"}  # of the values by which lists are sorted

THERE = """
SELECT i.relname, a.attname, x.indpred IS NULL OR pg_get_expr(x.indpred, x.indrelid) = '(until_revision IS NULL)'
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
WHERE x.indrelid = to_regclass(%s)
"""
OF_COLUMN = sql.SQL("CREATE INDEX {name} ON {table} ({column})")
OF_ORDER = sql.SQL("CREATE INDEX {name} ON {table} ({first}, ref COLLATE {natural}) WHERE until_revision IS NULL")
# Places on the sphere, by which lists are sorted (`queries.sorting`).
OF_PLACES = sql.SQL("CREATE INDEX {name} ON {table} USING gist (geography({place})) WHERE until_revision IS NULL")
OF_NEW = sql.SQL("CREATE INDEX {name} ON {table} (change_set_id, ref varchar_pattern_ops) WHERE action = 'add'")


def bring_indexes_in_line(dataset: Dataset) -> None:
    """Make those that are missing, and drop those of columns that nobody may ask for any more."""
    table, items = (model._meta.db_table for model in (dataset.in_force, dataset.proposed))
    found = statements.rows(THERE, [table])
    begun = {column for name, column, is_of_all in found if is_of_all and not name.startswith(OURS)}
    columns = {_name(table, column): column for column in _filtered_by(dataset) if column not in begun}
    wanted = {name: OF_COLUMN.format(**_called(name, table, column)) for name, column in columns.items()}
    _make(table, wanted | _of_orders(dataset, table))
    name = _name(items, "new")
    _make(items, {name: OF_NEW.format(**_called(name, items))})


def _make(table: str, wanted: dict[str, sql.Composed]) -> None:
    """Make of our indexes of a table exactly these."""
    there = {name for name, *_rest in statements.rows(THERE, [table]) if name.startswith(OURS)}
    for name in sorted(there - {*wanted}):
        statements.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    for name in sorted({*wanted} - there):
        statements.execute(wanted[name])


def _called(name: str, table: str, column: str = "") -> dict[str, sql.Identifier]:
    return {"name": sql.Identifier(name), "table": sql.Identifier(table), "column": sql.Identifier(column or "ref")}


def _filtered_by(dataset: Dataset) -> list[str]:
    """The columns of the dataset's own table by which readers filter."""
    return _own(dataset, [field.name for field in dataset.public_fields if field.filters])


def _of_orders(dataset: Dataset, table: str) -> dict[str, sql.Composed]:
    """Of each order in which readers are given rows in force, but for that of their refs."""
    if dataset.is_internal:
        return {}
    ways = {f"{name}_{way}": (name, way) for name in _own(dataset, dataset.lists.sorts) for way in ("up", "down")}
    if not dataset.state.field:  # else the clock has a say in what changed last
        ways["newest"] = ("from_revision", "down")
    found = {}
    for order, (column, way) in ways.items():
        name, direction = _name(table, order), sql.SQL(WAYS[way])
        first = sql.Identifier(column) + direction
        found[name] = OF_ORDER.format(**_called(name, table), first=first, natural=sql.Identifier(NATURAL))
    if dataset.geometry and (dataset.lists.sorts or dataset.lists.beside) and dataset.geometry_kind.place_is_indexed:
        place = dataset.geometry_kind.place_of(sql.Identifier(dataset.geometry))
        found[_name(table, "place")] = OF_PLACES.format(**_called(_name(table, "place"), table), place=place)
    return found


def _own(dataset: Dataset, names: Iterable[str]) -> list[str]:
    columns = {field.column for field in dataset.in_force._meta.concrete_fields}
    return [name for name in dict.fromkeys(names) if name in columns and not dataset.is_internal]


def _name(table: str, about: str) -> str:
    return f"{OURS}{table}"[: LONGEST_NAME - len(about) - 1] + f"_{about}"
