"""`manage.py roles`: the SQL that prepares a database of one's own."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand

from landgis.operations import roles


class Command(BaseCommand):
    help = (
        "Prints the SQL that makes the three roles, with new random passwords, and a database for landgis. "
        "Run it with psql as a superuser; then set DATABASE_URL, DATABASE_PUBLIC_URL and, for migrations alone, "
        "DATABASE_OWNER_URL."
    )
    requires_system_checks = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--name", default=roles.DATABASE, help="name of the database (default: landgis)")
        parser.add_argument(
            "--rights-only", action="store_true", help="only what the roles may do there: for a database that there is"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rights_only"]:
            self.stdout.write(roles.database_sql(options["name"], ""))
            return
        owner, application, public = (secrets.token_urlsafe(24) for _role in range(3))
        self.stdout.write(roles.roles_sql(owner, application, public))
        self.stdout.write(roles.database_sql(options["name"], f"TEMPLATE template0 OWNER {roles.OWNER}"))
        for variable, role, password in (
            ("DATABASE_OWNER_URL", roles.OWNER, owner),
            ("DATABASE_URL", roles.APPLICATION, application),
            ("DATABASE_PUBLIC_URL", roles.PUBLIC, public),
        ):
            self.stdout.write(f"-- {variable}=postgresql://{role}:{password}@localhost/{options['name']}")
