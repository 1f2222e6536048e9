"""The indexes that follow the declarations."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import connection

from landgis.catalog import published, registry
from landgis.operations.ownership import as_owner

pytestmark = pytest.mark.usefixtures("empty_world")
FIRST_COLUMNS = (
    "SELECT i.relname, a.attname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_attribute a"
    " ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0] WHERE x.indrelid = %s::regclass"
)


def begun(table: str) -> list[tuple[str, str]]:
    """Of each index of a table its name, and the column that it begins with."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_COLUMNS, [table])
        return list(cursor.fetchall())


def test_each_column_that_may_be_asked_for_has_one() -> None:
    for dataset in registry.all_datasets():
        if dataset.is_internal:
            continue
        own = {field.column for field in dataset.in_force._meta.concrete_fields}
        asked = {field.name for field in dataset.public_fields if field.filters} | {*dataset.lists.sorts}
        found = [column for _name, column in begun(dataset.in_force._meta.db_table)]
        assert asked & own <= {*found}, dataset.name


@pytest.fixture
def other_filters() -> Iterator[str]:
    """Public land that is filtered by the day of the decision, and no more by who manages it."""
    dataset = registry.get("public-land")
    changed = {"decision_on": True, "manager": False}
    dataset.fields = tuple(replace(one, filters=changed.get(one.name, one.filters)) for one in dataset.fields)
    yield dataset.in_force._meta.db_table
    del dataset.fields


def test_they_come_and_go_with_the_declaration(other_filters: str) -> None:
    def ours() -> set[str]:
        return {column for name, column in begun(other_filters) if name.startswith("by_")}

    before = ours()
    with as_owner():
        published.rebuild()
    assert "manager" in before and ours() == before - {"manager"} | {"decision_on"}
