"""What the relations of the schema `published` are called, and which are there."""

from psycopg import sql

from landgis.catalog.dataset import Dataset
from landgis.lib import statements

SCHEMA = "published"
CONCEALED = "concealed"


def tile_name(dataset: Dataset) -> str:
    return f"tile_{dataset.relation}"


def count_name(dataset: Dataset) -> str:
    return f"count_{dataset.relation}"


def total_name(dataset: Dataset) -> str:
    return f"total_{dataset.relation}"


def coverage_name(dataset: Dataset) -> str:
    return f"coverage_{dataset.relation}"


def generalised_name(dataset: Dataset) -> str:
    return f"generalised_{dataset.relation}"


def tile_table(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(SCHEMA, tile_name(dataset))


def count_table(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(SCHEMA, count_name(dataset))


def total_table(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(SCHEMA, total_name(dataset))


def coverage_table(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(SCHEMA, coverage_name(dataset))


def generalised_table(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(SCHEMA, generalised_name(dataset))


def view(dataset: Dataset, as_of: int | None = None) -> sql.Identifier:
    """The view of what is now; of a past revision the one that says nothing but what was reported."""
    return sql.Identifier(SCHEMA, dataset.relation) if as_of is None else reported_view(dataset)


def reported_view(dataset: Dataset) -> sql.Identifier:
    """The view of what was reported, now and ever."""
    return sql.Identifier(SCHEMA, dataset.reported_relation)


def in_force_table(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(dataset.in_force._meta.db_table)


def relations() -> list[tuple[str, str]]:
    """(VIEW or TABLE, name) of all that is in the schema, views first."""
    return sorted(((kind, name) for name, (kind, _comment) in there().items()), reverse=True)


def there() -> dict[str, tuple[str, str | None]]:
    """Of all that is in the schema the kind (VIEW or TABLE) and the comment, which says what it was made from."""
    found = statements.rows(
        "SELECT relname, CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, obj_description(oid, 'pg_class')"
        " FROM pg_class WHERE relnamespace = to_regnamespace(%s) AND relkind IN ('v', 'r')",
        [SCHEMA],
    )
    return {name: (kind, comment) for name, kind, comment in found}


def standing() -> set[tuple[str, str, str]]:
    """Of every column under a view here: table, column and view."""
    return {
        (table, column, view)
        for table, column, view in statements.rows(
            "SELECT DISTINCT t.relname, a.attname, v.relname FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid"
            " JOIN pg_class v ON v.oid = r.ev_class JOIN pg_class t ON t.oid = d.refobjid"
            " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid"
            " WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass"
            " AND v.relnamespace = to_regnamespace(%s) AND t.oid <> v.oid",
            [SCHEMA],
        )
    }
