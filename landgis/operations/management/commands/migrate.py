"""Django's migrate, which brings the derived schema `published` along."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connections, transaction
from django.db.migrations.exceptions import AmbiguityError
from django.db.migrations.executor import MigrationExecutor

from landgis.lib import statements


class Command(DjangoMigrate):
    """Migrates, and makes `published` what the declarations say. Readers read all the while.

    Most migrations do not touch a column that is published: the views stay, and what is declared otherwise is made
    beside and swapped in afterwards. Those that drop or retype one run in one transaction with the views that stand on
    it, which are made anew at its end. A start without migrations does next to nothing.
    The groups of the roles are made too, so that an installation that never was a demo has them.
    All of it is done as the owner of the tables, which the application is not.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        if options["database"] != DEFAULT_DB_ALIAS or options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        from landgis.operations.ownership import as_owner, grant_rights

        application = connections[DEFAULT_DB_ALIAS].settings_dict["USER"]
        with as_owner():
            self._migrate(*args, **options)
            if not _plan():
                grant_rights(application)

    def _migrate(self, *args: Any, **options: Any) -> None:
        from landgis.accounts.actions import ensure_roles
        from landgis.catalog import published
        from landgis.changes import checksums
        from landgis.changes.followers import follow_all
        from landgis.operations.obstacles import obstacles

        made: list[str] = []
        plan = [] if options["fake"] else _plan(options["app_label"] or "", options["migration_name"] or "")
        in_the_way = obstacles(plan)
        if in_the_way and not plan[0][1]:
            made += _made_before()
            in_the_way = obstacles(plan)
        if not in_the_way:
            super().handle(*args, **options)
        elif plan[0][1]:
            self._take_back(in_the_way, args, options)
        else:
            made += self._migrate_with_views(plan, in_the_way, args, options)
        if _plan():
            self.stdout.write("Migrations are missing: `published` is brought in line when all have run.")
            return
        ensure_roles()
        checksums.bring_in_line()
        made += published.rebuild()
        # What a new declaration hides must not be found for as long as the worker takes to notice.
        follow_all()
        if made and options["verbosity"] > 0:
            self.stdout.write("Published anew: " + ", ".join(dict.fromkeys(made)))

    def _migrate_with_views(self, plan: Any, in_the_way: list[str], args: Any, options: Any) -> list[str]:
        """All in one transaction: whole, or as if nothing had been tried."""
        from landgis.catalog import published

        apart = [str(migration) for migration, _backwards in plan if not migration.atomic]
        if apart:
            raise CommandError(
                f"Nothing has been changed. These migrations drop or retype columns under the published views"
                f" {', '.join(in_the_way)}, and so must run in one transaction, but {', '.join(apart)} cannot. Run it by"
                f" itself before (manage.py migrate APP NAME), or drop the column in a later release than this."
            )
        with transaction.atomic():
            # All views, since whoever reads several of them must not wait for one while this waits for another.
            published.drop(name for kind, name in published.relations() if kind == "VIEW")
            # Or rows written by one migration would keep the next from changing their table.
            statements.execute("SET CONSTRAINTS ALL IMMEDIATE")
            super().handle(*args, **options)
            if _plan():
                raise CommandError(
                    f"Nothing has been changed. The published views {', '.join(in_the_way)} stand on columns that these"
                    f" migrations drop or retype, and can be made anew only when all have run: manage.py migrate."
                )
            return published.rebuild()

    def _take_back(self, in_the_way: list[str], args: Any, options: Any) -> None:
        """A step back: what stands on it goes, until the migrations have run again."""
        from landgis.catalog import published

        with transaction.atomic():
            published.drop(name for view in in_the_way for name in (view, f"tile_{view}", f"count_{view}"))
            super().handle(*args, **options)


def _made_before() -> list[str]:
    """Make anew what needs no new column: then nothing stands on those any more that are not declared any longer."""
    from landgis.catalog import published

    try:
        return published.rebuild()
    except ProgrammingError:
        return []  # a column is missing yet; all is as it was


def _plan(app_label: str = "", name: str = "") -> list[tuple[Any, bool]]:
    """What Django would run, each with whether it is taken back; for names that it does not know: nothing."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    leaves = executor.loader.graph.leaf_nodes(app_label or None)
    try:
        if name == "zero":
            leaves = [(app_label, None)]
        elif name:
            leaves = [(app_label, executor.loader.get_migration_by_prefix(app_label, name).name)]
        return executor.migration_plan(leaves)
    except (AmbiguityError, KeyError):
        return []
