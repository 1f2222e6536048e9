"""`manage.py roles`: the SQL that prepares a database of one's own."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand

from landgis.operations import roles


class Command(BaseCommand):
    help = (
        "Prints the SQL that makes the two roles, with new random passwords, and a database for landgis. "
        "Run it with psql as a superuser; then set DATABASE_URL and DATABASE_PUBLIC_URL."
    )
    requires_system_checks = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--name", default=roles.DATABASE, help="name of the database (default: landgis)")

    def handle(self, *args: Any, **options: Any) -> None:
        owner, public = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.stdout.write(roles.roles_sql(owner, public))
        self.stdout.write(roles.database_sql(options["name"], f"TEMPLATE template0 OWNER {roles.OWNER}"))
        for variable, role, password in (
            ("DATABASE_URL", roles.OWNER, owner),
            ("DATABASE_PUBLIC_URL", roles.PUBLIC, public),
        ):
            self.stdout.write(f"-- {variable}=postgresql://{role}:{password}@localhost/{options['name']}")
