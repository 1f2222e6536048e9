"""The indexes that a declaration asks for, and no migration: they follow it as all does by which it is read quickly.

One of each column by which readers filter or sort, past rows included; where the table has an index that begins with the column, that is
enough. And one by which the new features of a change set are found by the beginning of their refs (`changes.minting`).
"""

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.lib import statements

OURS = "by_"  # how their names begin
LONGEST_NAME = 63

THERE = """
SELECT i.relname, a.attname, x.indpred IS NULL OR pg_get_expr(x.indpred, x.indrelid) = '(until_revision IS NULL)'
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
WHERE x.indrelid = to_regclass(%s)
"""
OF_COLUMN = sql.SQL("CREATE INDEX {name} ON {table} ({column})")
OF_NEW = sql.SQL("CREATE INDEX {name} ON {table} (change_set_id, ref varchar_pattern_ops) WHERE action = 'add'")


def bring_indexes_in_line(dataset: Dataset) -> None:
    """Make those that are missing, and drop those of columns that nobody may ask for any more."""
    table, items = (model._meta.db_table for model in (dataset.in_force, dataset.proposed))
    found = statements.rows(THERE, [table])
    begun = {column for name, column, is_of_all in found if is_of_all and not name.startswith(OURS)}
    columns = {_name(table, column): column for column in _asked_for(dataset) if column not in begun}
    _make(table, {name: OF_COLUMN.format(**_called(name, table, column)) for name, column in columns.items()})
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


def _asked_for(dataset: Dataset) -> list[str]:
    """The columns of the dataset's own table by which readers filter or sort."""
    if dataset.is_internal:
        return []
    own = {field.column for field in dataset.in_force._meta.concrete_fields}
    named = [*(field.name for field in dataset.public_fields if field.filters), *dataset.lists.sorts]
    return [name for name in dict.fromkeys(named) if name in own]


def _name(table: str, column: str) -> str:
    return f"{OURS}{table}_{column}"[:LONGEST_NAME]
