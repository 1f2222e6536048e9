"""Django's migrate, with the derived schema `published` out of its way."""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor


class Command(DjangoMigrate):
    """Drops `published` before migrations change the tables below it, and rebuilds it from the declarations.

    The rebuild compares what is there, so a start without migrations does next to nothing; it is left out while
    migrations are missing, as after a step back, because the tables do not match the declarations then.
    The groups of the roles are made too, so that an installation that never was a demo has them.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        if options["database"] != DEFAULT_DB_ALIAS or options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        from landgis.accounts.actions import ensure_roles
        from landgis.catalog import published
        from landgis.search.actions import follow

        if options["app_label"] or _pending():
            published.drop()
        super().handle(*args, **options)
        if _pending():
            self.stdout.write("Migrations are missing: `published` is rebuilt when all have run.")
        else:
            ensure_roles()
            made = published.rebuild()
            # What a new declaration hides must not be found for as long as the worker takes to notice.
            follow()
            if made and options["verbosity"] > 0:
                self.stdout.write("Published anew: " + ", ".join(made))


def _pending() -> bool:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
