"""What `check --deploy` says of the database."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.db import Error

from landgis.lib import statements


@checks.register(checks.Tags.security, deploy=True)
def the_application_owns_no_tables(app_configs: Any, **_more: Any) -> list[checks.CheckMessage]:
    """Whoever takes the application over should not be able to alter what is in force, the log or the audit."""
    if settings.OWNER_LOGIN["USER"] != settings.DATABASES["default"]["USER"]:
        return []
    return [
        checks.Warning(
            "The application logs in to the database as the owner of the tables.",
            hint="Make the roles with `manage.py roles`; set DATABASE_URL to the application's and, where `migrate` and"
            " `restore` run, DATABASE_OWNER_URL to the owner's.",
            id="landgis.W001",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def statistics_are_closed_to_the_public(app_configs: Any, **_more: Any) -> list[checks.CheckMessage]:
    """How many rows a table has tells how many of them are withheld; only a superuser can close that."""
    try:
        is_open = statements.value(
            "SELECT has_column_privilege(%s, 'pg_catalog.pg_class', 'reltuples', 'SELECT')",
            [settings.DATABASES["public"]["USER"]],
        )
    except Error:
        return []  # without a database `check` says what it can
    return [] if not is_open else [STATISTICS_OPEN]


@checks.register(checks.Tags.database)
def numbers_can_be_sorted(app_configs: Any, databases: Any = None, **_more: Any) -> list[checks.CheckMessage]:
    """The order of lists is a collation of ICU, which a few builds of PostgreSQL are without."""
    if "default" not in (databases or ()):
        return []
    has_icu = statements.value("SELECT EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i')")
    return [] if has_icu else [NO_ICU]


NO_ICU = checks.Error(
    "PostgreSQL was built without ICU, by which lists are sorted.",
    hint="Use packages that were built with it, such as those of Debian or of postgresql.org.",
    id="landgis.E004",
)


STATISTICS_OPEN = checks.Warning(
    "The public's role may ask the database how many rows its tables have, those that are withheld included.",
    hint="Run what `manage.py roles --rights-only --name DATABASE` prints with psql as a superuser.",
    id="landgis.W002",
)
