"""What stands in the way of migrations: PostgreSQL lets nobody retype a column under a view, and a dropped one takes
the view with it."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from landgis.catalog import published

Plan = Sequence[tuple[Migration, bool]]  # each with whether it is taken back

TAKES_AWAY = (operations.RemoveField, operations.AlterField, operations.DeleteModel)
TAKES_AWAY_BACKWARDS = (operations.AddField, operations.AlterField, operations.CreateModel)


def obstacles(plan: Plan) -> list[str]:
    """The published views on columns that the plan drops or retypes."""
    loader = MigrationLoader(connection)
    state = loader.project_state([key for key in loader.applied_migrations if key in loader.graph.nodes])
    standing = published.standing()
    found = set()
    for migration, backwards in plan:
        for operation in _flat(migration.operations):
            if isinstance(operation, TAKES_AWAY_BACKWARDS if backwards else TAKES_AWAY):
                found |= _views(standing, state, migration.app_label, operation)
        if not backwards:
            migration.mutate_state(state, preserve=False)
    return sorted(found)


def _flat(some: Sequence[Operation]) -> Iterator[Operation]:
    for operation in some:
        if isinstance(operation, operations.SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
        else:
            yield operation


def _views(standing: set[tuple[str, str, str]], state: ProjectState, app: str, operation: Any) -> set[str]:
    """The views on what the operation takes away."""
    of_field = hasattr(operation, "model_name")
    model = state.models.get((app, operation.model_name_lower if of_field else operation.name_lower))
    if model is None:
        return set()
    table = model.options.get("db_table") or f"{app}_{model.name_lower}"
    views = {(column, view) for its, column, view in standing if its == table}
    if not of_field:
        return {view for _column, view in views}
    before = model.fields.get(operation.name)
    if isinstance(operation, operations.AlterField) and before and not _is_another(before, operation.field):
        return set()
    columns = {operation.name, f"{operation.name}_id", before.db_column if before else None}
    return {view for column, view in views if column in columns}


def _is_another(before: Any, after: Any) -> bool:
    """Whether the database knows the field as another one: not by its label or its choices alone."""

    def known(field: Any) -> tuple[str, list[Any], dict[str, Any]]:
        _name, path, args, options = field.deconstruct()
        return path, args, {name: value for name, value in options.items() if name not in field.non_db_attrs}

    return known(before) != known(after)
