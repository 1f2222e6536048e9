"""What `check --deploy` says of the database."""

from typing import Any

from django.conf import settings
from django.core import checks


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
